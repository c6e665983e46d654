"""Create, list, read and delete notes as the service does it."""

import pytest


def test_a_note_is_given_back_as_text_and_markdown(api):
    answer = api.add_note(api.person(), format="markdown", content="# When\n**Monday**, [here](https://example.com)")
    note = answer.json()["data"]
    assert answer.status_code == 200
    assert note["content_plaintext"] == "When\nMonday, here"
    assert (note["meeting_id"], note["tags"], note["created_by_actor"]["type"]) == (None, [], "app")


def test_older_answers_lack_the_meeting(api, attio):
    attio.settings(note_meetings=False, author="api-token")
    note = api.add_note(api.person()).json()["data"]
    assert "meeting_id" not in note
    assert note["created_by_actor"]["type"] == "api-token"


@pytest.mark.parametrize("name", ["parent_object", "parent_record_id", "title", "format", "content"])
def test_every_field_of_a_note_is_required(api, name):
    answer = api.add_note(api.person(), **{name: None}).json()
    assert (answer["code"], answer["message"]) == ("validation_type", "Body payload validation error.")
    (fault,) = answer["validation_errors"]
    assert (fault["path"], fault["expected"], fault["received"]) == (["data", name], "string", "undefined")


def test_a_format_that_there_is_not_names_those_that_are(api):
    (fault,) = api.add_note(api.person(), format="html").json()["validation_errors"]
    assert (fault["code"], fault["options"]) == ("invalid_option", ["plaintext", "markdown"])


@pytest.mark.parametrize("moment", ["1969-12-31T23:00:00Z", "2999-01-01T00:00:00Z", "yesterday"])
def test_a_note_is_not_of_the_future_nor_from_before_1970(api, moment):
    assert api.add_note(api.person(), created_at=moment).status_code == 400


def test_a_note_needs_a_person(api):
    missing = "5f2a9c1e-7c1a-4d53-9d37-3c2b1a0f9e8d"
    answer = api.add_note(api.person(), parent_record_id=missing)
    assert (answer.status_code, answer.json()["message"]) == (404, f'Record with ID "{missing}" not found.')
    assert api.add_note(api.person(), parent_record_id="grace").status_code == 400
    assert api.add_note(api.person(), parent_object="ships").status_code == 404


def test_notes_are_listed_oldest_first_by_pages_of_at_most_50(api, attio):
    attio.settings(writes_a_second=1000)
    person = api.person()
    for number in range(12):
        api.add_note(person, title=str(number))
    api.add_note(api.person("other@example.com"))
    pages = [api.notes(person, limit=5, offset=offset).json()["data"] for offset in (0, 5, 10)]
    assert [note["title"] for page in pages for note in page] == [str(number) for number in range(12)]
    usual = api.http.get("/v2/notes", params={"parent_record_id": person["id"]["record_id"]})
    assert len(usual.json()["data"]) == 10
    assert api.notes(person, limit=51).status_code == 400


def test_a_deleted_note_is_gone(api):
    path = f"/v2/notes/{api.add_note(api.person()).json()['data']['id']['note_id']}"
    assert api.http.get(path).status_code == 200
    assert (api.http.delete(path).status_code, api.http.delete(path).status_code) == (200, 404)
    assert "was not found." in api.http.get(path).json()["message"]
