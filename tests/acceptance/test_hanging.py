"""Salesforce hangs: nobody who books notices, the mail goes out, and nothing is made twice."""

import time

import pytest

from linktime.crm.models import SyncRecord
from tests.installation import assert_salesforce_shows, wait_until

pytestmark = pytest.mark.acceptance

HANG = {"kind": "delay", "seconds": 30, "then": "work"}


def test_bookings_and_mail_do_not_wait_for_salesforce(installation, tmp_path):
    """While every call hangs, bookings are answered and mailed; later there is one Contact and one Event."""
    emulator = installation.emulator
    installation.connect()
    emulator.fault(HANG, path="/services/data/")
    installation.start_worker()
    first = installation.book("grace@example.com")
    wait_until(lambda: emulator.in_flight()["count"], 30, "a call that hangs")
    hanging_since = time.monotonic()
    booked = [first, *(installation.book(f"invitee{n}@example.com") for n in range(5))]
    wait_until(lambda: len(list(tmp_path.glob("*.eml"))) == 2 * len(booked), 25, "a mail to each invitee and host")
    assert time.monotonic() - hanging_since < HANG["seconds"], "all of it happened while the first call hung"
    assert emulator.in_flight()["count"]
    assert not SyncRecord.objects.filter(state=SyncRecord.State.SYNCED).exists()
    emulator.clear_faults()
    installation.quiet(150)
    assert_salesforce_shows(installation, booked)
