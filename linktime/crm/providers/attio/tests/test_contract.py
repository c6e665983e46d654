from dataclasses import replace
from datetime import timedelta

import pytest

from linktime.crm import pace
from linktime.crm.providers.attio.provider import Attio
from linktime.crm.providers.attio.tests.stage import AttioStage
from linktime.crm.testing.suite import ContractSuite


class TestAttio(ContractSuite):
    stage_type = AttioStage

    @pytest.fixture
    def stage(self, emulator, monkeypatch):
        """An Attio that takes more requests a second, and a drain that waits for none: that has tests of its own."""
        monkeypatch.setattr(Attio, "manifest", replace(Attio.manifest, rates=()))
        monkeypatch.setattr(pace, "LONGEST_HOLD", timedelta())
        emulator.settings(writes_a_second=500)
        return AttioStage(emulator)
