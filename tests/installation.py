"""A whole LinkTime for a test: the test's database, an emulator, and workers as processes of their own."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection as database

from linktime.accounts.models import Account, Membership, Plan
from linktime.bookings.models import Booking
from linktime.config.orphans import end_with_parent
from linktime.connections.models import Connection
from linktime.crm import registry
from linktime.crm.models import SyncRecord
from linktime.crm.testing.place import Place
from linktime.emulators.testing import EmulatorProcess
from tests.people import Person, join


def wait_until(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Return the first truthy value; fail with `what` when there is none in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {seconds} s")


def database_url() -> str:
    """Return the URL of the database that this test uses."""
    values = database.settings_dict
    return f"postgresql://{values['USER']}@/{values['NAME']}?host={values['HOST']}"


class Worker:
    """`linktime work` as a process."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "django", "work", "--threads", "6"]
        self.process = subprocess.Popen(
            command, env=os.environ | environment, preexec_fn=partial(end_with_parent, os.getpid(), signal.SIGKILL)
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def pause(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()


def services(emulator: EmulatorProcess) -> dict[str, dict[str, str]]:
    """Return the operator's app at each CRM of the emulator."""
    app = {"client_id": "emulator", "client_secret": "secret"}
    return {crm: {**app, "base_url": emulator.at(crm).url} for crm in registry.crms()}


class Installation(Place):
    """A place that is connected to the emulator's CRMs, with workers as processes of their own."""

    def __init__(self, host: Person, emulator: EmulatorProcess, mail: Path = Path("/nowhere")) -> None:
        super().__init__(host.account, host.user)
        self.host = host
        self.mail = mail
        self.emulator = emulator
        self.workers: list[Worker] = []
        self.organisation: str | None = None

    def connect(self, crm: str = "salesforce", **wish: Any) -> Connection:
        """Connect a CRM with a grant that needed no consent page."""
        emulator = self.emulator.at(crm)
        grant = emulator.token(**wish)
        self.organisation = grant["organisation"]
        return self.take_grant(crm, grant, url=emulator.url)

    def neighbour(self, handle: str) -> "Installation":
        """Return another account, connected to an organisation of its own."""
        account = Account.objects.create(name=handle, handle=handle, plan=Plan.PRO)
        other = Installation(join(f"{handle}@example.com", handle, account, Membership.Role.OWNER), self.emulator)
        other.connect(organisation=f"00D{account.pk:012}")
        return other

    def start_worker(self, **variables: str) -> Worker:
        worker = Worker(self.environment() | variables)
        self.workers.append(worker)
        return worker

    def environment(self) -> dict[str, str]:
        return {
            "LINKTIME_EMAIL_URL": f"file:{self.mail}",
            "LINKTIME_DATABASE_URL": database_url(),
            **{
                f"LINKTIME_{crm}_{name}".upper(): value
                for crm, app in services(self.emulator).items()
                for name, value in app.items()
            },
        }

    def quiet(self, seconds: float) -> None:
        """Wait until every record is synced."""
        waiting = SyncRecord.objects.exclude(state=SyncRecord.State.SYNCED)
        try:
            wait_until(lambda: not waiting.exists(), seconds, "all records synced")
        except AssertionError as error:
            rows = list(waiting.values("id", "state", "due_at", "tries", "error_code", "error_message", "attempt")[:5])
            raise AssertionError(f"{error}: {waiting.count()} left, such as {rows}") from error

    def stop(self) -> None:
        for worker in self.workers:
            worker.resume()
            worker.stop()


def assert_salesforce_shows(place: Installation, bookings: list[Booking]) -> None:
    """Compare an organisation with its bookings: one Event each, one Contact an invitee, last state right."""
    state = place.emulator.state(place.organisation)
    emails = [contact["Email"].lower() for contact in state["contacts"]]
    assert sorted(emails) == sorted({booking.invitee_email.lower() for booking in bookings})
    contact_of = {contact["Id"]: contact["Email"].lower() for contact in state["contacts"]}
    shown = sorted(
        (contact_of[event["WhoId"]], event["StartDateTime"][:16], event["Subject"]) for event in state["events"]
    )
    assert shown == sorted(_expected(Booking.objects.get(pk=booking.pk)) for booking in bookings)


def _expected(booking: Booking) -> tuple[str, str, str]:
    mark = "[Cancelled] " if booking.status == "cancelled" else ""
    subject = f"{mark}{booking.title} with {booking.invitee_name}"
    return booking.invitee_email.lower(), booking.start.strftime("%Y-%m-%dT%H:%M"), subject


class Story:
    """A seeded life of several accounts: bookings are made by few invitees, moved and cancelled."""

    def __init__(self, installations: list[Installation], *, seed: int, bookings: int) -> None:
        self.random = random.Random(seed)
        self.installations = installations
        self.wanted = bookings
        self.bookings: list[tuple[Installation, Booking]] = []
        self.cancelled: set[int] = set()

    @property
    def over(self) -> bool:
        return len(self.bookings) >= self.wanted

    def step(self) -> None:
        """Do one thing: book, move, or cancel."""
        open_ones = [(place, booking) for place, booking in self.bookings if booking.pk not in self.cancelled]
        choice = self.random.random()
        if choice < 0.5 or not open_ones:
            self._book(self.random.choice(self.installations), self.random.randrange(5))
            return
        place, booking = self.random.choice(open_ones)
        if choice < 0.8:
            place.move(booking)
        else:
            place.cancel(booking)
            self.cancelled.add(booking.pk)

    def _book(self, place: Installation, invitee: int) -> None:
        self.bookings.append((place, place.book(f"invitee{invitee}@example.com", f"Invitee {invitee}")))

    def assert_shown(self) -> None:
        for place in self.installations:
            assert_salesforce_shows(place, [booking for where, booking in self.bookings if where is place])
