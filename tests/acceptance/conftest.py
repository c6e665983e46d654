import pytest

from tests.installation import Installation, services


@pytest.fixture
def emulator(running_emulator, settings):
    settings.SERVICES = services(running_emulator)
    return running_emulator


@pytest.fixture
def installation(transactional_db, alice, emulator, tmp_path):
    whole = Installation(alice, emulator, tmp_path)
    yield whole
    whole.stop()
