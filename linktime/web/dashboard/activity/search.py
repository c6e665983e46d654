"""Bookings by what people remember of them: the invitee's email or name, the kind of meeting, or the booking's link.

Found are emails and names that begin so, last names that do, and titles of event types; upper and lower case are one.
Each way is an index (see `bookings.models.Booking`), read no further than `MANY`, so that it costs the same among a
thousand bookings and a million. What more match than that is looked for among the latest records alone.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import or_

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Collate, Lower

from linktime.accounts.access import Actor, visible
from linktime.bookings.models import Booking, searched, searched_last_word
from linktime.crm.models import SyncRecord
from linktime.scheduling.models import EventType

MANY = 1_000
LATEST = 10_000
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST = 254
_UID = re.compile(r"\b[A-Za-z0-9]{22}\b")


@dataclass(frozen=True, slots=True)
class Found:
    """`records` among those asked for; `partly` says that older ones may match too."""

    records: QuerySet[SyncRecord]
    partly: bool = False


def search(records: QuerySet[SyncRecord], actor: Actor, typed: str) -> Found:
    """Narrow records, in the order that they are shown in, to the bookings that match."""
    typed = unicodedata.normalize("NFC", " ".join(typed.replace("\0", "").split()))[:LONGEST]
    if not typed:
        return Found(records)
    ways = _ways(actor, typed)
    ids = _matching(actor, ways)
    if len(ids) <= MANY:
        return Found(records.filter(booking__in=ids))
    either = reduce(or_, ways.values())
    latest = _latest(records).alias(**_names("booking__"))
    return Found(latest.filter(either, booking__account=actor.account), partly=True)


def _matching(actor: Actor, ways: Mapping[str, Q]) -> set[int]:
    """Return the bookings that match; somewhat more than MANY of them when there are too many.

    In order: else PostgreSQL may rather read the whole table, hoping that it soon meets enough of them.
    """
    bookings = visible(Booking.objects.all(), actor).alias(**_names())
    first, *others = [bookings.filter(way).order_by(name).values_list("pk")[: MANY + 1] for name, way in ways.items()]
    return {pk for (pk,) in first.union(*others, all=True)}


def _latest(records: QuerySet[SyncRecord]) -> QuerySet[SyncRecord]:
    """Narrow records, in the order of the timeline, to the first of them; to some more where several are as old."""
    edge = records.values("wanted_at")[LATEST - 1 : LATEST]
    return records.filter(wanted_at__gte=Coalesce(edge, BEFORE_ALL))


def _ways(actor: Actor, typed: str) -> dict[str, Q]:
    """Return the ways in which a booking can match, by the name among `_names` that each of them is about."""
    beginning = Lower(Value(typed))
    event_types = visible(EventType.objects.all(), actor).alias(lower_title=Lower("title"))
    kinds = list(event_types.filter(lower_title__startswith=beginning).values_list("pk", flat=True))
    ways = {name: Q(**{f"{name}__startswith": beginning}) for name in ("found_email", "found_name", "found_last_name")}
    if kinds:
        ways["found_kind"] = Q(found_kind__in=kinds)
    if uid := _UID.search(typed):
        ways["found_uid"] = Q(found_uid=uid.group())
    return ways


def _names(path: str = "") -> dict[str, Collate | F]:
    """Return what is searched; `path` leads to the booking."""
    return {
        "found_email": searched(f"{path}invitee_email"),
        "found_name": searched(f"{path}invitee_name"),
        "found_last_name": searched_last_word(f"{path}invitee_name"),
        "found_kind": F(f"{path}event_type"),
        "found_uid": F(f"{path}uid"),
    }
