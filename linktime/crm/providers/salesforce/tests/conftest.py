import pytest

from linktime.crm.providers.salesforce.backlog import create_all
from linktime.crm.tests.conftest import connected, emulator

__all__ = ["connected", "emulator"]


@pytest.fixture
def groups_of_ten(monkeypatch):
    """Collections of ten records, so that a few bookings are several groups."""
    monkeypatch.setitem(create_all.__kwdefaults__, "size", 10)
