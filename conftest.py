from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from tests.people import alice, bob, charlie, event_type
from tests.processes import empty_queues

__all__ = ["alice", "bob", "charlie", "event_type"]


@pytest.fixture(autouse=True)
def _no_jobs_left_behind(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """After a test that commits, remove its jobs: Django's flush does not know Procrastinate's tables."""
    yield
    mark = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (mark and mark.kwargs.get("transaction")):
        with django_db_blocker.unblock():
            empty_queues()


def pytest_configure() -> None:
    settings.PASSWORD_HASHERS = ["tests.passwords.QuickHasher"]


def pytest_collection_modifyitems(items: list) -> None:
    """Begin with what takes longest, so that no worker is left with it at the end."""
    items.sort(key=lambda item: not {"acceptance", "browser"} & {mark.name for mark in item.iter_markers()})
