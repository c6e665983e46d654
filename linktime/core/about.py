"""What the work under way is about, for the log lines written meanwhile: numbers of rows, never names of people."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

# What a log line may say besides its message; each is a number of a row, or a word of ours or of a CRM.
FIELDS = (
    "account",
    "booking",
    "revision",
    "crm",
    "organisation",
    "connection",
    "record",
    "attempt",
    "action",
    "outcome",
    "code",
    "calls",
    "ms",
    "task",
    "trace",
    "span",
)

_subject: ContextVar[Mapping[str, int | str]] = ContextVar("subject", default=MappingProxyType({}))


@contextmanager
def about(**numbers: int | str) -> Iterator[None]:
    """Every log line of this block, in this thread, names these rows; see FIELDS."""
    before = _subject.set({**_subject.get(), **numbers})
    try:
        yield
    finally:
        _subject.reset(before)


def subject() -> Mapping[str, int | str]:
    return _subject.get()
