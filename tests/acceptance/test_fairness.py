"""Who has much to do, or a CRM that hangs, keeps nobody else waiting."""

import time

import pytest
from django.db import connection

from linktime.crm.models import SyncRecord
from linktime.emulators.testing import EmulatorProcess
from tests.installation import services, wait_until
from tests.jobs import waiting

pytestmark = [pytest.mark.acceptance, pytest.mark.long]

HANG = {"kind": "delay", "seconds": 30, "then": "work"}
BACKLOG = 120  # more than a batch


@pytest.fixture
def emulator(settings):
    with EmulatorProcess(seed=1) as process:
        settings.SERVICES = services(process)
        yield process


def synced(booking) -> bool:
    return not SyncRecord.objects.filter(booking=booking).exclude(state=SyncRecord.State.SYNCED).exists()


def seconds_until_synced(booking, patience: float) -> float:
    begun = time.monotonic()
    wait_until(lambda: synced(booking), patience, "the booking in its CRM")
    return time.monotonic() - begun


def test_one_booking_does_not_wait_for_a_backlog(installation):
    """Another organisation's is in its CRM within 2 s, and a live one of the same organisation passes the backfill."""
    installation.emulator.at("attio").settings(latency_ms=100)
    installation.connect("attio")
    for number in range(BACKLOG):
        installation.book(f"invitee{number}@example.com")
    left = SyncRecord.objects.filter(urgency=SyncRecord.Urgency.BACKGROUND, state=SyncRecord.State.PENDING)
    SyncRecord.objects.update(urgency=SyncRecord.Urgency.BACKGROUND)
    other = installation.neighbour("other")
    installation.start_worker()
    wait_until(lambda: left.count() < BACKLOG, 20, "the backlog begun")
    assert seconds_until_synced(other.book("grace@example.com"), 10) < 2
    assert seconds_until_synced(installation.book("live@example.com"), 30)
    assert left.exists(), "the backlog was over before anybody could pass it"


def test_organisations_that_hang_stop_neither_mail_nor_sweeps(installation, tmp_path):
    """Twenty of them: what waits is woken by a sweep though its wake-up is lost, and every mail goes out."""
    hanging = [installation.neighbour(f"host{number}") for number in range(20)]
    emulator = installation.emulator
    emulator.fault(HANG, path="/services/data/")
    for place in hanging:
        place.book("grace@example.com")
    installation.start_worker()
    wait_until(lambda: emulator.in_flight()["count"] >= 2, 20, "calls that hang")
    forget_wake_ups()
    installation.book("alan@example.com")
    wait_until(lambda: waiting("tasks.drain"), 10, "a sweep that wakes those who wait")
    wait_until(lambda: len(list(tmp_path.glob("*.eml"))) == 2 * 21, 15, "a mail to each invitee and host")
    assert emulator.in_flight()["count"], "all of it happened while they hung"


def forget_wake_ups() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo' AND task_name LIKE '%tasks.drain'")
