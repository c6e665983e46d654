import pytest

START, END = "2027-05-01T10:00:00Z", "2027-05-01T10:30:00Z"
TWIN = {"LastName": "Hopper", "FirstName": "Grace", "Email": "G@x.com"}


@pytest.fixture
def grace(emulator):
    return emulator.create("Contact", LastName="Hopper", FirstName="Grace", Email="g@x.com", Phone="+44 (0)1")


def save(sf, wish=TWIN, **header):
    headers = {"Sforce-Duplicate-Rule-Header": "; ".join(f"{k}={v}" for k, v in header.items())} if header else {}
    return sf.post("/sobjects/Contact", json=wish, headers=headers)


@pytest.mark.usefixtures("grace")
def test_a_fresh_organisation_takes_duplicates(sf):
    assert save(sf).status_code == 201


def test_an_alert_can_be_passed(emulator, sf, grace):
    emulator.settings(duplicate_rule="alert")
    answer = save(sf)
    assert answer.status_code == 400
    (row,) = answer.json()
    assert (row["errorCode"], row["message"]) == ("DUPLICATES_DETECTED", "Use one of these records?")
    result = row["duplicateResult"]
    assert result["allowSave"] is True
    match = result["matchResults"][0]["matchRecords"][0]
    assert match["record"]["Id"] == grace
    assert "Email" not in match["record"]
    told = save(sf, includeRecordDetails="true").json()[0]["duplicateResult"]["matchResults"][0]["matchRecords"][0]
    assert told["record"]["Email"] == "g@x.com"
    assert save(sf, allowSave="true").status_code == 201


@pytest.mark.usefixtures("grace")
def test_a_block_can_not(emulator, sf):
    emulator.settings(duplicate_rule="block", duplicate_spelling="duplicateResut")
    answer = save(sf, allowSave="true")
    assert answer.status_code == 400
    assert answer.json()[0]["duplicateResut"]["allowSave"] is False


@pytest.mark.usefixtures("grace")
def test_a_match_by_name_and_phone_is_fuzzy(emulator, sf):
    emulator.settings(duplicate_rule="block", duplicate_matching=["fuzzy"])
    assert save(sf).status_code == 201
    wish = {"LastName": "HOPPER", "FirstName": "G.", "Email": "other@x.com", "MobilePhone": "+4401"}
    assert save(sf, wish).status_code == 400


def test_a_collection_says_it_its_own_way(emulator, sf, grace):
    emulator.settings(duplicate_rule="block")
    rows = [{"attributes": {"type": "Contact"}} | TWIN]
    (row,) = sf.post("/composite/sobjects", json={"records": rows}).json()
    assert row["errors"][0]["statusCode"] == "DUPLICATES_DETECTED"
    match = row["errors"][0]["duplicateResult"]["matchResults"][0]["matchRecords"][0]
    assert match["record"]["Id"] == grace


def test_an_edit_is_checked_only_for_what_is_compared(emulator, sf, grace):
    twin = emulator.create("Contact", **TWIN)
    emulator.settings(duplicate_rule="block")
    assert sf.patch(f"/sobjects/Contact/{twin}", json={"Title": "x"}).status_code == 204
    assert sf.patch(f"/sobjects/Contact/{grace}", json={"LastName": "x"}).status_code == 400


def test_a_merge_moves_events_and_leaves_a_trace(emulator, sf, query, grace):
    loser = emulator.create("Contact", **TWIN)
    body = {"StartDateTime": START, "EndDateTime": END, "WhoId": loser}
    event = sf.post("/sobjects/Event", json=body).json()["id"]
    emulator.merge(grace, loser)
    assert sf.get(f"/sobjects/Event/{event}").json()["WhoId"] == grace
    assert sf.get(f"/sobjects/Contact/{grace}").json()["LastActivityDate"] == "2027-05-01"
    assert sf.get(f"/sobjects/Contact/{loser}").json()[0]["errorCode"] == "ENTITY_IS_DELETED"
    soql = f"SELECT Id, IsDeleted, MasterRecordId FROM Contact WHERE Id = '{loser}'"
    assert query(soql) == []
    assert query(soql, resource="queryAll") == [{"Id": loser, "IsDeleted": True, "MasterRecordId": grace}]
    assert [row["Id"] for row in emulator.state()["contacts"]] == [grace]
    assert len(emulator.state(deleted=True)["contacts"]) == 2


@pytest.mark.parametrize("takes", [True, False])
def test_deleting_a_contact_may_take_its_events(emulator, sf, grace, takes):
    emulator.settings(delete_takes_events=takes)
    sf.post("/sobjects/Event", json={"StartDateTime": START, "EndDateTime": END, "WhoId": grace})
    emulator.delete(grace)
    assert len(emulator.state()["events"]) == (0 if takes else 1)
