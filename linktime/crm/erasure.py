"""What sync keeps of an invitee, forgotten with the booking. What a CRM shows stays there, and nothing is made anew."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import F

from linktime.bookings.events import BookingsErased
from linktime.crm import registry
from linktime.crm.claim import remote_of
from linktime.crm.models import Drift, Organisation, SyncAttempt, SyncRecord

# A drain that has such a record in its hands would write down again what it sent. It finds its epoch over, as if
# another process had taken the organisation; nobody takes it before the lease ends, so nothing goes out twice.
_FENCE = "UPDATE crm_organisation SET epoch = epoch + 1 WHERE id = ANY(%s) AND lease_until > clock_timestamp()"


def forget(event: BookingsErased) -> None:
    """End the sync of bookings that were erased; ids over there stay, so that they are not taken for somebody else's.

    A change that a CRM did not show yet is never shown.
    """
    records = SyncRecord.objects.filter(booking__in=event.ids)
    _fence(list(records.exclude(due_at=None, recheck_at=None).values_list("organisation_id", flat=True)))
    records.update(
        state=SyncRecord.State.SKIPPED,
        shown_revision=F("wanted_revision"),
        due_at=None,
        tries=0,
        remote={},
        attempt=None,
        doubt=None,
        recheck_at=None,
        error_code="",
        error_message="",
    )
    SyncAttempt.objects.filter(record__booking__in=event.ids).update(error_message="", note="", exchanges=[])
    Drift.objects.filter(record__booking__in=event.ids).delete()


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody as a CRM shows them, and where."""

    label: str
    url: str


def contacts_of(booking_ids: Iterable[int]) -> list[Contact]:
    """Return where the CRMs show the invitees of bookings, each once."""
    records = SyncRecord.objects.filter(booking__in=booking_ids).exclude(contact_id="")
    found: dict[tuple[int, str], Contact] = {}
    for record in records.select_related("connection").order_by("connection_id", "-pk"):
        provider = registry.provider(record.connection.service)
        url = provider.contact_url(record.connection.api_url, remote_of(record))
        found.setdefault((record.connection_id, record.contact_id), Contact(provider.manifest.label, url))
    return list(found.values())


def _fence(organisation_ids: list[int]) -> None:
    """Stop drains that are under way, and hold off others until the caller's transaction ends."""
    held = Organisation.objects.filter(pk__in=organisation_ids).select_for_update(no_key=True).order_by("pk")
    with connection.cursor() as cursor:
        cursor.execute(_FENCE, [[organisation.pk for organisation in held]])
