from django.conf import settings

from tests.people import alice, bob, charlie, event_type

__all__ = ["alice", "bob", "charlie", "event_type"]


def pytest_configure() -> None:
    settings.PASSWORD_HASHERS = ["tests.passwords.QuickHasher"]
