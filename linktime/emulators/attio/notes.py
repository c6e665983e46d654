"""The calls about notes: create, list, read, delete (REST API: notes)."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from linktime.emulators.attio.clock import parse, stamp
from linktime.emulators.attio.errors import MISSING, bad_body, bad_query, not_found, wrong_type
from linktime.emulators.attio.workspace import Record, Workspace

JSON = dict[str, Any]
FORMATS = ("plaintext", "markdown")
USUAL, MOST = 10, 50
_MARKS = re.compile(r"(\*\*|__|~~|==)|^#{1,3} |^[-*+] ", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


class Notes:
    """`actor` is who writes."""

    def __init__(self, workspace: Workspace, actor: JSON) -> None:
        self._workspace, self._actor = workspace, actor

    def create(self, body: Any) -> JSON:
        fields = self._check(body)
        parent_object = fields["parent_object"]
        if parent_object not in ("people", self._workspace.object_id):
            raise not_found(f'Object with slug/ID "{parent_object}" not found.')
        if fields["parent_record_id"] not in self._workspace.people:
            raise not_found(f'Record with ID "{fields["parent_record_id"]}" not found.')
        plain = fields["content"] if fields["format"] == "plaintext" else plain_text(fields["content"])
        note = {
            "id": str(uuid.uuid4()),
            "parent_object": "people",
            "parent_record_id": fields["parent_record_id"],
            "title": fields["title"],
            "content_plaintext": plain,
            "content_markdown": fields["content"],
            "created_by_actor": self._actor,
            "created_at": fields.get("created_at") or self._workspace.stamp,
        }
        self._workspace.put_note(note)
        return self.render(note)

    def page(self, query: Mapping[str, str]) -> list[JSON]:
        limit = _number(query, "limit", USUAL, (1, MOST))
        offset = _number(query, "offset", 0, (0, 10**9))
        person = query.get("parent_record_id")
        if person is not None and person not in self._workspace.people:
            raise not_found(f'Record with ID "{person}" not found.')
        found = self._workspace.notes_of(person) if person else list(self._workspace.notes.values())
        return [self.render(note) for note in found[offset : offset + limit]]

    def read(self, note_id: str) -> JSON:
        return self.render(self.find(note_id))

    def delete(self, note_id: str) -> None:
        self._workspace.remove_note(self.find(note_id)["id"])

    def find(self, note_id: str) -> Record:
        note = self._workspace.notes.get(note_id)
        if note is None:
            raise not_found(f'Note with ID "{note_id}" was not found.')
        return note

    def render(self, note: Record) -> JSON:
        row = {
            **note,
            "id": {"workspace_id": self._workspace.id, "note_id": note["id"]},
            "meeting_id": None,
            "tags": [],
        }
        if not self._workspace.settings["note_meetings"]:
            del row["meeting_id"]
        return row

    def _check(self, body: Any) -> JSON:
        """The fields of a new note. Raises ApiError for every fault at once."""
        data = body.get("data", MISSING) if isinstance(body, dict) else MISSING
        if not isinstance(data, dict):
            raise bad_body(wrong_type(["data"], data, "object"))
        required = ("parent_object", "parent_record_id", "title", "format", "content")
        texts = {name: data.get(name, MISSING) for name in required}
        faults = [wrong_type(["data", name], text) for name, text in texts.items() if not isinstance(text, str)]
        faults = faults or [*_format_faults(data), *self._date_faults(data)]
        if faults:
            raise bad_body(*faults)
        return data

    def _date_faults(self, data: JSON) -> list[JSON]:
        """A moment from 1970 on and not in the future."""
        if "created_at" not in data:
            return []
        try:
            moment = stamp(parse(data["created_at"]))
        except (TypeError, ValueError):
            moment = ""
        if moment < "1970" or moment > self._workspace.stamp:
            return [{"code": "custom", "path": ["data", "created_at"], "message": "Invalid date"}]
        return []


def plain_text(markdown: str) -> str:
    """Markdown without its marks."""
    return _MARKS.sub("", _LINK.sub(r"\1", markdown))


def _format_faults(data: JSON) -> list[JSON]:
    faults = []
    if data["format"] not in FORMATS:
        message = "Invalid enum value. Expected 'plaintext' | 'markdown'"
        option = {"code": "invalid_option", "path": ["data", "format"], "message": message, "options": list(FORMATS)}
        faults.append(option)
    try:
        uuid.UUID(data["parent_record_id"])
    except ValueError:
        faults.append({"code": "invalid_string", "path": ["data", "parent_record_id"], "message": "Invalid uuid"})
    return faults


def _number(query: Mapping[str, str], name: str, usual: int, bounds: tuple[int, int]) -> int:
    text = query.get(name, str(usual))
    if not text.isdecimal() or not bounds[0] <= int(text) <= bounds[1]:
        message = f"Number must be from {bounds[0]} to {bounds[1]}"
        raise bad_query({"code": "invalid", "path": [name], "message": message})
    return int(text)
