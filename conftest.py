from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from hypothesis import HealthCheck

from tests.collector import collector
from tests.databases import template
from tests.emulated import emulator_process, installation, later, running_emulator
from tests.people import alice, bob, charlie, event_type
from tests.processes import empty_queues
from tests.tracing import traced

__all__ = [
    "alice",
    "bob",
    "charlie",
    "collector",
    "emulator_process",
    "event_type",
    "installation",
    "later",
    "running_emulator",
    "traced",
]


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


def pytest_configure(config: pytest.Config) -> None:
    """How fast examples come says something of the machine, not of the code; there are more of them with `--long`."""
    examples = 25 if "not long" in config.option.markexpr else 100
    hypothesis.settings.register_profile(
        "ours", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=examples
    )
    hypothesis.settings.load_profile("ours")
    settings.PASSWORD_HASHERS = ["tests.passwords.QuickHasher"]
    settings.WHITENOISE_AUTOREFRESH = True  # it would look at every file for every client


def pytest_collection_modifyitems(items: list) -> None:
    """Begin with what takes longest, so that no worker is left with it at the end."""
    marks = ("browser", "acceptance")
    items.sort(key=lambda item: [item.get_closest_marker(mark) is None for mark in marks])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each worker whole files, and one of them all browser tests: they share a site, which takes long to start."""
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415 - only where pytest-xdist is at work

    class OneSite(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "browser" if nodeid.startswith("tests/browser/") else super()._split_scope(nodeid)

    return OneSite(config, log)
