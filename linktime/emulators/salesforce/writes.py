"""Create, update, delete, merge: everything that a record must pass before it is kept."""

import re
from typing import Any

from linktime.emulators.salesforce import events
from linktime.emulators.salesforce.duplicates import Choice, refuse_duplicates
from linktime.emulators.salesforce.errors import RestError, no_such_column
from linktime.emulators.salesforce.ids import canonical
from linktime.emulators.salesforce.organisation import Organisation
from linktime.emulators.salesforce.schema import Field, SObject
from linktime.emulators.salesforce.store import Record
from linktime.emulators.salesforce.values import coerce

JSON = dict[str, Any]
DEFAULTS: dict[str, Record] = {
    "Event": {"ShowAs": "Busy", "EventSubtype": "Event"},
    "Lead": {"Status": "Open - Not Contacted"},
    "User": {"IsActive": True, "UserType": "Standard"},
}


class Writer:
    """Writes of one user with one choice about duplicates."""

    def __init__(self, org: Organisation, user_id: str, choice: Choice = Choice()) -> None:  # noqa: B008 - immutable
        self.org, self.user_id, self.choice = org, user_id, choice

    def create(self, sobject: SObject, wish: JSON) -> Record:
        if not sobject.createable:
            raise RestError(
                "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", f"entity type {sobject.name} does not support create"
            )
        _check_right(sobject, "create")
        given = self._given(sobject, wish, creating=True)
        empty = {field.name: False for field in sobject.fields if field.type == "boolean"}
        defaults = (
            empty | DEFAULTS.get(sobject.name, {}) | ({"OwnerId": self.user_id} if sobject.field("OwnerId") else {})
        )
        record = defaults | {name: value for name, value in given.items() if value is not None or name not in defaults}
        missing = [f.name for f in sobject.fields if f.required and record.get(f.name) is None]
        _refuse_missing(missing)
        stamps = {"CreatedDate": self.org.now, "CreatedById": self.user_id}
        return self._keep(sobject, {"Id": self.org.new_id(sobject.prefix)} | stamps | record, given, None)

    def update(self, sobject: SObject, before: Record, wish: JSON) -> Record:
        _check_right(sobject, "edit")
        given = self._given(sobject, wish, creating=False)
        cleared = [f.name for f in sobject.fields if f.name in given and not f.nillable and given[f.name] is None]
        _refuse_missing(cleared)
        return self._keep(sobject, before | given, given, before)

    def delete(self, sobject: SObject, record: Record, **marks: Any) -> None:
        if not sobject.deletable:
            raise _no_right()
        self.org.store.put(sobject.name, record | {"IsDeleted": True, **self._modified()} | marks)
        for event in self._events_of(record["Id"]):
            if self.org.settings["delete_takes_events"]:
                self.org.store.put("Event", event | {"IsDeleted": True, **self._modified()})
        self._follow_activity(record.get("WhoId"))

    def merge(self, winner: Record, losers: list[Record]) -> None:
        """Let one contact stand for others; their Events become its own."""
        contact = self.org.schema.objects["contact"]
        for loser in losers:
            for event in self._events_of(loser["Id"]):
                self.org.store.put("Event", event | {"WhoId": winner["Id"]} | self._modified())
            self.delete(contact, loser, MasterRecordId=winner["Id"])
        self.org.store.put("Contact", winner | self._modified())
        self._follow_activity(winner["Id"])

    def _keep(self, sobject: SObject, record: Record, given: Record, before: Record | None) -> Record:
        self._check_locks(record["Id"], record.get("WhoId"))
        for name, value in given.items():
            self._check_reference(sobject.field(name), value)
        if sobject.name == "Event":
            multiday = self.org.settings["multiday_events"]
            record = events.complete(record, given, multiday=multiday) | self._derived(record)
        if sobject.field("LastName"):
            record["Name"] = " ".join(filter(None, (record.get("FirstName"), record["LastName"])))
        self._check_rules(sobject, record)
        self._check_unique(sobject, record)
        if sobject.name == "Contact":
            refuse_duplicates(record, before, self.org.store, self.org.settings, self.choice)
        record |= self._modified()
        self.org.store.put(sobject.name, record)
        if sobject.name == "Event":
            for who in {record.get("WhoId"), (before or {}).get("WhoId")}:
                self._follow_activity(who)
        return record

    def _given(self, sobject: SObject, wish: JSON, *, creating: bool) -> Record:
        """The fields of a wish under their own names and as they are kept; the rights to write them are checked."""
        given: Record = {}
        forbidden = []
        for name, value in wish.items():
            if name == "attributes":
                continue
            field = sobject.field(name)
            if field is None:
                raise no_such_column(name, sobject.name)
            if field.name == "Id":
                raise RestError("INVALID_FIELD", "The Id field should not be specified in the sobject data.")
            if not (field.createable if creating else field.updateable):
                forbidden.append(field.name)
                continue
            given[field.name] = coerce(field, value, international=self.org.settings["international_emails"])
        _refuse_forbidden(forbidden)
        return given

    def _check_locks(self, *ids: str | None) -> None:
        """A write locks the record, and the person that an Event is with."""
        for locked in self.org.settings["locked_records"]:
            if canonical(locked) in ids:
                message = f"unable to obtain exclusive access to this record or 1 records: {locked}"
                raise RestError("UNABLE_TO_LOCK_ROW", message, fields=[])

    def _check_reference(self, field: Field | None, value: Any) -> None:
        if field is None or not field.refers_to:
            return
        for record_id in value if isinstance(value, list) else [value]:
            if record_id is not None:
                self._check_target(field, record_id)

    def _check_target(self, field: Field, record_id: str) -> None:
        target = self.org.schema.of_id(record_id)
        if target is None or target.name not in field.refers_to:
            message = f"{field.title}: id value of incorrect type: {record_id}"
            raise RestError("MALFORMED_ID", message, fields=[field.name])
        record = self.org.store.get(target.name, record_id)
        if record is None:
            raise RestError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", fields=[field.name])
        if record["IsDeleted"]:
            raise RestError("ENTITY_IS_DELETED", "entity is deleted", fields=[])
        if field.name == "OwnerId" and not record["IsActive"]:
            message = f"operation performed with inactive user [{record_id}] as owner"
            raise RestError("INACTIVE_OWNER_OR_USER", message, fields=["OwnerId"])

    def _derived(self, event: Record) -> Record:
        """An Event's account is that of what it is about, else that of whom it is with."""
        about = event.get("WhatId")
        contact = self.org.store.get("Contact", event.get("WhoId") or "")
        return {"AccountId": about or (contact or {}).get("AccountId")}

    def _check_rules(self, sobject: SObject, record: Record) -> None:
        for rule in self.org.settings["validation_rules"]:
            if rule["object"].lower() == sobject.name.lower() and _violates(rule, record.get(rule["field"])):
                message = rule.get("message", f"{rule['field']} is not valid.")
                raise RestError("FIELD_CUSTOM_VALIDATION_EXCEPTION", message, fields=[rule["field"]])
        for refusal in self.org.settings["refusals"]:
            if refusal["object"].lower() == sobject.name.lower():
                raise RestError(refusal["code"], refusal["message"], status=refusal.get("status", 400), fields=[])

    def _check_unique(self, sobject: SObject, record: Record) -> None:
        for field in sobject.fields:
            if not field.unique or record.get(field.name) is None:
                continue
            for other in self.org.store.all(sobject.name):
                if (
                    other.get(field.name) == record[field.name]
                    and other["Id"] != record["Id"]
                    and not other["IsDeleted"]
                ):
                    message = (
                        f"duplicate value found: {field.name} duplicates value on record with id: {other['Id'][:15]}"
                    )
                    raise RestError("DUPLICATE_VALUE", message, fields=[])

    def _events_of(self, who: str) -> list[Record]:
        return [event for event in self.org.store.with_value("Event", "WhoId", who) if not event["IsDeleted"]]

    def _follow_activity(self, who: str | None) -> None:
        """A person's LastActivityDate is the day of the latest of their Events."""
        sobject = self.org.schema.of_id(who) if who else None
        record = self.org.store.get(sobject.name, who) if sobject and who else None
        if sobject and record:
            days = [event["ActivityDate"] for event in self._events_of(record["Id"])]
            self.org.store.put(sobject.name, record | {"LastActivityDate": max(days, default=None)})

    def _modified(self) -> Record:
        now = self.org.now
        return {"LastModifiedDate": now, "LastModifiedById": self.user_id, "SystemModstamp": now}


def _check_right(sobject: SObject, right: str) -> None:
    if right in sobject.denied:
        raise _no_right()


def _no_right() -> RestError:
    return RestError("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id", status=403)


def _refuse_missing(names: list[str]) -> None:
    if names:
        message = f"Required fields are missing: [{', '.join(names)}]"
        raise RestError("REQUIRED_FIELD_MISSING", message, fields=names)


def _refuse_forbidden(names: list[str]) -> None:
    if names:
        message = (
            f"Unable to create/update fields: {', '.join(names)}. Please check the security settings of this field "
        )
        message += "and verify that it is read/write for your profile or permission set."
        raise RestError("INVALID_FIELD_FOR_INSERT_UPDATE", message, fields=names)


def _violates(rule: JSON, value: Any) -> bool:
    if rule["kind"] == "required":
        return value in (None, "", False)
    if rule["kind"] == "forbidden":
        return value not in (None, "", False)
    return value is not None and re.search(rule["pattern"], str(value)) is None
