from pathlib import Path

import pytest

from linktime import emulators
from linktime.crm.tests.conftest import later, running_emulator
from tests.installation import Installation, services
from tests.traffic import Description

__all__ = ["later", "running_emulator"]

DESCRIPTION = Description(Path(emulators.__file__).parent / "hubspot" / "openapi.json")


@pytest.fixture
def emulator(running_emulator, settings):
    """A HubSpot whose whole traffic is held against its description when the test is over."""
    hubspot = running_emulator.at("hubspot")
    hubspot.reset()
    settings.SERVICES = services(running_emulator)
    yield hubspot
    assert [fault for exchange in hubspot.exchanges() for fault in DESCRIPTION.faults(exchange)] == []


@pytest.fixture
def installation(alice, emulator):
    return Installation(alice, emulator)


@pytest.fixture
def connected(installation):
    installation.connect(crm="hubspot")
    return installation
