"""The demo's account: Ada Lovelace with her hours, two event types, an API key, and every CRM connected."""

import json
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from linktime.accounts import access, actions
from linktime.accounts.access import Actor
from linktime.accounts.models import ApiKey, Plan, User
from linktime.cli.demo.connect import connect_missing
from linktime.cli.folder import write_private
from linktime.core import clock
from linktime.scheduling import event_types, schedules
from linktime.scheduling.models import EventType, Schedule

EMAIL = "ada@example.com"
NAME = "Ada Lovelace"
HANDLE = "ada"
TIME_ZONE = "Europe/London"
HOURS = {
    "name": "Working hours",
    "time_zone": TIME_ZONE,
    "weekly": [{"days": ["mon", "tue", "wed", "thu", "fri"], "start": "09:00", "end": "17:00"}],
}
WINDOW = {"kind": "rolling", "days": 60}
EVENT_TYPES: list[dict[str, Any]] = [
    {
        "slug": "intro-call",
        "title": "Intro call",
        "description": "Half an hour to get to know each other.",
        "durations": [30],
        "minimum_notice": 0,
        "window": WINDOW,
    },
    {
        "slug": "deep-dive",
        "title": "Deep dive",
        "description": "An hour for the details.",
        "durations": [60],
        "buffer_before": 15,
        "buffer_after": 15,
        "minimum_notice": 4 * 60,
        "window": WINDOW,
    },
]


def sow(folder: Path) -> None:
    """Make what is missing, leave alone what is there, and write what demo.json says of it to account.json."""
    note = folder / "account.json"
    known: dict[str, Any] = json.loads(note.read_text()) if note.exists() else {}
    password = known.get("password") or secrets.token_urlsafe(12)
    write_private(note, known | {"password": password})  # before there is a user who needs it
    actor = _actor() or _make(password)
    connect_missing(actor, clock.now())
    found = {
        "email": EMAIL,
        "password": password,
        "api_key": _key(actor, known.get("api_key", "")),
        "account": actor.account.handle,
        "event_types": [_shown(actor, event_type) for event_type in _event_types(actor)],
    }
    write_private(note, found)


def _actor() -> Actor | None:
    user = User.objects.filter(email=EMAIL).first()
    return access.actor_for(user) if user else None


def _make(password: str) -> Actor:
    """Make everything in one transaction, so that a demo that is stopped meanwhile begins anew."""
    with transaction.atomic():
        user = actions.create_user(email=EMAIL, password=password, name=NAME, time_zone=TIME_ZONE)
        account = actions.create_account(owner=user, name=NAME, handle=HANDLE, plan=Plan.PRO)
        actor = access.actor_for(user, account.handle)
        hours = _hours(actor)
        for values in EVENT_TYPES:
            _event_type(actor, hours, values)
    return actor


def _hours(actor: Actor) -> Schedule:
    """Set the hours of a new account: it may have begun with some."""
    first = access.visible(Schedule.objects.filter(owner=actor.user), actor).order_by("id").first()
    return schedules.update(first, HOURS) if first else schedules.create(actor, HOURS)


def _event_type(actor: Actor, hours: Schedule, values: dict[str, Any]) -> EventType:
    wanted = values | {"schedule_id": hours.pk, "hosts": [actor.user.pk]}
    found = access.visible(EventType.objects.filter(slug=values["slug"]), actor).first()
    return event_types.update(found, actor, wanted) if found else event_types.create(actor, wanted)


def _event_types(actor: Actor) -> list[EventType]:
    return list(access.visible(EventType.objects.filter(active=True), actor).order_by("id"))


def _shown(actor: Actor, event_type: EventType) -> dict[str, Any]:
    url = f"{settings.BASE_URL}/{actor.account.handle}/{event_type.slug}"
    return {"id": event_type.pk, "slug": event_type.slug, "url": url}


def _key(actor: Actor, text: str) -> str:
    """Return the key of the last time while it works, else a new one."""
    if ApiKey.objects.filter(digest=ApiKey.digest_of(text), account=actor.account).exists():
        return text
    return actions.issue_key(actor, name="Demo", scope=ApiKey.Scope.READ_WRITE)[1]
