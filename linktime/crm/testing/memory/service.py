"""The API of the CRM in memory: JSON, many records in a call, each with an answer of its own.

| call | asks | is told |
|---|---|---|
| `POST /contacts/upsert` | `{"inputs": [{"email", "always": {}, "if_new": {}}]}` | `{"id"}` for each |
| `POST /meetings/create` | `{"inputs": [{"contact_id", "fields": {}}]}` | `{"id"}` for each |
| `POST /meetings/change` | `{"inputs": [{"id", "fields": {}}]}` | `{"id"}` for each |
| `POST /meetings/delete` | `{"inputs": [{"id"}]}` | `{}` for each |
| `POST /meetings/find` | `{"inputs": [{"email"}]}` | the contact's meetings, for each |
| `POST /meetings/read` | `{"inputs": [{"id"}]}` | the meeting, for each |
| `GET /set-up` | | `{"required": [what a new contact must have]}` |
| `GET /me` | | `{"organisation", "name"}` |

An input that is refused is told `{"error", "message"}`, and the others are done.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from linktime.core.clock import now
from linktime.crm.testing.memory.records import Records
from linktime.crm.testing.service import Asked, InsideService, Refusal

MOST = 100


class MemoryService(InsideService):
    url = "https://memory-crm.example"
    organisation = "memory"
    look_ups = frozenset({"POST /meetings/find", "POST /meetings/read"})

    def __init__(self, clock: Callable[[], datetime] = now) -> None:
        super().__init__(clock)
        self.records = Records()

    def named(self, method: str, path: str) -> str:
        return f"{method} {path}"

    def work(self, asked: Asked) -> Any:
        if asked.what == "GET /me":
            return {"organisation": self.organisation, "name": "Memory"}
        if asked.what == "GET /set-up":
            return {"required": sorted(self.records.required)}
        each = self._each(asked.what)
        inputs = asked.body.get("inputs", ())
        if len(inputs) > MOST:
            raise Refusal(400, "too_many_inputs")
        return {"results": [_told(each, one) for one in inputs]}

    def _each(self, what: str) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        match what:
            case "POST /contacts/upsert":
                return self._upsert
            case "POST /meetings/create":
                return lambda one: {"id": self.records.create_meeting(one["contact_id"], one["fields"]).id}
            case "POST /meetings/change":
                return lambda one: {"id": self.records.change_meeting(one["id"], one["fields"]).id}
            case "POST /meetings/delete":
                return self._delete
            case "POST /meetings/find":
                return lambda one: {"meetings": [found.told() for found in self.records.meetings_of([one["email"]])]}
            case "POST /meetings/read":
                return lambda one: self.records.meeting(one["id"]).told()
        raise Refusal(404, "no_such_call")

    def _upsert(self, one: Mapping[str, Any]) -> dict[str, Any]:
        return {"id": self.records.upsert_contact(one["email"], one["always"], one["if_new"]).id}

    def _delete(self, one: Mapping[str, Any]) -> dict[str, Any]:
        self.records.meetings.pop(one["id"], None)
        return {}


def _told(each: Callable[[Mapping[str, Any]], dict[str, Any]], one: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return each(one)
    except Refusal as refusal:
        return refusal.told()
