"""Weekly hours, typed."""

import pytest

from linktime.scheduling import schedules
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
    assert 'id="fault-fri">Friday: Hours end after they begin' in page
    assert 'id="name-fault"' in page
    assert 'value="17:00"' in page
    schedule.refresh_from_db()
    assert schedule.weekly == before


def dated(*rows):
    return {f"date_{name}": [row[place] for row in rows] for place, name in enumerate(("day", "start", "end"))}


def test_dates_have_hours_of_their_own_or_are_days_off(as_alice, schedule):
    rows = dated(
        ("2026-12-24", "09:00", "12:00"), ("2026-12-25", "", ""), ("2026-12-24", "14:00", "00:00"), ("", "", "")
    )
    address = f"/dashboard/availability/{schedule.pk}"
    as_alice.post(address, hours(mon=[("09:00", "17:00")]) | rows)
    schedule.refresh_from_db()
    morning, evening = {"start": "09:00", "end": "12:00"}, {"start": "14:00", "end": "24:00"}
    assert schedule.overrides == [
        {"date": "2026-12-24", "intervals": [morning, evening]}, {"date": "2026-12-25", "intervals": []}
    ]  # fmt: skip
    page = as_alice.get(address).text
    assert page.count('value="2026-12-24"') == 2
    assert page.count('value="2026-12-25"') == 1


def test_a_fault_of_a_date_stands_at_its_row_and_the_rest_is_kept(as_alice, schedule):
    rows = dated(("2026-12-24", "09:00", "12:00"), ("2026-12-25", "10:00", ""), ("", "09:00", "10:00"))
    response = as_alice.post(f"/dashboard/availability/{schedule.pk}", hours() | rows)
    assert response.status_code == 422
    assert 'id="date-fault-1"' not in response.text
    assert 'id="date-fault-2">Give a time' in response.text
    assert 'id="date-fault-3">Give a date' in response.text
    assert 'value="2026-12-25"' in response.text
    schedule.refresh_from_db()
    assert schedule.overrides == []


def test_public_holidays_are_days_off(as_alice, schedule):
    address = f"/dashboard/availability/{schedule.pk}"
    as_alice.post(address, hours() | {"country": "DE", "region": "BY"})
    schedule.refresh_from_db()
    assert schedule.holidays == {"country": "DE", "region": "BY"}
    page = as_alice.get(address).text
    assert '<option value="DE" selected>Germany</option>' in page
    response = as_alice.post(address, hours() | {"country": "DE", "region": "Bavaria"})
    assert response.status_code == 422
    assert 'id="region-fault">There is no such region' in response.text
    assert 'value="Bavaria"' in response.text


def test_a_default_is_what_new_event_types_take(as_alice, as_bob, alice, schedule):
    as_alice.post("/dashboard/availability/new")
    other = Schedule.objects.exclude(pk=schedule.pk).get()
    assert as_bob.post(f"/dashboard/availability/{other.pk}/default").status_code == 404
    as_alice.post(f"/dashboard/availability/{other.pk}/default")
    as_alice.post(f"/dashboard/availability/{other.pk}/default")
    assert schedules.own(alice.actor) == other
    assert f'action="/dashboard/availability/{other.pk}"' in as_alice.get("/dashboard/availability/").text
    as_alice.post(f"/dashboard/availability/{schedule.pk}/default")
    assert schedules.own(alice.actor) == schedule


def test_more_hours_are_made_and_deleted_unless_in_use(as_alice, schedule):
    as_alice.post("/dashboard/availability/new")
    other = Schedule.objects.exclude(pk=schedule.pk).get()
    as_alice.post(f"/dashboard/availability/{schedule.pk}/delete")
    as_alice.post(f"/dashboard/availability/{other.pk}/delete")
    assert list(Schedule.objects.all()) == [schedule]


def test_somebody_without_hours_gets_some(as_alice):
    assert as_alice.get("/dashboard/availability/").status_code == 200
    assert Schedule.objects.count() == 1
