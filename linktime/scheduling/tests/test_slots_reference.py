"""The slots against a slow reference that looks at every minute and shares no code with them."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from linktime.scheduling.slots import Busy, DateRange, Hours, Rolling, Rules, free_slots

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
# Days at which clocks change, and one at which none does.
DAYS = {
    "Europe/London": [date(2026, 3, 29), date(2026, 10, 25)],
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],
    "Asia/Beirut": [date(2026, 3, 29), date(2026, 10, 24)],
    "America/Scoresbysund": [date(2026, 3, 28), date(2026, 10, 24)],
    "America/Havana": [date(2026, 3, 8), date(2026, 11, 1)],
    "Asia/Kathmandu": [date(2026, 11, 30)],
}


@cache
def clock_table(zone, day):
    """The minutes of the days around, by instant, and what clocks show then."""
    here = ZoneInfo(zone)
    began = datetime.combine(day - 5 * DAY, datetime.min.time(), tzinfo=UTC)
    instants = [began + count * MINUTE for count in range(12 * 1440)]
    walls = [instant.astimezone(here).replace(tzinfo=None, fold=0) for instant in instants]
    first_at = {}
    for instant, wall in zip(instants, walls, strict=True):
        first_at.setdefault(wall, instant)
    return walls, first_at


class Reference:
    """Decides minute by minute, for the days around one day."""

    def __init__(self, rules, day):
        self.rules = rules
        self.days = [day + shift * DAY for shift in range(-3, 5)]
        self.walls, self.first_at = clock_table(rules.time_zone, day)

    def instant(self, day, minutes):
        """The first minute that shows this time; when none does, the one that shows it put forward by the gap."""
        wall = datetime.combine(day, datetime.min.time()) + minutes * MINUTE
        if wall in self.first_at:
            return self.first_at[wall]
        after = next(index for index, shown in enumerate(self.walls) if shown > wall)
        gap = self.walls[after] - self.walls[after - 1] - MINUTE
        return self.first_at[wall + gap]

    def minutes_of(self, day):
        """The open minutes that belong to a day's hours."""
        minutes = set()
        for hours in self.rules.weekly:
            if hours.weekday == day.weekday():
                at, end = self.instant(day, hours.start), self.instant(day, hours.end)
                while at < end:
                    minutes.add(at)
                    at += MINUTE
        return minutes

    def beginnings(self, minutes, step):
        """Of a day's open minutes, those that lie a number of whole steps after their stretch began."""
        since = 0
        for at in sorted(minutes):
            since = since + 1 if at - MINUTE in minutes else 0
            if since % step == 0:
                yield at

    def slots(self, *, duration, start, end, busy, now):
        of_day = [self.minutes_of(day) for day in self.days]
        opened = set().union(*of_day)
        step = self.rules.slot_interval or duration
        return sorted(
            at
            for at in {at for minutes in of_day for at in self.beginnings(minutes, step)}
            if start <= at < end
            and at >= now + self.rules.minimum_notice * MINUTE
            and self.in_window(at, now)
            and all(at + count * MINUTE in opened for count in range(duration))
            and not any(self.clash(at, duration, one) for one in busy)
        )

    def in_window(self, at, now):
        here = ZoneInfo(self.rules.time_zone)
        day, today = at.astimezone(here).date(), now.astimezone(here).date()
        window = self.rules.window
        if isinstance(window, Rolling):
            return (day - today).days <= window.days
        return window is None or window.first <= day <= window.last

    def clash(self, at, duration, busy):
        """Minute by minute: the meeting with its pauses against the other meeting, and the other way round."""
        ours = {at + count * MINUTE for count in range(duration)}
        with_pauses = {
            at + count * MINUTE for count in range(-self.rules.buffer_before, duration + self.rules.buffer_after)
        }
        length = int((busy.end - busy.start) / MINUTE)
        theirs = {busy.start + count * MINUTE for count in range(length)}
        theirs_with_pauses = {
            busy.start + count * MINUTE for count in range(-busy.buffer_before, length + busy.buffer_after)
        }
        return bool(with_pauses & theirs or ours & theirs_with_pauses)


@st.composite
def situations(draw):
    zone = draw(st.sampled_from(sorted(DAYS)))
    day = draw(st.sampled_from(DAYS[zone]))
    minutes = st.integers(0, 1440)
    pair = st.tuples(minutes, minutes).filter(lambda two: two[0] != two[1])
    near_night = st.tuples(st.integers(0, 240), st.integers(0, 240)).filter(lambda two: two[0] != two[1])
    to_midnight = minutes.filter(lambda start: start < 1440).map(lambda start: (start, 1440))
    spans = draw(st.lists(pair | near_night | to_midnight, min_size=1, max_size=4))
    weekdays = [(day + shift * DAY).weekday() for shift in (-1, 0, 1)]
    weekly = tuple(Hours(draw(st.sampled_from(weekdays)), min(span), max(span)) for span in spans)
    midnight = datetime.combine(day, datetime.min.time(), tzinfo=UTC)
    instants = st.integers(-1440, 2 * 1440).map(lambda count: midnight + count * MINUTE)
    few = st.sampled_from([0, 0, 5, 30, 90])
    busy = st.builds(
        lambda start, length, before, after: Busy(start, start + length * MINUTE, before, after),
        instants,
        st.integers(1, 120),
        few,
        few,
    )
    windows = st.none() | st.builds(Rolling, st.integers(0, 2)) | st.just(DateRange(day, day))
    rules = Rules(
        time_zone=zone,
        weekly=weekly,
        slot_interval=draw(st.none() | st.integers(15, 180)),
        buffer_before=draw(few),
        buffer_after=draw(few),
        minimum_notice=draw(st.sampled_from([0, 0, 1, 60, 1440])),
        window=draw(windows),
    )
    asked = {
        "duration": draw(st.sampled_from([15, 30, 45, 60, 240, 1440])),
        "start": draw(instants),
        "end": draw(instants),
        "busy": draw(st.lists(busy, max_size=3)),
        "now": draw(st.just(midnight - 30 * DAY) | instants),
    }
    return day, rules, asked


@settings(max_examples=100, deadline=None, derandomize=True)
@given(situations())
def test_every_minute_agrees(situation):
    """Whatever the zone, the hours and what is taken, the slots are those that a look at every minute finds."""
    day, rules, asked = situation
    expected = Reference(rules, day).slots(**asked)
    assert [slot.start for slot in free_slots(rules, **asked)] == expected
