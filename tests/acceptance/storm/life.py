"""What people do in a storm, over HTTP: book, move, cancel, say who did not come. Seeded; asked again until done."""

import json
import random
import time
import uuid
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from threading import Thread
from typing import Any

from django.db import connection as database

from linktime.bookings import actions
from linktime.bookings.invitees import InviteeDetails
from linktime.core.clock import now
from tests.acceptance.storm.checker import Meeting
from tests.acceptance.storm.places import Home, database_is_there

NAMES = ("Grace Hopper", "Niamh O'Brien", "Zoë Müller", "Cher", "Émilie du Châtelet", "李 小龍")
EMAILS = ("grace{}@example.com", "o'brien{}@example.com", "zoe+{}@example.com", "cher{}@example.com")
LANES = 4
PATIENCE = 60  # seconds until a request must have been answered, whatever strikes


class Client:
    """Asks the API of one account, with a key for each wish: a request that dies is asked again with the same."""

    def __init__(self, port: int, key: str) -> None:
        self.port, self.key = port, key
        self.asked_again = 0

    def post(self, path: str, body: Any) -> dict[str, Any]:
        wish, until = str(uuid.uuid4()), time.monotonic() + PATIENCE
        while time.monotonic() < until:
            status, answer = self._once(path, body, wish)
            if status and status < 500 and answer.get("code") != "idempotency_key_in_progress":
                assert status in (200, 201), answer
                return answer
            self.asked_again += 1
            time.sleep(0.25)
        raise AssertionError(f"POST {path}: no answer within {PATIENCE} s")

    def _once(self, path: str, body: Any, wish: str) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", "Idempotency-Key": wish}
        try:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
                connection.request("POST", f"/api/v1{path}", json.dumps(body), headers)
                answer = connection.getresponse()
                return answer.status, json.loads(answer.read())
        except (OSError, HTTPException, ValueError):
            return 0, {}


class Life:
    """The life of some accounts, one thing after the other. `meetings` is what must come of it."""

    def __init__(self, homes: list[Home], port: int, seed: str) -> None:
        self.homes = homes
        self.random = random.Random(seed)
        self.clients = {home.key: Client(port, home.key) for home in homes}
        self.meetings: list[tuple[Home, Meeting]] = []
        self.changes = 0
        self._past = {home.key: now().replace(minute=0, second=0, microsecond=0) for home in homes}

    def do(self, bookings: int, changes: int) -> None:
        """Do one thing of so many that are to be done."""
        books = self.random.random() < bookings / (bookings + changes)
        if books or not self._change():
            self._book()

    def _book(self) -> None:
        """Book a time to come over HTTP, or one that has begun, which only a program can."""
        home = self.random.choice(self.homes)
        person = self.random.randrange(8)
        name, email = NAMES[person % len(NAMES)], EMAILS[person % len(EMAILS)].format(person)
        if self.random.random() < 0.3:
            email = email.title()  # the same person, typed in another way
        make = self._book_past if self.random.random() < 0.15 else self._book_to_come
        uid, start = make(home, name, email)
        self.meetings.append((home, Meeting(uid, name, email, [start])))

    def _book_to_come(self, home: Home, name: str, email: str) -> tuple[str, datetime]:
        start = home.place.free_slot()
        body = {"event_type": home.slug, "start": start.isoformat(), "invitee": {"name": name, "email": email}}
        return self.clients[home.key].post("/bookings", body)["uid"], start

    def _book_past(self, home: Home, name: str, email: str) -> tuple[str, datetime]:
        start = self._past[home.key] = self._past[home.key] - timedelta(minutes=30)
        invitee = InviteeDetails(name=name, email=email, phone="", time_zone="Europe/Berlin", locale="en", notes="")
        with database_is_there, closing(database):
            made = actions.book(
                home.place.event_type,
                start=start,
                duration=None,
                invitee=invitee,
                guests=[],
                answers={},
                now=start - timedelta(minutes=1),
            )
        return made.uid, start

    def _change(self) -> bool:
        """Move or cancel a meeting to come, or say that an invitee did not come; False when there is none left."""
        left = [(home, meeting) for home, meeting in self.meetings if not meeting.over]
        if not left:
            return False
        home, meeting = self.random.choice(left)
        client = self.clients[home.key]
        if meeting.start < datetime.now(UTC):
            client.post(f"/bookings/{meeting.uid}/no-show", {})
            meeting.kinds.append("no_show")
        elif self.random.random() < 0.7:
            start = home.place.free_slot()
            client.post(f"/bookings/{meeting.uid}/reschedule", {"start": start.isoformat()})
            meeting.kinds.append("rescheduled")
            meeting.starts.append(start)
        else:
            client.post(f"/bookings/{meeting.uid}/cancel", {"reason": "ill"})
            meeting.kinds.append("cancelled")
        self.changes += 1
        return True


class Lives:
    """Several lives side by side, each in a thread of its own with its own accounts; `go_on` lets them get so far."""

    def __init__(self, homes: list[Home], port: int, seed: int, bookings: int, changes: int) -> None:
        self._lives = [Life(homes[lane::LANES], port, f"{seed}.{lane}") for lane in range(LANES)]
        self._bookings, self._changes = bookings, changes
        self._threads = [Thread(target=self._live, args=(life, lane)) for lane, life in enumerate(self._lives)]
        self._faults: list[BaseException] = []
        self._share = 0.0

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def go_on(self, share: float) -> None:
        """Let this share of everything be done by now."""
        self._share = share
        if self._faults:
            raise self._faults[0]

    def join(self) -> None:
        for thread in self._threads:
            thread.join()
        self.go_on(1)

    def _live(self, life: Life, lane: int) -> None:
        bookings, changes = (len(range(lane, count, LANES)) for count in (self._bookings, self._changes))
        try:
            while (done := len(life.meetings) + life.changes) < bookings + changes and not self._faults:
                if done > self._share * (bookings + changes):
                    time.sleep(0.02)
                else:
                    life.do(bookings - len(life.meetings), changes - life.changes)
        except BaseException as fault:  # noqa: BLE001 - told by whoever waits for the thread
            self._faults.append(fault)
        finally:
            database.close()

    @property
    def meetings(self) -> list[tuple[Home, Meeting]]:
        return [one for life in self._lives for one in life.meetings]

    @property
    def changes(self) -> int:
        return sum(life.changes for life in self._lives)

    @property
    def asked_again(self) -> int:
        return sum(client.asked_again for life in self._lives for client in life.clients.values())
