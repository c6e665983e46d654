"""Which services there are, as `config/wiring.py` says: `connections` lies below the providers and can't look."""

from collections.abc import Callable, Iterable

from linktime.connections.facts import OAuthFacts

_names: Callable[[], Iterable[str]] = tuple
_find: Callable[[str], OAuthFacts] | None = None


def use(names: Callable[[], Iterable[str]], find: Callable[[str], OAuthFacts]) -> None:
    """Take the services' names and facts from here; asked when they are needed, not before."""
    global _names, _find
    _names, _find = names, find


def services() -> list[str]:
    return list(_names())


def facts_of(service: str) -> OAuthFacts:
    if _find is None:
        raise LookupError("config/wiring.py has not said which services there are")
    return _find(service)
