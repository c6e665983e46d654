import pytest

from linktime.api.tests.stage import faults, problem
from tests.people import make_event_type

pytestmark = pytest.mark.django_db


def starts(answer):
    assert answer.status_code == 200, answer.content
    return [slot["start"] for slot in answer.json()["data"]]


def test_a_day_of_slots_is_in_order(api, event_type):
    answer = api.get("/slots", event_type="intro-call", start="2026-11-30", end="2026-11-30")
    assert answer.json()["data"][0] == {"start": "2026-11-30T09:00:00Z", "end": "2026-11-30T09:30:00Z"}
    found = starts(answer)
    assert (len(found), found[-1]) == (16, "2026-11-30T16:30:00Z")
    assert found == sorted(found)


def test_dates_are_read_in_the_time_zone_asked_for(api, event_type):
    """In Auckland (UTC+13), Tuesday ends at 11:00 in London: Tuesday's slots there begin on Monday here."""
    query = {"event_type": event_type.pk, "start": "2026-12-01", "end": "2026-12-01", "time_zone": "Pacific/Auckland"}
    found = starts(api.get("/slots", **query))
    assert (found[0], found[-1]) == ("2026-11-30T11:00:00Z", "2026-12-01T10:30:00Z")


def test_instants_bound_the_beginnings(api, event_type):
    query = {"start": "2026-11-30T10:00:00+01:00", "end": "2026-11-30T10:00:00Z"}
    assert starts(api.get("/slots", event_type="intro-call", **query)) == [
        "2026-11-30T09:00:00Z", "2026-11-30T09:30:00Z"
    ]  # fmt: skip


def test_a_duration_is_one_of_the_event_types(api, alice):
    make_event_type(alice, durations=[30, 60])
    query = {"event_type": "intro-call", "start": "2026-11-30", "end": "2026-11-30"}
    assert api.get("/slots", duration=60, **query).json()["data"][0]["end"] == "2026-11-30T10:00:00Z"
    assert faults(api.get("/slots", duration=45, **query)) == {"duration": "not_an_option"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"start": "2026-11-31"}, "start"),
        ({"start": "2026-11-30T09:00:00"}, "start"),
        ({"start": "soon"}, "start"),
        ({"start": "0001-01-01"}, "start"),
        ({"end": "9999-12-31"}, "end"),
        ({"end": "2026-11-29"}, "end"),
        ({"end": "2027-01-31"}, "end"),
        ({"end": "2027-01-31T00:00:01Z", "start": "2026-11-30T00:00:00Z"}, "end"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"time_zone": "\x00"}, "time_zone"),
        ({"duration": "long"}, "duration"),
        ({"event_type": "\x00"}, "event_type"),
    ],
)
def test_a_bad_parameter_is_a_fault(api, event_type, change, field):
    query = {"event_type": "intro-call", "start": "2026-11-30", "end": "2026-11-30"} | change
    assert list(faults(api.get("/slots", **query))) == [field]


def test_62_days_are_not_too_many_whatever_the_clock_does(api, event_type):
    across = {"start": "2027-03-01", "end": "2027-05-01", "time_zone": "Europe/London"}
    assert api.get("/slots", event_type="intro-call", **across).status_code == 200
    instants = {"start": "2027-03-01T00:00:00Z", "end": "2027-05-02T00:00:00Z"}
    assert api.get("/slots", event_type="intro-call", **instants).status_code == 200


def test_all_faults_are_told(api, event_type):
    assert faults(api.get("/slots", start="x", time_zone="y")) == {
        "event_type": "required", "start": "invalid_instant", "end": "required", "time_zone": "unknown_time_zone"
    }  # fmt: skip


def test_a_stranger_sees_no_slots(stranger, event_type):
    query = {"start": "2026-11-30", "end": "2026-11-30"}
    problem(stranger.get("/slots", event_type="intro-call", **query), 404, "not_found")
    problem(stranger.get("/slots", event_type=event_type.pk, **query), 404, "not_found")
