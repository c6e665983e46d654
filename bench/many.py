"""How long a web process takes for a month of slots, in an empty database and beside a million bookings.

usage: python bench/many.py [BOOKINGS] [--rounds 200]

One host has 400 bookings in the month. The others are spread over 500 event types of 100 hosts and four years.
"""

import argparse
import json
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from booking import FIRST, Line, make_hosts, postgres, set_up, web

HOSTS, EVENT_TYPES = 101, 500
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
    """Give each host but the first five event types."""
    from linktime.scheduling.models import EventType, Place

    for place in Place.objects.select_related("event_type").order_by("id")[1:]:
        for number in range(EVENT_TYPES // (HOSTS - 1) - 1):
            event_type = place.event_type
            event_type.pk, event_type.slug = None, f"{event_type.slug}-{number}"
            event_type.save(force_insert=True)
            Place.objects.create(event_type=event_type, host_id=place.host_id, schedule_id=place.schedule_id)
            event_type.slug = event_type.slug.rpartition("-")[0]
    assert EventType.objects.count() == EVENT_TYPES + 1


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


def milliseconds(port, key, rounds):
    """Return the median of asking for the first host's month, one request after another."""
    line = Line(port, key)
    start, end = FIRST.date(), (FIRST + timedelta(days=30)).date()
    path = f"/api/v1/slots?event_type=meet-0&start={start}&end={end}&time_zone=UTC"
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
            empty, slots = milliseconds(port, key, wanted.rounds)
            print(f"empty: median {empty:.1f} ms for {slots} slots")
            fill(hosts[:1], 1, 200, 600)
            few, slots = milliseconds(port, key, wanted.rounds)
            print(f"400 bookings of this host: median {few:.1f} ms for {slots} slots")
            more_event_types()
            begun = time.perf_counter()
            fill(hosts[1:], EVENT_TYPES // (HOSTS - 1), 0, wanted.bookings // (HOSTS - 1))
            print(f"({wanted.bookings} bookings of others, made in {time.perf_counter() - begun:.0f} s)")
            many, slots = milliseconds(port, key, wanted.rounds)
            print(f"beside them: median {many:.1f} ms for {slots} slots, {many / few:.2f} times as long")


if __name__ == "__main__":
    main()
