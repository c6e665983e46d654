"""Contacts, one by one and in batches."""

import pytest

CONTACTS = "/crm/objects/2026-09/contacts"


def upsert(api, *inputs, version="2026-09"):
    rows = [{"idProperty": "email", "properties": {}, **one} for one in inputs]
    return api.post(f"/crm/objects/{version}/contacts/batch/upsert", json={"inputs": rows})


def grace(api, **properties):
    return upsert(api, {"id": "grace@example.com", "properties": properties}).json()["results"][0]["id"]


def contact(api, contact_id, *names, **query):
    return api.get(f"{CONTACTS}/{contact_id}", params={"properties": ",".join(names), **query})


@pytest.mark.parametrize("path", ["/crm/objects/2026-09", "/crm/objects/2026-03", "/crm/v3/objects"])
def test_every_version_has_the_same_calls(api, path):
    body = {"inputs": [{"id": "a@example.com", "idProperty": "email", "properties": {"firstname": "A"}}]}
    assert api.post(f"{path}/contacts/batch/upsert", json=body).json()["results"][0]["new"] is True
    assert api.get(f"{path}/contacts/a@example.com", params={"idProperty": "email"}).status_code == 200


def test_another_version_is_not_there(api):
    answer = api.get("/crm/objects/2024-01/contacts/1")
    assert (answer.status_code, answer.json()["message"]) == (404, "resource not found")


def test_values_that_are_not_named_stay_and_empty_ones_are_cleared(api):
    contact_id = grace(api, firstname="Grace", phone="1")
    grace(api, jobtitle="Admiral", phone="")
    shown = contact(api, contact_id, "firstname", "phone", "jobtitle").json()["properties"]
    assert (shown["firstname"], shown["phone"], shown["jobtitle"]) == ("Grace", None, "Admiral")


def test_another_address_of_a_contact_finds_it(hubspot, api):
    known = hubspot.create("contacts", email="grace@work.example", hs_additional_emails="grace@home.example")
    answer = upsert(api, {"id": "Grace@home.example", "properties": {"firstname": "G"}}).json()["results"][0]
    assert (answer["id"], answer["new"]) == (known, False)
    assert answer["properties"]["email"] == "grace@work.example"


def test_results_come_in_any_order_with_their_trace_ids(api):
    inputs = [{"id": f"n{n}@example.com", "objectWriteTraceId": f"t{n}"} for n in range(30)]
    rows = upsert(api, *inputs).json()["results"]
    traces = [row["objectWriteTraceId"] for row in rows]
    assert sorted(traces) == sorted(one["objectWriteTraceId"] for one in inputs)
    assert traces != [one["objectWriteTraceId"] for one in inputs]
    assert all(row["properties"]["email"] == f"n{row['objectWriteTraceId'][1:]}@example.com" for row in rows)


def test_a_batch_has_a_hundred_inputs_at_most(api):
    inputs = [{"id": f"n{n}@example.com"} for n in range(101)]
    assert upsert(api, *inputs).status_code == 400
    assert upsert(api, *inputs[:100]).status_code == 200


def test_duplicate_ids_are_refused(api):
    answer = upsert(api, {"id": "a@example.com"}, {"id": "A@example.com"})
    assert (answer.status_code, answer.json()["context"]) == (400, {"ids": ["a@example.com"]})


def test_only_email_identifies(api):
    rows = [{"id": "1", "idProperty": "phone", "properties": {}}]
    answer = api.post(f"{CONTACTS}/batch/upsert", json={"inputs": rows})
    assert answer.status_code == 400
    assert "non-unique 0-1 property phone in portal ID 1234567" in answer.json()["message"]


def test_an_address_that_another_contact_has_fails_the_whole_batch(api, hubspot):
    known = grace(api)
    answer = upsert(
        api,
        {"id": "new@example.com", "objectWriteTraceId": "1"},
        {"id": "x@example.com", "objectWriteTraceId": "2", "properties": {"email": "grace@example.com"}},
    )
    assert (answer.status_code, answer.json()["category"]) == (409, "CONFLICT")
    assert answer.json()["message"].endswith(known)
    assert len(hubspot.state()["contacts"]) == 1


def test_values_are_texts(api):
    assert upsert(api, {"id": "a@example.com", "properties": {"phone": 1}}).status_code == 400
    assert upsert(api, {"id": "a@example.com", "properties": {"phone": "x" * 65_537}}).status_code == 400


def test_a_refused_value_is_told_in_full(api):
    answer = upsert(api, {"id": "a@example.com", "properties": {"lifecyclestage": "friend"}}).json()
    assert answer["message"].startswith('Property values were not valid: [{"isValid": false')
    assert answer["errors"][0]["code"] == "INVALID_OPTION"


def test_reading_and_updating_by_email(api):
    grace(api)
    assert (
        api.patch(
            f"{CONTACTS}/grace@example.com", params={"idProperty": "email"}, json={"properties": {"phone": "7"}}
        ).json()["properties"]["phone"]
        == "7"
    )
    body = {"inputs": [{"id": "grace@example.com"}, {"id": "no@example.com"}], "idProperty": "email", "properties": []}
    answer = api.post(f"{CONTACTS}/batch/read", json=body)
    assert (answer.status_code, answer.json()["numErrors"], len(answer.json()["results"])) == (207, 1, 1)


def test_a_merged_contact_is_found_under_its_old_id(hubspot, api):
    loser, winner = grace(api, phone="7"), hubspot.create("contacts", email="g@navy.example", firstname="Grace")
    body = {"primaryObjectId": winner, "objectIdToMerge": loser}
    assert api.post(f"{CONTACTS}/merge", json=body).status_code == 200
    shown = contact(api, loser, "phone", "hs_additional_emails").json()
    assert (shown["id"], shown["properties"]["phone"]) == (winner, "7")
    assert shown["properties"]["hs_additional_emails"] == "grace@example.com"


def test_an_archived_contacts_address_is_free_again(api):
    first = grace(api)
    assert api.delete(f"{CONTACTS}/{first}").status_code == 204
    assert contact(api, first).status_code == 404
    assert contact(api, first, archived="true").json()["archived"] is True
    assert grace(api) != first


def test_pages(api):
    upsert(api, *({"id": f"n{n}@example.com"} for n in range(5)))
    first = api.get(CONTACTS, params={"limit": 3}).json()
    rest = api.get(CONTACTS, params={"limit": 3, "after": first["paging"]["next"]["after"]}).json()
    assert (len(first["results"]), len(rest["results"]), "paging" in rest) == (3, 2, False)
