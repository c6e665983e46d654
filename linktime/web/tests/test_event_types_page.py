"""Event types, made and changed on their page."""

import pytest

from linktime.scheduling import schedules
from linktime.scheduling.models import EventType
from linktime.web.dashboard.event_types import lengths
from tests.people import NOW

PAGE = "/dashboard/event-types/"


def typed(**changed):
    return {
        "title": "Coffee & chat", "slug": "", "description": "", "durations": "15, 30",
        "location_kind": "", "location": "", "visibility": "public",
        "minimum_notice": "1 h", "window_kind": "rolling", "window_days": "30", "window_start": "",
        "window_end": "", "buffer_before": "", "buffer_after": "5", "slot_interval": "", "slot_offset": "",
        "limit_day": "", "limit_week": "", "limit_month": "", "assignment": "single", "seats": "1",
        "redirect_url": "", "reschedule_deadline": "", "cancel_deadline": "", "reminders": "", "follow_ups": "",
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


def test_every_setting_is_saved_and_shown_again(as_alice, event_type):
    changed = typed(
        slug="intro-call", visibility="hidden", window_kind="business_days", window_days="10", slot_interval="20",
        slot_offset="10", limit_day="3", limit_month="20", seats="4", requires_approval="on",
        requires_verification="on", redirect_url="https://example.com/thanks", reschedule_deadline="1 day 2 h",
        cancel_deadline="90", reminders="1 day, 1 h", follow_ups="0 min, 2 days",
    )  # fmt: skip
    assert as_alice.post(f"{PAGE}{event_type.pk}", changed).status_code == 302
    event_type.refresh_from_db()
    expected = {
        "visibility": "hidden", "window": {"kind": "business_days", "days": 10}, "slot_interval": 20,
        "slot_offset": 10, "limits": {"day": 3, "week": None, "month": 20}, "seats": 4, "requires_approval": True,
        "requires_verification": True, "redirect_url": "https://example.com/thanks", "reschedule_deadline": 1560,
        "cancel_deadline": 90, "reminders": [1440, 60], "follow_ups": [0, 2880], "minimum_notice": 60,
    }  # fmt: skip
    assert {name: getattr(event_type, name) for name in expected} == expected
    page = as_alice.get(f"{PAGE}{event_type.pk}").text
    for shown in ('value="1 day 2 h"', 'value="1 h 30 min"', 'value="1 day, 1 h"', 'value="0 min, 2 days"'):
        assert shown in page
    assert page.count(" checked") == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"minimum_notice": "soon"}, "minimum_notice"),
        ({"limit_day": "5", "limit_week": "2"}, "limit_day"),
        ({"window_days": ""}, "window_days"),
        ({"seats": "0"}, "seats"),
        ({"redirect_url": "javascript:alert(1)"}, "redirect_url"),
        ({"reminders": "1 h, 1 h"}, "reminders"),
        ({"follow_ups": "1 h, later"}, "follow_ups"),
        ({"slot_interval": "0"}, "slot_interval"),
    ],
)
def test_each_fault_stands_at_its_field_in_its_unfolded_group(as_alice, event_type, changed, field):
    response = as_alice.post(f"{PAGE}{event_type.pk}", typed(slug="intro-call", **changed))
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.text
    fold = response.text[: response.text.index(f'id="id_{field}_error"')].rpartition("<details")[2]
    assert fold.startswith(' class="card group" open>')


def asked(*labels, kinds=None, **more):
    count = len(labels)
    return typed(
        slug="intro-call", question_key=[""] * count, question_label=list(labels),
        question_kind=kinds or ["text"] * count, question_required=["no"] * count, question_options=[""] * count,
        **more,
    )  # fmt: skip


def test_a_question_is_moved_without_scripts_and_nothing_typed_is_lost(as_alice, event_type):
    page = as_alice.post(f"{PAGE}{event_type.pk}", asked("First?", "Second?", "", move="1:up", title="New name")).text
    assert page.index("Second?") < page.index("First?")
    assert 'value="New name"' in page
    assert "Not saved yet" not in page
    event_type.refresh_from_db()
    assert event_type.questions == []


def test_a_fault_of_a_question_stands_at_its_row(as_alice, event_type):
    response = as_alice.post(f"{PAGE}{event_type.pk}", asked("Fine?", "Which?", "", kinds=["text", "choice", "text"]))
    assert response.status_code == 422
    assert 'id="q-fault-2"' in response.text
    assert 'id="q-fault-1"' not in response.text


def test_a_team_hosts_with_hours_and_weights_of_each(as_alice, alice, bob, event_type):
    night = schedules.create(bob.actor, {"name": "Nights", "time_zone": "UTC"})
    team = {
        f"host_{alice.user.pk}": "on", f"hours_{alice.user.pk}": event_type.schedule_id, f"weight_{alice.user.pk}": "1",
        f"host_{bob.user.pk}": "on", f"hours_{bob.user.pk}": night.pk, f"weight_{bob.user.pk}": "3",
    }  # fmt: skip
    refused = as_alice.post(f"{PAGE}{event_type.pk}", typed(slug="intro-call", **team))
    assert 'id="id_assignment_error"' in refused.text
    as_alice.post(f"{PAGE}{event_type.pk}", typed(slug="intro-call", assignment="round_robin", **team))
    assert [(place.host, place.weight) for place in event_type.places.order_by("order")] == [
        (alice.user, 1), (bob.user, 3),
    ]  # fmt: skip
    assert event_type.places.get(host=bob.user).schedule == night
    heavy = typed(slug="intro-call", assignment="round_robin", **team | {f"weight_{bob.user.pk}": "1000"})
    assert f'id="id_weight_{bob.user.pk}_error"' in as_alice.post(f"{PAGE}{event_type.pk}", heavy).text
    alone = typed(slug="intro-call", **{key: value for key, value in team.items() if key != f"host_{alice.user.pk}"})
    as_alice.post(f"{PAGE}{event_type.pk}", alone)
    assert [place.host for place in event_type.places.all()] == [bob.user]


def test_single_use_links_are_made_and_listed(client, as_alice, event_type):
    event_type.visibility = "link_only"
    event_type.save()
    assert "nobody can book this" in as_alice.get(f"{PAGE}{event_type.pk}/share").text
    page = as_alice.post(f"{PAGE}{event_type.pk}/links", follow=True).text
    link = event_type.links.get()
    assert page.count(f"/alice/intro-call?link={link.token}") == 2
    link.used_at = NOW
    link.save()
    assert "Used" in as_alice.get(f"{PAGE}{event_type.pk}/share").text


@pytest.mark.parametrize(
    ("words", "minutes"),
    [("90", 90), ("1 h 30 min", 90), ("2 days", 2880), ("1d", 1440), ("0", 0), ("5 Minutes", 5), ("1 DAY 1 h", 1500)],
)
def test_lengths_of_time_are_read_as_people_write_them(words, minutes):
    assert lengths.read(words) == minutes
    assert lengths.read(lengths.written(minutes)) == minutes


@pytest.mark.parametrize(("word", "active"), [("no", False), ("yes", True)])
def test_one_is_closed_and_opened(client, as_alice, event_type, word, active):
    as_alice.post(f"{PAGE}{event_type.pk}/switch", {"active": word})
    assert client.get("/alice/intro-call").status_code == (200 if active else 404)


def test_one_without_bookings_is_deleted_after_asking(as_alice, event_type):
    assert "Delete Intro call?" in as_alice.get(f"{PAGE}{event_type.pk}/delete").content.decode()
    as_alice.post(f"{PAGE}{event_type.pk}/delete")
    assert not EventType.objects.exists()
