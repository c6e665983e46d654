"""Connecting: the trip to the consent page and back."""

import pytest

from linktime.accounts.access import Actor
from linktime.accounts.models import Membership
from linktime.connections import oauth
from linktime.connections.models import Connection
from linktime.connections.oauth import ConnectProblem
from linktime.core.clock import now
from linktime.crm import registry
from linktime.crm.testing.looking import assert_shown, synced
from linktime.crm.testing.place import Place
from linktime.crm.testing.stage import Stage


def come_back(place: Place, stage: Stage, *, allow: bool) -> Connection:
    """Go to the consent page, decide, and come back with what it says."""
    facts = registry.facts(stage.crm)
    actor = Actor(account=place.account, user=place.user, role=Membership.Role.OWNER)
    address = oauth.begin(actor, facts, login=facts.login_hosts[0].key, now=now())
    return oauth.finish(actor, facts, stage.consent(address, allow=allow), now())


class ConnectingCases:
    def test_who_allows_it_is_connected_and_synced(self, place: Place, stage: Stage) -> None:
        connection = come_back(place, stage, allow=True)
        assert (connection.state, connection.environment) == ("connected", "production")
        assert connection.organisation_name
        assert_shown(stage, synced(place))

    def test_who_refuses_is_told_what_to_do(self, place: Place, stage: Stage) -> None:
        Connection.objects.all().delete()
        with pytest.raises(ConnectProblem) as caught:
            come_back(place, stage, allow=False)
        assert caught.value.problem.remedy
        assert not Connection.objects.exists()
