from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from hypothesis import HealthCheck

from tests.databases import template
from tests.emulated import installation, later, running_emulator
from tests.people import alice, bob, charlie, event_type
from tests.processes import empty_queues
from tests.tracing import traced

__all__ = ["alice", "bob", "charlie", "event_type", "installation", "later", "running_emulator", "traced"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:  # noqa: ARG001 - it names
    """Have test databases copied from one that is migrated, instead of each migrated by itself."""
    settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = template()


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


def pytest_collection_modifyitems(config: pytest.Config, items: list) -> None:
    """Begin with what takes longest. One process runs all browser tests, which share a site; others go file by file."""
    items.sort(
        key=lambda item: (item.get_closest_marker("browser") is None, item.get_closest_marker("acceptance") is None)
    )
    if config.pluginmanager.hasplugin("xdist"):
        for item in items:
            browser = item.get_closest_marker("browser") is not None
            item.add_marker(pytest.mark.xdist_group("browser" if browser else item.location[0]))
