"""Contacts and meetings, one by one and in batches (developers' guide: contacts, meetings)."""

from typing import Any

from linktime.emulators.hubspot import rows, writes
from linktime.emulators.hubspot.batch import carry_out, check_unique, finished, inputs_of, traced
from linktime.emulators.hubspot.calls import Answer, Call, text_of, texts_of
from linktime.emulators.hubspot.errors import ApiError, lacking, missing, not_found
from linktime.emulators.hubspot.properties import CONTACTS
from linktime.emulators.hubspot.store import Record

JSON = dict[str, Any]
PAGE, LARGEST_PAGE = 10, 100


def create(call: Call) -> Answer:
    given = call.wish("properties")
    record = writes.creation(call.account, call.kind(), texts_of(given["properties"]), given.get("associations", []))()
    return Answer(201, _whole(call, record))


def read(call: Call) -> Answer:
    record = call.require(_found(call))
    return Answer(200, _asked(call, record))


def update(call: Call) -> Answer:
    record = call.require(_found(call))
    given = texts_of(call.wish("properties")["properties"])
    return Answer(200, _whole(call, writes.change(call.account, call.kind(), record, given)()))


def archive(call: Call) -> Answer:
    """Deleting what is deleted already is no error."""
    record = call.account.store.get(call.kind().plural, call.place["id"])
    if record:
        writes.archive(call.account, call.kind(), record)
    return Answer(204)


def page(call: Call) -> Answer:
    limit = min(call.number("limit", PAGE), LARGEST_PAGE)
    after = call.number("after", 0)
    everything = sorted(
        call.account.store.all(call.kind().plural, archived=call.flag("archived")), key=lambda one: int(one.id)
    )
    rest = [one for one in everything if int(one.id) > after]
    answer: JSON = {"results": [_asked(call, one) for one in rest[:limit]]}
    return Answer(200, answer | ({"paging": {"next": {"after": rest[limit - 1].id}}} if len(rest) > limit else {}))


def merge(call: Call) -> Answer:
    given = call.wish("primaryObjectId", "objectIdToMerge")
    if call.kind() is not CONTACTS:
        raise not_found()
    ids = [text_of(given, "primaryObjectId"), text_of(given, "objectIdToMerge")]
    winner, loser = (call.require(call.account.store.get("contacts", one)) for one in ids)
    call.account.store.merge(winner, loser, call.account.now)
    return Answer(200, _whole(call, call.require(call.account.store.get("contacts", winner.id))))


def batch_create(call: Call) -> Answer:
    def plan(one: JSON) -> Any:
        return writes.creation(call.account, call.kind(), texts_of(one["properties"]), one.get("associations", []))

    inputs = inputs_of(call, "properties")
    return carry_out(call.account, inputs, plan, lambda one, record: traced(one, _whole(call, record)), 201)


def batch_update(call: Call) -> Answer:
    inputs = inputs_of(call, "id", "properties")
    check_unique([text_of(one, "id") for one in inputs])

    def plan(one: JSON) -> Any:
        if one.get("idProperty"):
            raise _not_unique(call, one["idProperty"])
        record = call.account.store.get(call.kind().plural, one["id"]) or _absent(call, one["id"])
        return writes.change(call.account, call.kind(), record, texts_of(one["properties"]))

    return carry_out(call.account, inputs, plan, lambda one, record: traced(one, _whole(call, record)), 200)


def batch_upsert(call: Call) -> Answer:
    """Contacts by email: an address that is a contact's second one finds it too."""
    inputs = inputs_of(call, "id", "properties")
    check_unique([text_of(one, "id") for one in inputs])
    new: set[str] = set()

    def plan(one: JSON) -> Any:
        if call.kind() is not CONTACTS or one.get("idProperty") != "email":
            raise _not_unique(call, str(one.get("idProperty")))
        email = writes.check_email(call.account, one["id"])
        if not call.account.store.by_email(email):
            new.add(one["id"])
        return writes.upsert(call.account, email, texts_of(one["properties"]))

    def show(one: JSON, record: Record) -> JSON:
        return traced(one, _whole(call, record)) | {"new": one["id"] in new}

    return carry_out(call.account, inputs, plan, show, 200)


def batch_read(call: Call) -> Answer:
    given = call.wish("inputs", "properties")
    if not isinstance(given["properties"], list):
        raise lacking("properties")
    wanted = [text_of(one, "id") for one in inputs_of(call, "id")]
    found = {one: _by(call, one, given.get("idProperty")) for one in wanted}
    lost = [one for one, record in found.items() if record is None]
    kind, names = call.kind(), [str(name) for name in given["properties"]]
    shown = [rows.asked(call.account, kind, record, call.site, names) for record in found.values() if record]
    errors = [missing(kind.kind, lost).of_input(None)] if lost else []
    return Answer(207 if errors else 200, finished(call.account, call.account.shuffled(shown), errors))


def batch_archive(call: Call) -> Answer:
    for one in inputs_of(call, "id"):
        record = call.account.store.get(call.kind().plural, text_of(one, "id"))
        if record:
            writes.archive(call.account, call.kind(), record)
    return Answer(204)


def _found(call: Call) -> Record | None:
    archived = call.flag("archived")
    return _by(call, call.place["id"], next(iter(call.query.get("idProperty", ())), None), archived=archived)


def _by(call: Call, record_id: str, id_property: str | None, *, archived: bool = False) -> Record | None:
    if not id_property or id_property == "hs_object_id":
        return call.account.store.get(call.kind().plural, record_id, archived=archived)
    if call.kind() is not CONTACTS or id_property != "email":
        raise _not_unique(call, id_property)
    return call.account.store.by_email(record_id)


def _absent(call: Call, record_id: str) -> Record:
    if not record_id.isdigit():
        raise ApiError(f"Invalid object id: {record_id}") if record_id else lacking("id")
    raise missing(call.kind().kind, [record_id], status=int(call.account.settings["missing_in_batch"]))


def _not_unique(call: Call, name: str) -> ApiError:
    text = (
        f"Unable to perform update/upsert by non-unique {call.kind().id} property {name} in portal ID {call.account.id}"
    )
    return ApiError(text)


def _whole(call: Call, record: Record) -> JSON:
    return rows.whole(call.account, call.kind(), record, call.site)


def _asked(call: Call, record: Record) -> JSON:
    row = rows.asked(call.account, call.kind(), record, call.site, call.words("properties"))
    return rows.with_associations(call.account, call.kind(), record, row, call.words("associations"))
