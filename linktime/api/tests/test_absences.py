import pytest

from linktime.api.tests.stage import faults, problem

pytestmark = pytest.mark.django_db
LEAVE = {"start": "2026-11-30", "end": "2026-12-01"}


def starts(api, day="2026-11-30"):
    query = {"event_type": "intro-call", "start": day, "end": day, "time_zone": "UTC"}
    return [slot["start"] for slot in api.get("/slots", **query).json()["data"]]


def test_who_is_out_of_office_is_not_offered(api, alice, event_type):
    assert len(starts(api)) == 16
    made = api.post("/absences", LEAVE | {"reason": "Leave"})
    assert made.status_code == 201
    assert made.json() == LEAVE | {
        "id": made.json()["id"], "host": alice.user.pk, "time_zone": None, "reason": "Leave"
    }  # fmt: skip
    assert api.get("/absences").json() == {"data": [made.json()], "next_cursor": None}
    assert starts(api) == starts(api, "2026-12-01") == []
    assert api.delete(f"/absences/{made.json()['id']}").status_code == 204
    assert len(starts(api)) == 16
    problem(api.delete(f"/absences/{made.json()['id']}"), 404, "not_found")


def test_who_travels_is_offered_by_the_clocks_there(api, event_type):
    api.post("/absences", LEAVE | {"time_zone": "America/New_York"})
    assert starts(api)[0] == "2026-11-30T14:00:00Z"
    assert starts(api, "2026-12-02")[0] == "2026-12-02T09:00:00Z"
    overlapping = {"start": "2026-12-01", "end": "2026-12-03", "time_zone": "Asia/Tokyo"}
    assert faults(api.post("/absences", overlapping)) == {"start": "overlaps"}
    assert api.post("/absences", overlapping | {"time_zone": None}).status_code == 201


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"end": "2026-11-29"}, {"end": "ends_before_start"}),
        ({"start": "2026-02-30"}, {"start": "invalid_date"}),
        ({"start": None, "end": 7}, {"start": "invalid_date", "end": "invalid_date"}),
        ({"host": 99_999}, {"host": "not_a_member"}),
        ({"time_zone": "Mars"}, {"time_zone": "unknown_time_zone"}),
        ({"colour": "red"}, {"colour": "unknown_field"}),
    ],
)
def test_faulty_absences(api, change, fault):
    assert faults(api.post("/absences", LEAVE | change)) == fault


def test_a_colleagues_absence_and_a_strangers(api, stranger, bob, charlie):
    made = api.post("/absences", LEAVE | {"host": bob.user.pk}).json()
    assert made["host"] == bob.user.pk
    assert faults(api.post("/absences", LEAVE | {"host": charlie.user.pk})) == {"host": "not_a_member"}
    assert stranger.get("/absences").json()["data"] == []
    problem(stranger.delete(f"/absences/{made['id']}"), 404, "not_found")
