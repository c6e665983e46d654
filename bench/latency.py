"""Commit of a booking -> record in Salesforce, with an emulator that answers at once.

usage: bin/demo --data /tmp/bench &        then: python bench/latency.py /tmp/bench/demo.json [BOOKINGS]

Books over the REST API, one at a time, and reads from the emulator's request log when the Event was stored. The commit
lies between the moment the server began (`history[0].at`) and the moment its answer came; both figures are given, the
first is the upper bound.
"""

import json
import statistics
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path


def call(method, url, body=None, key=None):
    request = urllib.request.Request(url, json.dumps(body).encode() if body is not None else None, method=method)
    request.add_header("Content-Type", "application/json")
    if key:
        request.add_header("Authorization", f"Bearer {key}")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def free_slots(demo, count):
    today = datetime.now(UTC).date()
    ranges = [(today + timedelta(days=n), today + timedelta(days=n + 30)) for n in (1, 31)]
    query = "{base}/api/v1/slots?event_type=intro-call&start={start}&end={end}&time_zone=UTC"
    pages = [call("GET", query.format(base=demo["base_url"], start=a, end=b), key=demo["api_key"]) for a, b in ranges]
    return [slot["start"] for page in pages for slot in page["data"]][:count]


def stored_at(emulator, after):
    """Return when a call that created an Event succeeded, and its number in the log."""
    for _ in range(2000):
        for row in call("GET", f"{emulator}/_emulator/requests?after={after}")["data"]:
            creates = any(part.startswith("POST") and "/sobjects/Event" in part for part in row.get("subrequests", ()))
            made = any(part.startswith("POST") and "/sobjects/Contact" in part for part in row.get("subrequests", ()))
            if creates and made and row["outcome"] != "working":
                return datetime.fromisoformat(row["at"]) + timedelta(milliseconds=row["in_flight_ms"]), row["n"]
        time.sleep(0.002)
    raise SystemExit("the booking did not reach Salesforce")


def main(path, count):
    demo = json.loads(Path(path).read_text())
    emulator = demo["emulators"]["salesforce"]["base_url"]
    last = call("GET", f"{emulator}/_emulator/requests")["data"][-1:]
    last = last[0]["n"] if last else 0
    since_begun, since_answered = [], []
    for number, start in enumerate(free_slots(demo, count)):
        body = {
            "event_type": "intro-call",
            "start": start,
            "invitee": {"name": "Bench Mark", "email": f"bench{time.time_ns()}-{number}@example.com"},
        }
        booking = call("POST", f"{demo['base_url']}/api/v1/bookings", body, demo["api_key"])
        answered = datetime.now(UTC)
        stored, last = stored_at(emulator, last)
        begun = datetime.fromisoformat(booking["history"][0]["at"])
        since_begun.append((stored - begun).total_seconds() * 1000)
        since_answered.append((stored - answered).total_seconds() * 1000)
    for name, values in (("begin of the request", since_begun), ("answer", since_answered)):
        ordered = sorted(values)
        p95 = ordered[int(len(ordered) * 0.95)]
        print(
            f"{len(values)} bookings, from {name} to record: median {statistics.median(values):.0f} ms, p95 {p95:.0f}"
        )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100)
