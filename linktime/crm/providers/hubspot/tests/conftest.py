from pathlib import Path

import pytest

from linktime import emulators
from tests.installation import services
from tests.traffic import Description

DESCRIPTION = Description(Path(emulators.__file__).parent / "hubspot" / "openapi.json")


@pytest.fixture
def emulator(running_emulator, settings):
    """A HubSpot whose whole traffic is held against its description when the test is over."""
    hubspot = running_emulator.at("hubspot")
    settings.SERVICES = services(running_emulator)
    yield hubspot
    assert [fault for exchange in hubspot.exchanges() for fault in DESCRIPTION.faults(exchange)] == []


@pytest.fixture
def connected(installation):
    installation.connect(crm="hubspot")
    return installation
