"""One mail a day at most, in the owner's morning, about bookings that did not reach a CRM; none when nothing is new.

A row is due in the morning after something came up, and once more the morning after it was told: what came up while the
mail was made is found then.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from linktime.accounts.models import Membership
from linktime.core.trouble import Trouble
from linktime.notifications.models import Digest

MORNING = time(8)
APART = timedelta(hours=20)  # two mails, should an owner's mornings come closer: in another time zone
FIRST_LOOK = timedelta(days=30)
LAGGARDS = timedelta(minutes=1)  # what came up so shortly before may not be committed yet

_find: Callable[[int, datetime, datetime], list[Trouble]] | None = None


def use(find: Callable[[int, datetime, datetime], list[Trouble]]) -> None:
    """Take from here what came up in an account, given its id, since when and until when."""
    global _find  # noqa: PLW0603 - one for each process
    _find = find


def next_morning(after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first morning after a moment, by that zone's clocks."""
    day = after.astimezone(zone).date()
    mornings = (datetime.combine(day + timedelta(days=n), MORNING, zone).astimezone(UTC) for n in range(3))
    return next(morning for morning in mornings if morning > after)


def plan(account_id: int, now: datetime) -> None:
    """Let each owner who wants it hear in the morning of what came up. The caller has a transaction."""
    owners = Membership.objects.filter(account=account_id, role=Membership.Role.OWNER)
    new = [Digest(membership=owner) for owner in owners.filter(digest=None)]
    Digest.objects.bulk_create(new, ignore_conflicts=True)
    idle = Digest.objects.filter(membership__in=owners, wanted=True).select_related("membership__user").order_by("pk")
    for digest in idle.select_for_update(of=("self",)):
        if digest.due_at is None:
            digest.due_at = next_morning(now, _zone(digest))
            digest.save(update_fields=["due_at"])


def due(now: datetime) -> Iterable[Digest]:
    return Digest.objects.filter(due_at__lte=now).select_related("membership__user").order_by("due_at")


def taken(digest: Digest, now: datetime) -> tuple[datetime, datetime] | None:
    """Take a digest that is due, and return of which time it tells; None when there is nothing to tell.

    The caller has a transaction.
    """
    since, until = digest.told_until or now - FIRST_LOOK, now - LAGGARDS
    news = bool(troubles(digest, since, until))
    changes = {"due_at": next_morning(now + APART, _zone(digest)), "told_until": until} if news else {"due_at": None}
    claimed = Digest.objects.filter(pk=digest.pk, due_at=digest.due_at).update(**changes)
    return (since, until) if claimed and news else None


def troubles(digest: Digest, since: datetime, until: datetime) -> list[Trouble]:
    if _find is None:
        raise LookupError("config/wiring.py has not said who knows what came up")
    return _find(digest.membership.account_id, since, until)


def choose(membership: Membership, *, wanted: bool) -> None:
    """Keep whether an owner wants the daily mail; what was due is not sent to one who does not."""
    changes = {"wanted": wanted} | ({} if wanted else {"due_at": None})
    Digest.objects.update_or_create(membership=membership, defaults=changes)


def is_wanted(membership: Membership) -> bool:
    digest = Digest.objects.filter(membership=membership).first()
    return digest is None or digest.wanted


def _zone(digest: Digest) -> ZoneInfo:
    return ZoneInfo(digest.membership.user.time_zone)
