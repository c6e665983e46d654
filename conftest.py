from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from hypothesis import HealthCheck

from tests.emulated import installation, later, running_emulator
from tests.people import alice, bob, charlie, event_type
from tests.processes import empty_queues
from tests.tracing import traced

__all__ = ["alice", "bob", "charlie", "event_type", "installation", "later", "running_emulator", "traced"]


@pytest.fixture(autouse=True)
def _no_jobs_left_behind(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """After a test that commits, remove its jobs: Django's flush does not know Procrastinate's tables."""
    yield
    mark = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (mark and mark.kwargs.get("transaction")):
        with django_db_blocker.unblock():
            empty_queues()


# How fast examples come says something of the machine, not of the code.
hypothesis.settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.settings.load_profile("any machine")


def pytest_configure() -> None:
    settings.PASSWORD_HASHERS = ["tests.passwords.QuickHasher"]


def pytest_collection_modifyitems(items: list) -> None:
    """Begin with what takes longest, so that no worker is left with it at the end."""
    items.sort(key=lambda item: not {"acceptance", "browser"} & {mark.name for mark in item.iter_markers()})
