"""Lists: a page at a time, by where the last one ended, so that new rows never shift or repeat what follows."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from django.core import signing
from django.db.models import Model, Q, QuerySet
from ninja import Query
from pydantic import BaseModel

from linktime.api.fields import Text
from linktime.core.errors import Fault, Invalid

DEFAULT, MOST = 50, 100
LONGEST_CURSOR = 500

Limit = Annotated[int, Query(DEFAULT, ge=1, le=MOST, description="How many at most")]
Cursor = Annotated[Text | None, Query(None, description="`next_cursor` of the page before")]


class Page[T](BaseModel):
    """`next_cursor` is null on the last page."""

    data: list[T]
    next_cursor: str | None = None


def page_of[M: Model, T](
    objects: QuerySet[M], *, order: Sequence[str], limit: int, cursor: str | None, show: Callable[[M], T]
) -> Page[T]:
    """Return one page in `order` (field names as for order_by, ending with a unique one)."""
    wanted = objects.order_by(*order)
    if cursor is not None:
        wanted = wanted.filter(_after(order, _position(wanted, order, cursor)))
    rows = list(wanted[: limit + 1])
    shown = rows[:limit]
    following = _cursor(wanted, order, shown[-1]) if len(rows) > limit else None
    return Page(data=[show(row) for row in shown], next_cursor=following)


def _position(objects: QuerySet[Any], order: Sequence[str], cursor: str) -> list[Any]:
    """Read a cursor that we signed, for this list and no other. Raises Invalid."""
    try:
        texts = signing.loads(cursor[:LONGEST_CURSOR], salt=_salt(objects, order))
    except signing.BadSignature as error:
        raise Invalid(Fault("cursor", "invalid", "Use the next_cursor of the page before as it was given.")) from error
    fields = [objects.model._meta.get_field(name.removeprefix("-")) for name in order]
    return [field.to_python(text) for field, text in zip(fields, texts, strict=True)]


def _cursor(objects: QuerySet[Any], order: Sequence[str], row: Model) -> str:
    texts = [str(getattr(row, name.removeprefix("-"))) for name in order]
    return signing.dumps(texts, salt=_salt(objects, order))


def _salt(objects: QuerySet[Any], order: Sequence[str]) -> str:
    return f"linktime.api.cursor:{objects.model.__name__}:{','.join(order)}"


def _after(order: Sequence[str], position: Sequence[Any]) -> Q:
    """Everything behind a position: `a` further on, or the same `a` and `b` further on, and so forth."""
    behind = Q()
    same: dict[str, Any] = {}
    for name, value in zip(order, position, strict=True):
        field = name.removeprefix("-")
        beyond = f"{field}__lt" if name.startswith("-") else f"{field}__gt"
        behind |= Q(**same, **{beyond: value})
        same[field] = value
    return behind
