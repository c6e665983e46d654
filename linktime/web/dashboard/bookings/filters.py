"""Which bookings somebody wants to see: a tab, words, an event type, days. What can't be read counts as not asked."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.http import QueryDict

from linktime.bookings import waiting
from linktime.bookings.models import Booking
from linktime.crm import trouble
from linktime.web.reading import Reading

TABS = (
    ("upcoming", "Upcoming"),
    ("waiting", "Waiting for you"),
    ("past", "Past"),
    ("cancelled", "Cancelled"),
    ("attention", "Needs attention"),
)
LONGEST_WORDS = 200
OFF = (Booking.Status.CANCELLED, Booking.Status.DECLINED)


@dataclass(frozen=True, slots=True)
class Wish:
    """`first` and `last` are days of whoever asks, both included; `event_type` is an id as text."""

    tab: str
    words: str = ""
    event_type: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def narrow(self) -> bool:
        return bool(self.words or self.event_type or self.first or self.last)

    @property
    def query(self) -> dict[str, object]:
        """Return what an address has to say to mean this wish, without the tab."""
        return {"q": self.words, "event_type": self.event_type, "from": self.first or "", "to": self.last or ""}


def wish_of(query: QueryDict) -> Wish:
    tab, kind = query.get("show", ""), query.get("event_type", "")
    return Wish(
        tab=tab if tab in dict(TABS) else TABS[0][0],
        words=query.get("q", "").replace("\0", "").strip()[:LONGEST_WORDS],
        event_type=kind if kind.isascii() and kind.isdigit() and int(kind) < 2**63 else "",
        first=_day(query.get("from", "")),
        last=_day(query.get("to", "")),
    )


def narrowed(bookings: QuerySet[Booking], wish: Wish, reading: Reading, now: datetime) -> QuerySet[Booking]:
    """Return the bookings of a wish, in the order in which they are shown."""
    found = _of_tab(bookings, wish.tab, now)
    for word in wish.words.split():
        who = Q(invitee_name__icontains=word) | Q(invitee_email__icontains=word)
        found = found.filter(who | Q(title__icontains=word))
    if wish.event_type:
        found = found.filter(event_type=int(wish.event_type))
    if wish.first:
        found = found.filter(start__gte=datetime.combine(wish.first, time.min, reading.zone))
    if wish.last:
        found = found.filter(start__lt=datetime.combine(wish.last + timedelta(days=1), time.min, reading.zone))
    return found


def needing_attention(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """Narrow to what has not reached a CRM and will not by itself."""
    return bookings.filter(pk__in=trouble.waiting_for_somebody().values("booking"))


def _of_tab(bookings: QuerySet[Booking], tab: str, now: datetime) -> QuerySet[Booking]:
    if tab == "attention":
        return needing_attention(bookings).order_by("-start", "id")
    if tab == "waiting":
        return waiting.for_the_host(bookings, now).order_by("start", "id")
    if tab == "cancelled":
        return bookings.filter(status__in=OFF).order_by("-start", "id")
    kept = bookings.exclude(status__in=OFF)
    if tab == "past":
        return kept.filter(end__lte=now).order_by("-start", "id")
    return kept.filter(end__gt=now).order_by("start", "id")


def _day(text: str) -> date | None:
    """Read a day; those at the ends of time have no neighbours, which a zone or the day after needs."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2200 else None  # noqa: PLR2004 - no meetings are beyond
