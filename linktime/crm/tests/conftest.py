import pytest

from linktime.crm.testing.memory.stage import MemoryStage
from linktime.crm.testing.place import Place
from tests.installation import services


@pytest.fixture
def stage():
    """A CRM in memory."""
    with MemoryStage.running() as stage:
        yield stage


@pytest.fixture
def place(db, stage):
    place = Place.opened("place")
    place.take_grant(stage.crm, stage.grant(), url=stage.url)
    return place


@pytest.fixture
def emulator(running_emulator, settings):
    settings.SERVICES = services(running_emulator)
    return running_emulator


@pytest.fixture
def connected(installation):
    installation.connect()
    return installation
