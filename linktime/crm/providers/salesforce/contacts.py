"""The Contacts of many invitees: asked for in one query, made and updated in one collection each."""

from collections.abc import Iterable, Mapping
from typing import Any

from linktime.crm.contract import CrmError, Gone, Outcome, Rejected, Scope, Session, TryAgain, Uncertain
from linktime.crm.providers.salesforce import soql
from linktime.crm.providers.salesforce.client import Part, composite, query, query_path, rows_of
from linktime.crm.providers.salesforce.create import MAY_ARRIVE, RULE_CHOSE, RULE_NAMED, SAVE_DESPITE_ALERT, not_updated
from linktime.crm.providers.salesforce.errors import Duplicate, error_of
from linktime.crm.providers.salesforce.flights import Answers
from linktime.crm.providers.salesforce.options import MATCH, SAVE
from linktime.crm.providers.salesforce.people import Group, Person
from linktime.crm.providers.salesforce.records import saved, saving
from linktime.crm.providers.salesforce.stage import Result

MADE, UPDATED = "made", "updated"


class Asking:
    """Which of a group's people Salesforce knows."""

    asks_again = True

    def __init__(self, group: Group, number: int) -> None:
        self.group = group
        self.attempts: dict[int, dict[str, Any]] = {}
        self.parts = [
            Part(f"ask{number}_{place}", "GET", query_path(soql.contacts_of(emails)))
            for place, emails in enumerate(group.questions)
        ]

    def read(self, session: Session, answers: Answers) -> Result:
        """Choose each one's first Contact; of one that may still be on its way, wait for it."""
        for part in self.parts:
            answer = answers[part.ref]
            if not answer.ok:
                raise error_of(answer.status, answer.body)
            for row in rows_of(session, answer.body):
                self._choose(row)
        result = Result()
        for person in [one for one in self.group.people.values() if one.may_arrive and not one.contact_id]:
            _end(self.group, person, Uncertain(MAY_ARRIVE), result)
        return result

    def _choose(self, row: Mapping[str, Any]) -> None:
        person = self.group.people.get(str(row["Email"]).lower())
        if person and not person.contact_id:
            person.contact_id = row["Id"]


class Making:
    """New Contacts, and what known ones get."""

    asks_again = True

    def __init__(self, group: Group) -> None:
        people = group.people.values()
        self.group = group
        self._new = [person for person in people if not person.contact_id]
        self._known = [person for person in people if person.contact_id and person.update]
        self._despite_alerts = all(person.about_duplicates == SAVE for person in self._new)
        self.parts = [*self._making(), *([_updating(self._known)] if self._known else [])]
        self.attempts = self._attempts()

    def _making(self) -> list[Part]:
        contacts = [person.contact for person in self._new]
        headers = SAVE_DESPITE_ALERT if self._despite_alerts else {}
        return [saving(MADE, "POST", "Contact", contacts, headers)] if contacts else []

    def _attempts(self) -> dict[int, dict[str, Any]]:
        """Return what leads to these Contacts, should the answer be lost; no Event was sent yet."""
        among = len(self.group.entries)
        return {
            entry.key: {"Email": person.contact["Email"], "Contact": person.contact, "among": among}
            for person in self._new
            for entry in person.entries
        }

    def read(self, session: Session, answers: Answers) -> Result:
        """Ask first what has to be asked: that may fail, and then the whole stage does."""
        made = saved(answers[MADE], len(self._new), creates=True) if self._new else []
        same = _with_same_email(session, made)
        refused = self._refused_updates(session, answers) if self._known else []
        result = Result()
        for person, row in zip(self._new, made, strict=True):
            self._take_made(person, row, same, result)
        for person, error in refused:
            self._take_refused(person, error, result)
        return result

    def _take_made(self, person: Person, row: str | CrmError, same: Mapping[str, str], result: Result) -> None:
        if isinstance(row, str):
            person.contact_id = row
        elif isinstance(row, Duplicate) and person.email in same:
            person.contact_id, person.note = same[person.email], RULE_NAMED
        elif self._better_alone(person, row):
            result.singly += [entry.push for entry in person.entries]
            del self.group.people[person.email]
        elif isinstance(row, Duplicate) and person.about_duplicates == MATCH:
            person.contact_id, person.note = row.matches[0], RULE_CHOSE
        else:
            _end(self.group, person, row, result)

    def _better_alone(self, person: Person, refusal: CrmError) -> bool:
        """Say so of what several bookings had a say in, and of a duplicate of which only its own call can tell more.

        An alert that this collection did not pass, for the sake of others in it, is passed by a call of its own.
        """
        not_passed = person.about_duplicates == SAVE and not self._despite_alerts
        if isinstance(refusal, Duplicate) and (not refusal.matches or not_passed):
            return True
        return isinstance(refusal, Rejected) and len(person.entries) > 1

    def _refused_updates(self, session: Session, answers: Answers) -> list[tuple[Person, CrmError]]:
        """Return who was not updated, and why; what somebody else had locked is tried once more."""
        refused = _refusals(self._known, answers)
        locked = [person for person, error in refused if _is_busy(error)]
        if not locked:
            return refused
        answers = composite(session, [_updating(locked)], all_or_none=False)
        return [one for one in refused if not _is_busy(one[1])] + _refusals(locked, answers)

    def _take_refused(self, person: Person, error: CrmError, result: Result) -> None:
        if isinstance(error, Gone):
            result.gone += [entry.push for entry in person.entries]
            del self.group.people[person.email]
        elif isinstance(error, Rejected) or _is_busy(error):
            person.note = not_updated(error)
        else:
            _end(self.group, person, error, result)


def _updating(people: Iterable[Person]) -> Part:
    return saving(UPDATED, "PATCH", "Contact", [{"id": one.contact_id, **one.update} for one in people], {})


def _refusals(people: list[Person], answers: Answers) -> list[tuple[Person, CrmError]]:
    """Return who was not updated, and why; where it befell the whole collection, everybody."""
    try:
        rows = saved(answers[UPDATED], len(people), creates=False)
    except CrmError as error:
        return [(person, error) for person in people]
    return [(person, row) for person, row in zip(people, rows, strict=True) if isinstance(row, CrmError)]


def _is_busy(error: CrmError) -> bool:
    return isinstance(error, TryAgain) and error.scope == Scope.ROW


def _end(group: Group, person: Person, error: CrmError, result: Result) -> None:
    result.outcomes += [Outcome(entry.key, error=error) for entry in person.entries]
    del group.people[person.email]


def _with_same_email(session: Session, made: Iterable[str | CrmError]) -> dict[str, str]:
    """Return the Contacts that duplicate rules name by their emails, of several with one email the oldest."""
    matches = dict.fromkeys(match for row in made if isinstance(row, Duplicate) for match in row.matches)
    rows = [row for ids in soql.fitting(matches) for row in query(session, soql.contact_emails(ids))]
    return {(row["Email"] or "").lower(): row["Id"] for row in reversed(rows)}
