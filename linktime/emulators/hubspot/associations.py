"""Which meeting is whose: given with a new record, put afterwards, read for many."""

from collections.abc import Callable
from typing import Any

from linktime.emulators.hubspot.account import Account
from linktime.emulators.hubspot.batch import finished, inputs_of
from linktime.emulators.hubspot.calls import Answer, Call
from linktime.emulators.hubspot.errors import ApiError, lacking, unreadable
from linktime.emulators.hubspot.properties import CONTACTS, ObjectType

JSON = dict[str, Any]
TYPE_IDS = {"meetings": 200, "contacts": 199}
WRONG_WAY = {"meetings": 199, "contacts": 200}
NAMES = {"meetings": "meeting_event_to_contact", "contacts": "contact_to_meeting_event"}
LARGEST_READ = 1000


def others_of(account: Account, kind: ObjectType, given: Any) -> list[str]:
    """Return the ids that a new record is to be associated with. Raises ApiError."""
    if not isinstance(given, list | tuple):
        raise unreadable("on line 1, column 17: `associations` is a list")
    return [_other(account, kind, one) for one in given]


def _other(account: Account, kind: ObjectType, given: Any) -> str:
    if not isinstance(given, dict) or "to" not in given or not isinstance(given.get("types"), list):
        raise lacking("to", "types")
    for spec in given["types"]:
        check_spec(kind, spec)
    target = given["to"].get("id") if isinstance(given["to"], dict) else None
    return existing(account, "meetings" if kind is CONTACTS else "contacts", str(target))


def check_spec(kind: ObjectType, spec: Any) -> None:
    """A type id has a direction: 200 leads from a meeting to a contact, 199 back."""
    if not isinstance(spec, dict) or not {"associationCategory", "associationTypeId"} <= set(spec):
        raise lacking("associationCategory", "associationTypeId")
    if spec["associationTypeId"] == WRONG_WAY[kind.plural]:
        expected = "0-1" if kind.plural == "meetings" else "0-47"
        raise ApiError(f"invalid from object type {kind.id} for associations to be created. expected: {expected}")
    if spec["associationCategory"] != "HUBSPOT_DEFINED" or spec["associationTypeId"] != TYPE_IDS[kind.plural]:
        raise ApiError(f"Association type {spec['associationTypeId']} does not exist for {kind.id}")


def existing(account: Account, plural: str, record_id: str) -> str:
    found = account.store.get(plural, record_id)
    if found is None:
        errors = [{"message": f"{plural}: {record_id} is not valid", "code": "INVALID_OBJECT_IDS"}]
        raise ApiError("One or more associations are invalid", errors=errors)
    return found.id


def put_default(call: Call) -> Answer:
    """`PUT .../{from}/{id}/associations/default/{to}/{id}`: however often, with the same end."""
    source, target = _ends(call)
    _join(call, source, target)
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": TYPE_IDS[call.kind().plural]}
    back = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": TYPE_IDS[call.kind("other").plural]}
    rows = [
        {"from": {"id": source}, "to": {"id": target}, "associationSpec": spec},
        {"from": {"id": target}, "to": {"id": source}, "associationSpec": back},
    ]
    return Answer(200, finished(call.account, rows, []))


def put_labelled(call: Call) -> Answer:
    if not isinstance(call.body, list):
        raise unreadable("on line 1, column 0: a list is expected")
    for spec in call.body:
        check_spec(call.kind(), spec)
    source, target = _ends(call)
    _join(call, source, target)
    facts = {
        "fromObjectTypeId": call.kind().id,
        "fromObjectId": source,
        "toObjectTypeId": call.kind("other").id,
        "toObjectId": target,
        "labels": [],
    }
    return Answer(201, facts)


def remove(call: Call) -> Answer:
    pair = (call.place["id"], call.place["other_id"])
    call.account.store.dissociate(*(pair if call.kind().plural == "meetings" else pair[::-1]))
    return Answer(204)


def list_of_one(call: Call) -> Answer:
    """`GET .../{from}/{id}/associations/{to}`, in v4."""
    record = call.require(call.account.store.get(call.kind().plural, call.place["id"]))
    return Answer(200, {"results": _targets(call.account, call.kind(), record.id)})


def read_many(call: Call) -> Answer:
    """`POST .../{from}/{to}/batch/read`; a record without any is an error of its own."""
    call.kind("other")
    return _read_many(call, _target)


def read_many_v3(call: Call) -> Answer:
    """The same in v3, which tells less of each target."""
    return _read_many(call, lambda plural, other: {"id": other, "type": NAMES[plural]})


def _read_many(call: Call, show: Callable[[str, str], JSON]) -> Answer:
    account, kind = call.account, call.kind()
    wanted = [str(one["id"]) for one in inputs_of(call, "id", largest=LARGEST_READ)]
    found = {one: account.store.associated(kind.plural, one) for one in wanted}
    rows = [
        {"from": {"id": one}, "to": [show(kind.plural, other) for other in others]}
        for one, others in found.items()
        if others
    ]
    errors = [_none(kind, one).of_input(None) for one, others in found.items() if not others]
    return Answer(207 if errors else 200, finished(account, rows, errors))


def everything(account: Account) -> list[JSON]:
    """Each meeting's contacts, as `meetings/contacts/batch/read` answers."""
    found = ((one.id, account.store.associated("meetings", one.id)) for one in account.store.all("meetings"))
    return [
        {"from": {"id": one}, "to": [_target("meetings", other) for other in others]} for one, others in found if others
    ]


def _none(kind: ObjectType, record_id: str) -> ApiError:
    text = f"No {'meeting_event' if kind is CONTACTS else 'contact'} is associated with {kind.kind} {record_id}."
    return ApiError(text, status=404, category="NO_ASSOCIATIONS_FOUND", context={"fromObjectId": [record_id]})


def _targets(account: Account, kind: ObjectType, record_id: str) -> list[JSON]:
    return [_target(kind.plural, other) for other in account.store.associated(kind.plural, record_id)]


def _target(plural: str, other: str) -> JSON:
    return {"toObjectId": other, "associationTypes": [{"category": "HUBSPOT_DEFINED", "typeId": TYPE_IDS[plural]}]}


def _ends(call: Call) -> tuple[str, str]:
    if {call.kind().plural, call.kind("other").plural} != {"contacts", "meetings"}:
        raise ApiError(f"There is no default association from {call.kind().id} to {call.kind('other').id}")
    source = call.require(call.account.store.get(call.kind().plural, call.place["id"]))
    return source.id, existing(call.account, call.kind("other").plural, call.place["other_id"])


def _join(call: Call, source: str, target: str) -> None:
    call.account.store.associate(*((source, target) if call.kind().plural == "meetings" else (target, source)))
