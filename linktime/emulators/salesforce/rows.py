"""sObject rows: create, read, update, delete, and the same by an external id (REST guide: sObject rows)."""

from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from linktime.emulators.salesforce.calls import Answer, Call
from linktime.emulators.salesforce.clock import parse_instant
from linktime.emulators.salesforce.errors import RestError, no_such_column, no_such_record, not_found
from linktime.emulators.salesforce.ids import canonical
from linktime.emulators.salesforce.organisation import Organisation
from linktime.emulators.salesforce.schema import Field, SObject
from linktime.emulators.salesforce.store import Record

JSON = dict[str, Any]
CREATED_IS_TOLD_SINCE = 46.0


def find_sobject(call: Call, name: str) -> SObject:
    sobject = call.org.schema.find(name)
    if sobject is None:
        raise not_found()
    return sobject


def create(call: Call, sobject_name: str) -> Answer:
    sobject = find_sobject(call, sobject_name)
    record = call.writer.create(sobject, call.json_object())
    return _created(call, sobject, record)


def read(call: Call, sobject_name: str, record_id: str) -> Answer:
    sobject = find_sobject(call, sobject_name)
    return _shown(call, sobject, live_record(call, sobject, record_id))


def update(call: Call, sobject_name: str, record_id: str) -> Answer:
    sobject = find_sobject(call, sobject_name)
    record = writable_record(call, sobject, record_id)
    _check_unmodified(call, record)
    call.writer.update(sobject, record, call.json_object())
    return Answer(204)


def delete(call: Call, sobject_name: str, record_id: str) -> Answer:
    sobject = find_sobject(call, sobject_name)
    record = writable_record(call, sobject, record_id)
    _check_unmodified(call, record)
    call.writer.delete(sobject, record)
    return Answer(204)


def read_by(call: Call, sobject_name: str, field_name: str, value: str) -> Answer:
    sobject = find_sobject(call, sobject_name)
    matches = find_by(call, sobject, lookup_field(sobject, field_name), value)
    return _only(call, sobject, matches, value) or _shown(call, sobject, matches[0])


def delete_by(call: Call, sobject_name: str, field_name: str, value: str) -> Answer:
    sobject = find_sobject(call, sobject_name)
    matches = find_by(call, sobject, lookup_field(sobject, field_name), value)
    several = _only(call, sobject, matches, value)
    if several is None:
        call.writer.delete(sobject, matches[0])
    return several or Answer(204)


def upsert(call: Call, sobject_name: str, field_name: str, value: str) -> Answer:
    sobject = find_sobject(call, sobject_name)
    field = lookup_field(sobject, field_name)
    matches = find_by(call, sobject, field, value)
    if matches or call.query.get("updateOnly") == "true":
        several = _only(call, sobject, matches, value)
        if several:
            return several
        _check_unmodified(call, matches[0])
        call.writer.update(sobject, matches[0], _without(call.json_object(), field.name))
        return _updated(call, matches[0])
    if field.name == "Id":
        raise no_such_record(value)
    record = call.writer.create(sobject, _without(call.json_object(), field.name) | {field.name: value})
    return _created(call, sobject, record, created=True)


def live_record(call: Call, sobject: SObject, record_id: str) -> Record:
    """The record that a read means."""
    record = call.org.store.get(sobject.name, canonical(record_id) or "")
    if record is None:
        raise no_such_record(record_id)
    if record["IsDeleted"]:
        raise RestError("ENTITY_IS_DELETED", "entity is deleted", status=404, fields=[])
    return record


def writable_record(call: Call, sobject: SObject, record_id: str) -> Record:
    """The record that a write means; one that isn't there is an invalid cross reference."""
    full = canonical(record_id)
    if full is None or not full.startswith(sobject.prefix):
        message = f"{sobject.label} ID: id value of incorrect type: {record_id}"
        raise RestError("MALFORMED_ID", message, fields=["Id"])
    if call.org.store.get(sobject.name, full) is None:
        raise RestError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", status=404, fields=[])
    return live_record(call, sobject, full)


def lookup_field(sobject: SObject, name: str) -> Field:
    field = sobject.field(name)
    if field is None or not (field.id_lookup or field.external_id):
        raise no_such_record(name)
    return field


def find_by(call: Call, sobject: SObject, field: Field, value: str) -> list[Record]:
    wanted = (canonical(value) or value).strip().lower()
    rows = (row for row in call.org.store.all(sobject.name) if not row["IsDeleted"])
    return [row for row in rows if str(row.get(field.name) or "").lower() == wanted]


def render(org: Organisation, sobject: SObject, record: Record, fields: tuple[Field, ...], base: str) -> JSON:
    """A record as the service writes it."""
    url = f"{base}/sobjects/{sobject.name}/{record['Id']}"
    shown = {field.name: record.get(field.name) for field in fields}
    if "IsArchived" in shown:
        shown["IsArchived"] = org.hidden(everything=False).archived(record)
    return {"attributes": {"type": sobject.name, "url": url}} | shown


def _shown(call: Call, sobject: SObject, record: Record) -> Answer:
    modified = parse_instant(record["LastModifiedDate"])
    headers = {"Last-Modified": format_datetime(modified, usegmt=True)}
    _check_unmodified(call, record)
    since = _http_date(call.headers.get("if-modified-since"))
    if since and modified <= since:
        return Answer(304, None, headers)
    return Answer(200, render(call.org, sobject, record, _chosen(call, sobject), call.base), headers)


def _chosen(call: Call, sobject: SObject) -> tuple[Field, ...]:
    names = [name.strip() for name in call.query.get("fields", "").split(",") if name.strip()]
    if not names:
        return sobject.fields
    fields = [(name, sobject.field(name)) for name in dict.fromkeys(["Id", *names])]
    for name, field in fields:
        if field is None:
            raise no_such_column(name, sobject.name)
    return tuple(field for _, field in fields if field)


def _check_unmodified(call: Call, record: Record) -> None:
    """If-Unmodified-Since, to the second (REST guide: conditional requests)."""
    since = _http_date(call.headers.get("if-unmodified-since"))
    if since and parse_instant(record["LastModifiedDate"]) > since:
        message = "The record has been modified since the time in If-Unmodified-Since"
        raise RestError("PRECONDITION_FAILED", message, status=412)


def _http_date(header: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(header) if header else None
    except ValueError as error:
        raise RestError("INVALID_HEADER", f"Not a date: {header}") from error


def _only(call: Call, sobject: SObject, matches: list[Record], value: str) -> Answer | None:
    """The answer when there isn't exactly one match: 300 with the addresses, or 404."""
    if not matches:
        raise not_found() if call.query.get("updateOnly") == "true" else no_such_record(value)
    if len(matches) == 1:
        return None
    return Answer(300, [f"{call.base}/sobjects/{sobject.name}/{quote(match['Id'])}" for match in matches])


def _created(call: Call, sobject: SObject, record: Record, **more: bool) -> Answer:
    location = f"{call.base}/sobjects/{sobject.name}/{record['Id']}"
    return Answer(201, {"id": record["Id"], "success": True, "errors": []} | more, {"Location": location})


def _updated(call: Call, record: Record) -> Answer:
    if float(call.version) < CREATED_IS_TOLD_SINCE:
        return Answer(204)
    return Answer(200, {"id": record["Id"], "success": True, "errors": [], "created": False})


def _without(wish: JSON, name: str) -> JSON:
    return {key: value for key, value in wish.items() if key.lower() != name.lower()}
