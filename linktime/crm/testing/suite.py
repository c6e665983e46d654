"""What a provider must do. Each provider's tests inherit it, and skip nothing."""

from collections.abc import Iterator

import pytest

from linktime.crm.testing.cases.batches import BatchCases
from linktime.crm.testing.cases.care import CareCases
from linktime.crm.testing.cases.connecting import ConnectingCases
from linktime.crm.testing.cases.lost import LostCases
from linktime.crm.testing.cases.over_there import OverThereCases
from linktime.crm.testing.cases.restored import RestoredCases
from linktime.crm.testing.cases.story import StoryCases
from linktime.crm.testing.cases.texts import TextCases
from linktime.crm.testing.cases.trouble import TroubleCases
from linktime.crm.testing.place import Place
from linktime.crm.testing.stage import Stage, Touch


class ContractSuite(
    ConnectingCases,
    StoryCases,
    BatchCases,
    LostCases,
    RestoredCases,
    TroubleCases,
    OverThereCases,
    TextCases,
    CareCases,
):
    """Inherit it, name the CRM's stage in `stage_type`, and give the fixture `stage` that is of this type.

    Tests run over the real engine and database. When each is over, everything that was touched over there is held
    against what the stage promises.
    """

    stage_type: type[Stage]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Give the cases about creates each of the CRM's kinds; all but the last, a meeting's, are `long`."""
        if "create" in metafunc.fixturenames:
            *others, last = self.stage_type.creates
            metafunc.parametrize("create", [*(pytest.param(one, marks=pytest.mark.long) for one in others), last])

    @pytest.fixture
    def place(self, db: None, stage: Stage) -> Place:  # noqa: ARG002 - it needs the database
        place = Place.opened("suite")
        place.take_grant(stage.crm, stage.grant(), url=stage.url)
        return place

    @pytest.fixture(autouse=True)
    def _keeps_its_promises(self, stage: Stage) -> Iterator[None]:
        yield
        assert_promised(stage)


def assert_promised(stage: Stage) -> None:
    """Check that nothing was touched but what is promised."""
    touched = set(stage.touched())
    beyond = {(touch.what, field) for touch in touched for field in touch.fields - promised(stage, touch)}
    assert ({touch.what for touch in touched} - set(stage.promised), beyond) == (set(), set())


def promised(stage: Stage, touch: Touch) -> frozenset[str]:
    return stage.promised.get(touch.what, frozenset())
