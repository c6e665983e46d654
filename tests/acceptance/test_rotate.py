"""`linktime keys rotate` while workers sync and many processes refresh tokens: nothing is lost, killed or not."""

import base64
import sys
from datetime import UTC, datetime

import pytest

from linktime.connections import rotation, tokens, vault
from linktime.connections.models import Connection
from linktime.connections.secret import Secret
from linktime.core import clock, http
from linktime.crm import registry
from tests.installation import Story, wait_until
from tests.processes import LINKTIME, running

pytestmark = [pytest.mark.acceptance, pytest.mark.long]

OLD = "test:" + base64.b64encode(b"k" * 32).decode()
NEW = "new:" + base64.b64encode(b"n" * 32).decode()
RING = {"LINKTIME_ENCRYPTION_KEYS": f"{NEW},{OLD}"}
PLACES, SLEEPERS = 6, 600

# Refreshes every connection's token again and again until it is told to end; each refresh rotates the refresh token.
REFRESH = """
import itertools, signal, time, django
django.setup()
told = []
signal.signal(signal.SIGTERM, lambda *_: told.append(True))
from linktime.connections import tokens
from linktime.connections.models import Connection
from linktime.core import clock
from linktime.crm import registry
facts = registry.facts("salesforce")
for connection in itertools.cycle(Connection.objects.filter(state="connected")):
    try:
        tokens.refreshed(connection.pk, facts, stale=None, now=clock.now())
    except tokens.RefreshLater:
        pass
    time.sleep(0.02)
    if told:
        break
"""


@pytest.fixture
def places(installation):
    """Six accounts, each with a Salesforce that rotates its refresh tokens; and many grants that nobody uses now."""
    installation.emulator.settings(rotate_refresh_tokens=True, latency_ms=5)
    installation.connect()
    places = [installation, *(installation.neighbour(f"host{number}") for number in range(1, PLACES))]
    values = {"account": installation.host.account, "service": "salesforce", "state": "disconnected"}
    sleepers = Connection.objects.bulk_create(
        Connection(**values, organisation_key=f"sleeper {number}", connected_at=datetime.now(UTC))
        for number in range(SLEEPERS)
    )
    for sleeper in sleepers:
        sleeper.refresh_token = vault.seal(Secret(f"sleeps {sleeper.pk}"), sleeper, "refresh_token")
    Connection.objects.bulk_update(sleepers, ["refresh_token"])
    return places


def under_old_keys() -> int:
    return rotation.key_ids()["test"]


def test_nothing_is_lost_while_keys_rotate(places, settings):
    """A rotation is killed in its middle, and the next one does the rest."""
    first = places[0]
    variables = first.environment() | RING
    worker, story = first.start_worker(**RING), Story(places, seed=7, bookings=25)
    refresh = (sys.executable, "-c", REFRESH)
    with running(*refresh, **variables) as one, running(*refresh, **variables) as other:
        with running(*LINKTIME, "keys", "rotate", **variables) as rotating:
            wait_until(lambda: under_old_keys() < SLEEPERS * 0.7, 60, "a third is done")
            rotating.kill()
        left = under_old_keys()
        assert left > SLEEPERS * 0.1, "it was over before it was killed: this proved nothing"
        settings.ENCRYPTION_KEYS = {"new": b"n" * 32, "test": b"k" * 32}
        refreshed = sum(Connection.objects.values_list("generation", flat=True))
        with running(*LINKTIME, "keys", "rotate", **variables) as rotating:
            while not story.over:
                story.step()
            assert rotating.wait(120) == 0
        assert sum(Connection.objects.values_list("generation", flat=True)) > refreshed + PLACES
        for refresher in (one, other):
            refresher.terminate()
            assert refresher.wait(30) == 0
    worker.stop()
    first.start_worker(**variables)
    first.quiet(120)
    story.assert_shown()
    settings.ENCRYPTION_KEYS = {"new": b"n" * 32}
    assert_all_open()


def assert_all_open() -> None:
    """Every secret opens under the new key alone, and every grant still works."""
    assert rotation.key_ids().keys() == {"new"}
    for sleeper in Connection.objects.filter(state="disconnected"):
        assert vault.open_sealed(sleeper, "refresh_token").reveal() == f"sleeps {sleeper.pk}"
    for connection in Connection.objects.exclude(state="disconnected"):
        assert (connection.state, connection.error_code) == ("connected", "")
        token = vault.open_sealed(connection, "access_token").reveal()
        url = f"{connection.api_url}/services/data/v66.0/limits"
        assert http.request("GET", url, headers={"Authorization": f"Bearer {token}"}).ok
        assert tokens.refreshed(connection.pk, registry.facts("salesforce"), stale=None, now=clock.now()).reveal()
