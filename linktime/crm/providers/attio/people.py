"""The invitee as a person in Attio: found or made by email alone, filled in only where something is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linktime.core.meeting import Invitee
from linktime.crm.contract import Rejected
from linktime.crm.providers.attio import convert
from linktime.crm.providers.attio.calls import Steps, ask, change_person, find_person, upsert_person
from linktime.crm.providers.attio.errors import refuses


@dataclass(frozen=True, slots=True)
class Person:
    """`note` is a sentence about what was left out."""

    id: str
    web_url: str
    note: str = ""


def found_or_made(invitee: Invitee) -> Steps[Person]:
    """Assert the person by the email, which keeps all other emails, phones and fields; then add what is missing.

    Safe to repeat after a lost answer.
    """
    record = (yield from ask(upsert_person({"email_addresses": [invitee.email]})))["data"]
    note = yield from _filled(record["id"]["record_id"], convert.missing(invitee, record["values"]))
    return _person(record, note)


def found(email: str) -> Steps[Person | None]:
    """Look for the person and make none."""
    records = (yield from ask(find_person(email)))["data"]
    return _person(records[0]) if records else None


def _filled(person_id: str, values: Mapping[str, list[Any]]) -> Steps[str]:
    """Add values; without the one that Attio does not accept. Return what was left out, as a sentence."""
    refused = ""
    while values:
        try:
            yield from ask(change_person(person_id, values))
        except Rejected as error:
            slug = next((slug for slug in values if refuses(error, slug)), None)
            if slug is None:
                raise
            values = {kept: rows for kept, rows in values.items() if kept != slug}
            refused += f"{WORDS[slug]} was left out: {_reason(error)}. "
        else:
            break
    return refused.strip()


WORDS = {"phone_numbers": "The phone number", "name": "The name"}


def _reason(error: Rejected) -> str:
    return f"Attio does not accept it ({error.code})"


def _person(record: Mapping[str, Any], note: str = "") -> Person:
    return Person(record["id"]["record_id"], convert.web_url(record.get("web_url")), note)
