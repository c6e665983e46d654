"""When an event type can be booked, given what already takes its host's time. No remote call is made."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from linktime.accounts.models import User
from linktime.bookings.models import Booking, BookingHost
from linktime.core.faults import Faults, refuse
from linktime.scheduling.models import EventType
from linktime.scheduling.slots import Busy, Slot, free_slots, within_window

# Nobody books further ahead, and date arithmetic is safe as far as that.
HORIZON = timedelta(days=5 * 366)
# The longest buffer and the longest meeting that an event type can have.
LONGEST_BUFFER = LONGEST_MEETING = timedelta(days=1)
SPANS = (timedelta(days=7), timedelta(days=366))


def offered(
    event_type: EventType,
    *,
    start: datetime,
    end: datetime,
    duration: int | None,
    now: datetime,
    moving: Booking | None = None,
) -> list[Slot]:
    """Return the slots with a beginning from `start` to before `end`, in order; none when the event type is inactive.

    `duration` (minutes) None means the event type's first. `moving` is a booking to be rescheduled: it keeps its
    length, does not block itself, and can be moved when its event type is inactive. Instants are aware.
    Raises Invalid when the event type has no such duration. Two queries, whatever the range.
    """
    minutes = duration_of(event_type, duration, moving)
    if not event_type.active and moving is None:
        return []
    first, last = max(start, now), min(end, now + HORIZON)
    if first >= last:
        return []
    busy = busy_times([event_type.host_id], first, last, moving)
    return free_slots(event_type.rules, duration=minutes, start=first, end=last, busy=busy, now=now)


def next_slots(
    event_type: EventType,
    after: datetime,
    count: int,
    duration: int | None,
    now: datetime,
    *,
    moving: Booking | None = None,
) -> list[Slot]:
    """Return the first `count` slots from `after` on, or as many as there are within a year."""
    found: list[Slot] = []
    first = min(max(after, now), now + HORIZON)
    for span in SPANS:
        found = offered(event_type, start=first, end=first + span, duration=duration, now=now, moving=moving)
        if len(found) >= count:
            break
    return found[:count]


def duration_of(event_type: EventType, duration: int | None, moving: Booking | None = None) -> int:
    """Return the meeting's length in minutes; Invalid when it is not one of the event type's."""
    options = [moving.minutes] if moving else event_type.durations
    if duration is not None and duration not in options:
        with Faults() as faults, faults.at("duration"):
            refuse("not_an_option", _("Choose one of these lengths, in minutes: %s.") % ", ".join(map(str, options)))
    return int(options[0] if duration is None else duration)


def busy_times(host_ids: Sequence[int], start: datetime, end: datetime, moving: Booking | None = None) -> list[Busy]:
    """Return what takes the hosts' time, in whichever account, near meetings that begin from `start` to `end`."""
    around = (start - LONGEST_BUFFER, end + LONGEST_MEETING + LONGEST_BUFFER)
    taken = BookingHost.objects.filter(host__in=host_ids, active=True, during__overlap=around)
    if moving:
        taken = taken.exclude(booking=moving)
    fields = ("during", "booking__event_type__buffer_before", "booking__event_type__buffer_after")
    return [Busy(during.lower, during.upper, before, after) for during, before, after in taken.values_list(*fields)]


def check_on_offer(event_type: EventType, start: datetime, minutes: int, now: datetime) -> None:
    """Raise Invalid, for the field `start`, when the rules do not offer this slot to anybody."""
    with Faults() as faults, faults.at("start"):
        notice = timedelta(minutes=event_type.minimum_notice)
        if start < now:
            refuse("in_the_past", _("This time has passed. Choose another one."))
        if start < now + notice:
            refuse("too_soon", _("This is too soon for the host. Choose a later time."))
        if start > now + HORIZON or not within_window(event_type.rules, start, now):
            refuse("outside_window", _("This day can't be booked. Choose another one."))
        moment = start + timedelta(microseconds=1)
        if not free_slots(event_type.rules, duration=minutes, start=start, end=moment, busy=(), now=now):
            refuse("not_on_offer", _("No meeting begins at this time. Choose one of the times on offer."))


def is_free(
    event_type: EventType,
    hosts: Sequence[User],
    *,
    start: datetime,
    minutes: int,
    now: datetime,
    moving: Booking | None,
) -> bool:
    """Tell whether nobody has this slot, which the rules do offer."""
    moment = start + timedelta(microseconds=1)
    busy = busy_times([host.pk for host in hosts], start, moment, moving)
    return bool(free_slots(event_type.rules, duration=minutes, start=start, end=moment, busy=busy, now=now))
