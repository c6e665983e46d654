"""How many there are, as far as anybody counts: at the same cost among a thousand and a million."""

from typing import Any

from django.db.models import QuerySet

MOST = 1_000


def counted(objects: QuerySet[Any]) -> str:
    """Return a count as text; empty for none."""
    count = objects.order_by()[: MOST + 1].count()
    return f"{MOST:,}+" if count > MOST else str(count or "")
