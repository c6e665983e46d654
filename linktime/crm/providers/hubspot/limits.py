"""HubSpot lets an app make 110 requests in 10 s at each account, and says in each answer what is left of them.

(Developers' guide: usage guidelines. Searches are counted apart; LinkTime makes none.)
"""

from collections.abc import Mapping
from datetime import timedelta

from linktime.crm.contract import Budget, Rate

# In no 10 s more than 9 + 100: a booking's few requests go at once, and only a backlog is slowed down.
RATES = (Rate("requests", per_second=10, burst=9, counts=lambda _method, _path: True),)
SCARCE = 0.05  # of a window: other processes, or another installation with the same app, use it too


def budget(headers: Mapping[str, str]) -> Budget:
    """Pause for a tenth of the window when next to nothing of it is left: so much of it comes back meanwhile."""
    longest, left, window = (
        _number(headers, f"x-hubspot-ratelimit-{name}") for name in ("max", "remaining", "interval-milliseconds")
    )
    scarce = longest is not None and left is not None and left < longest * SCARCE
    return Budget(pause=timedelta(milliseconds=(window or 0) / 10)) if scarce else Budget()


def _number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else None
