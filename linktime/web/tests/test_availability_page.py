"""Weekly hours, typed."""

import pytest

from linktime.scheduling.models import Schedule


@pytest.fixture
def schedule(event_type):
    return event_type.schedule


def hours(**days):
    values = {"name": "Office hours", "time_zone": "Europe/London"}
    for day, intervals in days.items():
        values |= {f"{day}_start": [start for start, _ in intervals], f"{day}_end": [end for _, end in intervals]}
    return values


def test_hours_are_shown_and_saved(as_alice, schedule):
    page = as_alice.get("/dashboard/availability/").content.decode()
    assert page.count('value="09:00"') == 5
    typed = hours(mon=[("09:00", "12:00"), ("13:00", "00:00"), ("", "")], sat=[("", "")])
    as_alice.post(f"/dashboard/availability/{schedule.pk}", typed)
    schedule.refresh_from_db()
    assert schedule.weekly == [
        {"days": ["mon"], "start": "09:00", "end": "12:00"},
        {"days": ["mon"], "start": "13:00", "end": "24:00"},
    ]


def test_a_fault_names_its_day_and_nothing_is_saved(as_alice, schedule):
    before = schedule.weekly
    typed = hours(tue=[("09:00", "10:00")], fri=[("17:00", "09:00")]) | {"name": ""}
    response = as_alice.post(f"/dashboard/availability/{schedule.pk}", typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Friday: Hours end after they begin" in page
    assert "Name: " in page
    assert 'value="17:00"' in page
    schedule.refresh_from_db()
    assert schedule.weekly == before


def test_more_hours_are_made_and_deleted_unless_in_use(as_alice, schedule):
    as_alice.post("/dashboard/availability/new")
    other = Schedule.objects.exclude(pk=schedule.pk).get()
    as_alice.post(f"/dashboard/availability/{schedule.pk}/delete")
    as_alice.post(f"/dashboard/availability/{other.pk}/delete")
    assert list(Schedule.objects.all()) == [schedule]


def test_somebody_without_hours_gets_some(as_alice):
    assert as_alice.get("/dashboard/availability/").status_code == 200
    assert Schedule.objects.count() == 1
