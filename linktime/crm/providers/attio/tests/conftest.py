from pathlib import Path

import pytest

from linktime import emulators
from tests.installation import services
from tests.traffic import Description

DESCRIPTION = Description(Path(emulators.__file__).parent / "attio" / "openapi.json")
NOT_DESCRIBED = ("/authorize", "/oauth/introspect")


@pytest.fixture
def emulator(running_emulator, settings):
    """An Attio whose whole traffic is held against its description when the test is over."""
    attio = running_emulator.at("attio")
    settings.SERVICES = services(running_emulator)
    yield attio
    seen = [exchange for exchange in attio.exchanges() if not exchange["path"].startswith(NOT_DESCRIBED)]
    assert [fault for exchange in seen for fault in DESCRIPTION.faults(exchange)] == []


@pytest.fixture
def connected(installation):
    installation.connect(crm="attio")
    return installation
