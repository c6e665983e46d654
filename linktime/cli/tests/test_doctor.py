"""`linktime doctor`: exit code 1 when something needs a person, and what it is."""

import zoneinfo
from datetime import timedelta

import pytest
import time_machine
from django.db import connection as connection_to_database

from linktime.bookings.models import Booking
from linktime.cli.doctor import answering, behind, configured, report, sealed
from linktime.cli.doctor.finding import Level, bad, good
from linktime.connections import vault
from linktime.connections.models import Connection
from linktime.connections.secret import Secret
from linktime.core import clock
from linktime.core.tests.servers import always, answer, serving
from linktime.crm import actions
from linktime.crm.models import Organisation, SyncRecord
from linktime.jobs.enqueue import enqueue
from linktime.jobs.tests.test_rescue import nothing
from tests.people import make_event_type

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection(alice):
    """A connection to Salesforce that works."""
    values = {"service": "salesforce", "organisation_key": "00D1", "organisation_name": "Acme"}
    made = Connection.objects.create(account=alice.account, connected_at=clock.now(), **values)
    made.access_token = vault.seal(Secret("token"), made, "access_token")
    made.save()
    return made


@pytest.fixture
def record(connection, alice):
    """A booking that Salesforce shows."""
    place = Booking.objects.create(
        account=alice.account,
        event_type=make_event_type(alice),
        title="Intro call",
        start=clock.now(),
        end=clock.now(),
        invitee_name="Grace Hopper",
        invitee_email="grace@example.com",
        created_at=clock.now(),
    )
    return SyncRecord.objects.create(
        account=alice.account,
        organisation=actions.organisation_of(connection),
        connection=connection,
        booking=place,
        state="synced",
        wanted_revision=1,
    )


def levels(findings) -> list[Level]:
    return [finding.level for finding in findings]


def test_no_worker_needs_a_person():
    assert levels(behind.workers()) == [Level.BAD]


def test_a_live_worker_is_good():
    with connection_to_database.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert levels(behind.workers()) == [Level.GOOD]


@pytest.mark.parametrize(("minutes", "level"), [(1, Level.NOTE), (6, Level.BAD)])
def test_a_job_that_waits_long_needs_a_person(minutes, level):
    enqueue(nothing)
    with connection_to_database.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = now() - make_interval(mins => %s)", [minutes])
    assert levels(behind.jobs()) == [level]


def test_the_schema_is_up_to_date():
    assert levels(behind.schema_state()) == [Level.GOOD]


def test_an_examination_that_fails_is_a_finding_and_the_rest_goes_on(monkeypatch, capsys):
    def broken():
        yield good("one", "is fine")
        raise RuntimeError("boom")

    monkeypatch.setattr(report, "CONFIGURED", [broken])
    monkeypatch.setattr(report, "ANSWERING", [])
    monkeypatch.setattr(report, "BEHIND", [lambda: [bad("two", "is not.", "Do this.")]])
    assert report.run() == 1
    told = capsys.readouterr().out
    assert "boom" in told
    assert "!! two" in told
    assert "2 of these need you." in told


def test_a_database_that_is_away_is_told_and_nothing_more_is_asked_of_it(monkeypatch, capsys):
    monkeypatch.setattr(answering, "connector_params", lambda: {"host": "/nowhere"})
    monkeypatch.setattr(report, "ANSWERING", [])
    monkeypatch.setattr(report, "BEHIND", [lambda: 1 / 0])
    assert report.run() == 1
    told = capsys.readouterr().out
    assert "does not answer" in told
    assert told.endswith("One needs you.\n")


def test_a_clock_that_is_astray_needs_a_person():
    with time_machine.travel(clock.now() + timedelta(seconds=5)):
        assert levels(answering.database()) == [Level.GOOD, Level.BAD]
    assert levels(answering.database()) == [Level.GOOD]


@pytest.mark.parametrize(
    ("version", "paths", "level"),
    [("2026.6", (), Level.GOOD), ("2023.3", (), Level.NOTE), ("2026.6", ("/usr",), Level.BAD)],
)
def test_time_zones_that_are_out_of_date_are_told(monkeypatch, version, paths, level):
    monkeypatch.setattr(configured, "version", lambda _: version)
    monkeypatch.setattr(zoneinfo, "TZPATH", paths)
    with time_machine.travel("2026-11-26"):
        assert levels(configured.time_zones()) == [level]


def test_what_is_said_of_several_services_is_said_once(settings):
    settings.SERVICES = {name: {"client_id": "", "client_secret": ""} for name in ("salesforce", "hubspot", "attio")}
    texts = [finding.text for finding in configured.checks()]
    assert [text for text in texts if "I007, and 2 more" in text]


def test_a_crm_that_can_not_be_reached_needs_a_person(settings):
    with serving(always(answer(status="404 Not Found"))) as server:
        urls = {"salesforce": server.url, "hubspot": server.url, "attio": "http://127.0.0.1:1"}
        settings.SERVICES = {name: {"base_url": url} for name, url in urls.items()}
        found = {finding.text.partition(":")[0]: finding.level for finding in answering.crms()}
    assert found == {"salesforce": Level.GOOD, "hubspot": Level.GOOD, "attio": Level.BAD}


def test_a_collector_that_can_not_be_reached_needs_a_person(settings):
    settings.OTLP_ENDPOINT = ""
    assert levels(answering.collector()) == []
    settings.OTLP_ENDPOINT = "http://127.0.0.1:1"
    assert levels(answering.collector()) == [Level.BAD]
    with serving(always(answer())) as server:
        settings.OTLP_ENDPOINT = server.url
        assert levels(answering.collector()) == [Level.GOOD]


def test_a_secret_under_an_older_key_is_told_and_under_a_lost_one_needs_a_person(connection, settings):
    assert levels(sealed.secrets()) == [Level.GOOD]
    settings.ENCRYPTION_KEYS = {"new": b"n" * 32} | settings.ENCRYPTION_KEYS
    assert levels(sealed.secrets()) == [Level.GOOD, Level.NOTE]
    settings.ENCRYPTION_KEYS = {"new": b"n" * 32}
    assert levels(sealed.secrets()) == [Level.GOOD, Level.BAD]


def test_a_connection_that_needs_its_owner_is_told(connection):
    assert levels(behind.connections()) == [Level.GOOD]
    Connection.objects.update(state="needs_reconnect")
    assert levels(behind.connections()) == [Level.BAD]


def test_an_access_that_ended_and_is_not_renewed_needs_a_person(connection):
    Connection.objects.update(error_code="invalid_client_id", expires_at=clock.now() - timedelta(hours=1))
    told = list(behind.connections())
    assert levels(told) == [Level.GOOD, Level.BAD]
    assert "invalid_client_id" in told[1].text


def test_what_a_crm_does_not_show_is_told(record):
    assert list(behind.records()) == []
    SyncRecord.objects.update(state="pending", due_at=clock.now(), pending_since=clock.now() - timedelta(minutes=40))
    (late,) = behind.records()
    assert (late.level, late.text) == (Level.BAD, "salesforce: a change has waited for 40 minutes.")
    SyncRecord.objects.update(state="failed", due_at=None)
    Organisation.objects.update(failures=5)
    assert levels(behind.records()) == [Level.BAD, Level.NOTE]


def test_all_of_it_is_one_screen(record, monkeypatch, capsys):
    """A terminal of 24 lines, for an installation with three CRMs where nothing is wrong."""
    monkeypatch.setattr(answering, "_crm", lambda name: good("crm", f"{name}: https://{name}.example answers"))
    monkeypatch.setattr(answering.answers, "http", lambda url: True)
    with connection_to_database.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    report.run()
    told = capsys.readouterr().out
    assert "need" in told
    assert len(told.splitlines()) <= 24, told
    assert max(map(len, told.splitlines())) <= 110
