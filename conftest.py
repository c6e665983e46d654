from django.conf import settings

from tests.people import alice, bob, charlie, event_type

__all__ = ["alice", "bob", "charlie", "event_type"]


def pytest_configure() -> None:
    settings.PASSWORD_HASHERS = ["tests.passwords.QuickHasher"]


def pytest_collection_modifyitems(items: list) -> None:
    """Begin with what takes longest, so that no worker is left with it at the end."""
    items.sort(key=lambda item: not {"acceptance", "browser"} & {mark.name for mark in item.iter_markers()})
