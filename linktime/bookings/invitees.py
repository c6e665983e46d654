"""Who books, as they say it, and what of that is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linktime.bookings import answers as answering
from linktime.bookings.phones import phone
from linktime.core import text
from linktime.core.faults import Faults
from linktime.core.values import listed
from linktime.scheduling.locations import needs_phone
from linktime.scheduling.models import EventType

MOST_GUESTS = 20


@dataclass(frozen=True, slots=True)
class InviteeDetails:
    """What an invitee types. Without a time zone they are taken to be in the schedule's."""

    name: str
    email: str
    phone: str = ""
    time_zone: str = ""
    locale: str = ""
    notes: str = ""


def clean(
    event_type: EventType, invitee: InviteeDetails, guests: Sequence[str], answers: Mapping[str, Any]
) -> dict[str, Any]:
    """Check all that an invitee gives and return it as fields of a Booking. Raises Invalid with every fault."""
    home = event_type.schedule.time_zone
    kept: dict[str, Any] = {}
    with Faults() as faults:
        with faults.at("invitee"):
            kept |= _invitee(invitee, home=home, phone_required=needs_phone(event_type.location))
        with faults.at("guests"):
            kept["guests"] = _guests(guests, invitee.email)
        with faults.at("answers"):
            kept["answers"] = answering.clean(event_type.questions, answers, time_zone=invitee.time_zone or home)
    return kept


def _invitee(invitee: InviteeDetails, *, home: str, phone_required: bool) -> dict[str, Any]:
    kept = {}
    with Faults() as faults:
        with faults.at("name"):
            kept["invitee_name"] = text.line(invitee.name, at_most=200)
        with faults.at("email"):
            kept["invitee_email"] = text.email(invitee.email)
        with faults.at("time_zone"):
            kept["invitee_time_zone"] = text.time_zone(invitee.time_zone or home)
        with faults.at("phone"):
            zone = invitee.time_zone or home
            kept["invitee_phone"] = phone(invitee.phone, time_zone=zone, required=phone_required)
        with faults.at("locale"):
            kept["invitee_locale"] = text.locale(invitee.locale)
        with faults.at("notes"):
            kept["notes"] = text.lines(invitee.notes)
    return kept


def _guests(guests: Any, invitee_email: Any) -> list[str]:
    """Return each guest once, without the invitee, whatever the case of the letters."""
    unique: dict[str, str] = {}
    with Faults() as faults:
        for place, guest in enumerate(listed(guests, at_most=MOST_GUESTS)):
            with faults.at(place):
                address = text.email(guest)
                unique.setdefault(address.lower(), address)
    unique.pop(str(invitee_email).strip().lower(), None)
    return list(unique.values())
