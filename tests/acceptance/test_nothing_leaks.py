"""Who people are and what opens their CRMs: where it stands in the database, and that it stands nowhere else.

Real processes live through a day on which much goes wrong; then their logs, traces and error pages are searched.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from django.conf import settings
from django.db import connection as database

from linktime.connections import vault
from linktime.connections.models import Connection
from linktime.core.clock import now
from linktime.crm.models import SyncRecord
from linktime.crm.testing.comparing import compare
from linktime.scheduling.models import EventType
from tests.acceptance.test_demo import free_port
from tests.installation import Installation, wait_until
from tests.people import PASSWORD
from tests.processes import LINKTIME, running
from tests.rows import columns_with

pytestmark = pytest.mark.acceptance

CRMS = ("salesforce", "attio", "hubspot")
ZEBEDEE = {
    "name": "Zebedee Quartermaine",
    "email": "zebedee.quartermaine@example.com",
    "phone": "+442071838750",
    "notes": "my llama is ill",
    "time_zone": "Europe/London",
}
GUEST, HOST = "ozymandias@example.com", "alice@example.com"
INVITEES = ("zebedee", "quartermaine", "2071838750", "llama", "ozymandias")
OWN_APP = {"client_id": "our-own-app", "client_secret": "shibboleth-of-our-own"}
REFUSAL = [{"errorCode": "INVALID_EMAIL_ADDRESS", "message": f"Email: invalid: {ZEBEDEE['email']}"}]

NOT_TODAY = "crm_drift.remote"
# The only columns with personal data. What erasing an invitee empties:
OF_INVITEES = {
    "api_idempotentanswer.body": "what a request was answered, for a day",
    "bookings_booking.answers": "",
    "bookings_booking.guests": "",
    "bookings_booking.invitee_email": "",
    "bookings_booking.invitee_name": "",
    "bookings_booking.invitee_phone": "",
    "bookings_booking.location": "where it is a phone call to the invitee",
    "bookings_booking.notes": "",
    "bookings_bookingchange.reason": "",
    "crm_drift.differences": "what somebody changed in the CRM",
    NOT_TODAY: "what stands there instead, such as an Event's subject",
    "crm_syncrecord.attempt": "what was sent and not answered yet",
    "crm_syncrecord.remote": "what the CRM shows of us, to see who changed it since",
}
# And what goes with the user:
OF_HOSTS = {"account_emailaddress.email": "", "accounts_user.email": ""}


class Day:
    """What an installation was asked and answered, and what opens things in it, which must be found nowhere.

    `links` let in whoever knows them: to a booking, or as somebody who has logged in. `log` is what was logged.
    """

    def __init__(self, place: Installation, web: str) -> None:
        self.place = place
        self.hubspot, self.salesforce = place.emulator.at("hubspot"), place.emulator.at("salesforce")
        self.key = place.host.key()
        self.visitor = httpx2.Client(base_url=web, timeout=30)
        self.secrets = {self.key, PASSWORD, settings.SECRET_KEY, OWN_APP["client_secret"]}
        self.links: set[str] = set()
        self.broken: list[httpx2.Response] = []
        self.log = ""

    def ready(self) -> bool:
        try:
            return self.visitor.get("/readyz").status_code == 200
        except httpx2.TransportError:
            return False

    def call(self, path: str, body: dict[str, Any]) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": uuid4().hex}
        return self.visitor.post(f"/api/v1/{path}", json=body, headers=headers)

    def book(self) -> str:
        """Book as Zebedee; return the booking's uid."""
        answer = self.try_to_book()
        assert answer.status_code == 201, answer.text
        self.links.add(answer.json()["uid"])
        return answer.json()["uid"]

    def try_to_book(self) -> httpx2.Response:
        start, answers = self.place.free_slot().isoformat(), {"topic": "llamas"}
        wish = {"event_type": "any-time", "start": start, "invitee": ZEBEDEE, "guests": [GUEST], "answers": answers}
        return self.call("bookings", wish)

    def submit(self, path: str, **values: str) -> httpx2.Response:
        if "csrftoken" not in self.visitor.cookies:
            self.visitor.get(path)
        token = self.visitor.cookies["csrftoken"]
        self.secrets.add(token)
        return self.visitor.post(path, data={"csrfmiddlewaretoken": token, **values})

    def remember_tokens(self) -> None:
        for row in Connection.objects.all():
            sealed = [name for name in ("access_token", "refresh_token") if getattr(row, name)]
            self.secrets |= {vault.open_sealed(row, name).reveal() for name in sealed}

    def settled(self, *states: str) -> None:
        waiting = SyncRecord.objects.exclude(state__in=states)
        wait_until(lambda: not waiting.exists(), 30, f"every record {states}")

    def live(self) -> None:
        """A booking with tokens that have ended; then what CRMs refuse, don't answer, and no longer allow."""
        self.remember_tokens()
        Connection.objects.exclude(refresh_token=None).update(expires_at=now())
        booked = self.book()
        self.settled("synced")
        self.remember_tokens()
        self.salesforce.fault({"kind": "status", "status": 400, "body": REFUSAL}, path="/composite$")
        self.call(f"bookings/{booked}/cancel", {"reason": "the llama is well"})
        self.book()
        self.settled("synced", "failed")
        self.hubspot.fault({"kind": "drop"}, path="/crm/")
        self.salesforce.revoke()
        Connection.objects.filter(service="salesforce").update(expires_at=now())
        self.book()
        wait_until(SyncRecord.objects.filter(attempt__isnull=False).exists, 30, "a create that is not answered")
        wait_until(Connection.objects.filter(state="needs_reconnect").exists, 30, "a dead grant")

    def log_in(self) -> None:
        """With a password that is wrong, then with the right one; ask for a new one; and bring an app of their own."""
        self.submit("/accounts/login/", login=HOST, password="wrong")
        assert self.submit("/accounts/login/", login=HOST, password=PASSWORD).status_code == 302
        self.links.add(self.visitor.cookies["sessionid"])
        self.submit("/accounts/password/reset/", email=HOST)
        assert self.submit("/dashboard/integrations/attio/app", **OWN_APP).status_code == 302

    def break_down(self) -> None:
        """Tables are not there: whatever needs them ends in an error that nobody foresaw."""
        (some_link, *_) = self.links
        with lost("bookings_booking"):
            self.broken += [self.try_to_book(), self.visitor.get(f"/b/{some_link}")]
        with lost("crm_syncrecord"):
            self.broken += [self.try_to_book(), self.visitor.get("/dashboard/activity/")]
        with lost("accounts_membership"):
            self.broken.append(self.visitor.get("/dashboard/settings/"))

    def compared(self) -> None:
        """Somebody changes the meeting in HubSpot, and a night comes."""
        self.hubspot.clear_faults()
        shown = SyncRecord.objects.filter(connection__service="hubspot", state="synced").latest("booking_id")
        self.hubspot.update(shown.meeting_id, hs_internal_meeting_notes="With Zebedee's llama")
        compare(self.place)


@contextmanager
def lost(table: str) -> Iterator[None]:
    """Take a table away for a while."""
    with database.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO away")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE away RENAME TO {table}")


@pytest.fixture
def day(installation, collector, capfd):
    """A day that is over, and its processes with it."""
    for crm in CRMS:
        installation.connect(crm)
    question = {"key": "topic", "label": "Topic", "kind": "text", "required": False, "options": []}
    EventType.objects.update(questions=[question], location={"kind": "phone", "value": ""})
    port = free_port()
    where = installation.environment() | {"LINKTIME_OTLP_ENDPOINT": collector.url, "LINKTIME_LOG_FORMAT": "json"}
    whole = Day(installation, f"http://127.0.0.1:{port}")
    with whole.visitor, running(*LINKTIME, "serve", "--port", str(port), "--workers", "1", **where) as web:
        worker = installation.start_worker(**where)
        wait_until(whole.ready, 40, "the web server answers")
        whole.live()
        whole.log_in()
        whole.break_down()
        worker.stop()
        web.terminate()
        web.wait(20)
    whole.compared()
    whole.log = "".join(capfd.readouterr())
    return whole


def test_nothing_leaks(day, collector):
    """And the test's own day was bad enough: each of these places tells something."""
    assert [answer.status_code for answer in day.broken] == [500] * len(day.broken)
    told = {"logs": day.log, "traces": collector.text, "errors": "".join(answer.text for answer in day.broken)}
    assert "ProgrammingError" in told["logs"]
    assert "POST /api/v1/bookings" in told["traces"]
    words = (*INVITEES, HOST, *day.secrets, *day.links)
    assert [(word, where) for where, text in told.items() for word in words if word.lower() in text.lower()] == []
    assert columns_with(*day.secrets) == {}
    assert {*columns_with(*INVITEES), NOT_TODAY} == set(OF_INVITEES)
    assert set(columns_with(HOST)) == set(OF_HOSTS)


def test_there_is_no_admin():
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
