import pytest

from linktime.crm.providers.hubspot.tests.stage import HubSpotStage
from linktime.crm.testing.suite import ContractSuite


class TestHubSpot(ContractSuite):
    stage_type = HubSpotStage

    @pytest.fixture
    def stage(self, emulator):
        return HubSpotStage(emulator)
