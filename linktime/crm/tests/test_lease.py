"""One process at a time writes to an organisation, and one that lost it writes nothing."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection

from linktime.config.databases import PREPARED
from linktime.core import clock
from linktime.crm import engine, tasks
from linktime.crm.lease import Lease, LeaseLost
from linktime.crm.models import Organisation
from linktime.crm.session import LiveSession
from linktime.crm.testing.looking import states
from tests import jobs
from tests.processes import database_url


@pytest.fixture
def organisation(db):
    return Organisation.objects.create(crm="salesforce", key="00D")


def run_out(organisation):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE crm_organisation SET lease_until = clock_timestamp() - interval '1 second'")


def test_a_lease_is_held_by_one(organisation):
    with Lease.take(organisation.pk):
        assert Lease.take(organisation.pk) is None
    assert Lease.take(organisation.pk) is not None


def test_a_lease_that_ran_out_is_taken_over_and_the_old_one_writes_nothing(organisation):
    old = Lease.take(organisation.pk)
    run_out(organisation)
    new = Lease.take(organisation.pk)
    with pytest.raises(LeaseLost), old.writing():
        pass
    with new.writing():
        assert new.organisation.epoch == old.organisation.epoch + 1


@pytest.mark.django_db(transaction=True)
def test_a_column_that_a_newer_version_adds_disturbs_no_lease(organisation):
    """The statement is prepared by then, in a connection that lives on."""
    for _ in range(PREPARED["prepare_threshold"] + 1):
        with Lease.take(organisation.pk):
            pass
    with psycopg.connect(database_url(), autocommit=True) as migration:
        migration.execute("ALTER TABLE crm_organisation ADD COLUMN newer integer")
        try:
            with Lease.take(organisation.pk) as lease:
                assert lease.organisation == organisation
        finally:
            migration.execute("ALTER TABLE crm_organisation DROP COLUMN newer")


def test_the_end_of_an_old_lease_leaves_the_new_one_alone(organisation):
    with Lease.take(organisation.pk):
        run_out(organisation)
        new = Lease.take(organisation.pk)
    assert Lease.take(organisation.pk) is None
    new.check()


def test_a_lease_that_is_too_old_is_not_trusted(organisation, monkeypatch):
    lease = Lease.take(organisation.pk)
    lease.check()
    from linktime.crm import lease as module

    ahead = module._elapsed() + 19.5
    monkeypatch.setattr(module, "_elapsed", lambda: ahead)
    with pytest.raises(LeaseLost):
        lease.check()


def test_a_renewed_lease_goes_on_and_a_lost_one_does_not(organisation):
    lease = Lease.take(organisation.pk)
    lease.renew()
    lease.check()
    run_out(organisation)
    Lease.take(organisation.pk)
    good_until = lease._good_until
    lease.renew()
    assert lease._good_until == good_until


def test_a_drain_goes_away_while_another_holds_the_organisation(place, stage):
    """It wakes nobody: who holds it looks once more at the end, and two would call each other all the time."""
    booking = place.book("grace@example.com")
    organisation = Organisation.objects.get()
    with Lease.take(organisation.pk):
        tasks.drain(organisation_id=organisation.pk)
    assert states([booking]) == ["pending"]
    assert stage.meetings() == []
    assert jobs.waiting("tasks.drain") == []


def test_a_drain_that_was_taken_over_sends_nothing_more(place, stage, monkeypatch):
    """It stops before its next request, and remembers nothing."""
    bookings = [place.book(f"invitee{n}@example.com") for n in range(2)]
    organisation = Organisation.objects.get()
    send = LiveSession.send

    def taken_over(self, *args, **kwargs):
        answer = send(self, *args, **kwargs)
        run_out(organisation)
        Lease.take(organisation.pk)
        return answer

    monkeypatch.setattr(LiveSession, "send", taken_over)
    place.drain()
    assert states(bookings) == ["pending", "pending"]
    assert stage.meetings() == []


def test_a_machine_whose_clock_is_wrong_goes_by_the_databases(organisation, monkeypatch):
    """Else it would take a create that is still on its way for lost, or look for late twins too early."""

    class AnHourAhead(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(hours=1)

    seen = []
    monkeypatch.setattr(clock, "datetime", AnHourAhead)
    monkeypatch.setattr(engine, "drain", lambda _id, now, _others_wait: seen.append(now()))
    tasks.drain(organisation_id=organisation.pk)
    assert abs(seen[0] - datetime.now(UTC)) < timedelta(minutes=1)
