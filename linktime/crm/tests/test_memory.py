"""The CRM in memory does what a provider must."""

from linktime.crm.testing.memory.stage import MemoryStage
from linktime.crm.testing.suite import ContractSuite


class TestMemory(ContractSuite):
    stage_type = MemoryStage
