"""The Events of many bookings, made in one collection whose call reads their time stamps too."""

from typing import Any

from linktime.crm.contract import Gone, Outcome, Remote, Session
from linktime.crm.providers.salesforce import convert, soql
from linktime.crm.providers.salesforce.client import Part, query_path
from linktime.crm.providers.salesforce.create import attempt_values
from linktime.crm.providers.salesforce.flights import Answers
from linktime.crm.providers.salesforce.people import Entry, Group, Person
from linktime.crm.providers.salesforce.records import saved, saving, stamps_in
from linktime.crm.providers.salesforce.stage import Result

LOGGED, STAMPS = "logged", "stamps"


class Logging:
    """The Events of people whose Contacts are known."""

    asks_again = False

    def __init__(self, group: Group) -> None:
        self.group = group
        self._ready = [(entry, person) for person in group.people.values() for entry in person.entries]
        self.parts = self._parts() if self._ready else []
        self.attempts = {entry.key: self._attempt(entry) for entry, _ in self._ready}

    def _parts(self) -> list[Part]:
        """Ask for the stamps by Contact and time: an id that is not there yet can't be asked for."""
        events = [{**entry.event, "WhoId": person.contact_id} for entry, person in self._ready]
        people = dict.fromkeys(event["WhoId"] for event in events)
        starts = dict.fromkeys(event["StartDateTime"] for event in events)
        stamps = query_path(soql.stamps_at(people, starts), resource="queryAll")
        return [saving(LOGGED, "POST", "Event", events, {}), Part(STAMPS, "GET", stamps)]

    def _attempt(self, entry: Entry) -> dict[str, Any]:
        return {**attempt_values(entry.contact["Email"], entry.event), "among": len(self._ready)}

    def read(self, session: Session, answers: Answers) -> Result:  # noqa: ARG002 - a stage's signature
        result = Result()
        rows = saved(answers[LOGGED], len(self._ready), creates=True)
        stamps = stamps_in(answers[STAMPS])
        for (entry, person), row in zip(self._ready, rows, strict=True):
            if isinstance(row, str):
                result.outcomes.append(_outcome(entry, person, row, stamps.get(row, "")))
            elif isinstance(row, Gone):
                result.gone.append(entry.push)
            else:
                result.outcomes.append(Outcome(entry.key, error=row))
        return result


def _outcome(entry: Entry, person: Person, event_id: str, stamp: str) -> Outcome:
    written = convert.written(entry.push.meeting, entry.event, stamp=stamp)
    remote = Remote(contact_id=person.contact_id, meeting_id=event_id, written=written)
    return Outcome(entry.key, remote=remote, note=person.note)
