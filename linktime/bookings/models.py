"""What was booked, with whom, and every change of it."""

import secrets
import string
from datetime import datetime, timedelta
from typing import Self
from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Collate, Lower
from django.utils.translation import gettext_lazy as _

from linktime.accounts.models import AccountOwned, User
from linktime.core import meeting
from linktime.scheduling.models import EventType

LETTERS_AND_DIGITS = string.ascii_letters + string.digits
UID_LENGTH = 22  # characters: 131 bits


def searched(field: str) -> Collate:
    """Return, in the database, a text in lower case, in an order in which its beginning can be looked up."""
    return Collate(Lower(field), "C")


def searched_last_word(field: str) -> Collate:
    """Return the same of a name's last word."""
    last = Func(F(field), Value(r"^.*\s"), Value(""), function="regexp_replace", output_field=models.TextField())
    return Collate(Lower(last), "C")


def new_uid() -> str:
    """Return random letters and digits: whoever knows a booking's uid may change it."""
    uid, random = "", secrets.randbelow(len(LETTERS_AND_DIGITS) ** UID_LENGTH)
    while len(uid) < UID_LENGTH:
        random, digit = divmod(random, len(LETTERS_AND_DIGITS))
        uid += LETTERS_AND_DIGITS[digit]
    return uid


class BookingQuerySet(models.QuerySet["Booking"]):
    def agreed(self) -> Self:
        """Leave out what waits to become a meeting, and what never became one."""
        return self.exclude(confirmed_at=None)


class Booking(AccountOwned):
    """A meeting with an invitee. `uid` stays the same through every change; `revision` rises by one with each.

    `during` of its hosts is what blocks their time. `title` and `location` are the event type's at the time of booking.
    `answers` is a list of `{"key", "label", "value"}`; `guests` a list of emails. Bookings of one `occasion` share a
    meeting, each with a `seat` from 1.

    While it is pending, `waits_for` says for whom, until `expires_at`. It is real from `confirmed_at` on; what never
    was (None) is nobody's business but the host's and the invitee's.

    Since `erased_at` nothing of it says who the invitee was (see `erasure.py`).
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Declined")
        CANCELLED = "cancelled", _("Cancelled")
        NO_SHOW = "no_show", _("No-show")

    class WaitsFor(models.TextChoices):
        NOBODY = "", "Nobody"
        INVITEE = "invitee", "The invitee, to confirm the email address"
        HOST = "host", "The host, to accept"

    event_type = models.ForeignKey(EventType, models.PROTECT, related_name="bookings")
    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    occasion = models.UUIDField(default=uuid4)
    seat = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.CONFIRMED)
    revision = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=200)
    location = models.CharField(max_length=500, blank=True)
    start = models.DateTimeField()
    end = models.DateTimeField()
    invitee_name = models.CharField(max_length=200)
    invitee_email = models.EmailField()
    invitee_phone = models.CharField(max_length=20, blank=True)
    invitee_time_zone = models.CharField(max_length=64)
    invitee_locale = models.CharField(max_length=35, blank=True)
    notes = models.TextField(blank=True)
    guests = models.JSONField(default=list)
    answers = models.JSONField(default=list)
    created_at = models.DateTimeField()
    waits_for = models.CharField(max_length=7, choices=WaitsFor.choices, default=WaitsFor.NOBODY, blank=True)
    expires_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    # What whoever has just made a booking has in hand, so that telling others of it needs no look.
    fresh_hosts: "list[BookingHost] | None" = None
    fresh_changes: "list[BookingChange] | None" = None

    objects = BookingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["occasion", "seat"], condition=~Q(status__in=["cancelled", "declined"]), name="seat_once"
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(status="pending"), name="booking_expires"),
            models.Index(fields=["account", "-start", "id"], name="booking_list"),
            models.Index(fields=["end"], name="booking_not_erased", condition=Q(erased_at=None)),
            models.Index(fields=["account", "invitee_email"], name="booking_by_email"),
            models.Index(F("account"), searched("invitee_email"), name="search_by_email"),
            models.Index(F("account"), searched("invitee_name"), name="search_by_name"),
            models.Index(F("account"), searched_last_word("invitee_name"), name="search_by_last_word"),
        ]

    def __str__(self) -> str:
        return f"{self.title} with {self.invitee_name}"

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)

    @property
    def pending(self) -> bool:
        return self.status == self.Status.PENDING

    @property
    def declined(self) -> bool:
        return self.status == self.Status.DECLINED

    @property
    def cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    @property
    def movable_until(self) -> datetime:
        """The last moment at which the invitee may move it."""
        return self._until(self.event_type.reschedule_deadline)

    @property
    def cancellable_until(self) -> datetime:
        """The last moment at which the invitee may cancel it."""
        return self._until(self.event_type.cancel_deadline)

    def _until(self, deadline: int | None) -> datetime:
        return self.end if deadline is None else self.start - timedelta(minutes=deadline)


class BookingHost(models.Model):
    """A host's time that a booking takes. Buffers are not in it: they may overlap each other.

    The exclusion constraint is the backstop of the hosts' lock in `actions.py`. Bookings of one `occasion` may share
    their time; nothing else may.
    """

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="booking_hosts")
    host = models.ForeignKey(User, models.PROTECT, related_name="booking_hosts")
    during = DateTimeRangeField()
    occasion = models.UUIDField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "host"], name="host_once_a_booking"),
            ExclusionConstraint(
                name="host_is_in_one_place",
                expressions=[
                    ("host", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                    ("occasion", RangeOperators.NOT_EQUAL),
                ],
                condition=Q(active=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host} for {self.booking}"


class BookingChange(models.Model):
    """One step of a booking's life, as a row: work fans out from these.

    `trace` is the `traceparent` of the request that made it, where requests are traced.
    """

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in meeting.ChangeKind])
    revision = models.PositiveIntegerField()
    at = models.DateTimeField()
    start = models.DateTimeField()
    end = models.DateTimeField()
    previous_start = models.DateTimeField(null=True)
    previous_end = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    trace = models.CharField(max_length=55, blank=True, db_default="")

    class Meta:
        ordering = [F("revision").asc()]
        constraints = [models.UniqueConstraint(fields=["booking", "revision"], name="revision_once_a_booking")]

    def __str__(self) -> str:
        return f"{self.booking_id} {self.kind} r{self.revision}"


class Hold(models.Model):
    """A slot that is kept for a visitor for some minutes; each visitor has one at most.

    `visitor` is a secret of the visitor's browser. Whoever holds a seat of a shared meeting keeps nobody from the
    others.
    """

    visitor = models.CharField(max_length=64, unique=True)
    event_type = models.ForeignKey(EventType, models.CASCADE, related_name="holds")
    host_ids = ArrayField(models.BigIntegerField())
    start = models.DateTimeField()
    end = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="hold_expires")]

    def __str__(self) -> str:
        return f"{self.event_type} at {self.start}"


class Reminder(models.Model):
    """A mail that is due some minutes before a meeting's start, or after its end. A row, never a parked job."""

    class Kind(models.TextChoices):
        REMINDER = "reminder", "Before the meeting"
        FOLLOW_UP = "follow_up", "After the meeting"

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    minutes = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["booking", "kind", "minutes"], name="reminder_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at=None), name="reminder_due")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.booking}"
