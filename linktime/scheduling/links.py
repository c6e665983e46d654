"""Links at which an event type can be booked once."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linktime.core.errors import Conflict
from linktime.scheduling.models import EventType, SingleUseLink


class LinkUsed(Conflict):
    code = "link_used"

    def __init__(self) -> None:
        super().__init__(_("This link has been used, and it works once. Ask your host for another one."))


class LinkNeeded(Conflict):
    code = "link_needed"

    def __init__(self) -> None:
        super().__init__(_("This meeting can be booked with a link of your host's alone. Ask them for one."))


def create(event_type: EventType, now: datetime) -> SingleUseLink:
    return SingleUseLink.objects.create(account_id=event_type.account_id, event_type=event_type, created_at=now)


def find(event_type: EventType, token: str) -> SingleUseLink | None:
    """Return the link of this event type with this token, used or not."""
    return _with_token(event_type, token).first()


def check(event_type: EventType, token: str) -> None:
    """Raise what `use` would, and use nothing up."""
    link = find(event_type, token) if token else None
    if token and (link is None or link.used_at):
        raise LinkUsed
    if not token and event_type.visibility == EventType.Visibility.LINK_ONLY:
        raise LinkNeeded


def use(event_type: EventType, token: str, now: datetime) -> None:
    """Use up a link, in the caller's transaction. Raises LinkUsed, or LinkNeeded when there has to be one."""
    if token:
        if not _with_token(event_type, token).filter(used_at=None).update(used_at=now):
            raise LinkUsed
    elif event_type.visibility == EventType.Visibility.LINK_ONLY:
        raise LinkNeeded


def _with_token(event_type: EventType, token: str) -> QuerySet[SingleUseLink]:
    return event_type.links.filter(token=token) if token.isascii() and "\x00" not in token else event_type.links.none()
