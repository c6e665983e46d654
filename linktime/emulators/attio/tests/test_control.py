"""The control API, the pages and the store file."""

import time

import httpx2
import pytest

from linktime.emulators.conftest import TLS
from linktime.emulators.testing import ControlError, EmulatorProcess

OTHER = "7a1f0c5e-5a2b-4f7e-9a53-1f1d7c0f2a10"


def test_workspaces_are_apart(attio, connect):
    connect(organisation=OTHER).person()
    assert len(attio.state(OTHER)["people"]) == 1
    assert attio.state()["people"] == []
    with pytest.raises(ControlError, match="UUID"):
        attio.state("acme")


def test_people_can_be_made_changed_merged_and_deleted_as_colleagues_do(attio):
    ada = attio.create("people", name="Lovelace, Ada", email_addresses="ada@example.com")
    twin = attio.create("people", email_addresses=["a@work.example.com"], phone_numbers=["+12025550123"])
    attio.create("notes", parent_record_id=twin, title="Call", content="Hello")
    attio.update(ada, job_title="Countess")
    attio.merge(ada, twin)
    (person,) = attio.state()["people"]
    assert [row["email_address"] for row in person["values"]["email_addresses"]] == [
        "ada@example.com",
        "a@work.example.com",
    ]
    assert person["values"]["job_title"][0]["value"] == "Countess"
    assert [note["parent_record_id"] for note in attio.state()["notes"]] == [ada]
    with pytest.raises(ControlError, match="uniqueness_conflict"):
        attio.create("people", email_addresses=["ada@example.com"])
    attio.delete(ada)
    assert (attio.state()["people"], attio.state()["notes"]) == ([], [])


def test_the_page_and_the_record_page_show_people_with_their_notes(attio, api):
    person = api.person()
    api.add_note(person, content="<b>Hello</b>")
    feed = httpx2.get(f"{attio.base_url}/feed", verify=TLS).json()["services"]["attio"]
    (contact,) = feed["contacts"]
    assert contact["entries"][0]["title"] == "Booked"
    page = httpx2.get(person["web_url"], verify=TLS)
    assert page.status_code == 200
    assert "&lt;b&gt;Hello&lt;/b&gt;" in page.text
    assert httpx2.get(person["web_url"] + "x", verify=TLS).status_code == 404


def test_every_setting_has_a_meaning_and_calls_are_counted(attio, api):
    described = attio.control("GET", "/settings")
    assert all(described["meanings"][name] for name in described["settings"])
    before = attio.api_calls()
    api.person()
    api.http.get("/v2/self")
    assert attio.api_calls() - before == 2


def test_everything_is_kept_over_a_restart(tmp_path):
    with EmulatorProcess(store=tmp_path / "store.json") as process:
        attio = process.at("attio")
        token = attio.token()["access_token"]
        person = attio.create("people", name="Lovelace, Ada", email_addresses="ada@example.com")
        attio.create("notes", parent_record_id=person, title="Call", content="Hello")
        kept = attio.state()
        time.sleep(0.1)
    with EmulatorProcess(store=tmp_path / "store.json") as process:
        attio = process.at("attio")
        assert attio.state() == kept
        headers = {"Authorization": f"Bearer {token}"}
        assert httpx2.get(f"{attio.url}/v2/self", headers=headers, verify=TLS).json()["active"] is True
