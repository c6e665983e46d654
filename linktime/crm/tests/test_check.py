"""When a connection is checked, and what is told when its CRM can't be asked."""

import pytest

from linktime.connections.models import Connection
from linktime.core.clock import now
from linktime.crm import check
from linktime.crm.models import Checkup
from tests import jobs


def findings(place):
    return [(row["level"], row["code"]) for row in check.run(place.connection, now).findings]


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_is_checked_by_itself(connected):
    checkup = Checkup.objects.get()
    assert (checkup.under_way, checkup.passed) == (True, False)
    assert jobs.work("upkeep.check") == 1
    checkup.refresh_from_db()
    assert (checkup.under_way, checkup.passed, checkup.findings) == (False, True, [])


def test_a_paused_connection_can_be_checked(connected, emulator):
    Connection.objects.update(state=Connection.State.PAUSED)
    emulator.settings(hidden_fields=["Event.Location"])
    assert findings(connected) == [("warning", "INVALID_FIELD")]


def test_a_dead_grant_is_told(connected, emulator):
    emulator.revoke()
    assert findings(connected) == [("error", "invalid_grant")]
    connected.connection.refresh_from_db()
    assert connected.connection.state == Connection.State.NEEDS_RECONNECT
    assert findings(connected) == [("error", "invalid_grant")]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "drop"},
        {"kind": "status", "status": 503, "body": "<h1>Server Unavailable</h1>"},
        {"kind": "status", "status": 200, "body": "<h1>Maintenance</h1>"},
    ],
)
def test_a_crm_that_does_not_answer_passes_no_check(connected, emulator, fault):
    emulator.fault(fault, path="/services/data")
    assert findings(connected) == [("error", "not_checked")]
    checkup = Checkup.objects.get()
    assert not checkup.passed
    assert "Check again" in check.advice(connected.connection, checkup)[0].remedy


def test_a_check_stands_in_nobody_s_way(connected, emulator):
    """It takes no lease: a drain goes on beside it, and it looks at no booking."""
    booking = connected.book("grace@example.com")
    from linktime.crm.lease import Lease
    from linktime.crm.models import Organisation, SyncRecord

    with Lease.take(Organisation.objects.get().pk):
        assert findings(connected) == []
    assert SyncRecord.objects.get(booking=booking).state == "pending"


def test_a_session_for_looking_makes_nothing(connected):
    from linktime.crm.session import LookingSession

    session = LookingSession(connection=connected.connection, clock=now)
    with pytest.raises(RuntimeError, match="only to be asked"):
        session.creating({1: {}})


def test_what_bookings_fail_from_comes_first(connected, emulator):
    emulator.settings(hidden_fields=["Contact.Phone", "Event.Subject"])
    checkup = check.run(connected.connection, now)
    assert [advice.finding.field for advice in check.advice(connected.connection, checkup)] == ["Subject", "Phone"]
