"""What failed is tried again: by a person, after a check, and when another booking gets through that failed alike."""

from linktime.connections.models import Connection
from linktime.core.clock import now
from linktime.crm import actions
from linktime.crm.models import SyncAttempt, SyncRecord
from linktime.crm.testing.looking import record_of

RULE = {"object": "Contact", "field": "Phone", "kind": "required", "message": "A phone number is needed"}
OTHER_RULE = {"object": "Event", "field": "Location", "kind": "required", "message": "A place is needed"}


def states(*bookings):
    return [record_of(booking).state for booking in bookings]


def causes(booking):
    return list(SyncAttempt.objects.filter(record__booking=booking).order_by("id").values_list("cause", flat=True))


def failed(connected, emulator, *emails, rule=RULE):
    emulator.settings(validation_rules=[rule])
    bookings = [connected.book(email) for email in emails]
    connected.drain()
    assert set(states(*bookings)) == {"failed"}
    return bookings


def test_somebody_retries_one(connected, emulator):
    one, other = failed(connected, emulator, "grace@example.com", "alan@example.com", rule=OTHER_RULE)
    actions.retry_record(record_of(one), now())
    connected.drain()
    assert states(one, other) == ["failed", "failed"]
    assert causes(one) == ["", "person"]
    emulator.settings(validation_rules=[])
    actions.retry_record(record_of(one), now())
    connected.drain()
    assert states(one, other) == ["synced", "synced"]


def test_another_that_gets_through_brings_those_that_failed_alike(connected, emulator):
    """And no others: the one whose reason is another one stays."""
    alike = failed(connected, emulator, "grace@example.com", "alan@example.com")
    elsewhere = failed(connected, emulator, "radia@example.com", rule=OTHER_RULE)[0]
    SyncRecord.objects.filter(booking=elsewhere).update(error_code="ANOTHER_CODE")
    emulator.settings(validation_rules=[])
    actions.retry_record(record_of(alike[0]), now())
    connected.drain()
    assert states(*alike, elsewhere) == ["synced", "synced", "failed"]
    assert causes(alike[1]) == ["", "mended"]


def test_a_check_that_passes_brings_what_failed_with_its_codes(connected, emulator):
    one, other = failed(connected, emulator, "grace@example.com", "alan@example.com")
    SyncRecord.objects.filter(booking=other).update(error_code="ANOTHER_CODE")
    emulator.settings(validation_rules=[])
    assert actions.retry_failed_with(Connection.objects.get(), ["FIELD_CUSTOM_VALIDATION_EXCEPTION"], now()) == 1
    connected.drain()
    assert states(one, other) == ["synced", "failed"]
    assert causes(one) == ["", "checked"]


def test_what_somebody_dismissed_is_left_at_that_until_its_next_change(connected, emulator):
    """Neither all that failed, nor another that gets through, brings it back."""
    left, other = failed(connected, emulator, "grace@example.com", "alan@example.com")
    assert actions.dismiss(record_of(left))
    emulator.settings(validation_rules=[])
    actions.retry_failed(Connection.objects.get(), now())
    connected.drain()
    assert states(left, other) == ["skipped", "synced"]
    assert not actions.dismiss(record_of(other))
    connected.move(left)
    connected.drain()
    assert states(left, other) == ["synced", "synced"]
    assert not record_of(left).dismissed


def test_what_somebody_dismissed_can_be_retried(connected, emulator):
    (left,) = failed(connected, emulator, "grace@example.com")
    actions.dismiss(record_of(left))
    emulator.settings(validation_rules=[])
    actions.retry_record(record_of(left), now())
    connected.drain()
    assert states(left) == ["synced"]


def test_a_retry_waits_for_no_renewal_that_was_put_off(connected, emulator, later):
    """An admin has let the server's address in: nobody has to wait half an hour for it."""
    emulator.settings(ip_restricted=True, clock_offset_seconds=7300)
    one, other = connected.book("grace@example.com"), connected.book("alan@example.com")
    connected.drain()
    assert (record_of(one).state, record_of(one).error_code) == ("pending", "ip_restricted")
    assert Connection.objects.get().error_code == "ip_restricted"
    emulator.settings(ip_restricted=False)
    connected.drain(later(minutes=2))
    assert states(one, other) == ["pending", "pending"]
    actions.retry_record(record_of(one), now())
    connected.drain()
    assert states(one, other) == ["synced", "synced"]


def test_a_deactivated_user_is_named_as_the_reason(connected, emulator):
    emulator.settings(user_inactive=True, clock_offset_seconds=7300)
    booking = connected.book("grace@example.com")
    connected.drain()
    assert record_of(booking).error_code == "inactive_user"
    connection = Connection.objects.get()
    assert (connection.state, connection.error_code) == ("needs_reconnect", "inactive_user")


def test_whatever_waits_for_a_reconnection_says_so(connected, emulator):
    emulator.revoke()
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.connect()
    connected.drain()
    assert causes(booking)[-1] == "resumed"


def test_a_new_change_is_no_retry(connected, emulator):
    (booking,) = failed(connected, emulator, "grace@example.com")
    before = record_of(booking).wanted_at
    connected.move(booking)
    assert record_of(booking).wanted_at > before
    connected.drain()
    assert causes(booking) == ["", ""]
