from datetime import timedelta

import pytest

from linktime.core.clock import now
from linktime.emulators.testing import EmulatorProcess
from tests.installation import Installation


@pytest.fixture(scope="module")
def running_emulator():
    with EmulatorProcess(seed=1) as process:
        yield process


@pytest.fixture
def emulator(running_emulator, settings):
    running_emulator.reset()
    running_emulator.clear_faults()
    services = {"client_id": "emulator", "client_secret": "secret", "base_url": running_emulator.salesforce}
    settings.SERVICES = {"salesforce": services}
    return running_emulator


@pytest.fixture
def installation(alice, emulator):
    return Installation(alice, emulator)


@pytest.fixture
def connected(installation):
    installation.connect()
    return installation


@pytest.fixture
def later():
    """A clock that is ahead by so much."""
    return lambda **ahead: lambda: now() + timedelta(**ahead)
