"""How long a booking's request takes while every CRM misbehaves, beside the same while all are well.

usage: .venv/bin/python bench/misbehaving.py [--bookings 150] [--rounds 4] [--rate 8]

Starts a PostgreSQL, the emulators, a web server and a worker as processes of their own. Books over HTTP at an even
rate, in turns with CRMs that answer and with CRMs that don't: Salesforce hangs, HubSpot answers 503, Attio drops
connections. Figures depend on the machine: what counts is the ratio.
"""

import argparse
import json
import os
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backlog import CRMS, installation, worker
from booking import ALWAYS, HALF_AN_HOUR, Line, web

from linktime.emulators.testing import EmulatorProcess

FAULTS = {
    "salesforce": {"kind": "delay", "seconds": 30, "then": "drop"},
    "hubspot": {"kind": "status", "status": 503, "body": "busy"},
    "attio": {"kind": "drop"},
}
FIRST = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
WARM_UP = 50


def main():
    options = arguments()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="linktime-bench-")))
        emulator = stack.enter_context(EmulatorProcess(seed=1))
        os.environ["LINKTIME_RATE_LIMIT"] = "100000000"
        stack.enter_context(installation(folder, emulator))
        key = make_event_type()
        stack.enter_context(worker(folder))
        line, wishes = Line(stack.enter_context(web()), key), iter(range(1_000_000))
        book(line, wishes, WARM_UP, options.rate)
        well, badly = [], []
        for _ in range(options.rounds):
            well += book(line, wishes, options.bookings, options.rate)
            for crm in CRMS:
                emulator.at(crm).fault(FAULTS[crm], path=".")
            badly += book(line, wishes, options.bookings, options.rate)
            for crm in CRMS:
                emulator.at(crm).clear_faults()
            time.sleep(5)  # what waits is on its way again
    report(well, badly)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bookings", type=int, default=150, help="in each turn")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--rate", type=float, default=8, help="bookings a second")
    return parser.parse_args()


def make_event_type():
    """Let Ada be booked around the clock; return a key to her account."""
    from linktime.accounts.access import actor_for
    from linktime.accounts.models import ApiKey, User
    from linktime.scheduling import event_types, schedules

    actor = actor_for(User.objects.get(email="ada@example.com"))
    schedule = schedules.create(actor, {"name": "Always", "time_zone": "UTC", "weekly": ALWAYS})
    window = {"kind": "rolling", "days": 365}
    values = {"slug": "meet", "title": "Meet", "durations": [30], "window": window, "schedule_id": schedule.pk}
    event_types.create(actor, values)
    return ApiKey.issue(account=actor.account, user=actor.user, name="bench", scope="read-write")[1]


def book(line, wishes, count, rate):
    """Book at an even rate; return the seconds that each took."""
    took, begun = [], time.perf_counter()
    for number in range(count):
        time.sleep(max(begun + number / rate - time.perf_counter(), 0))
        wish = next(wishes)
        invitee = {"name": "Grace Hopper", "email": f"invitee{wish}@example.com", "time_zone": "Europe/London"}
        body = {"event_type": "meet", "start": (FIRST + wish * HALF_AN_HOUR).isoformat(), "invitee": invitee}
        sent = time.perf_counter()
        status, answer = line.post(json.dumps(body))
        took.append(time.perf_counter() - sent)
        if status != 201:
            raise SystemExit(f"a booking was answered with {status}: {answer[:300]!r}")
    return took


def report(well, badly):
    print(f"{'':24}{'median':>10}{'p95':>10}{'p99':>10}  ms")
    for name, took in (("CRMs are well", well), ("CRMs misbehave", badly)):
        print(f"{name:24}" + "".join(f"{at(took, share) * 1000:10.1f}" for share in (0.5, 0.95, 0.99)))
    print(f"{'ratio':24}" + "".join(f"{at(badly, share) / at(well, share):10.2f}" for share in (0.5, 0.95, 0.99)))


def at(took, share):
    return sorted(took)[min(int(len(took) * share), len(took) - 1)]


if __name__ == "__main__":
    main()
