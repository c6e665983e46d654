"""Why a time is not on offer, as a host reads it: a sentence for each rule in the way, and where to change it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.bookings.explanation import Explanation, Verdict
from linktime.bookings.models import Booking
from linktime.bookings.taken import Taken
from linktime.core import when
from linktime.scheduling import clocks
from linktime.scheduling.explain import Reason, Rule
from linktime.scheduling.models import EventType, Place
from linktime.web.reading import Reading
from linktime.web.zones import zone

DASH = "\N{EN DASH}"
EDIT_HOURS, EDIT_TYPE, SEE_ABSENCES, SEE_BOOKING = "Change the hours", "Change it", "See days away", "Open the booking"


@dataclass(frozen=True, slots=True)
class Told:
    """One reason in words, and a link to where it comes from, where there is one."""

    words: str
    href: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class HostsTold:
    """What is in the way of some hosts who would meet together; nothing: they are free."""

    names: str
    reasons: list[Told]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, and who reads the answer."""

    event_type: EventType
    minutes: int
    reading: Reading
    bookings: Mapping[object, Sequence[Booking]]


def told(found: Explanation, event_type: EventType, minutes: int, reading: Reading, actor: Actor) -> list[HostsTold]:
    asked = Asked(event_type, minutes, reading, _bookings(found, actor))
    return [_of(verdict, asked) for verdict in found.verdicts]


def _of(verdict: Verdict, asked: Asked) -> HostsTold:
    names = when.listed([str(place.host) for place in verdict.places], locale=asked.reading.locale)
    reasons = [each for reason in verdict.reasons for each in _told(reason, verdict.places, asked)]
    return HostsTold(names, list(dict.fromkeys(reasons)))


def _told(reason: Reason, places: Sequence[Place], asked: Asked) -> Iterable[Told]:
    place = places[reason.host or 0]
    if reason.rule in {Rule.MEETING, Rule.PAUSE}:
        return _busy(reason, place, asked)
    return [_WORDS[reason.rule](reason, place, asked)]


def _of_event_type(words: Callable[[Reason, Place, Asked], str]) -> Callable[[Reason, Place, Asked], Told]:
    def tell(reason: Reason, place: Place, asked: Asked) -> Told:
        return Told(words(reason, place, asked), reverse("edit_event_type", args=[asked.event_type.pk]), EDIT_TYPE)

    return tell


def _of_hours(words: Callable[[Reason, Place, Asked], str]) -> Callable[[Reason, Place, Asked], Told]:
    def tell(reason: Reason, place: Place, asked: Asked) -> Told:
        return Told(words(reason, place, asked), reverse("edit_schedule", args=[place.schedule_id]), EDIT_HOURS)

    return tell


def _past(_reason: Reason, _place: Place, _asked: Asked) -> Told:
    return Told("This time has passed.")


def _away(reason: Reason, place: Place, asked: Asked) -> Told:
    return Told(f"{place.host} is out of office on {_day(reason, asked)}.", reverse("absences"), SEE_ABSENCES)


def _notice(reason: Reason, _place: Place, asked: Asked) -> str:
    return f"It is too soon: with the notice that has to be given, the earliest time is {_at(reason.after, asked)}."


def _window(reason: Reason, _place: Place, asked: Asked) -> str:
    if reason.before is None or reason.after is None:
        return "It is outside the days that can be booked."
    now_only = reason.after.year < 1000  # noqa: PLR2004 - a window without a beginning
    start = "" if now_only else f"from {_at(reason.after, asked)} "
    return f"It is outside the days that can be booked: they go {start}to before {_at(reason.before, asked)}."


def _override(reason: Reason, place: Place, asked: Asked) -> str:
    if not reason.spans:
        return f"{_day(reason, asked)} is a day off in “{place.schedule}”."
    return f"{_day(reason, asked)} has hours of its own in “{place.schedule}”: {_spans(reason)}, {_zone(place, asked)}."


def _holiday(reason: Reason, place: Place, asked: Asked) -> str:
    return f"{_day(reason, asked)} is a public holiday in “{place.schedule}”."


def _hours(reason: Reason, place: Place, asked: Asked) -> str:
    if not reason.spans:
        return f"“{place.schedule}” has no hours on {_day(reason, asked)}."
    open_hours = f"{_spans(reason)}, {_zone(place, asked)}"
    return f"It is outside the hours of “{place.schedule}” on {_day(reason, asked)}: {open_hours}."


def _too_long(reason: Reason, place: Place, asked: Asked) -> str:
    ends = _at(reason.before, asked)
    return f"A meeting of {asked.minutes} minutes would go past {ends}, when “{place.schedule}” ends."


def _limit(reason: Reason, place: Place, _asked: Asked) -> str:
    meetings = "1 meeting" if reason.limit == 1 else f"{reason.limit} meetings"
    return f"{place.host} has {meetings} of this kind in this {reason.rule}, and that is its limit."


def _step(reason: Reason, _place: Place, asked: Asked) -> str:
    near = [_at(moment, asked) for moment in (reason.before, reason.after) if moment]
    return f"No meeting begins at this minute; the steps around it are {' and '.join(near)}."


_WORDS: dict[Rule, Callable[[Reason, Place, Asked], Told]] = {
    Rule.PAST: _past,
    Rule.NOTICE: _of_event_type(_notice),
    Rule.WINDOW: _of_event_type(_window),
    Rule.AWAY: _away,
    Rule.OVERRIDE: _of_hours(_override),
    Rule.HOLIDAY: _of_hours(_holiday),
    Rule.HOURS: _of_hours(_hours),
    Rule.TOO_LONG: _of_hours(_too_long),
    Rule.DAY: _of_event_type(_limit),
    Rule.WEEK: _of_event_type(_limit),
    Rule.MONTH: _of_event_type(_limit),
    Rule.STEP: _of_event_type(_step),
}


def _busy(reason: Reason, place: Place, asked: Asked) -> Iterable[Told]:
    busy = reason.busy
    if not isinstance(busy, Taken):
        raise TypeError("what takes a host's time is a Taken")
    times = f"{_at(busy.start, asked)} {DASH} {asked.reading.clock(busy.end)}"
    way = "meets then" if reason.rule == Rule.MEETING else "needs the pause beside another meeting"
    if busy.occasion is None:
        yield Told(f"{place.host}: somebody is filling in the form for {times}, and the time is kept for some minutes.")
    elif not asked.bookings.get(busy.occasion):
        yield Told(f"{place.host} {way}: a meeting of another account, {times}.")
    for booking in asked.bookings.get(busy.occasion, ()):
        words = f"{place.host} {way}: {booking}, {times}."
        yield Told(words, reverse("booking_detail", args=[booking.uid]), SEE_BOOKING)


def _bookings(found: Explanation, actor: Actor) -> dict[object, list[Booking]]:
    """Return the bookings that take the time, by occasion: those of the actor's account alone."""
    taken = [reason.busy for verdict in found.verdicts for reason in verdict.reasons]
    occasions = {busy.occasion for busy in taken if isinstance(busy, Taken) and busy.occasion}
    by_occasion: dict[object, list[Booking]] = {}
    for booking in access.visible(Booking.objects.filter(occasion__in=occasions), actor):
        if not booking.cancelled and not booking.declined:
            by_occasion.setdefault(booking.occasion, []).append(booking)
    return by_occasion


def _at(instant: datetime | None, asked: Asked) -> str:
    return asked.reading.moment(instant) if instant else ""


def _day(reason: Reason, asked: Asked) -> str:
    return asked.reading.day(reason.day) if reason.day else ""


def _spans(reason: Reason) -> str:
    return ", ".join(f"{clocks.text(start)} {DASH} {clocks.text(end)}" for start, end in reason.spans)


def _zone(place: Place, asked: Asked) -> str:
    return when.zone_text(zone(place.schedule.time_zone).key, locale=asked.reading.locale)
