"""Clients of the Attio emulator; every answer is held against its description."""

from pathlib import Path

import httpx2
import pytest

from linktime.emulators.conftest import TLS
from tests.traffic import Description

DESCRIPTION = Description(Path(__file__).parents[1] / "openapi.json")


class Api:
    """A client with a token. `person` asserts one, `note` writes one; both give the answer's data."""

    def __init__(self, emulator, token):
        headers = {"Authorization": f"Bearer {token}"}
        self.http = httpx2.Client(base_url=emulator.url, headers=headers, timeout=10, verify=TLS)

    def upsert(self, matching="email_addresses", **values):
        path = f"/v2/objects/people/records?matching_attribute={matching}"
        return self.http.put(path, json={"data": {"values": values}})

    def person(self, email="ada@example.com", **values):
        answer = self.upsert(email_addresses=[email], **values)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def change(self, person, **values):
        path = f"/v2/objects/people/records/{person['id']['record_id']}"
        return self.http.patch(path, json={"data": {"values": values}})

    def add_note(self, person, **changes):
        fields = {"parent_object": "people", "parent_record_id": person["id"]["record_id"], "format": "plaintext"}
        fields |= {"title": "Booked", "content": "Hello"} | changes
        return self.http.post(
            "/v2/notes", json={"data": {key: text for key, text in fields.items() if text is not None}}
        )

    def notes(self, person, limit=50, offset=0):
        query = {"parent_object": "people", "parent_record_id": person["id"]["record_id"]}
        return self.http.get("/v2/notes", params=query | {"limit": limit, "offset": offset})


@pytest.fixture
def attio(process):
    service = process.at("attio")
    service.reset()
    yield service
    described = [one for one in service.exchanges() if one["path"].startswith("/v2/")]
    known = [one for one in described if not is_elsewhere(one)]
    assert [fault for one in known for fault in DESCRIPTION.answer_faults(one)] == []


def is_elsewhere(exchange):
    """Say whether a call is one that LinkTime never makes: then only the emulator knows it."""
    return any("not found for" in fault for fault in DESCRIPTION.request_faults(exchange))


@pytest.fixture
def connect(attio):
    clients = []

    def make(**wish):
        clients.append(Api(attio, attio.token(**wish)["access_token"]))
        return clients[-1]

    yield make
    for api in clients:
        api.http.close()


@pytest.fixture
def api(connect):
    return connect()
