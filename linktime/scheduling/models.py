"""What can be booked, and when: event types and weekly schedules."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from linktime.accounts.models import AccountOwned, User
from linktime.scheduling import weekly, windows
from linktime.scheduling.slots import Rules


class Schedule(AccountOwned):
    """Weekly hours in one time zone.

    `weekly` is a list of `{"days": ["mon", ...], "start": "09:00", "end": "17:00"}`, wall-clock times in
    `time_zone` (an IANA name); `end` may be "24:00".
    """

    owner = models.ForeignKey(User, models.CASCADE, related_name="schedules")
    name = models.CharField(max_length=100)
    time_zone = models.CharField(max_length=64)
    weekly = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.name


class EventType(AccountOwned):
    """A kind of meeting that invitees can book. All lengths of time are in minutes.

    `location` is `{"kind": "phone|in_person|link|custom", "value": text}` or empty.
    `window` is `{"kind": "rolling", "days": 60}`, `{"kind": "range", "start": date, "end": date}` or None.
    `questions` is a list of `{"key", "label", "kind", "required", "options"}`.
    """

    host = models.ForeignKey(User, models.CASCADE, related_name="event_types")
    schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="event_types")
    slug = models.SlugField(max_length=100)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    durations = models.JSONField(default=list)
    slot_interval = models.PositiveIntegerField(null=True, validators=[MinValueValidator(1)])
    buffer_before = models.PositiveIntegerField(default=0)
    buffer_after = models.PositiveIntegerField(default=0)
    minimum_notice = models.PositiveIntegerField(default=0)
    window = models.JSONField(null=True)
    location = models.JSONField(default=dict)
    questions = models.JSONField(default=list)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "slug"], name="slug_once_an_account"),
            models.CheckConstraint(condition=~Q(durations=[]), name="some_duration"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def rules(self) -> Rules:
        """What decides when this can be booked, for `slots.py`."""
        return Rules(
            time_zone=self.schedule.time_zone,
            weekly=weekly.hours(self.schedule.weekly),
            slot_interval=self.slot_interval,
            buffer_before=self.buffer_before,
            buffer_after=self.buffer_after,
            minimum_notice=self.minimum_notice,
            window=windows.window_of(self.window),
        )
