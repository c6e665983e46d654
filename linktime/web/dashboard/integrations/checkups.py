"""What a card says of the latest check of its connection."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from linktime.accounts.access import Actor, visible
from linktime.connections.models import Connection
from linktime.crm import check
from linktime.crm.check import Advice
from linktime.crm.contract import Level
from linktime.crm.models import Checkup, Drift

LONGEST = timedelta(minutes=2)  # after that nobody watches the page for a result
CHECKING = ("Checking", "accent", "refresh-cw")
UNCHECKED = ("Not checked yet", "", "circle-dashed")
CLEAR = ("Nothing in the way", "good", "circle-check")
INCOMPLETE = ("Some bookings are affected", "warn", "triangle-alert")
FAILING = ("Bookings fail", "bad", "circle-alert")
LOOKS = {Level.ERROR: ("circle-alert", "bad"), Level.WARNING: ("triangle-alert", "warn")}


@dataclass(frozen=True, slots=True)
class Line:
    """One finding; `icon` and `kind` are how it looks."""

    advice: Advice
    icon: str
    kind: str


@dataclass(frozen=True, slots=True)
class Check:
    """`moving` says that a result may come any moment; `drifted` counts bookings that can be brought back."""

    chip: tuple[str, str, str]
    lines: list[Line]
    checked_at: datetime | None
    moving: bool
    drifted: int


def check_of(actor: Actor, connection: Connection, now: datetime) -> Check:
    checkup = visible(Checkup.objects.filter(connection=connection), actor).first() or Checkup(connection=connection)
    moving = checkup.under_way and checkup.asked_at is not None and now - checkup.asked_at < LONGEST
    lines = [Line(advice, *LOOKS[advice.finding.level]) for advice in check.advice(connection, checkup)]
    drifted = visible(Drift.objects.current().restorable().filter(record__connection=connection), actor).count()
    return Check(_chip(checkup, moving=moving), lines, checkup.checked_at, moving, drifted)


def _chip(checkup: Checkup, *, moving: bool) -> tuple[str, str, str]:
    if moving:
        return CHECKING
    if checkup.checked_at is None:
        return UNCHECKED
    if not checkup.passed:
        return FAILING
    return INCOMPLETE if checkup.findings else CLEAR
