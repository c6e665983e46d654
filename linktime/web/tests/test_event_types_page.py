"""Event types, made and changed on their page."""

import pytest

from linktime.scheduling.models import EventType

PAGE = "/dashboard/event-types/"


def typed(**changed):
    return {
        "title": "Coffee & chat", "slug": "", "description": "", "durations": "15, 30",
        "location_kind": "", "location": "",
        "schedule": "", "minimum_notice": "60", "window_kind": "rolling", "window_days": "30", "window_start": "",
        "window_end": "", "buffer_before": "", "buffer_after": "5",
    } | changed  # fmt: skip


def test_one_is_made_with_a_link_from_its_title(as_alice):
    assert as_alice.post(f"{PAGE}new", typed()).headers["Location"] == PAGE
    made = EventType.objects.get(slug="coffee-chat")
    assert (made.durations, made.buffer_after, made.minimum_notice) == ([15, 30], 5, 60)
    assert made.window == {"kind": "rolling", "days": 30}
    assert "/alice/coffee-chat" in as_alice.get(PAGE).content.decode()


def test_faults_stand_at_their_fields_and_the_rest_is_kept(as_alice):
    response = as_alice.post(f"{PAGE}new", typed(title="", durations="soon", description="Bring cake"))
    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="id_title_error"' in page
    assert 'id="id_durations_error"' in page
    assert "Bring cake" in page
    assert not EventType.objects.exists()


def test_an_address_that_is_taken_says_so(as_alice, event_type):
    page = as_alice.post(f"{PAGE}new", typed(slug="intro-call")).content.decode()
    assert 'id="id_slug_error"' in page


def test_what_is_there_is_shown_and_saved_again(as_alice, event_type):
    page = as_alice.get(f"{PAGE}{event_type.pk}").content.decode()
    assert 'value="Intro call"' in page
    as_alice.post(f"{PAGE}{event_type.pk}", typed(title="Hello", slug="intro-call", window_kind=""))
    event_type.refresh_from_db()
    assert (event_type.title, event_type.window) == ("Hello", None)


def test_questions_keep_their_keys(as_alice, event_type):
    event_type.questions = [{"key": "firm", "label": "Company", "kind": "text", "required": False, "options": []}]
    event_type.save()
    columns = {
        "question_key": ["firm", "", ""],
        "question_label": ["Your company", "Size?", ""],
        "question_kind": ["text", "choice", "text"],
        "question_required": ["yes", "no", "no"],
        "question_options": ["", "small\r\nlarge\r\n", ""],
    }
    as_alice.post(f"{PAGE}{event_type.pk}", typed(slug="intro-call") | columns)
    event_type.refresh_from_db()
    assert event_type.questions == [
        {"key": "firm", "label": "Your company", "kind": "text", "required": True, "options": []},
        {"key": "size", "label": "Size?", "kind": "choice", "required": False, "options": ["small", "large"]},
    ]


@pytest.mark.parametrize(("word", "active"), [("no", False), ("yes", True)])
def test_one_is_closed_and_opened(client, as_alice, event_type, word, active):
    as_alice.post(f"{PAGE}{event_type.pk}/switch", {"active": word})
    assert client.get("/alice/intro-call").status_code == (200 if active else 404)


def test_one_without_bookings_is_deleted_after_asking(as_alice, event_type):
    assert "Delete Intro call?" in as_alice.get(f"{PAGE}{event_type.pk}/delete").content.decode()
    as_alice.post(f"{PAGE}{event_type.pk}/delete")
    assert not EventType.objects.exists()
