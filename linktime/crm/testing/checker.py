"""Compares what a CRM in memory holds with the bookings there are. Knows no engine and none of its records."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q

from linktime.bookings.models import Booking
from linktime.crm.testing.memory.records import Contact, Meeting, Records

CONFIRMED, RESCHEDULED = "confirmed", "rescheduled"
THEIRS = {"first_name": "Byron", "last_name": "Stander", "phone": "1", "job": "Poet"}
LUNCH = {"title": "Lunch", "text": "", "location": "", "history": "", "status": CONFIRMED}


@dataclass
class ByHand:
    """What people over there did.

    `deleted` is the booking's revision when its meeting was deleted, by uid; `edited` are uids whose meeting got
    `text`; `forgotten` are emails whose contact was deleted, `merged` is the email of the contact that others were
    merged into.
    """

    text: str
    merged: str
    deleted: dict[str, int] = field(default_factory=dict)
    edited: set[str] = field(default_factory=set)
    forgotten: set[str] = field(default_factory=set)


class Bystanders:
    """People and meetings that LinkTime has nothing to do with, and an invitee whom it did not make."""

    def __init__(self, records: Records, known: str) -> None:
        self._records = records
        stranger = records.upsert_contact("bystander@example.com", THEIRS, {})
        lunch = records.create_meeting(stranger.id, {**LUNCH, "start": "2026-12-01T12:00:00+00:00"})
        self.contact_ids, self.meeting_ids = {stranger.id}, {lunch.id}
        self.known = known
        records.upsert_contact(known, THEIRS, {})
        self._before = self._seen()

    def faults(self, forgotten: Iterable[str]) -> Iterator[str]:
        if (now := self._seen()) != self._before:
            yield f"strangers were touched: {now}, was {self._before}"
        known = self._records.contact_of(self.known)
        kept = {name: known.fields.get(name) for name in ("last_name", "job")} if known else {}
        if self.known not in forgotten and kept != {"last_name": THEIRS["last_name"], "job": THEIRS["job"]}:
            yield f"who was known has lost what stood there: {kept}"

    def _seen(self) -> list[str]:
        contacts = [self._records.contacts.get(one) for one in self.contact_ids]
        return [str(one) for one in [*contacts, *(self._records.meetings.get(one) for one in self.meeting_ids)]]


@dataclass(frozen=True)
class Wanted:
    """A booking as it should be there. `moves` is how often it was moved."""

    uid: str
    revision: int
    status: str
    start: datetime
    moves: int
    title: str
    email: str


def wanted() -> list[Wanted]:
    booked = Booking.objects.annotate(moves=Count("changes", filter=Q(changes__kind=RESCHEDULED))).order_by("pk")
    return [
        Wanted(
            uid=one.uid,
            revision=one.revision,
            status=one.status,
            start=one.start,
            moves=moves,
            title=f"{one.title} with {one.invitee_name}",
            email=one.invitee_email.lower(),
        )
        for one, moves in zip(booked, booked.values_list("moves", flat=True), strict=True)
    ]


def faults(records: Records, hand: ByHand, bystanders: Bystanders) -> list[str]:
    """Say what the CRM shows that it should not, and what it lacks."""
    bookings = wanted()
    there = [one for one in records.meetings.values() if one.id not in bystanders.meeting_ids]
    known = {booking.uid for booking in bookings}
    found = [f"a meeting of no booking: {one}" for one in there if one.fields.get("reference") not in known]
    for booking in bookings:
        shown = [one for one in there if one.fields.get("reference") == booking.uid]
        found += faults_of(records, booking, shown, hand)
    emails = {booking.email for booking in bookings}
    return [*found, *_of_contacts(records, emails, hand, bystanders), *bystanders.faults(hand.forgotten)]


def faults_of(records: Records, booking: Wanted, shown: Iterable[Meeting], hand: ByHand) -> list[str]:
    """Say what is wrong with the meetings that a booking has."""
    found = _of_booking(records, booking, list(shown), hand)
    return [f"{booking.uid} r{booking.revision}: {fault}" for fault in found]


def _of_booking(records: Records, booking: Wanted, shown: list[Meeting], hand: ByHand) -> Iterator[str]:
    if len(shown) > 1:
        yield f"it is there {len(shown)} times: {shown}"
    if not shown and not _may_be_missing(booking, hand):
        yield "it is not there"
    for meeting in shown:
        yield from _of_meeting(booking, meeting, hand)
        yield from _of_invitee(booking, records.contacts.get(meeting.contact_id), hand)


def _may_be_missing(booking: Wanted, hand: ByHand) -> bool:
    """A meeting that was deleted by hand is made anew by a later change, if it takes place."""
    return hand.deleted.get(booking.uid) == booking.revision or (
        booking.uid in hand.deleted and booking.status != CONFIRMED
    )


def _of_meeting(booking: Wanted, meeting: Meeting, hand: ByHand) -> Iterator[str]:
    facts = meeting.fields
    shows = (facts["status"], datetime.fromisoformat(facts["start"]), len(facts["history"].splitlines()))
    right = (booking.status, booking.start, booking.moves)
    if shows != right:
        yield f"it shows {shows}, not {right}"
    if facts["title"] != booking.title:
        yield f"its title is {facts['title']}"
    if booking.uid in hand.edited and facts["text"] != hand.text:
        yield "what somebody wrote is lost"


def _of_invitee(booking: Wanted, contact: Contact | None, hand: ByHand) -> Iterator[str]:
    if contact is None and booking.email not in hand.forgotten:
        yield "it is with nobody"
    if contact is not None and booking.email not in contact.emails:
        yield f"it is with {contact.emails}"


def _of_contacts(records: Records, emails: set[str], hand: ByHand, bystanders: Bystanders) -> Iterator[str]:
    contacts = [one for one in records.contacts.values() if one.id not in bystanders.contact_ids]
    counts = Counter(email for one in contacts for email in one.emails)
    yield from (f"{email} is there {count} times" for email, count in counts.items() if count > 1)
    yield from (f"{email} is missing" for email in emails - set(counts) - hand.forgotten)
    yield from (f"{email} never booked" for email in set(counts) - emails - {hand.merged, bystanders.known})
