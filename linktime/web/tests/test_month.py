"""A month as a calendar shows it."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from linktime.web.public import month

months = st.dates(date(2000, 1, 1), date(2100, 12, 31)).map(month.first_of)


@given(months, st.integers(0, 6))
def test_every_day_is_there_once_under_its_weekday(first, first_weekday):
    weeks = month.weeks(first, first_weekday=first_weekday, open_days=(), today=first, chosen=None)
    days = [day for week in weeks for day in week if day]
    assert [day.date for day in days] == [first + timedelta(days=n) for n in range(len(days))]
    assert days[-1].date + timedelta(days=1) == month.next_month(first)
    for week in weeks:
        assert len(week) == 7
        assert all(day is None or day.date.weekday() == (first_weekday + place) % 7 for place, day in enumerate(week))


@given(months)
def test_back_and_forth_leads_back(first):
    assert month.previous_month(month.next_month(first)) == first


def test_days_say_what_they_are():
    first, open_day, today = date(2026, 11, 1), date(2026, 11, 24), date(2026, 11, 23)
    weeks = month.weeks(first, first_weekday=0, open_days={open_day}, today=today, chosen=open_day)
    days = {day.date: day for week in weeks for day in week if day}
    assert (days[open_day].open, days[open_day].chosen, days[open_day].today) == (True, True, False)
    assert (days[today].open, days[today].chosen, days[today].today) == (False, False, True)
