"""The CRM in memory does what a provider must."""

import pytest

from linktime.crm.testing.memory.stage import MemoryStage
from linktime.crm.testing.suite import ContractSuite

pytestmark = pytest.mark.long  # the real providers pass the same suite every time


class TestMemory(ContractSuite):
    stage_type = MemoryStage
