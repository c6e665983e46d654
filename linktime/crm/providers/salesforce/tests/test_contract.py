import pytest

from linktime.crm.providers.salesforce.tests.stage import SalesforceStage
from linktime.crm.testing.suite import ContractSuite


class TestSalesforce(ContractSuite):
    stage_type = SalesforceStage

    @pytest.fixture
    def stage(self, emulator):
        return SalesforceStage(emulator)
