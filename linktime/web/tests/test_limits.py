"""How often one visitor may ask, whoever they say they are; and that asking finds nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from linktime.bookings import actions
from linktime.bookings.invitees import InviteeDetails
from linktime.bookings.meetings import meeting_of
from linktime.bookings.models import Booking
from linktime.notifications.ics import uid
from linktime.web import rate
from linktime.web.models import VisitWindow
from tests.people import NOW

PAGE = "/alice/intro-call"
FORM = {"start": "2026-11-24T10:00:00Z", "duration": "30", "zone": "UTC", "name": "Grace", "email": "no", "token": "t"}


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch):
    monkeypatch.setattr("linktime.core.clock.now", lambda: NOW)


@pytest.fixture
def _few(settings):
    """Two forms and forty pages a minute."""
    settings.RATE_LIMIT = 8


@pytest.fixture
def booking(event_type):
    grace = InviteeDetails("Grace Hopper", "grace@example.com")
    return actions.book(
        event_type, start=NOW.replace(day=24, hour=10), duration=None, invitee=grace, guests=[], answers={}, now=NOW
    )


def statuses(client, count, *, post=None, path=PAGE, **headers):
    send = client.get if post is None else client.post
    return [send(path, post, headers=headers).status_code for _ in range(count)]


@pytest.mark.usefixtures("_few", "event_type")
def test_too_many_forms_are_told_to_wait(client):
    assert statuses(client, 4, post=FORM) == [422, 422, 429, 429]
    assert "Wait a minute" in client.post(PAGE, FORM).content.decode()


@pytest.mark.parametrize("path", [PAGE, "/alice", "/embed/alice/intro-call", "/b/none", "/b/time-zones"])
def test_too_many_pages_are_told_to_wait(client, event_type, settings, path):
    settings.RATE_LIMIT = 2
    assert 429 not in statuses(client, 10, path=path)
    response = client.get(path)
    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 60


@pytest.mark.usefixtures("_few", "event_type")
def test_the_count_begins_anew_after_a_minute(client):
    assert statuses(client, 3, post=FORM) == [422, 422, 429]
    VisitWindow.objects.update(began_at=datetime.now(UTC) - timedelta(seconds=61))
    assert statuses(client, 1, post=FORM) == [422]


@pytest.mark.usefixtures("_few", "event_type")
def test_without_trusted_proxies_nobody_can_pretend_to_be_another(client):
    sent = [statuses(client, 1, post=FORM, x_forwarded_for=f"203.0.113.{n}")[0] for n in range(3)]
    assert sent == [422, 422, 429]


@pytest.mark.usefixtures("_few", "event_type")
@pytest.mark.parametrize(
    ("proxies", "header"),
    [
        (1, "{}"),
        (1, "10.9.9.9, {}"),
        (2, "{}, 10.0.0.2"),
        (2, "1.1.1.1, {}, 10.0.0.2"),
        (2, "{}"),
        (1, "[2001:db8:{0}::1]"),
    ],
)
def test_behind_proxies_each_visitor_has_a_limit_of_their_own(client, settings, proxies, header):
    """And what a visitor claims of themselves, at the front, counts for nothing."""
    settings.TRUSTED_PROXIES = proxies
    addresses = ["2001", "2002"] if "[" in header else ["203.0.113.1", "203.0.113.2"]
    for address in addresses:
        assert statuses(client, 3, post=FORM, x_forwarded_for=header.format(address)) == [422, 422, 429]


@pytest.mark.parametrize(
    ("told", "visitor"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("unknown", "127.0.0.1"),
        ("' OR 1=1", "127.0.0.1"),
    ],
)
def test_a_network_of_ipv6_is_one_visitor(rf, settings, told, visitor):
    settings.TRUSTED_PROXIES = 1
    assert rate.visitor_of(rf.get("/", headers={"x-forwarded-for": told})) == visitor


@pytest.mark.usefixtures("event_type")
def test_nobodys_address_is_kept(client):
    client.get(PAGE)
    rate.forget(datetime.now(UTC) + timedelta(minutes=1))
    assert not VisitWindow.objects.exists()


def test_bookings_cannot_be_found_by_trying(client, alice, booking):
    """Only the whole uid leads to one; numbers, parts, other cases and the entry's UID do not."""
    tries = [
        str(booking.pk), booking.uid[:-1], booking.uid + "A", booking.uid.swapcase(), booking.uid.lower(), "*", "%25",
        str(booking.occasion), uid(meeting_of(booking)), "_" * 22, f"{booking.uid}%00",
    ]  # fmt: skip
    for attempt in tries:
        for path in (f"/b/{attempt}", f"/b/{attempt}/cancel", f"/b/{attempt}/calendar.ics", f"/embed/b/{attempt}"):
            response = client.get(path)
            assert response.status_code == 404, path
            assert b"Grace" not in response.content
    assert client.get(f"/b/{booking.uid}").status_code == 200


def test_a_uid_cannot_be_guessed():
    """22 of 62 characters: 131 bits, from the system's source of randomness."""
    uids = {Booking._meta.get_field("uid").get_default() for _ in range(1000)}
    assert len(uids) == 1000
    assert {len(uid) for uid in uids} == {22}
    assert len({character for uid in uids for character in uid}) == 62


def test_public_pages_say_nothing_of_who_has_booked(client, booking):
    for path in (
        "/alice",
        PAGE,
        f"{PAGE}?day=2026-11-24",
        f"{PAGE}?start=2026-11-24T10:00:00Z",
        "/embed/alice/intro-call",
    ):
        page = client.get(path).content.decode()
        assert "Grace" not in page
        assert booking.uid not in page


def test_a_bookings_page_is_kept_out_of_search_engines_and_out_of_referrers(client, booking):
    for path in ("", "/cancel", "/reschedule"):
        response = client.get(f"/b/{booking.uid}{path}")
        assert '<meta name="robots" content="noindex">' in response.content.decode()
        assert response.headers["Referrer-Policy"] == "same-origin"
