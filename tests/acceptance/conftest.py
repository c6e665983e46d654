import pytest

from linktime.emulators.testing import EmulatorProcess
from tests.installation import Installation, services


@pytest.fixture
def emulator(settings):
    with EmulatorProcess(seed=1) as process:
        settings.SERVICES = services(process)
        yield process


@pytest.fixture
def installation(transactional_db, alice, emulator, tmp_path):
    whole = Installation(alice, emulator, tmp_path)
    yield whole
    whole.stop()
