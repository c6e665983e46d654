"""The daily mail about bookings that did not reach a CRM: one at most, in the owner's morning, when there is news."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail

from linktime.accounts.models import Membership
from linktime.connections.models import Connection
from linktime.core.events import publish
from linktime.crm.events import BookingsHeldUp
from linktime.crm.models import SyncAttempt, SyncRecord
from linktime.notifications import digest
from linktime.notifications.models import Digest
from linktime.notifications.tasks import send_digests
from tests import jobs
from tests.people import NOW, join

TASK = "send_digest_mail"
MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # in London; it is Tuesday


@pytest.fixture
def connection(alice):
    return Connection.objects.create(
        account=alice.account, service="salesforce", organisation_key="00D1", organisation_name="Engines",
        environment="production", login_url="https://login.salesforce.com", api_url="https://e.my.salesforce.com",
        client_id="key", connected_at=NOW,
    )  # fmt: skip


@pytest.fixture
def fail(book, connection):
    """Book half an hour, and let it fail at a moment; gives its record."""
    starts = iter(MORNING.replace(day=25, hour=9) + timedelta(minutes=30 * n) for n in range(16))

    def failed(at=NOW, code="REQUIRED_FIELD_MISSING", state="failed", **values):
        booking = book(now=NOW - timedelta(hours=1), start=next(starts))
        jobs.work("send_booking_mail")
        mail.outbox.clear()
        SyncRecord.objects.filter(booking=booking).update(state=state, error_code=code, due_at=None, **values)
        record = SyncRecord.objects.get(booking=booking)
        outcome = "failed" if state == "failed" else "later"
        SyncAttempt.objects.create(
            record=record, at=at, revision=1, action="create", calls=1, ms=1, outcome=outcome, error_code=code
        )
        publish(BookingsHeldUp(connection, (record.pk,), at))
        return record

    return failed


def sweep(at):
    """Do what the workers do at a moment; return who got a mail."""
    mail.outbox.clear()
    with time_machine.travel(at, tick=False):
        send_digests(timestamp=0)
        jobs.work(TASK)
    return sorted(address for message in mail.outbox for address in message.to)


@pytest.mark.parametrize(
    ("after", "zone", "morning"),
    [
        ("2026-11-23T07:59Z", "Europe/London", "2026-11-23T08:00Z"),
        ("2026-11-23T08:00Z", "Europe/London", "2026-11-24T08:00Z"),
        ("2026-11-23T12:00Z", "America/New_York", "2026-11-23T13:00Z"),
        ("2026-11-23T20:00Z", "Pacific/Auckland", "2026-11-24T19:00Z"),
        ("2026-10-24T12:00Z", "Europe/Berlin", "2026-10-25T07:00Z"),  # the clocks go back in between
        ("2026-11-23T18:00Z", "Pacific/Kiritimati", "2026-11-24T18:00Z"),
    ],
)
def test_the_next_morning_is_by_the_owners_clocks(after, zone, morning):
    found = digest.next_morning(datetime.fromisoformat(after), ZoneInfo(zone))
    assert found == datetime.fromisoformat(morning)


def test_owners_hear_in_their_morning_what_failed_and_what_to_do(fail, alice, bob):
    owner = join("dora@example.com", "Dora", alice.account, Membership.Role.OWNER)
    owner.user.time_zone = "Asia/Tokyo"
    owner.user.save()
    fail()
    fail()
    assert sweep(MORNING - timedelta(hours=9)) == ["dora@example.com"]
    assert sweep(MORNING - timedelta(minutes=1)) == []
    assert sweep(MORNING) == ["alice@example.com"]
    (message,) = mail.outbox
    assert message.subject == "2 bookings did not reach Salesforce: Analytical Engines"
    for words in ("Salesforce, 2 bookings", "Make the field optional", "Intro call with Grace Hopper", "?state=failed"):
        assert words in message.body
    assert "Make the field optional" in message.alternatives[0].content


def test_there_is_one_a_day_at_most_and_only_of_what_is_new(fail):
    fail()
    assert sweep(MORNING) == ["alice@example.com"]
    fail(at=MORNING + timedelta(hours=1))
    fail(at=MORNING + timedelta(hours=2))
    assert sweep(MORNING + timedelta(hours=23)) == []
    assert sweep(MORNING + timedelta(days=1)) == ["alice@example.com"]
    assert mail.outbox[0].subject.startswith("2 bookings")
    assert sweep(MORNING + timedelta(days=2)) == []
    assert Digest.objects.get().due_at is None, "nothing is new: nothing is due"


def test_what_failed_while_the_mail_was_made_is_in_the_next(fail):
    fail()
    late = fail(at=MORNING - timedelta(seconds=1))
    assert sweep(MORNING) == ["alice@example.com"]
    assert mail.outbox[0].subject.startswith("1 booking did")
    assert sweep(MORNING + timedelta(days=1)) == ["alice@example.com"]
    assert str(late.booking) in mail.outbox[0].body


def test_none_when_it_was_mended_in_time(fail):
    record = fail()
    SyncRecord.objects.filter(pk=record.pk).update(state="synced")
    assert sweep(MORNING) == []
    assert Digest.objects.get().due_at is None


def test_none_when_it_is_mended_between_the_sweep_and_the_mail(fail):
    record = fail()
    with time_machine.travel(MORNING, tick=False):
        send_digests(timestamp=0)
    SyncRecord.objects.filter(pk=record.pk).update(state="synced")
    jobs.work(TASK)
    assert mail.outbox == []


def test_what_waits_for_a_day_is_told_of_once(fail):
    fail(at=NOW, state="pending", code="ip_restricted", wanted_at=NOW - timedelta(days=1, hours=1))
    assert sweep(MORNING) == ["alice@example.com"]
    assert "Login IP Ranges" in mail.outbox[0].body
    publish(BookingsHeldUp(Connection.objects.get(), (), MORNING + timedelta(hours=1)))
    assert sweep(MORNING + timedelta(days=1)) == []


def test_what_waits_for_a_reconnection_has_a_mail_of_its_own(fail):
    fail()
    Connection.objects.update(state="needs_reconnect")
    assert sweep(MORNING) == []


def test_who_does_not_want_it_gets_none(fail, alice):
    fail()
    membership = Membership.objects.get(user=alice.user)
    digest.choose(membership, wanted=False)
    fail()
    assert sweep(MORNING) == []
    assert not digest.is_wanted(membership)
    digest.choose(membership, wanted=True)
    fail(at=MORNING)
    assert sweep(MORNING + timedelta(days=1)) == ["alice@example.com"]


def test_who_is_no_owner_any_more_gets_none(fail, alice):
    fail()
    Membership.objects.filter(user=alice.user).update(role=Membership.Role.MEMBER)
    assert sweep(MORNING) == []


def test_two_sweeps_send_one(fail):
    fail()
    (row,) = digest.due(MORNING)
    assert digest.taken(row, MORNING)
    assert digest.taken(row, MORNING) is None


def test_strangers_hear_nothing(fail, charlie):
    fail()
    assert sweep(MORNING) == ["alice@example.com"]
    assert not Digest.objects.filter(membership__user=charlie.user).exists()
