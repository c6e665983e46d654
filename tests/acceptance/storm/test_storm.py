"""Everything that can fail does, at once: nothing is lost, nothing is there twice, nothing is wrong."""

import os

import pytest

from tests.acceptance.storm.nursery import Haste
from tests.acceptance.storm.storm import Size, Storm

pytestmark = pytest.mark.acceptance

SEED = int(os.environ.get("LINKTIME_STORM_SEED", "1"))
QUIET = 120
SHORT = Size(accounts=30, bookings=200, changes=300, kills=20, haste=Haste(call=10, lease=8, recheck=14))
LONG = Size(accounts=50, bookings=2000, changes=3000, kills=200, rounds=6)


def go_through(storm: Storm) -> None:
    storm.rage()
    quiet = storm.calm_down(QUIET)
    report, hits = storm.report(), storm.hits()
    print(f"\nquiet after {quiet:.0f} s; {hits} of {len(storm.killed)} kills in flight; {report}")  # noqa: T201 - figures
    faults = storm.faults()
    assert not faults, "\n".join(faults)
    assert not [kind for kind, times in report.items() if not times], report
    assert hits >= len(storm.killed) / 2, "most kills met no call in flight: this proved little"


def test_a_storm_over_three_crms(storm):
    """200 bookings and 300 changes, 20 kills; what takes a minute in life takes ten seconds here."""
    go_through(storm(SHORT, SEED))


@pytest.mark.long
def test_a_great_storm(storm):
    """2,000 bookings and 3,000 changes of 50 accounts, 200 kills; a call times out after half a minute."""
    go_through(storm(LONG, SEED))
