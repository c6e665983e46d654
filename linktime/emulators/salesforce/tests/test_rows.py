from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

BASE = "/services/data/v66.0"
START, END = "2027-05-01T10:00:00Z", "2027-05-01T10:30:00Z"


def error_of(answer):
    row = answer.json()[0]
    return answer.status_code, row["errorCode"], row["message"]


def test_create_read_update_delete(sf):
    made = sf.post("/sobjects/Contact/", json={"lastname": "  Hopper ", "FirstName": "Grace", "Email": "g@x.com"})
    assert made.status_code == 201
    contact = made.json()["id"]
    assert made.json() == {"id": contact, "success": True, "errors": []}
    assert made.headers["location"] == f"{BASE}/sobjects/Contact/{contact}"
    assert len(contact) == 18
    assert contact.startswith("003")

    read = sf.get(f"/sobjects/Contact/{contact[:15]}", params={"fields": "Name,Email,CreatedDate"})
    assert read.json()["Name"] == "Grace Hopper"
    assert read.json()["attributes"] == {"type": "Contact", "url": f"{BASE}/sobjects/Contact/{contact}"}
    assert read.json()["CreatedDate"].endswith(".000+0000")
    assert read.headers["sforce-limit-info"].startswith("api-usage=2/15000")

    changed = sf.patch(f"/sobjects/Contact/{contact}", json={"Email": None, "Title": "Rear Admiral"})
    assert (changed.status_code, changed.content) == (204, b"")
    after = sf.get(f"/sobjects/Contact/{contact}").json()
    assert (after["Email"], after["Title"], after["LastName"]) == (None, "Rear Admiral", "Hopper")

    assert sf.delete(f"/sobjects/Contact/{contact}").status_code == 204
    assert error_of(sf.get(f"/sobjects/Contact/{contact}"))[:2] == (404, "ENTITY_IS_DELETED")
    assert error_of(sf.patch(f"/sobjects/Contact/{contact}", json={}))[:2] == (404, "ENTITY_IS_DELETED")


@pytest.mark.parametrize(
    ("wish", "code", "message"),
    [
        ({"Email": "a@b.com"}, "REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]"),
        ({"LastName": "  "}, "REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]"),
        ({"LastName": "x", "Id": "003"}, "INVALID_FIELD", "The Id field should not be specified in the sobject data."),
        ({"LastName": "x", "Foo__c": 1}, "INVALID_FIELD", "No such column 'Foo__c' on sobject of type Contact"),
        ({"LastName": "x" * 81}, "STRING_TOO_LONG", f"Last Name: data value too large: {'x' * 81} (max length=80)"),
        ({"LastName": "x", "Email": "xyz"}, "INVALID_EMAIL_ADDRESS", "Email: invalid email address: xyz"),
        ({"LastName": "x", "Email": "a..b@x.com"}, "INVALID_EMAIL_ADDRESS", "Email: invalid email address: a..b@x.com"),
        ({"LastName": "x", "AccountId": "003gL0000000001"}, "MALFORMED_ID", "Account ID: id value of incorrect type"),
        ({"LastName": "x", "AccountId": "nope"}, "MALFORMED_ID", "Account ID: id value of incorrect type: nope"),
        (
            {"LastName": "x", "AccountId": "001gL0000000001"},
            "INVALID_CROSS_REFERENCE_KEY",
            "invalid cross reference id",
        ),
        ({"LastName": 5}, "JSON_PARSER_ERROR", "Cannot deserialize instance of string from VALUE_NUMBER_INT"),
        ({"LastName": "x", "HasOptedOutOfEmail": "yes"}, "JSON_PARSER_ERROR", "Cannot deserialize instance of boolean"),
        ({"LastName": "x", "Name": "y"}, "INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: Name."),
    ],
)
def test_a_bad_contact_is_refused(sf, wish, code, message):
    answer = sf.post("/sobjects/Contact", json=wish)
    assert error_of(answer)[:2] == (400, code)
    assert error_of(answer)[2].startswith(message)


def test_a_body_that_is_no_json_object(sf):
    for body in (b"{", b"[]", b""):
        answer = sf.post("/sobjects/Contact", content=body, headers={"Content-Type": "application/json"})
        assert error_of(answer)[:2] == (400, "JSON_PARSER_ERROR")
    answer = sf.post("/sobjects/Contact", content=b"a=b", headers={"Content-Type": "text/plain"})
    assert error_of(answer)[:2] == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_a_required_field_can_not_be_cleared(emulator, sf):
    contact = emulator.create("Contact", LastName="x")
    answer = sf.patch(f"/sobjects/Contact/{contact}", json={"LastName": None})
    assert error_of(answer)[:2] == (400, "REQUIRED_FIELD_MISSING")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"EndDateTime": None}, "REQUIRED_FIELD_MISSING", "EndDateTime"),
        ({"StartDateTime": None}, "REQUIRED_FIELD_MISSING", "StartDateTime"),
        ({"EndDateTime": "2027-05-02T10:01:00Z"}, "FIELD_INTEGRITY_EXCEPTION", "DurationInMinutes"),
        ({"EndDateTime": "2027-05-01T09:00:00Z"}, "FIELD_INTEGRITY_EXCEPTION", "DurationInMinutes"),
        ({"DurationInMinutes": 31}, "FIELD_INTEGRITY_EXCEPTION", "DurationInMinutes"),
        ({"ActivityDateTime": END}, "FIELD_INTEGRITY_EXCEPTION", "StartDateTime"),
        ({"ShowAs": "Unknown"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "ShowAs"),
        ({"WhoId": "001gL0000000001"}, "MALFORMED_ID", "WhoId"),
        ({"WhoId": "003gL0000000001"}, "INVALID_CROSS_REFERENCE_KEY", "WhoId"),
        ({"StartDateTime": "tomorrow"}, "JSON_PARSER_ERROR", None),
        ({"StartDateTime": "2027-05-01"}, "JSON_PARSER_ERROR", None),
        ({"Subject": "x" * 256}, "STRING_TOO_LONG", "Subject"),
        ({"Description": "x" * 32_001}, "STRING_TOO_LONG", "Description"),
        ({"EventWhoIds": []}, "INVALID_FIELD", None),
    ],
)
def test_a_bad_event_is_refused(sf, change, code, field):
    answer = sf.post("/sobjects/Event", json={"Subject": "s", "StartDateTime": START, "EndDateTime": END} | change)
    assert error_of(answer)[:2] == (400, code)
    assert answer.json()[0].get("fields") == ([field] if field else None)


def test_an_event_knows_its_end_by_either_way(sf):
    def event(**wish):
        made = sf.post("/sobjects/Event", json=wish)
        assert made.status_code == 201, made.text
        return sf.get(f"/sobjects/Event/{made.json()['id']}").json()

    by_end = event(StartDateTime="2027-05-01T11:00:00+01:00", EndDateTime=END)
    assert by_end["StartDateTime"] == by_end["ActivityDateTime"] == "2027-05-01T10:00:00.000+0000"
    assert by_end["DurationInMinutes"] == 30
    assert by_end["ActivityDate"] == "2027-05-01"
    assert (by_end["ShowAs"], by_end["EventSubtype"], by_end["IsArchived"]) == ("Busy", "Event", False)
    by_duration = event(ActivityDateTime=START, DurationInMinutes=45)
    assert by_duration["EndDateTime"] == "2027-05-01T10:45:00.000+0000"
    all_day = event(IsAllDayEvent=True, ActivityDate="2027-05-01")
    assert (all_day["DurationInMinutes"], all_day["ActivityDateTime"]) == (1440, None)
    assert event(StartDateTime=START, EndDateTime=END)["OwnerId"].startswith("005")


def test_moving_the_start_keeps_the_duration(sf):
    event = sf.post("/sobjects/Event", json={"StartDateTime": START, "EndDateTime": END}).json()["id"]
    assert sf.patch(f"/sobjects/Event/{event}", json={"StartDateTime": "2027-05-02T08:00:00Z"}).status_code == 204
    assert sf.get(f"/sobjects/Event/{event}").json()["EndDateTime"] == "2027-05-02T08:30:00.000+0000"


def test_long_events_want_the_setting(emulator, sf):
    emulator.settings(multiday_events=True)
    wish = {"StartDateTime": START, "EndDateTime": "2027-05-15T10:00:00Z"}
    assert sf.post("/sobjects/Event", json=wish).status_code == 201
    answer = sf.post("/sobjects/Event", json=wish | {"EndDateTime": "2027-05-15T10:01:00Z"})
    assert error_of(answer)[1] == "FIELD_INTEGRITY_EXCEPTION"


def test_an_event_with_somebody_deleted(emulator, sf):
    contact = emulator.create("Contact", LastName="x")
    emulator.delete(contact)
    answer = sf.post("/sobjects/Event", json={"StartDateTime": START, "EndDateTime": END, "WhoId": contact})
    assert error_of(answer)[:2] == (400, "ENTITY_IS_DELETED")


def test_an_inactive_owner_is_refused(emulator, sf):
    inactive = next(user["Id"] for user in emulator.state()["users"] if not user["IsActive"])
    answer = sf.post("/sobjects/Event", json={"StartDateTime": START, "EndDateTime": END, "OwnerId": inactive})
    assert error_of(answer)[:2] == (400, "INACTIVE_OWNER_OR_USER")


def test_the_last_activity_of_a_contact_follows_its_events(emulator, sf):
    contact = emulator.create("Contact", LastName="x")

    def last():
        return sf.get(f"/sobjects/Contact/{contact}").json()["LastActivityDate"]

    event = sf.post("/sobjects/Event", json={"StartDateTime": START, "EndDateTime": END, "WhoId": contact}).json()["id"]
    assert last() == "2027-05-01"
    sf.patch(f"/sobjects/Event/{event}", json={"StartDateTime": "2027-06-01T08:00:00Z"})
    assert last() == "2027-06-01"
    sf.delete(f"/sobjects/Event/{event}")
    assert last() is None


def test_upsert_by_email(emulator, sf):
    path = "/sobjects/Contact/Email/a%2Bb%40x.com"
    made = sf.patch(path, json={"LastName": "One"})
    assert (made.status_code, made.json()["created"]) == (201, True)
    again = sf.patch(path, json={"LastName": "Two"})
    assert (again.status_code, again.json()["created"], again.json()["id"]) == (200, False, made.json()["id"])
    assert sf.get(path).json()["LastName"] == "Two"
    emulator.create("Contact", LastName="Three", Email="A+B@x.com")
    several = sf.patch(path, json={"LastName": "Four"})
    assert several.status_code == 300
    assert len(several.json()) == 2
    assert all(url.startswith(f"{BASE}/sobjects/Contact/003") for url in several.json())
    assert {row["LastName"] for row in emulator.state()["contacts"]} == {"Two", "Three"}


def test_update_only_makes_nothing(emulator, sf):
    answer = sf.patch("/sobjects/Contact/Email/a@x.com?updateOnly=true", json={"LastName": "One"})
    assert answer.status_code == 404
    assert emulator.state()["contacts"] == []


def test_upsert_by_a_custom_external_id(emulator, sf):
    emulator.settings(custom_fields=[{"object": "Event", "name": "Booking__c", "external_id": True, "unique": True}])
    body = {"StartDateTime": START, "EndDateTime": END}
    made = sf.patch("/sobjects/Event/Booking__c/abc", json=body)
    assert made.status_code == 201
    assert sf.patch("/sobjects/Event/Booking__c/abc", json={"Subject": "x"}).json()["id"] == made.json()["id"]
    clash = sf.post("/sobjects/Event", json=body | {"Booking__c": "abc"})
    assert error_of(clash)[1] == "DUPLICATE_VALUE"
    fields = {field["name"]: field for field in sf.get("/sobjects/Event/describe").json()["fields"]}
    assert fields["Booking__c"]["externalId"]
    assert error_of(sf.patch("/sobjects/Event/Subject/abc", json=body))[:2] == (404, "NOT_FOUND")


def test_changed_since(emulator, sf):
    """If-Unmodified-Since and If-Modified-Since, to the second."""
    contact = emulator.create("Contact", LastName="x")
    path = f"/sobjects/Contact/{contact}"
    seen = sf.get(path).headers["last-modified"]
    assert sf.get(path, headers={"If-Modified-Since": seen}).status_code == 304
    assert sf.patch(path, json={"Title": "a"}, headers={"If-Unmodified-Since": seen}).status_code == 204
    emulator.settings(clock_offset_seconds=5)
    assert sf.patch(path, json={"Title": "b"}).status_code == 204
    late = sf.patch(path, json={"Title": "c"}, headers={"If-Unmodified-Since": seen})
    assert error_of(late)[:2] == (412, "PRECONDITION_FAILED")
    assert sf.delete(path, headers={"If-Unmodified-Since": seen}).status_code == 412
    assert sf.get(path, headers={"If-Modified-Since": seen}).json()["Title"] == "b"
    future = format_datetime(datetime(2099, 1, 1, tzinfo=UTC), usegmt=True)
    assert sf.delete(path, headers={"If-Unmodified-Since": future}).status_code == 204


def test_what_is_not_there(emulator, sf):
    unknown = "003gL0000zzzzzz"
    read = error_of(sf.get(f"/sobjects/Contact/{unknown}"))
    assert read == (404, "NOT_FOUND", f"Provided external ID field does not exist or is not accessible: {unknown}")
    assert error_of(sf.patch(f"/sobjects/Contact/{unknown}", json={}))[:2] == (404, "INVALID_CROSS_REFERENCE_KEY")
    assert error_of(sf.delete(f"/sobjects/Event/{unknown}"))[:2] == (400, "MALFORMED_ID")
    assert error_of(sf.get("/sobjects/Nothing/describe"))[:2] == (404, "NOT_FOUND")
    assert error_of(sf.get("/nothing"))[:2] == (404, "NOT_FOUND")
    refused = error_of(sf.patch("/sobjects/Event", json={}))
    assert refused == (405, "METHOD_NOT_ALLOWED", "HTTP Method 'PATCH' not allowed. Allowed are GET,HEAD,POST")
    purged = emulator.create("Contact", LastName="x")
    emulator.delete(purged, purge=True)
    assert error_of(sf.delete(f"/sobjects/Contact/{purged}"))[:2] == (404, "INVALID_CROSS_REFERENCE_KEY")


def test_describe_shows_what_the_user_may(emulator, sf):
    emulator.settings(hidden_fields=["Event.Location"], read_only_fields=["Event.OwnerId"])
    emulator.settings(required_fields=["Event.Type"])
    described = sf.get("/sobjects/Event/describe/").json()
    fields = {field["name"]: field for field in described["fields"]}
    assert described["keyPrefix"] == "00U"
    assert "Location" not in fields
    assert "EventWhoIds" not in fields
    assert fields["OwnerId"]["createable"] is fields["OwnerId"]["updateable"] is False
    assert (fields["Type"]["nillable"], fields["Type"]["defaultedOnCreate"]) == (False, False)
    assert fields["Description"]["filterable"] is False
    assert fields["WhoId"]["referenceTo"] == ["Contact", "Lead"]
    assert {row["name"] for row in sf.get("/sobjects").json()["sobjects"]} >= {"Contact", "Event", "User"}


def test_an_admins_rules(emulator, sf):
    emulator.settings(
        validation_rules=[
            {"object": "Event", "field": "Location", "kind": "required", "message": "Say where."},
            {"object": "Event", "field": "Subject", "kind": "regex", "pattern": "^Call", "message": "Begin with Call."},
            {"object": "Contact", "field": "Phone", "kind": "forbidden", "message": "No phones."},
        ],
        required_fields=["Contact.Email"],
        hidden_fields=["Contact.Title"],
        read_only_fields=["Contact.Department"],
    )
    event = {"StartDateTime": START, "EndDateTime": END, "Subject": "Call", "Location": "here"}
    assert sf.post("/sobjects/Event", json=event).status_code == 201
    for change, message in (({"Location": None}, "Say where."), ({"Subject": "x"}, "Begin with Call.")):
        answer = sf.post("/sobjects/Event", json=event | change)
        assert error_of(answer) == (400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", message)
    contact = {"LastName": "x", "Email": "a@x.com"}
    assert error_of(sf.post("/sobjects/Contact", json=contact | {"Phone": "1"}))[2] == "No phones."
    assert error_of(sf.post("/sobjects/Contact", json={"LastName": "x"}))[1] == "REQUIRED_FIELD_MISSING"
    assert error_of(sf.post("/sobjects/Contact", json=contact | {"Title": "x"}))[1] == "INVALID_FIELD"
    read_only = error_of(sf.post("/sobjects/Contact", json=contact | {"Department": "x"}))
    assert read_only[1] == "INVALID_FIELD_FOR_INSERT_UPDATE"


def test_whatever_else_refuses_records(emulator, sf):
    """A trigger, a lock, a policy: in their own words, until they let records pass."""
    locked = {"object": "Contact", "code": "ENTITY_IS_LOCKED", "message": "This record is locked."}
    emulator.settings(refusals=[locked, locked | {"object": "Event", "code": "FORBIDDEN", "status": 403}])
    contact, event = {"LastName": "x"}, {"StartDateTime": START, "EndDateTime": END}
    assert error_of(sf.post("/sobjects/Contact", json=contact)) == (400, "ENTITY_IS_LOCKED", "This record is locked.")
    assert error_of(sf.post("/sobjects/Event", json=event))[:2] == (403, "FORBIDDEN")
    emulator.settings(refusals=[])
    assert sf.post("/sobjects/Contact", json=contact).status_code == 201


def test_international_addresses_are_an_admins_choice(emulator, sf):
    contact = {"LastName": "x", "Email": "zoë@bücher.de"}
    assert sf.post("/sobjects/Contact", json=contact).status_code == 201
    emulator.settings(international_emails=False)
    assert error_of(sf.post("/sobjects/Contact", json=contact))[1] == "INVALID_EMAIL_ADDRESS"


def test_several_contacts_of_one_event(emulator, sf):
    emulator.settings(shared_activities=True)
    people = [emulator.create("Contact", LastName=f"N{n}") for n in range(2)]
    body = {"StartDateTime": START, "EndDateTime": END, "WhoId": people[0], "EventWhoIds": people}
    event = sf.post("/sobjects/Event", json=body).json()["id"]
    assert sf.get(f"/sobjects/Event/{event}").json()["EventWhoIds"] == people


def test_versions_and_resources(sf):
    root = sf.base_url.join("/salesforce/services/data/")
    versions = sf.get(str(root)).json()
    assert {"label": "Spring '26", "url": "/services/data/v66.0", "version": "66.0"} in versions
    assert {"label": "Winter '26", "url": "/services/data/v65.0", "version": "65.0"} in versions
    assert sf.get("/").json()["identity"].startswith(f"http://{sf.base_url.netloc.decode()}/salesforce/id/00D")
    assert sf.get(f"{root}v20.0/sobjects").status_code == 410
    assert sf.get(f"{root}v99.0/sobjects").status_code == 404


def test_limits_count_calls(emulator, sf):
    emulator.settings(daily_limit=3)
    assert sf.get("/limits").json() == {"DailyApiRequests": {"Max": 3, "Remaining": 2}}
    assert sf.get("/limits").json()["DailyApiRequests"]["Remaining"] == 1
    sf.get("/limits")
    refused = error_of(sf.get("/limits"))
    assert refused == (403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
    emulator.settings(clock_offset_seconds=25 * 3600, access_token_seconds=200_000)
    token = emulator.token()["access_token"]
    assert sf.get("/limits", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_the_api_may_be_off(emulator, sf):
    for name, code in (("api_disabled", "API_DISABLED_FOR_ORG"), ("user_api_disabled", "API_CURRENTLY_DISABLED")):
        emulator.settings(**{name: True})
        assert error_of(sf.get("/limits"))[:2] == (403, code)
        emulator.settings(**{name: False})
    assert sf.get("/limits").status_code == 200


def test_the_user_may_lack_rights(emulator, sf):
    """Describe says which; what is not to be read is not there at all."""
    kept = sf.post("/sobjects/Contact", json={"LastName": "x"}).json()["id"]
    emulator.settings(denied_rights=["Contact.edit", "Event.create"])
    described = sf.get("/sobjects/Contact/describe").json()
    assert (described["createable"], described["updateable"]) == (True, False)
    event = {"StartDateTime": START, "EndDateTime": END}
    for answer in (
        sf.patch(f"/sobjects/Contact/{kept}", json={"LastName": "y"}),
        sf.post("/sobjects/Event", json=event),
    ):
        assert error_of(answer)[:2] == (403, "INSUFFICIENT_ACCESS_OR_READONLY")
    emulator.settings(denied_rights=["Event.read"])
    assert sf.get("/sobjects/Event/describe").status_code == 404
    assert error_of(sf.get("/query", params={"q": "SELECT Id FROM Event"}))[1] == "INVALID_TYPE"
    assert [row["name"] for row in sf.get("/sobjects").json()["sobjects"] if row["name"] == "Event"] == []


def test_the_organisation_says_whether_it_is_a_sandbox(emulator, query):
    soql = "SELECT Id, Name, IsSandbox, InstanceName, OrganizationType, TrialExpirationDate FROM Organization LIMIT 1"
    emulator.settings(is_sandbox=True, organisation_name="Acme")
    (row,) = query(soql)
    assert (row["Name"], row["IsSandbox"], row["TrialExpirationDate"]) == ("Acme", True, None)
    assert row["Id"] == emulator.state()["organisation"]
    assert query("SELECT Email FROM User WHERE IsActive = true AND Email = 'ADA@example.com'")
