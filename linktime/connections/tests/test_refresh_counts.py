"""Refreshes are counted by what came of them."""

import pytest

from linktime.connections import tokens
from linktime.connections.token_endpoint import REFRESHES
from linktime.core import counting
from linktime.crm.providers.salesforce.manifest import OAUTH
from tests.people import NOW


def refused(error: str) -> dict:
    return {"kind": "status", "status": 400, "body": {"error": error, "error_description": "grace@example.com"}}


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (None, "done"),
        (refused("inactive_user"), "inactive_user"),
        (refused("No such user: grace@example.com"), "other"),
        ({"kind": "drop"}, "unavailable"),
        ({"kind": "status", "status": 503, "body": "busy"}, "unavailable"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_a_refresh_is_counted_by_its_outcome(alice, salesforce, told, fault, outcome):
    connection = salesforce.grant(alice)
    if fault:
        salesforce.emulator.fault(fault, path="/oauth2/token$")
    counting.take()
    try:
        tokens.refreshed(connection.pk, OAUTH, stale=None, now=NOW)
    except tokens.TokenError:
        assert fault
    found = [one for one in counting.take() if one.metric == REFRESHES]
    assert [dict(one.labels) for one in found] == [{"service": "salesforce", "outcome": outcome}]
