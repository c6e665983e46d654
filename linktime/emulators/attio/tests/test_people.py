"""Assert and change people as the service does it."""

import re

import pytest

NAME = {"first_name": "Ada", "last_name": "Lovelace", "full_name": "Ada Lovelace"}


def values(person, slug, key):
    return [row[key] for row in person["values"][slug]]


def test_assert_always_answers_200_and_finds_by_any_email(api):
    made, found = api.person("Ada@Example.com"), api.person("ada@example.com")
    assert made["id"] == found["id"]
    row = made["values"]["email_addresses"][0]
    assert (row["email_address"], row["original_email_address"]) == ("ada@example.com", "Ada@Example.com")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z", made["created_at"])
    assert [made["values"][slug] for slug in ("name", "phone_numbers", "company", "job_title")] == [[], [], [], []]


def test_assert_adds_emails_and_replaces_everything_else(api):
    first = api.person("ada@example.com", phone_numbers=["+12025550123"], name=[NAME])
    second = api.upsert(
        email_addresses=["ada@example.com", "a@work.example.com"], phone_numbers=["+12025550199"]
    ).json()["data"]
    assert first["id"] == second["id"]
    assert values(second, "email_addresses", "email_address") == ["ada@example.com", "a@work.example.com"]
    assert values(second, "phone_numbers", "phone_number") == ["+12025550199"]
    assert values(second, "name", "full_name") == ["Ada Lovelace"]


def test_assert_needs_a_unique_attribute_and_its_value(api):
    for matching in ("phone_numbers", "my-attribute"):
        answer = api.upsert(matching, phone_numbers=["+12025550123"]).json()
        assert (answer["code"], answer["status_code"]) == ("value_not_found", 400)
        assert f'slug/ID "{matching}"' in answer["message"]
    assert api.upsert(name=[NAME]).json()["code"] == "missing_value"


def test_several_people_who_match_are_an_error(api):
    api.person("a@example.com")
    api.person("b@example.com")
    answer = api.upsert(email_addresses=["a@example.com", "b@example.com"])
    assert answer.json()["code"] == "multiple_match_results"


def test_patch_puts_new_values_first_and_overwrites_single_ones(api):
    person = api.person(phone_numbers=["+12025550123"], name=[NAME])
    number = {"original_phone_number": "202 555 0199", "country_code": "US"}
    changed = api.change(person, phone_numbers=[number], name=["Byron, Ada"]).json()["data"]
    assert values(changed, "phone_numbers", "phone_number") == ["+12025550199", "+12025550123"]
    assert values(changed, "name", "full_name") == ["Ada Byron"]


@pytest.mark.parametrize("part", ["first_name", "last_name", "full_name"])
def test_a_name_needs_all_three_parts(api, part):
    answer = api.change(api.person(), name=[{key: text for key, text in NAME.items() if key != part}])
    (fault,) = answer.json()["validation_errors"]
    assert (fault["path"], fault["message"], fault["received"]) == ([part], "Required", "undefined")
    assert answer.json()["message"] == 'An invalid value was passed to attribute with slug "name".'


@pytest.mark.parametrize("number", ["+11234567890", "12025550123", "hello", "+12"])
def test_a_phone_number_must_be_one_of_the_numbering_plan(api, number):
    answer = api.change(api.person(), phone_numbers=[number])
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_type")
    assert answer.json()["validation_errors"][0]["message"].startswith("Invalid phone number")


def test_a_phone_number_as_an_object_needs_both_keys(api):
    answer = api.change(api.person(), phone_numbers=[{"original_phone_number": "+12025550123"}])
    assert answer.json()["validation_errors"][0]["path"] == ["country_code"]


@pytest.mark.parametrize(
    "email", ["a@b.test", "a@b.invalid", "a@example", "a@localhost", "a b@example.com", "@example.com"]
)
def test_an_email_that_nobody_can_have_is_refused(api, email):
    answer = api.upsert(email_addresses=[email])
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_type")
    assert '"email_addresses"' in answer.json()["message"]


def test_an_apostrophe_is_part_of_an_email(api):
    assert values(api.person("o'brien@example.com"), "email_addresses", "email_local_specifier") == ["o'brien"]


def test_a_body_has_values_and_nothing_else(api):
    path = "/v2/objects/people/records?matching_attribute=email_addresses"
    for body in (
        {},
        {"data": {}},
        {"data": {"values": {}, "more": 1}},
        {"data": {"values": {"email_addresses": "a@b.co"}}},
    ):
        assert api.http.put(path, json=body).json()["code"] == "validation_type"


def test_people_are_read_queried_and_unknown_ones_are_not_found(api):
    person = api.person()
    path = f"/v2/objects/people/records/{person['id']['record_id']}"
    assert api.http.get(path).json()["data"] == person
    query = {"filter": {"email_addresses": "ADA@example.com"}, "limit": 1}
    assert api.http.post("/v2/objects/people/records/query", json=query).json()["data"] == [person]
    missing = "5f2a9c1e-7c1a-4d53-9d37-3c2b1a0f9e8d"
    answer = api.http.patch(f"/v2/objects/people/records/{missing}", json={"data": {"values": {}}})
    assert (answer.status_code, answer.json()["message"]) == (404, f'Record with ID "{missing}" not found.')


def test_what_does_not_exist_says_so(api):
    answer = api.http.get("/v2/objects/people/records")
    assert answer.json()["message"] == 'Could not find endpoint "GET /v2/objects/people/records".'
    assert api.http.put("/v2/objects/ships/records?matching_attribute=x", json={}).json()["code"] == "not_found"


def test_attributes_are_told_and_what_is_archived_or_not_for_apps_can_not_be_written(attio, api):
    attio.settings(archived_attributes=["phone_numbers"], read_only_attributes=["name"])
    page = api.http.get("/v2/objects/people/attributes", params={"limit": 2, "offset": 0}).json()["data"]
    assert [row["api_slug"] for row in page] == ["name", "email_addresses"]
    assert [row["is_writable"] for row in page] == [False, True]
    rest = api.http.get("/v2/objects/people/attributes", params={"limit": 50, "offset": 2}).json()["data"]
    assert "phone_numbers" not in [row["api_slug"] for row in rest]
    person = api.person()
    phone = api.change(person, phone_numbers=[{"original_phone_number": "+12125551234", "country_code": None}])
    name = api.change(person, name=[{"first_name": "A", "last_name": "L", "full_name": "A L"}])
    assert (phone.json()["code"], name.json()["code"]) == ("value_not_found", "system_edit_unauthorized")


def test_a_new_person_lacks_nothing_that_is_required(attio, api):
    known = api.person("known@example.com")
    attio.settings(required_attributes=["account_owner"])
    rows = api.http.get("/v2/objects/people/attributes", params={"limit": 50, "offset": 0}).json()["data"]
    assert [row["api_slug"] for row in rows if row["is_required"]] == ["account_owner"]
    assert api.upsert(email_addresses=["new@example.com"]).json()["code"] == "missing_value"
    assert api.person("known@example.com")["id"] == known["id"]


def test_without_people_there_are_no_attributes(attio, api):
    attio.settings(people_enabled=False)
    assert api.http.get("/v2/objects/people/attributes", params={"limit": 50, "offset": 0}).status_code == 404
