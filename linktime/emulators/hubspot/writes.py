"""Writes in two steps: a plan checks everything, and carrying it out cannot fail. So a batch is done or not done."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from linktime.emulators.hubspot.account import Account
from linktime.emulators.hubspot.associations import others_of
from linktime.emulators.hubspot.definitions import adapted
from linktime.emulators.hubspot.errors import ApiError, Conflict, invalid_values
from linktime.emulators.hubspot.properties import CONTACTS, MEETINGS, ObjectType, ValueRefusedError, email_of, faults_of
from linktime.emulators.hubspot.store import Record

Plan = Callable[[], Record]


def creation(account: Account, kind: ObjectType, given: Mapping[str, str], associations: Any) -> Plan:
    """Plan a new record with its associations. Raises ApiError."""
    values = _checked(account, kind, given)
    others = others_of(account, kind, associations)
    if kind is CONTACTS:
        _check_free(account, values.get("email"), None)
    else:
        values = _with_times(values)

    def make() -> Record:
        record = _new(account, kind, values)
        for other in others:
            pair = (other, record.id) if kind is CONTACTS else (record.id, other)
            account.store.associate(*pair)
        return record

    return make


def change(account: Account, kind: ObjectType, record: Record, given: Mapping[str, str]) -> Plan:
    """Plan new values; the empty text clears one, and what is not named stays. Raises ApiError."""
    values = _checked(account, kind, given)
    if kind is CONTACTS:
        _check_free(account, values.get("email"), record.id)

    def make() -> Record:
        present = account.store.get(kind.plural, record.id) or record
        merged = present.properties | values | {kind.modified: account.now}
        filled = {name: value for name, value in merged.items() if value}
        account.store.put(kind.plural, replace(present, properties=filled, updated=account.now))
        return account.store.get(kind.plural, present.id) or present

    return make


def upsert(account: Account, email: str, given: Mapping[str, str]) -> Plan:
    """Plan a contact by one of its addresses: its first address stays as it is unless it is among the values."""
    known = account.store.by_email(email)
    if known:
        return change(account, CONTACTS, known, given)
    return creation(account, CONTACTS, {"email": email, **given}, ())


def check_email(account: Account, text: str) -> str:
    try:
        return email_of(text)
    except ValueRefusedError as error:
        fault = {"name": "email", "error": error.code, "message": str(error)}
        raise invalid_values([fault], account.hub_id) from error


def archive(account: Account, kind: ObjectType, record: Record) -> None:
    account.store.put(kind.plural, replace(record, archived=account.now))


def _checked(account: Account, kind: ObjectType, given: Mapping[str, str]) -> dict[str, str]:
    values, faults = faults_of(adapted(kind, account.settings), given, account.settings["validation_rules"])
    if faults:
        raise invalid_values(faults, account.hub_id)
    return values


def _check_free(account: Account, email: str | None, own: str | None) -> None:
    holder = account.store.by_email(email) if email else None
    if holder and holder.id != own:
        raise Conflict(holder.id)


def _with_times(values: dict[str, str]) -> dict[str, str]:
    """A meeting stands on the timeline at its start unless it says otherwise."""
    moment = values.get("hs_timestamp") or values.get("hs_meeting_start_time")
    if not moment:
        errors = [{"message": "hs_timestamp was not set", "code": "REQUIRED_FIELD"}]
        raise ApiError(f"Error creating {MEETINGS.kind}. Some required properties were not set.", errors=errors)
    return values | {"hs_timestamp": moment}


def _new(account: Account, kind: ObjectType, values: Mapping[str, str]) -> Record:
    record_id, now = account.new_id(), account.now
    own = {"hs_object_id": record_id, kind.created: now, kind.modified: now}
    filled = {name: value for name, value in {**values, **own}.items() if value}
    record = Record(id=record_id, properties=filled, created=now, updated=now)
    account.store.put(kind.plural, record)
    return record
