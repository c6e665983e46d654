from collections import defaultdict
from collections.abc import Iterator
from threading import Thread
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck

from linktime.crm.testing.suite import ContractSuite
from tests import databases
from tests.collector import collector
from tests.emulated import emulator_process, installation, later, running_emulator
from tests.people import alice, bob, charlie, event_type
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
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Give each process of the tests a copy of a database that is migrated, instead of migrating one of its own."""
    name = databases.copy()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.close_pool()
    databases.drop(name)


def pytest_configure(config: pytest.Config) -> None:
    """How fast examples come says something of the machine, not of the code; there are more of them with `--long`."""
    examples = 15 if "not long" in config.option.markexpr else 100
    hypothesis.settings.register_profile(
        "ours", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=examples
    )
    hypothesis.settings.load_profile("ours")
    settings.PASSWORD_HASHERS = ["tests.passwords.QuickHasher"]
    TransactionTestCase._fixture_teardown = lambda _: databases.empty()  # noqa: SLF001 - there is no other place to say it
    settings.WHITENOISE_AUTOREFRESH = True  # it would look at every file for every client


def pytest_collection_modifyitems(config: pytest.Config, items: list) -> None:
    """Begin with what takes longest, so that no worker is left with it at the end."""
    if "not long" in config.option.markexpr:
        spared = _shared_out(items)
        config.hook.pytest_deselected(items=[item for item in items if item in spared])
        items[:] = [item for item in items if item not in spared]
    marks = ("browser", "acceptance")
    items.sort(key=lambda item: [item.get_closest_marker(mark) is None for mark in marks])


def _shared_out(items: list) -> set:
    """Return what to leave out for each case of the contract suite to be tried at one of the CRMs, in turn."""
    cases: dict[str, dict[type, list]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        if issubclass(getattr(item, "cls", None) or object, ContractSuite) and not item.get_closest_marker("long"):
            cases[item.originalname][item.cls].append(item)
    spared = set()
    for number, crms in enumerate(cases.values()):
        chosen = list(crms)[number % len(crms)]
        spared.update(item for crm, tries in crms.items() if crm is not chosen for item in tries)
    return spared


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Migrate while the workers collect, who would all wait for it."""
    Thread(target=databases.template, daemon=True).start()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each worker whole files, and one of them all browser tests: they share a site, which takes long to start."""
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415 - only where pytest-xdist is at work

    class OneSite(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "browser" if nodeid.startswith("tests/browser/") else super()._split_scope(nodeid)

    return OneSite(config, log)
