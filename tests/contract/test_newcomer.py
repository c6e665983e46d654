"""A CRM that nobody has heard of needs its folder and one line: it passes the suite, and is shown everywhere."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from linktime.connections.models import Connection
from linktime.core.clock import now
from linktime.crm.testing.looking import only
from linktime.crm.testing.place import drain
from linktime.crm.testing.suite import ContractSuite
from tests.cardfile.stage import CardfileStage
from tests.people import make_event_type

PAGE = "/dashboard/integrations/"


@pytest.fixture
def stage():
    with CardfileStage.running() as stage:
        yield stage


@pytest.mark.long  # the real providers pass the same suite every time
class TestCardfile(ContractSuite):
    stage_type = CardfileStage


def signed_in(person):
    client = Client()
    client.force_login(person.user)
    return client


def shown(client, path=PAGE):
    return re.sub(r"\s+", " ", client.get(path).content.decode())


def connect(client, stage):
    """Press Connect, allow it over there, and come back."""
    leaving = client.post(f"{PAGE}cardfile/connect", {"login": "cardfile"}).content.decode()
    address = re.search(r'href="(https://cardfile.example/authorize[^"]+)"', leaving).group(1).replace("&amp;", "&")
    client.get("/api/integrations/cardfile/callback", stage.consent(address, allow=True))


def test_it_is_offered_on_the_integrations_page(alice, stage):
    page = shown(signed_in(alice))
    for words in ("Cardfile", "Cards and appointments for every booking", "Reads the card of an invitee"):
        assert words in page
    assert 'value="http://127.0.0.1:8000/api/integrations/cardfile/callback"' in page


def test_it_is_connected_by_the_routes_that_all_crms_have(alice, stage):
    client = signed_in(alice)
    connect(client, stage)
    assert Connection.objects.get().state == Connection.State.CONNECTED
    page = shown(client)
    assert "Cabinet cardfile" in page
    assert "Cards and appointments in Cardfile stay" in shown(client, f"{PAGE}cardfile/disconnect")


def test_a_stranger_has_no_part_in_it(alice, charlie, stage):
    connect(signed_in(alice), stage)
    stranger = signed_in(charlie)
    assert "Cabinet cardfile" not in shown(stranger)
    assert stranger.get(f"{PAGE}cardfile/disconnect").status_code == 404


def test_its_guide_is_a_page(client, db, stage):
    assert "Cardfile keeps what it is given." in shown(client, "/docs/crm/cardfile")
    assert 'href="/docs/crm/cardfile"' in shown(client, "/docs/crm")


def test_a_booking_reaches_it_and_the_api_tells(alice, stage):
    make_event_type(alice)
    connect(signed_in(alice), stage)
    api = Client(headers={"Authorization": f"Bearer {alice.key()}"})
    week = {"start": f"{now():%Y-%m-%d}", "end": f"{now() + timedelta(days=7):%Y-%m-%d}"}
    start = api.get("/api/v1/slots", {"event_type": "intro-call", **week}).json()["data"][0]["start"]
    invitee = {"name": "Grace Hopper", "email": "grace@example.com"}
    body = {"event_type": "intro-call", "start": start, "invitee": invitee}
    uid = api.post("/api/v1/bookings", body, content_type="application/json").json()["uid"]
    drain()
    assert only(api.get("/api/v1/crm/connections").json()["data"])["crm"] == "cardfile"
    sync = only(api.get(f"/api/v1/bookings/{uid}/sync").json()["data"])
    assert (sync["crm"], sync["state"], sync["meeting"]["id"]) == ("cardfile", "synced", uid)
    assert only(stage.meetings()).contact_id == sync["contact"]["id"]
