"""How long a scrape of /metrics asks the database, with a thousand and with a million sync records.

Run `.venv/bin/python bench/metrics.py`; it makes a PostgreSQL of its own in a temporary folder, and removes it.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

SIZES = (1_000, 10_000, 100_000, 1_000_000)
CONNECTIONS = 200
SCRAPES = 30

BEGIN = """
    SET session_replication_role = replica;  -- rows without their parents: nobody asks for these
    INSERT INTO connections_connection (id, account_id, service, state, organisation_key, organisation_name,
        environment, login_url, api_url, client_id, scopes, generation, error_code, error_message, connected_at)
    SELECT n, n, (ARRAY['salesforce', 'hubspot', 'attio'])[1 + n % 3], 'connected', n, 'Acme', 'production', '', '', '',
        '', 1, '', '', now() - interval '1 year' FROM generate_series(1, {connections}) n
"""
# Of the records one in fifty waits and one in two hundred has failed; each has had one attempt.
GROW = """
    INSERT INTO bookings_bookingchange (booking_id, kind, revision, at, start, "end", reason)
    SELECT n, 'booked', 1, now(), now(), now(), '' FROM generate_series({first}, {last}) n;
    INSERT INTO crm_syncrecord (id, account_id, organisation_id, connection_id, booking_id, state, wanted_revision,
        shown_revision, due_at, pending_since, tries, contact_id, meeting_id, remote, error_code, error_message)
    SELECT n, 1 + n % {connections}, 1 + n % {connections}, 1 + n % {connections}, n,
        CASE WHEN n % 50 = 0 THEN 'pending' WHEN n % 200 = 1 THEN 'failed' ELSE 'synced' END, 1, 1,
        CASE WHEN n % 50 = 0 THEN now() END, now(), 0, 'c' || n, 'm' || n, '{{}}', '', ''
    FROM generate_series({first}, {last}) n;
    INSERT INTO crm_syncattempt (record_id, at, revision, action, calls, ms, outcome, error_code, error_message, note)
    SELECT n, now(), 1, 'create', 1, 100, 'done', '', '', '' FROM generate_series({first}, {last}) n
"""


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="linktime-bench-"))
    os.environ["LINKTIME_DATA_DIR"] = str(folder)
    from linktime.cli import installation

    try:
        with installation.ready():
            measure()
    finally:
        shutil.rmtree(folder)


def measure() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(BEGIN.format(connections=CONNECTIONS))
        done = 0
        for size in SIZES:
            cursor.execute(GROW.format(first=done + 1, last=size, connections=CONNECTIONS))
            cursor.execute("VACUUM ANALYZE")
            done = size
            caught_up = seconds_of(count_all)
            took = sorted(seconds_of(scrape) * 1000 for _ in range(SCRAPES))
            print(
                f"{size:>9,} records: median {statistics.median(took):5.1f} ms, slowest {took[-1]:5.1f} ms; "
                f"the first scrape counted their attempts in {caught_up:.1f} s",
                flush=True,
            )


def count_all() -> None:
    from linktime.crm import metrics
    from linktime.crm.models import SyncAttempt
    from linktime.jobs.models import Bookmark

    newest = SyncAttempt.objects.latest("pk").pk
    while not Bookmark.objects.filter(last=newest).exists():
        metrics.count_attempts()


def scrape() -> None:
    from linktime.crm import metrics
    from linktime.jobs import metrics as queues
    from linktime.jobs.models import Tally

    metrics.count_attempts()
    list(metrics.gauges())
    list(queues.gauges())
    list(Tally.objects.all())


def seconds_of(work) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
