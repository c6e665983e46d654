"""The calls about people: assert, read, change, query (REST API: records)."""

import uuid
from collections.abc import Mapping
from typing import Any

from linktime.emulators.attio import attributes
from linktime.emulators.attio.errors import MISSING, ApiError, bad_body, not_found, wrong_type
from linktime.emulators.attio.values import ALWAYS_EMPTY, IDENTITY, WRITABLE, parse_values
from linktime.emulators.attio.workspace import Record, Workspace

JSON = dict[str, Any]
MOST = 500


class People:
    """`actor` is who writes."""

    def __init__(self, workspace: Workspace, actor: JSON) -> None:
        self._workspace, self._actor = workspace, actor

    def upsert(self, matching: str | None, body: Any) -> JSON:
        """Find by the matching attribute or make; its values are added, all other attributes become what is given."""
        slug = _matching(matching)
        self._check_merges()
        given = parse_values(read_values(body))
        if not given.get(slug):
            message = f'Required value for attribute with slug "{slug}" was not provided.'
            raise ApiError(400, "missing_value", message)
        found = self._matches([row["email_address"] for row in given[slug]])
        if len(found) > 1:
            raise ApiError(400, "multiple_match_results", "Several records match the given values.")
        attributes.check_writable(self._workspace, given)
        if not found:
            attributes.check_complete(self._workspace, given)
        person = found[0] if found else self._new()
        return self.render(self._changed(person, given, keep_first=slug))

    def change(self, person_id: str, body: Any) -> JSON:
        """Overwrite what holds one value, and put new values before what holds several."""
        person = self.find(person_id)
        self._check_merges()
        given = parse_values(read_values(body))
        attributes.check_writable(self._workspace, given)
        self._check_unique(person, given)
        return self.render(self._changed(person, given, prepend=True))

    def read(self, person_id: str) -> JSON:
        return self.render(self.find(person_id))

    def query(self, body: Any) -> list[JSON]:
        """Only the look-up by email that is asked here: `{"filter": {"email_addresses": "..."}, "limit"}`."""
        asked = body if isinstance(body, dict) else {}
        email = asked.get("filter", {}).get("email_addresses") if isinstance(asked.get("filter", {}), dict) else None
        if not isinstance(email, str):
            raise ApiError(400, "filter_error", "This stand-in filters by email_addresses alone.")
        limit = asked.get("limit", MOST)
        if not isinstance(limit, int) or isinstance(limit, bool):
            raise bad_body(wrong_type(["limit"], limit, "number"))
        return [self.render(person) for person in self._matches([email.strip().lower()])][:limit]

    def find(self, person_id: str) -> Record:
        person = self._workspace.people.get(person_id)
        if person is None:
            raise not_found(f'Record with ID "{person_id}" not found.')
        return person

    def render(self, person: Record) -> JSON:
        """A person as every call gives it; attributes without a value are empty lists."""
        workspace = self._workspace
        system = {"active_from": person["created_at"], "active_until": None, "created_by_actor": person["author"]}
        values: dict[str, list[JSON]] = {
            "record_id": [system | {"value": person["id"], "attribute_type": "text"}],
            **{slug: person["values"].get(slug, []) for slug in WRITABLE},
            **{slug: [] for slug in ALWAYS_EMPTY},
            "created_at": [system | {"value": person["created_at"], "attribute_type": "timestamp"}],
        }
        ids = {"workspace_id": workspace.id, "object_id": workspace.object_id, "record_id": person["id"]}
        url = f"{workspace.base_url}/{workspace.settings['workspace_slug']}/person/{person['id']}"
        return {"id": ids, "created_at": person["created_at"], "web_url": url, "values": values}

    def make(self, values: JSON) -> Record:
        """Make a person as somebody in the workspace would. Raises ApiError."""
        given = parse_values(values)
        self._check_unique(None, given)
        return self._changed(self._new(), given)

    def _new(self) -> Record:
        return {"id": str(uuid.uuid4()), "created_at": self._workspace.stamp, "author": self._actor, "values": {}}

    def _changed(
        self, person: Record, given: Mapping[str, list[JSON]], *, keep_first: str = "", prepend: bool = False
    ) -> Record:
        values = dict(person["values"])
        for slug, rows in given.items():
            there, new = values.get(slug, []), [self._active(slug, row) for row in rows]
            if slug == keep_first:
                values[slug] = _united(slug, there, new)
            elif prepend and WRITABLE[slug].multiple:
                values[slug] = _united(slug, new, there)
            else:
                values[slug] = new
        changed = person | {"values": values}
        self._workspace.put_person(changed)
        return changed

    def _active(self, slug: str, row: JSON) -> JSON:
        begun = {"active_from": self._workspace.stamp, "active_until": None, "created_by_actor": self._actor}
        return begun | row | {"attribute_type": WRITABLE[slug].type}

    def _matches(self, emails: list[str]) -> list[Record]:
        found = (self._workspace.person_with(email) for email in emails)
        return list({person["id"]: person for person in found if person}.values())

    def _check_unique(self, person: Record | None, given: Mapping[str, list[JSON]]) -> None:
        for row in given.get("email_addresses", ()):
            other = self._workspace.person_with(row["email_address"])
            if other and (person is None or other["id"] != person["id"]):
                message = f'The value "{row["email_address"]}" provided for attribute with slug "email_addresses" '
                raise ApiError(400, "uniqueness_conflict", f"{message}conflicts with one already in the system.")

    def _check_merges(self) -> None:
        if self._workspace.settings["merge_in_progress"]:
            raise ApiError(400, "merge_in_progress", "A merge of this record is in progress.")


def _matching(slug: str | None) -> str:
    attribute = WRITABLE.get(slug or "")
    if attribute is None or not attribute.unique:
        message = f'No attribute was found for matching_attribute slug/ID "{slug}".'
        raise ApiError(400, "value_not_found", message)
    return attribute.slug


def read_values(body: Any) -> JSON:
    """The values of `{"data": {"values": {...}}}`, with nothing beside them. Raises ApiError."""
    data = body.get("data", MISSING) if isinstance(body, dict) else MISSING
    if not isinstance(data, dict):
        raise bad_body(wrong_type(["data"], data, "object"))
    if unknown := sorted(set(data) - {"values"}):
        fault = {"code": "unrecognized_keys", "path": ["data"], "message": f"Unrecognized key(s): {unknown}"}
        raise bad_body(fault)
    values = data.get("values", MISSING)
    if not isinstance(values, dict):
        raise bad_body(wrong_type(["data", "values"], values, "object"))
    return values


def _united(slug: str, first: list[JSON], second: list[JSON]) -> list[JSON]:
    key = IDENTITY[slug]
    known = {row[key] for row in first}
    return [*first, *(row for row in second if row[key] not in known)]
