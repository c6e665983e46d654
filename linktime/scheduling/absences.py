"""Note and forget on which dates a host is out of office, or works from another time zone."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from linktime.accounts.access import Actor
from linktime.accounts.models import User
from linktime.core import text
from linktime.core.errors import NotFound
from linktime.core.faults import Faults, refuse
from linktime.scheduling import clocks, hosts, places
from linktime.scheduling.models import Absence

FIELDS = ("host", "start", "end", "time_zone", "reason")


def create(actor: Actor, values: Mapping[str, Any]) -> Absence:
    """Note an absence: `start` and `end` (dates, both included), `host` (an id, by default the actor's own).

    With `time_zone` the host works by the clocks there; stays in two zones at once are refused. `reason` is for the
    hosts alone. Raises Invalid with every fault.
    """
    clean = _clean(actor, values)
    absence = Absence(account=actor.account, **clean)
    with transaction.atomic():
        hosts.lock([absence.host.pk])
        if absence.working and _clashes(absence):
            refuse("overlaps", "They are in another time zone on some of these days already.", field="start")
        absence.save()
    return absence


def delete(absence: Absence) -> None:
    if not Absence.objects.filter(pk=absence.pk).delete()[0]:
        raise NotFound


def _clean(actor: Actor, values: Mapping[str, Any]) -> dict[str, Any]:
    clean: dict[str, Any] = {}
    with Faults() as faults:
        for name in values:
            with faults.at(name):
                if name not in FIELDS:
                    refuse("unknown_field", "An absence has no such field.")
        with faults.at("host"):
            clean["host"] = _host(actor, values.get("host"))
        with faults.at():
            clean["start"], clean["end"] = _dates(values)
        with faults.at("time_zone"):
            clean["time_zone"] = text.time_zone(values["time_zone"]) if values.get("time_zone") else ""
        with faults.at("reason"):
            clean["reason"] = text.line(values.get("reason"), at_most=200, required=False)
    return clean


def _host(actor: Actor, value: Any) -> User:
    if value is None:
        return actor.user
    return places.member(actor, value)


def _dates(values: Mapping[str, Any]) -> tuple[date, date]:
    with Faults() as faults:
        with faults.at("start"):
            start = clocks.day(values.get("start"))
        with faults.at("end"):
            end = clocks.day(values.get("end"))
    if end < start:
        refuse("ends_before_start", "The last day comes after the first, or is the same.", field="end")
    return start, end


def _clashes(absence: Absence) -> bool:
    others = Absence.objects.filter(host=absence.host, start__lte=absence.end, end__gte=absence.start)
    return others.exclude(time_zone="").exists()
