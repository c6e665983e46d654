"""Counts of what happens in this process, kept until somebody takes them: `jobs/tally.py`, to add them up for all.

A count is named by a metric, its labels, and for a histogram the bucket; `SUM` is the bucket of the sum.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)
BUCKETS = (*(f"{seconds:g}" for seconds in SECONDS), "+Inf")
SUM = "sum"


class Series(NamedTuple):
    """`labels` are sorted pairs; `bucket` is empty for a counter."""

    metric: str
    labels: tuple[tuple[str, str], ...]
    bucket: str = ""


@dataclass(frozen=True, slots=True)
class Gauge:
    """A measurement of now."""

    metric: str
    labels: Mapping[str, str]
    value: float


_guard = Lock()
_counts: dict[Series, float] = defaultdict(float)


def count(metric: str, **labels: str) -> None:
    """Count one more."""
    _add({Series(metric, tuple(sorted(labels.items()))): 1})


def observe(metric: str, seconds: float, **labels: str) -> None:
    """Count one more in a histogram of seconds."""
    pairs = tuple(sorted(labels.items()))
    bucket = BUCKETS[bisect_left(SECONDS, seconds)]
    _add({Series(metric, pairs, bucket): 1, Series(metric, pairs, SUM): seconds})


def take() -> dict[Series, float]:
    """Return what has been counted, and begin at nought."""
    with _guard:
        taken = dict(_counts)
        _counts.clear()
    return taken


def give_back(taken: Mapping[Series, float]) -> None:
    """Undo `take`: what was taken could not be added up."""
    _add(taken)


def _add(counts: Mapping[Series, float]) -> None:
    with _guard:
        for series, number in counts.items():
            _counts[series] += number
