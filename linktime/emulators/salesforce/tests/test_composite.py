import threading
from urllib.parse import quote

import pytest

START, END = "2027-05-01T10:00:00Z", "2027-05-01T10:30:00Z"
ROLLED_BACK = "The transaction was rolled back since another operation in the same transaction failed."


def find(email):
    soql = f"SELECT Id FROM Contact WHERE Email = '{email}' ORDER BY CreatedDate, Id LIMIT 1"
    return ("refContact", "GET", f"/query/?q={quote(soql)}")


EVENT = {"Subject": "Intro", "WhoId": "@{refContact.records[0].Id}", "StartDateTime": START, "EndDateTime": END}
LOG = ("refEvent", "POST", "/sobjects/Event", EVENT)
READ = ("refRead", "GET", "/sobjects/Event/@{refEvent.id}?fields=LastModifiedDate")


def code_of(row):
    return row["httpStatusCode"], row["body"][0]["errorCode"]


def test_a_booking_of_somebody_known_is_one_call(emulator, composite):
    contact = emulator.create("Contact", LastName="Hopper", Email="g@x.com")
    patch = ("refPatch", "PATCH", "/sobjects/Contact/@{refContact.records[0].Id}", {"Phone": "+44 1"})
    answers = composite(find("g@x.com"), patch, LOG, READ)
    assert [row["httpStatusCode"] for row in answers.values()] == [200, 204, 201, 200]
    event = answers["refEvent"]["body"]["id"]
    assert answers["refEvent"]["httpHeaders"] == {"Location": f"/services/data/v66.0/sobjects/Event/{event}"}
    assert answers["refPatch"]["body"] is None
    state = emulator.state()
    assert state["events"][0]["WhoId"] == contact
    assert state["events"][0]["LastModifiedDate"] == answers["refRead"]["body"]["LastModifiedDate"]
    assert state["contacts"][0]["Phone"] == "+44 1"
    (row,) = emulator.requests()
    assert row["api_calls"] == emulator.api_calls() == 1
    assert row["subrequests"][2] == "POST /services/data/v66.0/sobjects/Event"


def test_a_reference_to_nothing_halts(emulator, composite):
    answers = composite(find("new@x.com"), LOG, READ)
    assert code_of(answers["refEvent"]) == (400, "PROCESSING_HALTED")
    message = answers["refEvent"]["body"][0]["message"]
    assert message == (
        "Invalid reference specified. No value for refContact.records[0].Id found in refContact. Provided referenceId "
        "('refContact.records[0].Id') must start with a letter or a number, and it can contain only letters, numbers "
        "and underscores ('_')."
    )
    for other in ("refContact", "refRead"):
        assert answers[other]["body"] == [{"errorCode": "PROCESSING_HALTED", "message": ROLLED_BACK}]
        assert answers[other]["httpStatusCode"] == 400
    emulator.settings(rolled_back_reads="kept")
    kept = composite(find("new@x.com"), LOG, READ)["refContact"]
    assert (kept["httpStatusCode"], kept["body"]["totalSize"]) == (200, 0)


def test_somebody_new_and_the_event_together(emulator, composite):
    contact = ("c", "POST", "/sobjects/Contact", {"LastName": "Hopper", "Email": "g@x.com"})
    answers = composite(contact, ("e", "POST", "/sobjects/Event", EVENT | {"WhoId": "@{c.id}"}))
    assert [row["httpStatusCode"] for row in answers.values()] == [201, 201]
    state = emulator.state()
    assert state["events"][0]["WhoId"] == state["contacts"][0]["Id"]


def test_all_or_none_leaves_nothing_behind(emulator, composite):
    """What was created, changed and deleted before the failure is as it was."""
    kept = emulator.create("Contact", LastName="Kept", Email="k@x.com")
    gone = emulator.create("Contact", LastName="Gone")
    before = emulator.state()
    answers = composite(
        ("a", "POST", "/sobjects/Contact", {"LastName": "New"}),
        ("b", "PATCH", f"/sobjects/Contact/{kept}", {"LastName": "Changed", "Email": "other@x.com"}),
        ("c", "DELETE", f"/sobjects/Contact/{gone}"),
        ("d", "POST", "/sobjects/Event", {"StartDateTime": START, "EndDateTime": END, "WhoId": "@{a.id}"}),
        ("e", "POST", "/sobjects/Contact", {"FirstName": "Nameless"}),
        ("f", "POST", "/sobjects/Contact", {"LastName": "Never"}),
    )
    assert code_of(answers["e"]) == (400, "REQUIRED_FIELD_MISSING")
    assert {code_of(answers[name]) for name in "abcdf"} == {(400, "PROCESSING_HALTED")}
    assert emulator.state() == before | {"api_calls_today": 1}
    found = composite(find("k@x.com"))["refContact"]["body"]
    assert found["records"][0]["Id"] == kept


def test_without_all_or_none_only_dependants_halt(emulator, composite):
    answers = composite(
        ("bad", "POST", "/sobjects/Contact", {"FirstName": "Nameless"}),
        ("child", "POST", "/sobjects/Event", EVENT | {"WhoId": "@{bad.id}"}),
        ("free", "POST", "/sobjects/Contact", {"LastName": "Free"}),
        all_or_none=False,
    )
    assert code_of(answers["bad"]) == (400, "REQUIRED_FIELD_MISSING")
    assert code_of(answers["child"]) == (400, "PROCESSING_HALTED")
    assert answers["free"]["httpStatusCode"] == 201
    assert [row["LastName"] for row in emulator.state()["contacts"]] == ["Free"]


def test_references_are_case_sensitive(emulator, composite):
    emulator.create("Contact", LastName="Hopper", Email="g@x.com")
    answers = composite(
        find("g@x.com"), ("e", "POST", "/sobjects/Event", EVENT | {"WhoId": "@{refContact.records[0].id}"})
    )
    assert "No value for refContact.records[0].id" in answers["e"]["body"][0]["message"]


def test_a_null_may_be_referred_to_and_a_missing_field_may_not(emulator, composite):
    contact = emulator.create("Contact", LastName="Hopper")
    read = ("c", "GET", f"/sobjects/Contact/{contact}?fields=LastName,Phone")
    fine = composite(read, ("n", "POST", "/sobjects/Contact", {"LastName": "@{c.LastName} jr", "Phone": "@{c.Phone}"}))
    assert fine["n"]["httpStatusCode"] == 201
    wrong = composite(read, ("n", "POST", "/sobjects/Contact", {"LastName": "@{c.Title}"}))
    assert code_of(wrong["n"]) == (400, "PROCESSING_HALTED")


def test_headers_of_a_subrequest(emulator, composite, sf):
    contact = emulator.create("Contact", LastName="Hopper", Email="g@x.com")
    seen = sf.get(f"/sobjects/Contact/{contact}").headers["last-modified"]
    emulator.settings(clock_offset_seconds=3, duplicate_rule="alert")
    emulator.update(contact, Title="Admiral")
    late = ("p", "PATCH", f"/sobjects/Contact/{contact}", {"Title": "x"}, {"If-Unmodified-Since": seen})
    assert composite(late)["p"]["httpStatusCode"] == 412
    twin = {"LastName": "Hopper", "Email": "g@x.com"}
    allowed = {"Sforce-Duplicate-Rule-Header": "allowSave=true"}
    assert code_of(composite(("d", "POST", "/sobjects/Contact", twin))["d"]) == (400, "DUPLICATES_DETECTED")
    assert composite(("d", "POST", "/sobjects/Contact", twin, allowed))["d"]["httpStatusCode"] == 201


@pytest.mark.parametrize(
    "change",
    [
        {"method": "get"},
        {"url": "/sobjects"},
        {"url": "v66.0/sobjects"},
        {"referenceId": "no-good"},
        {"referenceId": None},
        {"httpHeaders": {"Authorization": "x"}},
        {"httpHeaders": True},
    ],
)
def test_a_bad_envelope_fails_as_a_whole(sf, change):
    part = {"method": "GET", "url": "/services/data/v66.0/sobjects", "referenceId": "a"} | change
    answer = sf.post("/composite", json={"compositeRequest": [part]})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_INPUT")


def test_how_many_subrequests_and_queries(sf):
    def send(number, url):
        parts = [{"method": "GET", "url": url, "referenceId": f"r{n}"} for n in range(number)]
        return sf.post("/composite", json={"compositeRequest": parts}).status_code

    query = "/services/data/v66.0/query?q=SELECT+Id+FROM+User"
    assert send(25, "/services/data/v66.0/sobjects") == 200
    assert send(26, "/services/data/v66.0/sobjects") == 400
    assert send(5, query) == 200
    assert send(6, query) == 400
    assert send(0, query) == 400


def test_one_query_of_a_composite_has_the_uri_limit(composite):
    addresses = ",".join(f"'{n:050}@x.com'" for n in range(300))
    answer = composite(("q", "GET", f"/query?q={quote(f'SELECT Id FROM Contact WHERE Email IN ({addresses})')}"))
    assert answer["q"]["httpStatusCode"] == 414
    assert composite(("l", "GET", "/limits"))["l"]["httpStatusCode"] == 400


def records(*names):
    return [{"attributes": {"type": "Contact"}, "LastName": name} for name in names]


def test_collections_save_what_they_can(emulator, sf):
    body = {"allOrNone": False, "records": records("One", None, "Three")}
    answer = sf.post("/composite/sobjects", json=body)
    assert answer.status_code == 200
    assert [row["success"] for row in answer.json()] == [True, False, True]
    (error,) = answer.json()[1]["errors"]
    assert error["statusCode"] == "REQUIRED_FIELD_MISSING"
    ids = [row["id"] for row in answer.json() if row["success"]]
    changes = [{"attributes": {"type": "Contact"}, "id": one, "Title": "x"} for one in ids]
    assert all(row["success"] for row in sf.patch("/composite/sobjects", json={"records": changes}).json())
    read = sf.get("/composite/sobjects/Contact", params={"ids": f"{ids[0]},003gL0000zzzzzz", "fields": "Title"}).json()
    assert (read[0]["Title"], read[1]) == ("x", None)
    assert all(row["success"] for row in sf.delete("/composite/sobjects", params={"ids": ",".join(ids)}).json())
    assert emulator.state()["contacts"] == []


def test_collections_all_or_none(emulator, sf):
    answer = sf.post("/composite/sobjects", json={"allOrNone": True, "records": records("One", None)}).json()
    assert [row["errors"][0]["statusCode"] for row in answer] == [
        "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        "REQUIRED_FIELD_MISSING",
    ]
    assert emulator.state()["contacts"] == []


def test_a_composites_all_or_none_overrides_a_collections(emulator, composite):
    body = {"allOrNone": False, "records": records("One", None)}
    answers = composite(
        ("before", "POST", "/sobjects/Contact", {"LastName": "Zero"}), ("many", "POST", "/composite/sobjects", body)
    )
    assert code_of(answers["before"]) == (400, "PROCESSING_HALTED")
    assert [row["success"] for row in answers["many"]["body"]] == [False, False]
    assert emulator.state()["contacts"] == []


def test_collections_upsert(emulator, sf):
    emulator.create("Contact", LastName="Old", Email="a@x.com")
    rows = [{"attributes": {"type": "Contact"}, "LastName": "New", "Email": f"{name}@x.com"} for name in "ab"]
    answer = sf.patch("/composite/sobjects/Contact/Email", json={"records": rows}).json()
    assert [row["created"] for row in answer] == [False, True]
    assert {row["LastName"] for row in emulator.state()["contacts"]} == {"New"}


def test_collections_have_limits(sf):
    answer = sf.post("/composite/sobjects", json={"records": records(*(["x"] * 201))})
    assert answer.status_code == 400
    mixed = [{"attributes": {"type": name}, "LastName": "x"} for name in ["Contact", "Account"] * 6]
    assert sf.post("/composite/sobjects", json={"records": mixed}).status_code == 400


def test_a_batch_counts_each_of_its_calls(emulator, sf):
    wishes = [
        {"method": "GET", "url": "v66.0/limits"},
        {"method": "POST", "url": "v66.0/sobjects/Contact", "richInput": {}},
        {"method": "GET", "url": "v66.0/limits"},
    ]
    answer = sf.post("/composite/batch", json={"haltOnError": True, "batchRequests": wishes}).json()
    assert answer["hasErrors"]
    assert [row["statusCode"] for row in answer["results"]] == [200, 400, 412]
    assert answer["results"][2]["result"][0]["errorCode"] == "BATCH_PROCESSING_HALTED"
    assert emulator.api_calls() == 3
    answer = sf.post("/composite/batch", json={"batchRequests": wishes}).json()
    assert [row["statusCode"] for row in answer["results"]] == [200, 400, 200]


def test_callers_at_the_same_time_do_not_mix(emulator, composite):
    """Fifty composites from ten threads make fifty contacts with one Event each."""

    def book(first):
        for number in range(first, first + 5):
            contact = ("c", "POST", "/sobjects/Contact", {"LastName": f"N{number}"})
            composite(contact, ("e", "POST", "/sobjects/Event", EVENT | {"WhoId": "@{c.id}"}))

    threads = [threading.Thread(target=book, args=(10 * n,)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    state = emulator.state()
    assert len(state["contacts"]) == 50
    assert {row["WhoId"] for row in state["events"]} == {row["Id"] for row in state["contacts"]}


def test_collections_and_queries_of_a_composite_are_five_at_most(sf):
    base = "/services/data/v66.0"
    query = {"method": "GET", "url": f"{base}/queryAll?q=SELECT+Id+FROM+User"}
    many = {"method": "POST", "url": f"{base}/composite/sobjects", "body": {"records": records("x")}}

    def send(*parts):
        numbered = [part | {"referenceId": f"r{number}"} for number, part in enumerate(parts)]
        return sf.post("/composite", json={"compositeRequest": numbered}).status_code

    assert send(many, many, query, query, query) == 200
    assert send(many, many, many, query, query, query) == 400


def test_a_collection_of_a_composite_has_its_limit(composite):
    answer = composite(("many", "POST", "/composite/sobjects", {"records": records(*(["x"] * 201))}), all_or_none=False)
    assert code_of(answer["many"]) == (400, "INVALID_BATCH_SIZE")


def test_a_later_part_may_refer_to_a_collections_rows_and_halts_without_them(emulator, composite):
    def log(place):
        event = EVENT | {"attributes": {"type": "Event"}, "WhoId": f"@{{many[{place}].id}}"}
        return ("log", "POST", "/composite/sobjects", {"records": [event]})

    many = ("many", "POST", "/composite/sobjects", {"allOrNone": False, "records": records("One", None)})
    answers = composite(many, log(0), all_or_none=False)
    assert answers["log"]["body"][0]["success"]
    assert emulator.state()["events"][0]["WhoId"] == answers["many"]["body"][0]["id"]
    answers = composite(many, log(1), all_or_none=False)
    assert code_of(answers["log"]) == (400, "PROCESSING_HALTED")
    assert [row["success"] for row in answers["many"]["body"]] == [True, False]


def in_order(sf, parts, *, collate):
    whole = [part | {"url": f"/services/data/v66.0{part['url']}"} for part in parts]
    answer = sf.post("/composite", json={"collateSubrequests": collate, "compositeRequest": whole})
    return {row["referenceId"]: row for row in answer.json()["compositeResponse"]}


def test_a_collection_and_a_question_about_it_are_one_call(emulator, sf):
    contact = emulator.create("Contact", LastName="Hopper")
    event = EVENT | {"attributes": {"type": "Event"}, "WhoId": contact}
    soql = f"SELECT Id, LastModifiedDate FROM Event WHERE WhoId IN ('{contact}') AND StartDateTime IN ({START})"
    parts = [
        {"referenceId": "many", "method": "POST", "url": "/composite/sobjects", "body": {"records": [event]}},
        {"referenceId": "seen", "method": "GET", "url": f"/queryAll?q={quote(soql)}"},
    ]
    answers = in_order(sf, parts, collate=False)
    assert [row["Id"] for row in answers["seen"]["body"]["records"]] == [answers["many"]["body"][0]["id"]]
    assert emulator.api_calls() == 1


def test_with_collation_no_order_is_promised(emulator, sf):
    """Reads that refer to nothing go first; without collation everything goes as it stands."""
    contact = emulator.create("Contact", LastName="Hopper", Title="Captain")
    row = f"/sobjects/Contact/{contact}"
    parts = [
        {"referenceId": "write", "method": "PATCH", "url": row, "body": {"Title": "Admiral"}},
        {"referenceId": "read", "method": "GET", "url": f"{row}?fields=Title"},
    ]
    assert in_order(sf, parts, collate=True)["read"]["body"]["Title"] == "Captain"
    emulator.update(contact, Title="Captain")
    assert in_order(sf, parts, collate=False)["read"]["body"]["Title"] == "Admiral"


def test_a_record_that_somebody_is_saving_can_not_be_locked(emulator, sf):
    """Nor can an Event be logged with it; the other rows of a collection are saved."""
    locked, free = (emulator.create("Contact", LastName=name) for name in ("Locked", "Free"))
    emulator.settings(locked_records=[locked[:15]])
    rows = [{"attributes": {"type": "Contact"}, "id": one, "Title": "x"} for one in (locked, free)]
    answer = sf.patch("/composite/sobjects", json={"records": rows}).json()
    assert [row["success"] for row in answer] == [False, True]
    assert answer[0]["errors"][0]["statusCode"] == "UNABLE_TO_LOCK_ROW"
    assert sf.post("/sobjects/Event", json=EVENT | {"WhoId": locked}).json()[0]["errorCode"] == "UNABLE_TO_LOCK_ROW"
    assert sf.post("/sobjects/Event", json=EVENT | {"WhoId": free}).status_code == 201
