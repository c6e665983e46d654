import pytest

from linktime.emulators.salesforce.ids import make_id
from linktime.emulators.testing import ControlError

SECOND = make_id("00D", 4242)


def test_records_and_grants_are_apart(emulator, connect):
    emulator.settings(organisation=SECOND, organisation_name="Second")
    first, second = connect(), connect(organisation=SECOND)
    made = second.post("/sobjects/Contact", json={"LastName": "x"}).json()["id"]
    assert emulator.state()["contacts"] == []
    assert [row["Id"] for row in emulator.state(SECOND)["contacts"]] == [made]
    assert first.get(f"/sobjects/Contact/{made}").status_code == 404
    assert emulator.requests()[0]["organisation"] == SECOND


def test_settings_are_apart_unless_shared(emulator, connect):
    emulator.settings(organisation=SECOND, api_disabled=True, shuffle_queries=False)
    assert connect(organisation=SECOND).get("/limits").status_code == 403
    assert connect().get("/limits").status_code == 200
    assert emulator.settings()["shuffle_queries"] is False


def test_what_is_no_organisation_is_refused(emulator):
    with pytest.raises(ControlError, match="422"):
        emulator.settings(organisation="00D1")
    with pytest.raises(ControlError, match="There is no organisation"):
        emulator.state(make_id("00D", 999))


def test_settings_are_checked_and_explained(emulator):
    for wrong in ({"nonsense": 1}, {"duplicate_rule": "maybe"}, {"latency_ms": "fast"}, {"is_sandbox": 1}):
        with pytest.raises(ControlError, match="422"):
            emulator.settings(daily_limit=1, **wrong)
    described = emulator.control("GET", "/settings")
    assert described["settings"] == described["defaults"]
    assert described["settings"].keys() == described["meanings"].keys()
    assert all(described["meanings"].values())
    assert described["choices"]["duplicate_rule"] == ["off", "alert", "block"]


def test_reset_forgets_everything(emulator, connect):
    client = connect()
    client.post("/sobjects/Contact", json={"LastName": "x"})
    emulator.fault({"kind": "drop"})
    emulator.settings(organisation=SECOND, daily_limit=7)
    before = emulator.state()["organisation"]
    emulator.reset()
    assert client.get("/limits").status_code == 401
    assert emulator.state()["contacts"] == []
    assert emulator.state()["organisation"] == before
    assert emulator.faults() == []
    assert [row["n"] for row in emulator.requests()] == [1]
    assert [row["id"] for row in emulator.control("GET", "/settings")["organisations"]] == [before]


def test_a_salesperson_changes_records(emulator, sf):
    contact = emulator.create("Contact", LastName="x", Email="a@x.com")
    emulator.update(contact, Title="Boss")
    row = sf.get(f"/sobjects/Contact/{contact}").json()
    assert row["Title"] == "Boss"
    assert row["LastModifiedById"] == emulator.state()["users"][1]["Id"]
    with pytest.raises(ControlError, match="REQUIRED_FIELD_MISSING"):
        emulator.create("Contact", FirstName="x")
    with pytest.raises(ControlError, match="There is no record"):
        emulator.update("003gL0000zzzzzz", Title="x")
    assert [call["path"] for call in emulator.requests()] == [
        f"/salesforce/services/data/v66.0/sobjects/Contact/{contact}"
    ]
