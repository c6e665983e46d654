from contextlib import ExitStack

import pytest

from linktime.emulators.testing import EmulatorProcess
from tests.acceptance.storm.nursery import Nursery
from tests.acceptance.storm.places import homes, plant_bystanders
from tests.acceptance.storm.server import own_server
from tests.acceptance.storm.storm import Ground, Size, Storm
from tests.acceptance.storm.website import Website
from tests.installation import services


@pytest.fixture
def server(transactional_db):
    with own_server() as server:
        yield server


@pytest.fixture
def emulator(settings):
    with EmulatorProcess(seed=1) as process:
        settings.SERVICES = services(process)
        yield process


@pytest.fixture
def storm(server, emulator, tmp_path):
    """Call it with a size and a seed for a storm that waits to be let loose."""
    with ExitStack() as stack:

        def make(size: Size, seed: int) -> Storm:
            there = homes(emulator, size.accounts)
            environment = there[0].place.environment() | {"LINKTIME_EMAIL_URL": f"file:{tmp_path}"}
            nursery = stack.enter_context(Nursery(size.haste, environment))
            website = stack.enter_context(Website(environment))
            bystanders = plant_bystanders(emulator, there)
            return Storm(Ground(server, emulator, nursery, website, there, bystanders), size, seed)

        yield make
