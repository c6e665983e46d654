"""How long a web process takes for a month of slots, in an empty database and beside a million bookings.

usage: python bench/many.py [BOOKINGS] [--rounds 200]

Two hosts have 400 bookings in the month: one is there around the clock, the other has office hours. The others are
spread over 500 event types of 100 hosts and four years.
"""

import argparse
import json
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from booking import FIRST, Line, make_hosts, postgres, set_up, web

HOSTS, EVENT_TYPES = 102, 500
# A host's bookings lie one after another; `at` is the number of the half hour since the first.
FILL = """
    WITH made AS (
        INSERT INTO bookings_booking (account_id, event_type_id, uid, occasion, seat, status, revision, title, location,
            start, "end", invitee_name, invitee_email, invitee_phone, invitee_time_zone, invitee_locale, notes, guests,
            answers, created_at, waits_for, confirmed_at)
        SELECT e.account_id, e.id, md5(p.host_id || '-' || at), gen_random_uuid(), 1, 'confirmed', 1, 'Meet', '',
            %(first)s + at * interval '30 min', %(first)s + (at + 1) * interval '30 min', 'Grace', 'g@example.com', '',
            'UTC', '', '', '[]', '[]', now(), '', now()
        FROM generate_series(%(since)s::int, %(until)s::int) AS at
        CROSS JOIN unnest(%(hosts)s::bigint[]) AS host
        JOIN LATERAL (
            SELECT event_type_id, host_id FROM scheduling_place WHERE host_id = host
            ORDER BY id OFFSET at %% %(kinds)s LIMIT 1
        ) p ON true
        JOIN scheduling_eventtype e ON e.id = p.event_type_id
        RETURNING id, event_type_id, start, "end", occasion
    )
    INSERT INTO bookings_bookinghost (booking_id, host_id, during, occasion, active)
    SELECT made.id, p.host_id, tstzrange(start, "end"), occasion, true
    FROM made JOIN scheduling_place p ON p.event_type_id = made.event_type_id
"""


def more_event_types():
    """Give each host but the first two five event types."""
    from linktime.scheduling.models import EventType, Place

    for place in Place.objects.select_related("event_type").order_by("id")[2:]:
        for number in range(EVENT_TYPES // (HOSTS - 2) - 1):
            event_type = place.event_type
            event_type.pk, event_type.slug = None, f"{event_type.slug}-{number}"
            event_type.save(force_insert=True)
            Place.objects.create(event_type=event_type, host_id=place.host_id, schedule_id=place.schedule_id)
            event_type.slug = event_type.slug.rpartition("-")[0]
    assert EventType.objects.count() == EVENT_TYPES + 2


def fill(hosts, kinds, since, until):
    from django.db import connection

    with connection.cursor() as cursor:
        for begin in range(since, until, 1000):
            asked = {
                "hosts": hosts,
                "kinds": kinds,
                "since": begin,
                "until": min(begin + 1000, until) - 1,
                "first": FIRST,
            }
            cursor.execute(FILL, asked)
        cursor.execute("VACUUM ANALYZE bookings_booking, bookings_bookinghost, scheduling_eventtype, scheduling_place")


def open_the_office(host):
    """Give a host hours from nine to five, Monday to Friday."""
    from linktime.scheduling.models import Place, Schedule

    weekly = [{"days": ["mon", "tue", "wed", "thu", "fri"], "start": "09:00", "end": "17:00"}]
    Schedule.objects.filter(pk=Place.objects.get(host_id=host).schedule_id).update(weekly=weekly)


def tell(state, port, key, rounds):
    """Print how long the months of both hosts take; return the first's."""
    (always, slots), (office, fewer) = (milliseconds(port, key, rounds, number) for number in range(2))
    print(f"{state}: {slots} slots around the clock, median {always:.1f} ms; {fewer} in office hours, {office:.1f} ms")
    return always


def milliseconds(port, key, rounds, number):
    """Return the median of asking for a host's month, one request after another, and how many slots it has."""
    line = Line(port, key)
    start, end = FIRST.date(), (FIRST + timedelta(days=30)).date()
    path = f"/api/v1/slots?event_type=meet-{number}&start={start}&end={end}&time_zone=UTC"
    times = []
    for _ in range(rounds + 20):
        begun = time.perf_counter()
        status, answer = line.get(path)
        times.append((time.perf_counter() - begun) * 1000)
        assert status == 200, answer
    return statistics.median(times[20:]), len(json.loads(answer)["data"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("bookings", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--rounds", type=int, default=200)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, postgres(Path(place) / "postgres") as url:
        set_up(url, Path(place) / "data")
        key = make_hosts(HOSTS, crm=False)
        from linktime.scheduling.models import Place

        hosts = list(Place.objects.order_by("id").values_list("host_id", flat=True))
        with web() as port:
            open_the_office(hosts[1])
            tell("empty", port, key, wanted.rounds)
            fill(hosts[:2], 1, 200, 600)
            few = tell("400 bookings of each", port, key, wanted.rounds)
            more_event_types()
            begun = time.perf_counter()
            fill(hosts[2:], EVENT_TYPES // (HOSTS - 2), 0, wanted.bookings // (HOSTS - 2))
            print(f"({wanted.bookings} bookings of others, made in {time.perf_counter() - begun:.0f} s)")
            print(f"{tell('beside them', port, key, wanted.rounds) / few:.2f} times as long")


if __name__ == "__main__":
    main()
