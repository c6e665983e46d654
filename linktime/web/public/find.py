"""What strangers may see: active event types by their address, bookings by their uid."""

from django.utils.translation import gettext as _

from linktime.accounts.models import Account
from linktime.bookings.models import Booking
from linktime.core.errors import NotFound
from linktime.scheduling.models import EventType


def account(handle: str) -> Account:
    found = Account.objects.filter(handle=handle.lower()).select_related("brand").defer("brand__picture").first()
    if found is None:
        raise NotFound(_("Nobody can be booked at this address. Check the link, or ask your host for it."))
    return found


def event_type(handle: str, slug: str) -> EventType:
    kinds = EventType.objects.filter(account__handle=handle.lower(), slug=slug.lower(), active=True)
    found = kinds.select_related("account__brand", "host", "schedule").defer("account__brand__picture").first()
    if found is None:
        raise NotFound(
            _("This meeting can't be booked, or not any more. Check the link, or ask your host for a new one.")
        )
    return found


def booking(uid: str) -> Booking:
    related = ("account__brand", "event_type__account", "event_type__host", "event_type__schedule")
    bookings = Booking.objects.filter(uid=uid, erased_at=None).select_related(*related)
    found = bookings.defer("account__brand__picture").first()
    if found is None:
        raise NotFound(_("There is no booking at this address. The link in your mail has the right one."))
    return found
