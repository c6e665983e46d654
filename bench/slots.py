"""How long it takes to find a month of slots, beside `justbookmycal` in the same run.

usage: python bench/slots.py        (compares if `pip install justbookmycal==0.2.0` was run in this environment)

A host with hours from 09:00 to 17:00 on weekdays, meetings of 30 minutes every 15, buffers of 15 on both sides, and so
many busy blocks spread over the month; then ten hosts who all have to be free, with 400 blocks each. Both engines get
the same rules and blocks, and have to find the same slots. Medians of the process's own CPU time.
"""

import random
import statistics
import sys
import time
import zoneinfo
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time

from linktime.scheduling.hours import HostHours, Hours
from linktime.scheduling.localtime import LocalCalendar
from linktime.scheduling.rules import Rules
from linktime.scheduling.slots import Busy, Host, free_slots

try:
    from justbookmycal import availability as other
except ImportError:
    other = None

zoneinfo.reset_tzpath(to=[])
NOW = datetime(2026, 10, 5, 6, 0, tzinfo=UTC)
MONTH = timedelta(days=30)
ZONE, DURATION, STEP, BUFFER = "Europe/London", 30, 15, 15
RULES = Rules(slot_interval=STEP, buffer_before=BUFFER, buffer_after=BUFFER)
HOURS = HostHours(LocalCalendar(ZONE), weekly=tuple(Hours(day, 9 * 60, 17 * 60) for day in range(5)))


def blocks(count, seed=1):
    """Short blocks at random minutes of the month, so that some slots stay free."""
    chance = random.Random(seed)
    starts = [NOW + timedelta(minutes=chance.randrange(30 * 1440)) for _ in range(count)]
    return [(start, start + timedelta(minutes=chance.choice([1, 5, 10]))) for start in starts]


def ours(busy):
    hosts = [Host(HOURS, [Busy(*block) for block in busy])]
    return lambda: free_slots(RULES, hosts, duration=DURATION, start=NOW, end=NOW + MONTH, now=NOW)


def theirs(busy):
    rules = other.Rules(
        tz=zoneinfo.ZoneInfo(ZONE),
        hours={day: [(clock_time(9), clock_time(17))] for day in range(5)},
        step=timedelta(minutes=STEP),
        notice=timedelta(0),
        horizon=MONTH,
        buffer_before=timedelta(minutes=BUFFER),
        buffer_after=timedelta(minutes=BUFFER),
    )
    named = [(start, end, "uid") for start, end in busy]
    return lambda: other.compute_slots(rules, DURATION, named, NOW)


def together(count):
    hosts = [Host(HOURS, [Busy(*block) for block in blocks(count, seed)]) for seed in range(10)]
    return lambda: free_slots(RULES, hosts, duration=DURATION, start=NOW, end=NOW + MONTH, now=NOW)


def milliseconds(work, least=0.5):
    """Return the median of the CPU time of one call, over half a second at least."""
    work()
    times, begun = [], time.process_time()
    while time.process_time() - begun < least or len(times) < 5:
        before = time.process_time()
        work()
        times.append(time.process_time() - before)
    return statistics.median(times) * 1000


def main():
    print(f"a month of slots, one host; Python {sys.version.split()[0]}")
    for count in (0, 50, 400, 2000):
        busy = blocks(count)
        fast = milliseconds(ours(busy))
        line = f"{count:5} blocks: {fast:7.3f} ms, {len(ours(busy)()):3} slots"
        if other:
            assert [slot.start for slot in ours(busy)()] == theirs(busy)(), "the engines disagree"
            slow = milliseconds(theirs(busy))
            line += f"; justbookmycal {slow:8.3f} ms: {slow / fast:5.1f} times as long"
        print(line)
    print(f"ten hosts together, 400 blocks each: {milliseconds(together(400)):.2f} ms")
    print(f"ten hosts together, 50 blocks each: {milliseconds(together(50)):.2f} ms")


if __name__ == "__main__":
    main()
