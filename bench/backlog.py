"""How fast a backlog of distinct new invitees reaches the CRMs: each alone, then all three at once.

usage: .venv/bin/python bench/backlog.py [--crm salesforce|hubspot|attio|all] [--count 1000] [--latency 150] [--peer]

Starts a PostgreSQL, the emulators and one worker as processes of their own, writes the bookings into the database in
one transaction, and waits until every record is synced. `writes` are requests that create or change something,
`bookings/s` what arrives in the CRM. `--peer` lets a plain script with simple-salesforce bring 200 bookings there, one
after the other, and says what the backlog would have taken it. Figures depend on the machine: compare those of one run.
"""

import argparse
import base64
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from linktime.config import embedded
from linktime.emulators.testing import EmulatorProcess

CRMS = ("salesforce", "hubspot", "attio")
READS = ("/query", "/search", "/batch/read")
PEERS = 200
LIMIT = 1_000_000  # calls a day: what a large organisation has


def main():
    options = arguments()
    crms = CRMS if options.crm == "all" else (options.crm,)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="linktime-bench-")))
        emulator = stack.enter_context(EmulatorProcess(seed=1))
        stack.enter_context(installation(folder, emulator))
        for crm in crms:
            emulator.at(crm).settings(latency_ms=options.latency)
        emulator.settings(daily_limit=LIMIT)
        with worker(folder) as process:
            took = table(emulator, crms, options.count, process.pid)
        if options.peer:
            peer(emulator, options.count, took["salesforce"])


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crm", choices=[*CRMS, "all"], default="all")
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--peer", action="store_true", help="compare Salesforce with a script of simple-salesforce")
    parser.add_argument("--latency", type=int, default=150, help="milliseconds that each call takes")
    return parser.parse_args()


def table(emulator, crms, count, pid):
    """Print a row for each CRM; return the seconds that each took alone."""
    print(f"{'':22}{'calls':>8}{'writes':>8}{'429s':>6}{'seconds':>9}{'writes/s':>10}{'bookings/s':>12}{'MB':>6}")
    alone = {crm: run(emulator, (crm,), count, pid) for crm in crms}
    if len(crms) > 1:
        together = run(emulator, crms, count, pid)
        print(f"all at once / slowest alone: {together / max(alone.values()):.2f}")
    return alone


def peer(emulator, count, ours):
    """Do by hand what LinkTime does: look for the contact, create or update it, create the event."""
    from simple_salesforce import format_soql

    from tests.contract.test_simple_salesforce import Pointed

    client, started = Pointed(emulator), time.monotonic()
    for number in range(PEERS):
        person = {"LastName": f"N{number}", "FirstName": "Peer", "Email": f"peer{number}@example.com"}
        found = client.query(format_soql("SELECT Id FROM Contact WHERE Email = {}", person["Email"]))["records"]
        if found:
            contact = found[0]["Id"]
            client.Contact.update(contact, person)
        else:
            contact = client.Contact.create(person)["id"]
        start = datetime(2040, 1, 1, tzinfo=UTC) + timedelta(minutes=30 * number)
        times = {"StartDateTime": start.isoformat(), "EndDateTime": (start + timedelta(minutes=30)).isoformat()}
        client.Event.create({"Subject": "Intro call", "WhoId": contact, **times})
    seconds = time.monotonic() - started
    whole = seconds / PEERS * count
    print(f"simple-salesforce: {PEERS} bookings in {seconds:.1f} s, so {count} in {whole:.0f} s: ", end="")
    print(f"{whole / ours:.0f} times ours")


def run(emulator, crms, count, pid):
    """Let a backlog drain and print what it took; return the seconds until the last record was synced."""
    before = {crm: last_request(emulator.at(crm)) for crm in crms}
    backlog(crms, count)
    started, took = time.monotonic(), {}
    while len(took) < len(crms):
        time.sleep(0.1)
        waiting = unsynced()
        took |= {crm: time.monotonic() - started for crm in crms if crm not in took and crm not in waiting}
    for crm in crms:
        name = crm if len(crms) == 1 else f"{crm}, with the others"
        print_row(name, emulator.at(crm).requests(before[crm]), count, took[crm], pid)
    return max(took.values())


def unsynced():
    """The CRMs that have records waiting."""
    from linktime.crm.models import SyncRecord

    waiting = SyncRecord.objects.exclude(state=SyncRecord.State.SYNCED)
    return set(waiting.values_list("connection__service", flat=True).distinct())


def print_row(name, requests, count, seconds, pid):
    calls = [row for row in requests if row["api_calls"] or row["status"] == 429]
    writes = [row for row in calls if changes_something(row)]
    refused = sum(row["status"] == 429 for row in calls)
    rates = f"{len(writes) / seconds:10.1f}{count / seconds:12.1f}{resident(pid):6.0f}"
    print(f"{name:22}{len(calls):8}{len(writes):8}{refused:6}{seconds:9.1f}{rates}", flush=True)


def changes_something(row):
    if "subrequests" in row:
        return any(not part.startswith("GET") for part in row["subrequests"])
    return row["method"] != "GET" and not row["path"].endswith(READS)


def last_request(emulator):
    return max((row["n"] for row in emulator.requests()), default=0)


def resident(pid):
    """The memory of a process, in MB."""
    pages = Path(f"/proc/{pid}/statm")
    return int(pages.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6 if pages.exists() else 0


@contextmanager
def installation(folder, emulator):
    """A LinkTime of its own, connected to every CRM of the emulator."""
    os.environ.update(environment(folder, emulator))
    data = folder / "postgres"
    os.environ["LINKTIME_DATABASE_URL"] = embedded.start(data)
    try:
        import django

        django.setup()
        from linktime.cli import schema
        from linktime.cli.demo import seed

        schema.migrate(quiet=True)
        seed.sow(folder)
        yield
    finally:
        embedded.stop(data)


def environment(folder, emulator):
    app = {"CLIENT_ID": "emulator", "CLIENT_SECRET": "secret"}
    values = {
        "SECRET_KEY": "only-for-benchmarks-" * 3,
        "ENCRYPTION_KEYS": "bench:" + base64.b64encode(b"k" * 32).decode(),
        "BASE_URL": "http://127.0.0.1:8000",
        "ALLOW_PRIVATE_ADDRESSES": "true",
        "EMAIL_URL": f"file:{folder}/mail",
        "DATA_DIR": str(folder),
    }
    for crm in CRMS:
        values |= {f"{crm.upper()}_{name}": value for name, value in app.items()}
        values[f"{crm.upper()}_BASE_URL"] = emulator.at(crm).url
    return {"DJANGO_SETTINGS_MODULE": "linktime.config.settings"} | {f"LINKTIME_{k}": v for k, v in values.items()}


@contextmanager
def worker(folder):
    with (folder / "worker.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "django", "work"], stdout=log, stderr=log)
    time.sleep(3)  # until it listens
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def backlog(crms, count):
    """Write bookings of new invitees that these CRMs don't show yet, and wake their drains."""
    from django.db import transaction

    from linktime.connections.models import Connection
    from linktime.crm import actions
    from linktime.crm.models import SyncRecord

    with transaction.atomic():
        made = bookings(count)
        records = [
            SyncRecord(
                account_id=connection.account_id,
                organisation=actions.organisation_of(connection),
                connection=connection,
                booking=booking,
                wanted_revision=1,
                due_at=booking.created_at,
            )
            for connection in Connection.objects.filter(service__in=crms)
            for booking in made
        ]
        SyncRecord.objects.bulk_create(records, batch_size=1_000)
        actions.wake({record.organisation_id for record in records})


def bookings(count):
    from linktime.bookings.models import Booking, BookingChange, BookingHost
    from linktime.core.meeting import ChangeKind
    from linktime.scheduling.models import EventType

    event_type, now, taken = EventType.objects.first(), datetime.now(UTC), Booking.objects.count()
    first = datetime(2030, 1, 1, tzinfo=UTC)
    half_hours = [first + timedelta(minutes=30 * number) for number in range(taken, taken + count)]
    made = [
        Booking(
            account=event_type.account,
            event_type=event_type,
            title=event_type.title,
            start=start,
            end=start + timedelta(minutes=30),
            invitee_name=f"Invitee N{number}",
            invitee_email=f"invitee{number}@example.com",
            invitee_time_zone="Europe/London",
            created_at=now,
        )
        for number, start in enumerate(half_hours, start=taken)
    ]
    Booking.objects.bulk_create(made, batch_size=1_000)
    hosts = [
        BookingHost(booking=one, host=event_type.host, during=(one.start, one.end), occasion=one.occasion)
        for one in made
    ]
    BookingHost.objects.bulk_create(hosts, batch_size=1_000)
    changes = [
        BookingChange(booking=one, kind=ChangeKind.BOOKED, revision=1, at=now, start=one.start, end=one.end)
        for one in made
    ]
    BookingChange.objects.bulk_create(changes, batch_size=1_000)
    return made


if __name__ == "__main__":
    main()
