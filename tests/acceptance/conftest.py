import pytest

from linktime.emulators.testing import EmulatorProcess
from tests.installation import Installation


@pytest.fixture
def emulator(settings):
    with EmulatorProcess(seed=1) as process:
        services = {"client_id": "emulator", "client_secret": "secret", "base_url": process.salesforce}
        settings.SERVICES = {"salesforce": services}
        yield process


@pytest.fixture
def installation(transactional_db, alice, emulator, tmp_path):
    whole = Installation(alice, emulator, tmp_path)
    yield whole
    whole.stop()
