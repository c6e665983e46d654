"""Grants that nobody uses for weeks still work."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from linktime.connections import tasks, tokens
from linktime.connections.models import Connection
from linktime.core import clock
from linktime.crm.providers.salesforce.manifest import OAUTH
from tests.people import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]


@pytest.fixture
def day(salesforce, monkeypatch):
    """Go to a day of this connection's life, here and at Salesforce, and do what is due there."""

    def go_to(number):
        now = NOW + timedelta(days=number)
        offset = (now - NOW).total_seconds()
        salesforce.emulator.settings(clock_offset_seconds=offset)
        monkeypatch.setattr(clock, "now", lambda: now)
        tasks.keep_alive(timestamp=int(now.timestamp()))
        for job in ProcrastinateJob.objects.filter(task_name=tasks.refresh_sleeper.name, status="todo"):
            tasks.refresh_sleeper(**job.args)
        return now

    return go_to


def test_a_connection_that_slept_for_31_days_works(alice, salesforce, day):
    connection = salesforce.grant(alice)
    for number in range(1, 32):
        now = day(number)
    assert salesforce.refreshes == 1
    assert salesforce.accepts(tokens.access_token(connection.pk, OAUTH, now=now))


def test_without_being_kept_alive_it_would_not(alice, salesforce):
    """What the test above tests: Salesforce lets a grant die that is not used for 30 days."""
    connection = salesforce.grant(alice)
    salesforce.emulator.settings(clock_offset_seconds=31 * 86400)
    with pytest.raises(tokens.GrantDead):
        tokens.access_token(connection.pk, OAUTH, now=NOW + timedelta(days=31))


def test_only_those_that_slept_long_are_woken(alice, charlie, salesforce, day):
    salesforce.grant(alice)
    salesforce.grant(charlie, now=NOW + timedelta(days=3))
    day(24)
    assert salesforce.refreshes == 0
    day(25)
    assert salesforce.refreshes == 1
    day(28)
    assert salesforce.refreshes == 2


@pytest.mark.parametrize(("state", "woken"), [("paused", 1), ("needs_reconnect", 0), ("disconnected", 0)])
def test_paused_grants_are_kept_alive_and_dead_ones_are_left_alone(alice, salesforce, day, state, woken):
    salesforce.grant(alice)
    Connection.objects.update(state=state)
    now = day(26)
    assert salesforce.refreshes == woken
    assert len(list(tasks.sleeping(now + timedelta(days=30)))) == woken


def test_what_can_not_be_refreshed_is_tried_again(alice, charlie, salesforce, day):
    """One failure neither stops the others nor is forgotten."""
    salesforce.grant(alice)
    salesforce.grant(charlie)
    salesforce.emulator.fault({"kind": "drop"}, path="/oauth2/token$", times=1)
    day(25)
    assert Connection.objects.filter(refreshed_at=NOW).count() == 1
    Connection.objects.update(refresh_after=None)
    day(25.5)
    assert not Connection.objects.filter(refreshed_at=NOW).exists()


def test_a_sleeper_waits_in_line_once(alice, salesforce, monkeypatch):
    salesforce.grant(alice)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=25))
    for _ in range(2):
        tasks.keep_alive(timestamp=0)
    assert ProcrastinateJob.objects.filter(task_name=tasks.refresh_sleeper.name).count() == 1
