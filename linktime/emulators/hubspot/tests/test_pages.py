"""What people see of the emulator, and what outlives a restart."""

import httpx2

from linktime.emulators.conftest import TLS
from linktime.emulators.testing import EmulatorProcess

MEETING = {
    "hs_timestamp": "2027-05-01T10:00:00Z",
    "hs_meeting_title": "<b>Intro</b>",
    "hs_meeting_body": "<p>a<br>b</p>",
}


def with_meeting(hubspot):
    contact = hubspot.create("contacts", email="grace@example.com", firstname="Grace", lastname="<i>")
    wish = {"object": "meetings", "fields": MEETING, "associations": [contact]}
    return contact, hubspot.control("POST", "/records", wish)["id"]


def test_the_feed_shows_contacts_with_their_meetings(hubspot):
    with_meeting(hubspot)
    seen = httpx2.get(f"{hubspot.base_url}/feed", verify=TLS).json()["services"]["hubspot"]
    person = seen["contacts"][0]
    assert (person["title"], person["detail"]) == ("Grace <i>", "grace@example.com")
    assert (person["entries"][0]["title"], person["entries"][0]["text"]) == ("<b>Intro</b>", "a\nb")
    assert set(seen["meanings"]) == set(seen["settings"])


def test_a_record_has_a_page_on_which_text_stays_text(hubspot, anybody):
    contact, meeting = with_meeting(hubspot)
    shown = anybody.get(f"/contacts/1234567/record/0-1/{contact}").text
    assert "Grace &lt;i&gt;" in shown
    assert f"/hubspot/contacts/1234567/record/0-47/{meeting}" in shown
    shown = anybody.get(f"/contacts/1234567/record/0-47/{meeting}").text
    assert "&lt;b&gt;Intro&lt;/b&gt;" in shown
    assert f"/hubspot/contacts/1234567/record/0-1/{contact}" in shown
    for elsewhere in (f"1234567/record/0-47/{contact}", f"7/record/0-1/{contact}", "1234567/record/0-1/nope"):
        assert anybody.get(f"/contacts/{elsewhere}").status_code == 404


def test_state_has_contacts_meetings_and_associations(hubspot):
    contact, meeting = with_meeting(hubspot)
    state = hubspot.state()
    assert [one["id"] for one in state["contacts"]] == [contact]
    assert state["meetings"][0]["properties"]["hs_meeting_title"] == "<b>Intro</b>"
    types = [{"category": "HUBSPOT_DEFINED", "typeId": 200}]
    assert state["associations"] == [
        {"from": {"id": meeting}, "to": [{"toObjectId": contact, "associationTypes": types}]}
    ]
    hubspot.delete(meeting)
    assert (hubspot.state()["meetings"], hubspot.state()["associations"]) == ([], [])
    assert [one["archived"] for one in hubspot.state(deleted=True)["meetings"]] == [True]


def test_everything_outlives_a_restart(tmp_path):
    store = tmp_path / "emulators.json"
    with EmulatorProcess(store=store) as process:
        hubspot = process.at("hubspot")
        hubspot.settings(hub_domain="kept.example", latency_ms=1)
        grant, (contact, _) = hubspot.token(), with_meeting(hubspot)
        winner = hubspot.create("contacts", email="g@navy.example")
        hubspot.merge(winner, contact)
        before = hubspot.state(deleted=True)
    with EmulatorProcess(store=store) as process:
        hubspot = process.at("hubspot")
        assert hubspot.state(deleted=True) == before
        assert hubspot.settings()["hub_domain"] == "kept.example"
        headers = {"Authorization": f"Bearer {grant['access_token']}"}
        with httpx2.Client(base_url=hubspot.url, headers=headers, verify=TLS) as api:
            assert api.get(f"/crm/objects/2026-09/contacts/{contact}").json()["id"] == winner
        assert hubspot.create("contacts", email="new@example.com") not in {one["id"] for one in before["contacts"]}
