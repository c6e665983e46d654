"""Requests and answers as they were, so that tests can hold them against a service's description."""

from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

KEPT = 3_000


@dataclass(frozen=True, slots=True)
class Exchange:
    """`path` is without the service's prefix; bodies are texts. `status` is None when the answer was lost.

    `own` says that the answer is the service's and not a fault's.
    """

    n: int
    method: str
    path: str
    query: str
    request_type: str
    request_body: str
    status: int | None
    answer_type: str
    answer_body: str
    own: bool


class Exchanges:
    """The latest exchanges of one service."""

    def __init__(self) -> None:
        self._rows: deque[Exchange] = deque(maxlen=KEPT)

    def add(self, exchange: Exchange) -> None:
        self._rows.append(exchange)

    def after(self, n: int) -> Iterator[dict[str, Any]]:
        return (asdict(exchange) for exchange in self._rows if exchange.n > n)

    def clear(self) -> None:
        self._rows.clear()
