"""What each CRM should show, what it shows, and every attempt to bring the two together."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from linktime.accounts.models import Account, AccountOwned, User
from linktime.bookings.models import Booking
from linktime.connections.models import Connection


class Organisation(models.Model):
    """One organisation of one CRM, however many accounts connect it: the unit of drains, limits and order.

    The lease says which process may write there: `epoch` rises with each taking, and whoever writes with an old one
    writes nothing. When it may be written to: see `weather.py`; `pace_debts` are the seconds that each rate had left to
    wait at `paced_at`, see `pace.py`. `last_connection` is whose turn it was: accounts take turns.
    """

    crm = models.CharField(max_length=20)
    key = models.CharField(max_length=100)
    lease_owner = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True)
    epoch = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    live_from = models.DateTimeField(null=True)
    background_from = models.DateTimeField(null=True)
    pace_debts = models.JSONField(default=dict)
    paced_at = models.DateTimeField(null=True)
    last_connection = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["crm", "key"], name="organisation_once")]

    def __str__(self) -> str:
        return f"{self.crm} {self.key}"


class SyncRecord(AccountOwned):
    """What one CRM connection should show of one booking, and what it shows.

    `shown_revision` is 0 until the booking is there. `due_at` is None when nothing waits; of what is due, the lower
    `urgency` goes first. `tries` counts the record's own failures, not its organisation's. `remote` is what we last
    wrote there and where; `attempt` is a create under way whose answer is not known; `doubt` is one whose answer was
    lost, to be looked up once more at `recheck_at` (see `engine.py`). `pending_since` says of one that is pending when
    the change was made that the CRM does not show; `due_at` moves with every try. `wanted_at` is when the wanted
    revision was made; `cause` says why it is tried again, until it has been; `choices` are what somebody decided for
    this booking alone (see `options.py`).
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        SYNCED = "synced", _("Synced")
        FAILED = "failed", _("Failed")
        SKIPPED = "skipped", _("Nothing to do")

    class Urgency(models.IntegerChoices):
        PERSON = 0, _("Somebody waits for it")
        LIVE = 1, _("A booking that has just changed")
        BACKGROUND = 2, _("A booking made before the connection")

    class Cause(models.TextChoices):
        CHANGE = "", _("The booking was made or changed")
        PERSON = "person", _("Somebody pressed Retry")
        MENDED = "mended", _("Another booking got through that had failed in the same way")
        CHECKED = "checked", _("A check found that nothing is in the way any more")
        RESUMED = "resumed", _("The connection works again")
        BACKFILL = "backfill", _("A backfill found the booking")
        RESTORED = "restored", _("Somebody had it brought back")

    # no index of its own: those of the timeline begin with it, and with the connection
    account = models.ForeignKey(Account, models.CASCADE, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="records")
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="sync_records", db_index=False)
    booking = models.ForeignKey(Booking, models.CASCADE, related_name="sync_records")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    wanted_revision = models.PositiveIntegerField()
    wanted_at = models.DateTimeField(db_default=Now())
    cause = models.CharField(max_length=10, choices=Cause.choices, blank=True, default=Cause.CHANGE, db_default="")
    shown_revision = models.PositiveIntegerField(default=0)
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices, default=Urgency.LIVE)
    due_at = models.DateTimeField(null=True)
    pending_since = models.DateTimeField(db_default=Now())
    tries = models.PositiveIntegerField(default=0)
    choices = models.JSONField(default=dict, db_default={})
    contact_id = models.CharField(max_length=100, blank=True)
    meeting_id = models.CharField(max_length=100, blank=True)
    remote = models.JSONField(default=dict)
    attempt = models.JSONField(null=True)
    doubt = models.JSONField(null=True)
    recheck_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=100, blank=True)
    error_message = models.TextField(blank=True)
    synced_at = models.DateTimeField(null=True)
    backfill = models.ForeignKey(
        "Backfill", models.SET_NULL, null=True, db_index=False, related_name="records", editable=False
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "booking"], name="one_record_a_booking")]
        indexes = [
            models.Index(
                fields=["organisation", "connection", "urgency", "due_at"],
                name="due_records",
                condition=Q(due_at__isnull=False),
            ),
            models.Index(
                fields=["organisation", "recheck_at"], name="doubtful_records", condition=Q(recheck_at__isnull=False)
            ),
            models.Index(fields=["organisation", "meeting_id"], name="records_by_meeting"),
            models.Index(fields=["connection", "pending_since"], name="pending_records", condition=Q(state="pending")),
            models.Index(fields=["account", "-wanted_at", "-id"], name="timeline"),
            models.Index(fields=["account", "state", "-wanted_at", "-id"], name="timeline_by_state"),
            models.Index(fields=["connection", "-wanted_at", "-id"], name="timeline_of_crm"),
            models.Index(fields=["connection", "state", "-wanted_at", "-id"], name="timeline_of_crm_by_state"),
            models.Index(fields=["connection", "synced_at"], name="records_by_synced"),
            models.Index(fields=["backfill", "state"], name="records_of_backfill", condition=Q(backfill__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id} in {self.organisation_id}: {self.shown_revision} of {self.wanted_revision}"

    @property
    def dismissed(self) -> bool:
        """Say whether it failed and somebody left it at that; what was in the way is still told."""
        return self.state == self.State.SKIPPED and bool(self.error_code)

    @property
    def drifted(self) -> "Drift | None":
        """What has become of it over there since it was synced, as far as the latest comparison knows."""
        drift: Drift | None = getattr(self, "drift", None)
        known = drift is not None and self.state == self.State.SYNCED and self.synced_at is not None
        return drift if known and drift and self.synced_at and self.synced_at <= drift.seen_at else None


class SyncAttempt(models.Model):
    """One try to bring a record forward: the log that people read. `ms` is the time spent, `calls` those to the CRM.

    `exchanges` are these calls as people may see them: see `exchanges.py`. `cause` says why it was made.
    """

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        LATER = "later", _("Will be tried again")
        FAILED = "failed", _("Failed")

    record = models.ForeignKey(SyncRecord, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    revision = models.PositiveIntegerField()
    action = models.CharField(max_length=20)
    calls = models.PositiveIntegerField()
    ms = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    error_code = models.CharField(max_length=100, blank=True)
    error_message = models.TextField(blank=True)
    note = models.TextField(blank=True)
    exchanges = models.JSONField(default=list, db_default=[])
    cause = models.CharField(
        max_length=10, choices=SyncRecord.Cause.choices, blank=True, default=SyncRecord.Cause.CHANGE, db_default=""
    )

    class Meta:
        indexes = [
            models.Index(fields=["record", "-at"], name="attempts_latest_first"),
            models.Index(fields=["at"], name="attempts_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.action} r{self.revision}: {self.outcome}"


class Backfill(AccountOwned):
    """Bookings that start from `since` on and before `until`, brought to a CRM that was connected after them.

    Their records are made bit by bit, the latest booking first: `reached` is the start of the last one, `total` how
    many there are to bring. `epoch` is the organisation's when it was stopped. See `backfill.py`.
    """

    class State(models.TextChoices):
        FILLING = "filling", _("Finding bookings")
        FILLED = "filled", _("Bookings found")
        STOPPING = "stopping", _("Stopping")
        STOPPED = "stopped", _("Stopped")

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="backfills")
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.FILLING)
    reached = models.DateTimeField(null=True)
    total = models.PositiveIntegerField()
    epoch = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection"], condition=Q(state="filling"), name="one_backfill_at_a_time")
        ]
        indexes = [
            models.Index(fields=["state"], name="backfills_under_way", condition=Q(state__in=["filling", "stopping"]))
        ]

    def __str__(self) -> str:
        return f"{self.connection}: {self.since} to {self.until}, {self.state}"


class Checkup(AccountOwned):
    """What a check of a connection found last: see `check.py`. `findings` are `contract.Finding`s as JSON.

    It is under way while `asked_at` is later than `checked_at`.
    """

    connection = models.OneToOneField(Connection, models.CASCADE, related_name="checkup")
    asked_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    passed = models.BooleanField(default=False)
    findings = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.connection}: {'passed' if self.passed else 'not passed'} at {self.checked_at}"

    @property
    def under_way(self) -> bool:
        return self.asked_at is not None and (self.checked_at is None or self.checked_at < self.asked_at)


class Reconciliation(AccountOwned):
    """A connection's nightly comparison with its CRM: see `reconcile.py`.

    One pass goes on from record to record, `reached` being the last one; `compared_at` is when the latest one ended.
    What it could not ask is an error, and found nothing.
    """

    connection = models.OneToOneField(Connection, models.CASCADE, related_name="reconciliation")
    due_at = models.DateTimeField()
    reached = models.BigIntegerField(default=0)
    compared_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=100, blank=True)
    error_message = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="reconciliations_due")]

    def __str__(self) -> str:
        return f"{self.connection}: compared at {self.compared_at}"


class DriftQuerySet(models.QuerySet["Drift"]):
    def current(self) -> Self:
        """Leave out what has been synced since it was seen, or is about to be."""
        return self.filter(record__state=SyncRecord.State.SYNCED, record__synced_at__lte=F("seen_at"))

    def restorable(self) -> Self:
        return self.exclude(remedy="")


class Drift(AccountOwned):
    """A booking that its CRM does not show as we left it, as seen at `seen_at`: a `contract.Drift`, as JSON."""

    record = models.OneToOneField(SyncRecord, models.CASCADE, related_name="drift")
    seen_at = models.DateTimeField()
    kind = models.CharField(max_length=10)
    message = models.TextField()
    remedy = models.TextField(blank=True)
    remote = models.JSONField()
    differences = models.JSONField(default=list)

    objects = DriftQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.record}: {self.kind}"
