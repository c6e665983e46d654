"""A downgrade pauses connections, an upgrade resumes them."""

import pytest

from linktime.accounts.events import PlanChanged
from linktime.accounts.models import Plan
from linktime.connections import plans, tokens
from linktime.connections.models import Connection
from linktime.core import events
from linktime.crm.providers.salesforce.manifest import OAUTH
from tests.people import NOW


def change(person, plan):
    person.account.plan = plan
    plans.follow_plan(PlanChanged(person.account))


def state_of(connection):
    return Connection.objects.get(pk=connection.pk).state


def test_a_downgrade_pauses_and_an_upgrade_resumes(alice, charlie, salesforce, told):
    hers, his = salesforce.grant(alice), salesforce.grant(charlie)
    told.clear()
    change(alice, Plan.FREE)
    assert (state_of(hers), state_of(his), told) == ("paused", "connected", [])
    change(alice, Plan.TEAM)
    assert (state_of(hers), told) == ("connected", [("ConnectionResumed", hers.pk)])
    change(alice, Plan.PRO)
    assert told == [("ConnectionResumed", hers.pk)]


@pytest.mark.parametrize("state", ["needs_reconnect", "disconnected"])
def test_what_was_not_connected_stays_as_it_is(alice, salesforce, told, state):
    connection = salesforce.grant(alice)
    Connection.objects.update(state=state)
    told.clear()
    for plan in (Plan.FREE, Plan.PRO):
        change(alice, plan)
        assert (state_of(connection), told) == (state, [])


@pytest.mark.usefixtures("told")
def test_a_paused_grant_can_be_kept_alive(alice, salesforce):
    connection = salesforce.grant(alice)
    change(alice, Plan.FREE)
    assert tokens.refreshed(connection.pk, OAUTH, stale=None, now=NOW)
    assert state_of(connection) == "paused"


def test_the_plan_is_followed_through_the_wiring(alice, salesforce, told):
    connection = salesforce.grant(alice)
    alice.account.plan = Plan.FREE
    events.publish(PlanChanged(alice.account))
    assert state_of(connection) == "paused"
