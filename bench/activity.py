"""What the Activity page costs, in queries and in milliseconds, with a thousand and with a million records.

Run `.venv/bin/python bench/activity.py`; it makes a PostgreSQL of its own in a temporary folder, and removes it. All
records are one account's: in Salesforce but for the ten oldest, which are in Attio; one in 200 has failed, one in 500
waits. Ends with an error when the number of queries grows.
"""

import html
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

SIZES = (1_000, 10_000, 100_000, 1_000_000)
TIMES = 15

BEGIN = """
    INSERT INTO accounts_account (id, name, handle, plan, created_at) VALUES (1, 'Acme', 'acme', 'pro', now());
    INSERT INTO accounts_user (id, password, is_superuser, is_staff, is_active, date_joined, email, name, time_zone)
    VALUES (1, '', false, false, true, now(), 'ada@example.com', 'Ada', 'Europe/London');
    INSERT INTO accounts_membership (account_id, user_id, role) VALUES (1, 1, 'owner');
    INSERT INTO connections_connection (id, account_id, service, state, organisation_key, organisation_name,
        environment, login_url, api_url, client_id, scopes, generation, error_code, error_message, connected_at)
    SELECT id, 1, service, 'connected', id, 'Acme', 'production', '', 'https://acme.my.salesforce.com', '', '', 1, '',
        '', now() FROM (VALUES (1, 'salesforce'), (2, 'attio')) crm (id, service);
    INSERT INTO crm_organisation (id, crm, key, lease_owner, epoch, failures, pace_debts, last_connection)
    SELECT id, service, id, '', 0, 0, '{}', 0 FROM (VALUES (1, 'salesforce'), (2, 'attio')) crm (id, service);
    SET session_replication_role = replica;  -- event types without a schedule: nobody asks for these
    INSERT INTO scheduling_eventtype (id, account_id, host_id, schedule_id, slug, title, description, durations,
        location, buffer_before, buffer_after, minimum_notice, questions, active, created_at)
    VALUES (1, 1, 1, 1, 'intro-call', 'Intro call', '', '[30]', '{}', 0, 0, 0, '[]', true, now());
"""
# Seven common first names, a family name for every 5,000, an email each; the newer, the later.
GROW = """
    INSERT INTO bookings_booking (id, account_id, event_type_id, uid, occasion, status, revision, title, location,
        start, "end", invitee_name, invitee_email, invitee_phone, invitee_time_zone, invitee_locale, notes, guests,
        answers, created_at)
    SELECT n, 1, 1, lpad(n::text, 22, 'x'), gen_random_uuid(), 'confirmed', 1, 'Intro call', '', at, at, first ||
        ' Family' || n % 5000, 'invitee' || n || '@example.com', '', 'UTC', '', '', '[]', '[]', at FROM rows;
    INSERT INTO bookings_bookingchange (booking_id, kind, revision, at, start, "end", reason)
    SELECT n, 'booked', 1, at, at, at, '' FROM rows;
    INSERT INTO crm_syncrecord (id, account_id, organisation_id, connection_id, booking_id, state, wanted_revision,
        shown_revision, urgency, due_at, tries, contact_id, meeting_id, remote, error_code, error_message, wanted_at)
    SELECT n, 1, crm, crm, n, state, 1, 1, 1, CASE WHEN state = 'pending' THEN at END, 0, 'c' || n, 'm' || n, '{}',
        CASE WHEN state = 'failed' THEN 'REQUIRED_FIELD_MISSING' ELSE '' END, '', at FROM rows;
    INSERT INTO crm_syncattempt (record_id, at, revision, action, calls, ms, outcome, error_code, error_message, note)
    SELECT n, at, 1, 'create', 1, 100, 'done', '', '', '' FROM rows;
"""
ROWS = """
    CREATE TEMPORARY TABLE rows AS
    SELECT n, '2026-01-01'::timestamptz + n * interval '20 seconds' AS at, CASE WHEN n <= 10 THEN 2 ELSE 1 END AS crm,
        (ARRAY['Ada', 'Alan', 'Annie', 'Grace', 'Katherine', 'Mary', 'Radia'])[1 + n % 7] AS first,
        CASE WHEN n % 200 = 1 THEN 'failed' WHEN n % 500 = 0 THEN 'pending' ELSE 'synced' END AS state
    FROM generate_series({first}, {last}) n
"""
PAGES = {
    "the latest": "",
    "only what changed": "",  # the same with what is shown already: see `measure`
    "one in the middle": "?after={middle}_0",
    "failed": "?state=failed",
    "waiting": "?state=pending",
    "nothing to do: none": "?state=skipped",
    "the little-used CRM": "?crm=2",
    "arrived in Salesforce": "?crm=1&state=synced",
    "a day in the middle": "?since={day}&until={day}",
    "search: one email": "?search=invitee500@",
    "search: a family name": "?search=family499",
    "search: a first name": "?search=grace",
    "search: one letter": "?search=i",
    "search: a title": "?search=intro+call",
    "search: nobody": "?search=zoe",
    "attempts unfolded": "{middle_id}",
    "retry all, before": "retry",
}


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="linktime-bench-"))
    os.environ["LINKTIME_DATA_DIR"] = str(folder)
    os.environ["LINKTIME_BASE_URL"] = "http://testserver"
    from linktime.cli import installation

    try:
        with installation.ready():
            (folder / "static").mkdir()
            return report([measured(first, last) for first, last in zip((0, *SIZES), SIZES, strict=False)])
    finally:
        shutil.rmtree(folder)


def measured(first: int, last: int) -> dict[str, tuple[int, float]]:
    """Grow to `last` records, and return the queries and the milliseconds of each page."""
    from django.db import connection

    with connection.cursor() as cursor:
        give_defaults(cursor)
        cursor.execute(("" if first else BEGIN) + ROWS.format(first=first + 1, last=last) + ";" + GROW)
        cursor.execute("DROP TABLE rows")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT wanted_at FROM crm_syncrecord WHERE id = %s", [last // 2])
        (at,) = cursor.fetchone()
    values = {"middle": at.isoformat().replace("+", "%2B"), "day": at.date(), "middle_id": last // 2}
    return {name: cost(name, "/dashboard/activity/" + path.format(**values)) for name, path in PAGES.items()}


def give_defaults(cursor) -> None:
    """Let the database know the models' defaults, so that rows need only name what matters here."""
    from django.apps import apps
    from psycopg.sql import SQL, Identifier, Literal

    for model in filter(lambda model: model.__module__.startswith("linktime."), apps.get_models()):
        for field in model._meta.concrete_fields:
            known = field.has_default() or (field.empty_strings_allowed and not field.null)
            if known and not field.has_db_default():
                value = Literal(field.get_db_prep_save(field.get_default(), cursor.db))
                names = Identifier(model._meta.db_table), Identifier(field.column)
                cursor.execute(SQL("ALTER TABLE {} ALTER {} SET DEFAULT {}").format(*names, value))


def cost(name: str, address: str) -> tuple[int, float]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from linktime.accounts.models import User

    client = Client(headers={"HX-Request": "true"} if name != "retry all, before" else {})
    client.force_login(User.objects.get(pk=1))
    expected = 200
    if name == "only what changed":
        address, expected = html.unescape(re.search(r'hx-get="([^"]+)"', client.get(address).text)[1]), 204
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    if answer.status_code != expected:
        raise SystemExit(f"{name}: status {answer.status_code}")
    return len(queries), statistics.median(seconds(client, address) for _ in range(TIMES)) * 1000


def seconds(client, address: str) -> float:
    begun = time.perf_counter()
    client.get(address)
    return time.perf_counter() - begun


def report(columns: list[dict[str, tuple[int, float]]]) -> int:
    print(f"{'page':24}" + "".join(f"{size:>18,}" for size in SIZES) + "  records")
    for name in PAGES:
        print(f"{name:24}" + "".join(f"{column[name][0]:>5} q {column[name][1]:>7.1f} ms" for column in columns))
    grown = [name for name in PAGES if columns[-1][name][0] > columns[0][name][0]]
    if grown:
        print(f"More queries with more records: {', '.join(grown)}", file=sys.stderr)
    return int(bool(grown))


if __name__ == "__main__":
    sys.exit(main())
