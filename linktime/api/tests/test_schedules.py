import pytest

from linktime.api.tests.stage import faults, problem

pytestmark = pytest.mark.django_db
OFFICE = {
    "name": "Office",
    "time_zone": "Europe/London",
    "weekly": [{"days": ["mon", "tue"], "start": "09:00", "end": "17:00"}],
}


def test_a_schedule_is_made_read_changed_and_deleted(api):
    made = api.post("/schedules", OFFICE)
    assert made.status_code == 201
    here = f"/schedules/{made.json()['id']}"
    assert made.json() == OFFICE | {"id": made.json()["id"], "overrides": [], "holidays": None}
    assert api.get(here).json() == made.json()
    assert api.patch(here, {"name": "Late", "weekly": []}).json() == made.json() | {"name": "Late", "weekly": []}
    assert api.get("/schedules").json() == {"data": [api.get(here).json()], "next_cursor": None}
    gone = api.delete(here)
    assert (gone.status_code, gone.content) == (204, b"")
    problem(api.get(here), 404, "not_found")


def test_every_fault_is_told(api):
    bad = {"time_zone": "Mars", "weekly": [{"days": ["mon"], "start": "9", "end": "17:00"}], "colour": []}
    assert faults(api.post("/schedules", bad)) == {
        "name": "required", "time_zone": "unknown_time_zone", "weekly.0.start": "invalid_time",
        "colour": "unknown_field",
    }  # fmt: skip


def test_nothing_is_changed_by_a_change_with_a_fault(api):
    here = f"/schedules/{api.post('/schedules', OFFICE).json()['id']}"
    assert faults(api.patch(here, {"name": "New", "time_zone": 7})) == {"time_zone": "wrong_type"}
    assert api.get(here).json()["name"] == "Office"


def test_one_that_is_in_use_stays(api, event_type):
    problem(api.delete(f"/schedules/{event_type.schedule_id}"), 409, "in_use")


def test_a_colleague_shares_schedules_and_a_stranger_sees_none(colleague, stranger, event_type):
    here = f"/schedules/{event_type.schedule_id}"
    assert colleague.get(here).status_code == 200
    assert stranger.get("/schedules").json()["data"] == []
    problem(stranger.get(here), 404, "not_found")
    problem(stranger.patch(here, {"name": "Mine"}), 404, "not_found")
    problem(stranger.delete(here), 404, "not_found")


def test_days_with_hours_of_their_own(api):
    """Overrides come back by date, united; holidays are named by country."""
    intervals = [{"start": "10:00", "end": "12:00"}, {"start": "09:00", "end": "10:00"}]
    overrides = [{"date": "2026-12-31", "intervals": []}, {"date": "2026-12-24", "intervals": intervals}]
    made = api.post("/schedules", OFFICE | {"overrides": overrides, "holidays": {"country": "GB", "region": "SCT"}})
    assert made.json()["overrides"] == [
        {"date": "2026-12-24", "intervals": [{"start": "09:00", "end": "12:00"}]},
        {"date": "2026-12-31", "intervals": []},
    ]
    assert made.json()["holidays"] == {"country": "GB", "region": "SCT"}
    assert api.patch(f"/schedules/{made.json()['id']}", {"holidays": None}).json()["holidays"] is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"overrides": [{"date": "2026-02-30", "intervals": []}]}, {"overrides.0.date": "invalid_date"}),
        ({"overrides": [{"date": "2026-12-24"}]}, {"overrides.0.intervals": "wrong_type"}),
        ({"overrides": [{"date": "2026-12-24", "intervals": []}] * 2}, {"overrides.1.date": "not_unique"}),
        (
            {"overrides": [{"date": "2026-12-24", "intervals": [{"start": "12:00", "end": "09:00"}]}]},
            {"overrides.0.intervals.0.end": "ends_before_start"},
        ),
        ({"holidays": {"country": "Narnia"}}, {"holidays.country": "unknown_country"}),
        ({"holidays": {"country": "GB", "region": "XX"}}, {"holidays.region": "unknown_region"}),
        ({"holidays": "GB"}, {"holidays": "wrong_type"}),
    ],
)
def test_faulty_days(api, change, fault):
    assert faults(api.post("/schedules", OFFICE | change)) == fault
