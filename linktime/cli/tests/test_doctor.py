"""`linktime doctor`: exit code 1 when something needs a person, and what it is."""

import pytest
from django.db import connection

from linktime.cli.doctor import behind, report
from linktime.cli.doctor.finding import Level, bad, good
from linktime.jobs.enqueue import enqueue
from linktime.jobs.tests.test_rescue import nothing

pytestmark = pytest.mark.django_db


def levels(findings) -> list[Level]:
    return [finding.level for finding in findings]


def test_no_worker_needs_a_person():
    assert levels(behind.workers()) == [Level.BAD]


def test_a_live_worker_is_good():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert levels(behind.workers()) == [Level.GOOD]


@pytest.mark.parametrize(("minutes", "level"), [(1, Level.NOTE), (6, Level.BAD)])
def test_a_job_that_waits_long_needs_a_person(minutes, level):
    enqueue(nothing)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = now() - make_interval(mins => %s)", [minutes])
    assert levels(behind.jobs()) == [level]


def test_the_schema_is_up_to_date():
    assert levels(behind.schema_state()) == [Level.GOOD]


def test_an_examination_that_fails_is_a_finding_and_the_rest_goes_on(monkeypatch, capsys):
    def broken():
        yield good("one", "is fine")
        raise RuntimeError("boom")

    monkeypatch.setattr(report, "WITHOUT_DATABASE", [broken])
    monkeypatch.setattr(report, "WITH_DATABASE", [lambda: [bad("two", "is not.", "Do this.")]])
    assert report.run() == 1
    told = capsys.readouterr().out
    assert "boom" in told
    assert "!!  two" in told
    assert "2 of these need you." in told
