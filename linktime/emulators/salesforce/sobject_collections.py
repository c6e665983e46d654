"""Up to 200 records in one call (REST guide: sObject collections)."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from linktime.emulators.salesforce import rows
from linktime.emulators.salesforce.calls import Answer, Call
from linktime.emulators.salesforce.errors import RestError, no_such_column, unreadable
from linktime.emulators.salesforce.ids import canonical
from linktime.emulators.salesforce.schema import SObject
from linktime.emulators.salesforce.store import RolledBack

JSON = dict[str, Any]
MOST_RECORDS = 200
MOST_CHUNKS = 10
ROLLED_BACK = {
    "statusCode": "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "message": "Record rolled back because not all records were valid and the request was using AllOrNone header",
    "fields": [],
}


def create(call: Call) -> Answer:
    return _save(call, _records(call), lambda record: _created(call, record))


def update(call: Call) -> Answer:
    return _save(call, _records(call), lambda record: _updated(call, record))


def upsert(call: Call, sobject_name: str, field_name: str) -> Answer:
    sobject = rows.find_sobject(call, sobject_name)
    field = rows.lookup_field(sobject, field_name).name
    return _save(call, _records(call), lambda record: _upserted(call, sobject, field, record))


def delete(call: Call) -> Answer:
    ids = [{"id": record_id} for record_id in call.query.get("ids", "").split(",") if record_id]
    return _save(call, _limited(ids), lambda record: _deleted(call, record["id"]))


def read(call: Call, sobject_name: str) -> Answer:
    """The records of these ids; null for one that isn't there."""
    wish = {"ids": call.query.get("ids", "").split(","), "fields": call.query.get("fields", "").split(",")}
    return _retrieve(call, sobject_name, call.body if call.method == "POST" else wish)


def _retrieve(call: Call, sobject_name: str, wish: Any) -> Answer:
    sobject = rows.find_sobject(call, sobject_name)
    if not isinstance(wish, dict) or not wish.get("ids") or not wish.get("fields"):
        raise RestError("INVALID_INPUT", "ids and fields are required")
    fields = tuple(_field(sobject, name.strip()) for name in dict.fromkeys(["Id", *wish["fields"]]))
    records = [call.org.store.by_any_id(sobject.name, record_id) for record_id in wish["ids"]]
    live = (record if record and not record["IsDeleted"] else None for record in records)
    return Answer(200, [r and rows.render(call.org, sobject, r, fields, call.base) for r in live])


def _field(sobject: SObject, name: str) -> Any:
    field = sobject.field(name)
    if field is None:
        raise no_such_column(name, sobject.name)
    return field


def _save(call: Call, records: list[JSON], save: Callable[[JSON], JSON]) -> Answer:
    with call.org.store.transaction():
        results = [_attempt(call, record, save) for record in records]
        if _all_or_none(call) and not all(result["success"] for result in results):
            results = [result if not result["success"] else _rolled_back() for result in results]
            raise RolledBack
    return Answer(200, results)


def _attempt(call: Call, record: JSON, save: Callable[[JSON], JSON]) -> JSON:
    try:
        with call.org.store.transaction():
            return save(record)
    except RestError as error:
        return {"success": False, "errors": [error.save_error()]}


def _created(call: Call, record: JSON) -> JSON:
    saved = call.writer.create(_type(call, record), record)
    return {"id": saved["Id"], "success": True, "errors": []}


def _updated(call: Call, record: JSON) -> JSON:
    sobject = _type(call, record)
    record_id = next((str(value) for name, value in record.items() if name.lower() == "id"), None)
    if record_id is None:
        raise RestError("MISSING_ARGUMENT", "Id not specified in an update call")
    before = rows.writable_record(call, sobject, record_id)
    call.writer.update(sobject, before, {name: value for name, value in record.items() if name.lower() != "id"})
    return {"id": before["Id"], "success": True, "errors": []}


def _upserted(call: Call, sobject: SObject, field: str, record: JSON) -> JSON:
    given = {name.lower(): value for name, value in record.items()}
    if given.get(field.lower()) is None:
        raise RestError("MISSING_ARGUMENT", f"{field} not specified")
    wish = {name: value for name, value in record.items() if name != "attributes" and name.lower() != field.lower()}
    matches = rows.find_by(call, sobject, rows.lookup_field(sobject, field), str(given[field.lower()]))
    if len(matches) > 1:
        raise RestError("DUPLICATE_EXTERNAL_ID", f"{field}: more than one record found for external id field")
    if matches:
        saved = call.writer.update(sobject, matches[0], wish)
    else:
        saved = call.writer.create(sobject, wish | {field: given[field.lower()]})
    return {"id": saved["Id"], "success": True, "errors": [], "created": not matches}


def _deleted(call: Call, record_id: str) -> JSON:
    sobject = call.org.schema.of_id(canonical(record_id) or "")
    if sobject is None:
        raise RestError("MALFORMED_ID", f"malformed id {record_id}")
    record = rows.writable_record(call, sobject, record_id)
    call.writer.delete(sobject, record)
    return {"id": record["Id"], "success": True, "errors": []}


def _records(call: Call) -> list[JSON]:
    records = call.json_object().get("records")
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise unreadable("records is required and must be a list of objects")
    types = [_type(call, record).name for record in records]
    if len(list(groupby(types))) > MOST_CHUNKS:
        message = f"Cannot process more than {MOST_CHUNKS} chunks of different object types"
        raise RestError("LIMIT_EXCEEDED", message)
    return _limited(records)


def _limited(records: list[JSON]) -> list[JSON]:
    if len(records) > MOST_RECORDS:
        raise RestError("INVALID_BATCH_SIZE", f"record count {len(records)} exceeds limit of {MOST_RECORDS}")
    return records


def _type(call: Call, record: JSON) -> SObject:
    attributes = record.get("attributes")
    name = attributes.get("type") if isinstance(attributes, dict) else None
    if not isinstance(name, str):
        raise RestError("INVALID_INPUT", "Include the type attribute of each record")
    sobject = call.org.schema.find(name)
    if sobject is None:
        raise RestError("INVALID_TYPE", f"sObject type '{name}' is not supported.")
    return sobject


def _all_or_none(call: Call) -> bool:
    if isinstance(call.body, dict):
        return call.body.get("allOrNone") is True
    return call.query.get("allOrNone") == "true"


def _rolled_back() -> JSON:
    return {"success": False, "errors": [ROLLED_BACK]}
