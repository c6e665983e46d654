"""What happened, told to whoever `config/wiring.py` lists for it, in the caller's transaction.

Events are frozen dataclasses. A subscriber that raises fails the whole change: it is part of it.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

_subscribers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribe[E](kind: type[E], react: Callable[[E], None]) -> None:
    if react not in _subscribers[kind]:
        _subscribers[kind].append(react)


def publish(event: object) -> None:
    for react in _subscribers[type(event)]:
        react(event)
