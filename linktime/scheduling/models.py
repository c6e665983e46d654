"""What can be booked, when and with whom: event types, their hosts, weekly schedules."""

import secrets
from collections.abc import Iterable

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from linktime.accounts.models import AccountOwned, User
from linktime.scheduling import limits, overrides, public_holidays, weekly, windows
from linktime.scheduling.hours import HostHours
from linktime.scheduling.localtime import DateRange, LocalCalendar, Stay
from linktime.scheduling.rules import Rules


class Schedule(AccountOwned):
    """Hours in one time zone.

    `weekly` is a list of `{"days": ["mon", ...], "start": "09:00", "end": "17:00"}`, wall-clock times in
    `time_zone` (an IANA name); `end` may be "24:00". `overrides` is a list of `{"date", "intervals": [{"start",
    "end"}]}`, which take the place of a date's other hours. `holidays` is `{"country", "region"}`, whose public
    holidays are days off, or None. `is_default`: new event types of the owner's take these hours.
    """

    owner = models.ForeignKey(User, models.CASCADE, related_name="schedules")
    name = models.CharField(max_length=100)
    time_zone = models.CharField(max_length=64)
    weekly = models.JSONField(default=list)
    overrides = models.JSONField(default=list)
    holidays = models.JSONField(null=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "owner"], condition=Q(is_default=True), name="one_default_an_owner"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def hours(self, absences: Iterable["Absence"], years: range) -> HostHours:
        """Return these hours for `slots.py`, with the absences of their host and the holidays of these years."""
        absences = list(absences)
        return HostHours(
            LocalCalendar(self.time_zone, tuple(Stay(each.dates, each.time_zone) for each in absences if each.working)),
            weekly=weekly.hours(self.weekly),
            overrides=overrides.spans(self.overrides),
            holidays=public_holidays.dates(self.holidays, years),
            away=tuple(each.dates for each in absences if not each.working),
        )


class Absence(AccountOwned):
    """Dates, both included, on which a host is elsewhere.

    With a `time_zone` they work by the clocks there; without one they are out of office. It holds in every account.
    """

    host = models.ForeignKey(User, models.CASCADE, related_name="absences")
    start = models.DateField()
    end = models.DateField()
    time_zone = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(start__lte=F("end")), name="absence_ends_after_its_start")]

    def __str__(self) -> str:
        return f"{self.host} {self.start} to {self.end}"

    @property
    def dates(self) -> DateRange:
        return DateRange(self.start, self.end)

    @property
    def working(self) -> bool:
        return bool(self.time_zone)


class EventType(AccountOwned):
    """A kind of meeting that invitees can book. All lengths of time are in minutes.

    `host` and `schedule` are those of the first of its `places`: the name on the page, and the zone for who has none.
    `location` is `{"kind": "phone|in_person|link|custom", "value": text}` or empty.
    `window` is one of those in `windows.py`, or None. `limits` is `{"day", "week", "month"}`, each a number or None.
    `questions` is a list of `{"key", "label", "kind", "required", "options"}`.
    `seats` is how many invitees may share a meeting. The deadlines are how long before its start an invitee may still
    move or cancel it, None for as long as it lasts. `reminders` and `follow_ups` are lists of minutes before its start
    and after its end. `texts` has `{"subject", "body"}` by kind of mail, with placeholders (`texts.py`).
    """

    class Assignment(models.TextChoices):
        SINGLE = "single", "One host"
        ROUND_ROBIN = "round_robin", "Hosts in turn"
        COLLECTIVE = "collective", "All hosts together"

    class Visibility(models.TextChoices):
        PUBLIC = "public", "Listed on the page"
        HIDDEN = "hidden", "For whoever has the link"
        LINK_ONLY = "link_only", "With a single-use link only"

    host = models.ForeignKey(User, models.CASCADE, related_name="event_types")
    schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="event_types")
    slug = models.SlugField(max_length=100)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    durations = models.JSONField(default=list)
    slot_interval = models.PositiveIntegerField(null=True, validators=[MinValueValidator(1)])
    slot_offset = models.PositiveIntegerField(default=0)
    buffer_before = models.PositiveIntegerField(default=0)
    buffer_after = models.PositiveIntegerField(default=0)
    minimum_notice = models.PositiveIntegerField(default=0)
    window = models.JSONField(null=True)
    limits = models.JSONField(default=limits.none)
    location = models.JSONField(default=dict)
    questions = models.JSONField(default=list)
    assignment = models.CharField(max_length=11, choices=Assignment.choices, default=Assignment.SINGLE)
    seats = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    visibility = models.CharField(max_length=9, choices=Visibility.choices, default=Visibility.PUBLIC)
    requires_approval = models.BooleanField(default=False)
    requires_verification = models.BooleanField(default=False)
    reschedule_deadline = models.PositiveIntegerField(null=True)
    cancel_deadline = models.PositiveIntegerField(null=True)
    redirect_url = models.URLField(max_length=1000, blank=True)
    reminders = models.JSONField(default=list)
    follow_ups = models.JSONField(default=list)
    texts = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "slug"], name="slug_once_an_account"),
            models.CheckConstraint(condition=~Q(durations=[]), name="some_duration"),
            models.CheckConstraint(condition=Q(seats__gte=1), name="some_seat"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def rules(self) -> Rules:
        """What decides when this can be booked, for `slots.py`."""
        return Rules(
            slot_interval=self.slot_interval,
            slot_offset=self.slot_offset,
            buffer_before=self.buffer_before,
            buffer_after=self.buffer_after,
            minimum_notice=self.minimum_notice,
            window=windows.window_of(self.window),
            limits=limits.limits_of(self.limits),
        )


class Place(models.Model):
    """A host of an event type, with the hours offered there.

    In a round robin, a host of weight 2 has twice as many turns as one of weight 1; `last_turn` is the number of the
    last one, counted for each event type.
    """

    event_type = models.ForeignKey(EventType, models.CASCADE, related_name="places")
    host = models.ForeignKey(User, models.CASCADE, related_name="places")
    schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="places")
    order = models.PositiveSmallIntegerField(default=0)
    weight = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    last_turn = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_type", "host"], name="host_once_an_event_type")]

    def __str__(self) -> str:
        return f"{self.host} in {self.event_type}"


def new_token() -> str:
    return secrets.token_urlsafe(16)


class SingleUseLink(AccountOwned):
    """An address at which an event type can be booked once. `used_at` is None until somebody has."""

    event_type = models.ForeignKey(EventType, models.CASCADE, related_name="links")
    token = models.CharField(max_length=32, unique=True, default=new_token)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.event_type}, once"
