"""How many bookings a second go through the REST API, beside the same transaction in plain psycopg.

usage: python bench/booking.py [BOOKINGS] [--connections 16] [--hosts 50] [--crm]

Starts a PostgreSQL with its usual settings (what is committed is on the disk), two web processes and no worker, and
books over kept-open connections, at many hosts. With --crm the account has a CRM connected. Everything runs on this
machine, the load generator too.
"""

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from base64 import b64encode
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # run as a script, this folder would be the first
HALF_AN_HOUR = timedelta(minutes=30)
FIRST = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
ALWAYS = [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "start": "00:00", "end": "24:00"}]
WARM_UP = 200


@contextmanager
def postgres(folder):
    from linktime.config import embedded

    embedded.prepare(folder)
    with (folder / "log").open("ab") as log:
        server = subprocess.Popen(embedded.command(folder), stdout=log, stderr=log, **embedded.identity())
    try:
        embedded.wait(folder, server)
        yield embedded.url(folder)
    finally:
        server.send_signal(signal.SIGINT)  # at once, whoever is still connected
        server.wait()


def set_up(url, data):
    os.environ |= {
        "LINKTIME_DATABASE_URL": url,
        "LINKTIME_DATA_DIR": str(data),
        "LINKTIME_SECRET_KEY": "only-for-benchmarks-" * 3,
        "LINKTIME_ENCRYPTION_KEYS": "bench:" + b64encode(b"k" * 32).decode(),
        "LINKTIME_RATE_LIMIT": "100000000",
        "DJANGO_SETTINGS_MODULE": "linktime.config.settings",
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def make_hosts(count, crm):
    """Make an account whose members can be booked around the clock, each for an event type of their own."""
    from linktime.accounts.access import Actor
    from linktime.accounts.models import Account, ApiKey, Membership, Plan, User
    from linktime.connections.models import Connection
    from linktime.scheduling import event_types, schedules

    account = Account.objects.create(name="Bench", handle="bench", plan=Plan.PRO)
    for number in range(count):
        user = User.objects.create(email=f"host{number}@example.com", name=f"Host {number}")
        Membership.objects.create(account=account, user=user, role=Membership.Role.MEMBER)
        actor = Actor(account=account, user=user, role=Membership.Role.MEMBER)
        schedules.create(actor, {"name": "Always", "time_zone": "UTC", "weekly": ALWAYS})
        values = {
            "slug": f"meet-{number}",
            "title": "Meet",
            "durations": [30],
            "window": {"kind": "rolling", "days": 365},
        }
        event_types.create(actor, values)
    if crm:
        Connection.objects.create(
            account=account, service="salesforce", organisation_key="00D", organisation_name="Bench",
            environment="sandbox", login_url="https://test.salesforce.com", api_url="https://bench.my.salesforce.com",
            client_id="id", connected_at=datetime.now(UTC),
        )  # fmt: skip
    return ApiKey.issue(account=account, user=user, name="bench", scope="read-write")[1]


@contextmanager
def web():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    command = [sys.executable, "-m", "linktime.cli", "serve", "--port", str(port), "--workers", "2"]
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        time.sleep(2)  # the second process
        yield port
    finally:
        server.terminate()
        server.wait()


class Line:
    """A kept-open connection that speaks just enough HTTP: the load generator should not be what is measured."""

    def __init__(self, port, key):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.headers = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"

    def post(self, body):
        more = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        return self._ask(f"POST /api/v1/bookings HTTP/1.1\r\n{self.headers}{more}")

    def get(self, path):
        return self._ask(f"GET {path} HTTP/1.1\r\n{self.headers}\r\n")

    def _ask(self, request):
        self.socket.sendall(request.encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, rest = answer.partition(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        while len(rest) < int(lengths[0].split(b":")[1]):
            rest += self._more()
        return int(head.split()[1]), rest

    def _more(self):
        if not (data := self.socket.recv(65536)):
            raise SystemExit("the server closed the connection")
        return data


def wish(number, hosts):
    """Each host's slots one after another, so that nobody wants the same."""
    start = FIRST + number // hosts * HALF_AN_HOUR
    invitee = {"name": "Grace Hopper", "email": f"invitee{number}@example.com", "time_zone": "Europe/London"}
    body = {"event_type": f"meet-{number % hosts}", "start": start.isoformat(), "invitee": invitee}
    return json.dumps(body)


def over_http(port, key, numbers, hosts, connections):
    """Book over all connections at once; return the seconds each took, and all together."""
    left, lock, times = iter(numbers), threading.Lock(), []

    def run():
        line = Line(port, key)
        while True:
            with lock:
                number = next(left, None)
            if number is None:
                return
            begun = time.perf_counter()
            status, answer = line.post(wish(number, hosts))
            times.append(time.perf_counter() - begun)
            if status != 201:
                raise SystemExit(f"booking {number} was answered with {status}: {answer[:300]!r}")

    return times, _all(run, connections)


def in_psycopg(url, numbers, connections):
    """Do what a booking does in the database, with nothing around it."""
    import psycopg

    with psycopg.connect(url) as connection:
        places = connection.execute("SELECT event_type_id, host_id FROM scheduling_place ORDER BY id").fetchall()
        account = connection.execute("SELECT id FROM accounts_account").fetchone()[0]
    left, lock = iter(numbers), threading.Lock()

    def run():
        with psycopg.connect(url, autocommit=True) as connection:
            while True:
                with lock:
                    number = next(left, None)
                if number is None:
                    return
                event_type, host = places[number % len(places)]
                start = FIRST + number // len(places) * HALF_AN_HOUR
                with connection.transaction():
                    transaction(connection, account, event_type, host, start)

    return _all(run, connections)


INSERT_BOOKING = """
    INSERT INTO bookings_booking (account_id, event_type_id, uid, occasion, seat, status, revision, title, location,
        start, "end", invitee_name, invitee_email, invitee_phone, invitee_time_zone, invitee_locale, notes, guests,
        answers, created_at, waits_for, confirmed_at)
    VALUES (%s, %s, %s, %s, 1, 'confirmed', 1, 'Meet', '', %s, %s, 'Grace Hopper', 'grace@example.com', '',
        'Europe/London', '', '', '[]', '[]', %s, '', %s) RETURNING id
"""
INSERT_HOST = """
    INSERT INTO bookings_bookinghost (booking_id, host_id, during, occasion, active)
    VALUES (%s, %s, tstzrange(%s, %s), %s, true)
"""
INSERT_CHANGE = """
    INSERT INTO bookings_bookingchange (booking_id, kind, revision, at, start, "end", reason)
    VALUES (%s, 'booked', 1, %s, %s, %s, '')
"""


def transaction(connection, account, event_type, host, start):
    end, occasion, now = start + HALF_AN_HOUR, uuid.uuid4(), datetime.now(UTC)
    connection.execute("SELECT id FROM accounts_user WHERE id = %s FOR NO KEY UPDATE", (host,))
    connection.execute(
        "SELECT p.*, s.*, e.* FROM scheduling_place p JOIN scheduling_schedule s ON s.id = p.schedule_id "
        "JOIN scheduling_eventtype e ON e.id = p.event_type_id WHERE event_type_id = %s", (event_type,)
    ).fetchall()  # fmt: skip
    connection.execute("SELECT * FROM scheduling_absence WHERE host_id = %s", (host,)).fetchall()
    connection.execute("SELECT * FROM bookings_hold WHERE host_ids && %s::bigint[]", ([host],)).fetchall()
    connection.execute(
        "SELECT b.start, b.end FROM bookings_bookinghost h JOIN bookings_booking b ON b.id = h.booking_id "
        "WHERE h.active AND h.host_id = %s AND h.during && tstzrange(%s, %s)",
        (host, start - timedelta(days=1), end + timedelta(days=1)),
    ).fetchall()
    booking = connection.execute(
        INSERT_BOOKING, (account, event_type, occasion.hex[:22], occasion, start, end, now, now)
    )
    (booking_id,) = booking.fetchone()
    connection.execute(INSERT_HOST, (booking_id, host, start, end, occasion))
    connection.execute(INSERT_CHANGE, (booking_id, now, start, end))
    for recipient in ("invitee", "host-0"):
        arguments = json.dumps({"booking_id": booking_id, "revision": 1, "recipient": recipient})
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('deliver', 'bench', %s)", (arguments,)
        )


def _all(run, count):
    begun = time.perf_counter()
    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begun


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("bookings", type=int, nargs="?", default=3000)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--crm", action="store_true")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, postgres(Path(place) / "postgres") as url:
        set_up(url, Path(place) / "data")
        key = make_hosts(wanted.hosts, wanted.crm)
        with web() as port:
            over_http(port, key, range(WARM_UP), wanted.hosts, wanted.connections)
            numbers = range(WARM_UP, WARM_UP + wanted.bookings)
            times, seconds = over_http(port, key, numbers, wanted.hosts, wanted.connections)
        ordered = sorted(times)
        p99 = ordered[int(len(ordered) * 0.99)]
        print(
            f"HTTP: {wanted.bookings / seconds:.0f} bookings/s over {wanted.connections} connections, "
            f"median {statistics.median(times) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms"
        )
        numbers = range(numbers.stop, numbers.stop + wanted.bookings)
        seconds = in_psycopg(url, numbers, wanted.connections)
        print(f"the same transaction in plain psycopg: {wanted.bookings / seconds:.0f}/s")


if __name__ == "__main__":
    main()
