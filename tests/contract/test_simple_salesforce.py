"""An independent client of Salesforce works with the emulator as it does with the real service."""

import pytest
from simple_salesforce import Salesforce, exceptions, format_soql

EVENT = {"Subject": "Intro", "StartDateTime": "2027-05-01T10:00:00Z", "EndDateTime": "2027-05-01T10:30:00Z"}


class Pointed(Salesforce):
    """simple-salesforce always speaks https; this one speaks to the emulator."""

    def __init__(self, emulator):
        grant = emulator.token()
        super().__init__(session_id=grant["access_token"], instance="emulator.test", version="66.0")
        data = f"{emulator.salesforce}/services/data/"
        self.base_url = f"{data}v66.0/"
        self.tooling_url = f"{self.base_url}tooling/"
        self.auth_site = emulator.salesforce
        self.sf_instance = emulator.base_url.removeprefix("http://") + "/salesforce"

    def __getattr__(self, name):
        made = super().__getattr__(name)
        made.base_url = f"{self.base_url}sobjects/{name}/"
        return made

    def query_more(self, next_records_identifier, identifier_is_url=False, include_deleted=False, **options):
        if identifier_is_url:
            next_records_identifier = next_records_identifier.rpartition("/")[2]
        return super().query_more(next_records_identifier, False, include_deleted, **options)


@pytest.fixture
def client(emulator):
    with_session = Pointed(emulator)
    yield with_session
    with_session.session.close()


def test_create_read_update_delete(client, emulator):
    made = client.Contact.create({"LastName": "O'Brien", "Email": "o'brien@example.com"})
    assert made["success"]
    assert client.Contact.get(made["id"])["LastName"] == "O'Brien"
    assert client.Contact.update(made["id"], {"Title": "Host"}) == 204
    assert client.Contact.get_by_custom_id("Email", "o'brien@example.com")["Title"] == "Host"
    assert client.Contact.upsert("Email/o'brien@example.com", {"LastName": "Brien"}) == 200
    assert client.Contact.delete(made["id"]) == 204
    assert emulator.state()["contacts"] == []


def test_queries(client):
    client.Contact.create({"LastName": "O'Brien", "Email": "o'brien@example.com"})
    soql = format_soql("SELECT Id, Email FROM Contact WHERE Email = {}", "O'BRIEN@example.com")
    assert client.query(soql)["records"][0]["Email"] == "o'brien@example.com"
    assert client.query("SELECT COUNT() FROM Contact")["totalSize"] == 1
    assert client.query_all(soql)["totalSize"] == 1
    assert client.api_usage["api-usage"].total == 15000


def test_queries_of_many_rows(client):
    rows = [{"attributes": {"type": "Contact"}, "LastName": f"N{number}"} for number in range(200)]
    for _ in range(11):
        saved = client.restful("composite/sobjects", method="POST", json={"records": rows})
        assert all(row["success"] for row in saved)
    soql = "SELECT Id FROM Contact"
    assert not client.query(soql)["done"]
    assert len({row["Id"] for row in client.query_all(soql)["records"]}) == 2200
    assert len({row["Id"] for row in client.query_all_iter(soql)}) == 2200
    client.Contact.delete(client.query(soql + " LIMIT 1")["records"][0]["Id"])
    assert client.query(soql, include_deleted=True)["totalSize"] == 2200


def test_describe_and_limits(client):
    names = {field["name"] for field in client.Event.describe()["fields"]}
    assert {"Subject", "WhoId", "StartDateTime", "Description"} <= names
    assert {row["name"] for row in client.describe()["sobjects"]} >= {"Contact", "Event"}
    assert client.limits()["DailyApiRequests"]["Max"] == 15000
    assert client.Contact.metadata()["objectDescribe"]["keyPrefix"] == "003"


def test_composite(client, emulator):
    base = "/services/data/v66.0"
    parts = [
        {"method": "POST", "url": f"{base}/sobjects/Contact", "referenceId": "c", "body": {"LastName": "Hopper"}},
        {"method": "POST", "url": f"{base}/sobjects/Event", "referenceId": "e", "body": EVENT | {"WhoId": "@{c.id}"}},
    ]
    envelope = {"allOrNone": True, "compositeRequest": parts}
    answer = client.restful("composite", method="POST", json=envelope)
    assert [row["httpStatusCode"] for row in answer["compositeResponse"]] == [201, 201]
    state = emulator.state()
    assert state["events"][0]["WhoId"] == state["contacts"][0]["Id"]


def test_what_goes_wrong_has_its_class(client, emulator):
    with pytest.raises(exceptions.SalesforceMalformedRequest) as malformed:
        client.Contact.create({"FirstName": "Nameless"})
    assert malformed.value.content[0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    with pytest.raises(exceptions.SalesforceMalformedRequest):
        client.query("SELECT Id FORM Contact")
    with pytest.raises(exceptions.SalesforceResourceNotFound):
        client.Contact.get("003gL0000zzzzzz")
    for _ in range(2):
        client.Contact.create({"LastName": "Twin", "Email": "twin@x.com"})
    with pytest.raises(exceptions.SalesforceMoreThanOneRecord):
        client.Contact.get_by_custom_id("Email", "twin@x.com")
    emulator.settings(daily_limit=1)
    with pytest.raises(exceptions.SalesforceRefusedRequest):
        client.limits()
    emulator.revoke()
    with pytest.raises(exceptions.SalesforceExpiredSession):
        client.limits()
