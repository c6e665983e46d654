"""Faults that are asked for over the control API: answers instead of work, delays, dropped connections.

A fault is `{"method": ".*", "path": ".*", "body": ".*", "skip": 0, "times": null, "action"}`. The expressions are
searched for (`re.search`) in the method, in the path with the service's prefix and without the query, and in the
body of the request. Calls that match are let through `skip` times; then the fault fires, `times` times or for ever.

Actions: `{"kind": "status", "status", "body", "headers", "commit": false}` (with `commit` the work is done first),
`{"kind": "delay", "seconds", "then": "work|drop"}`, `{"kind": "drop"}`, `{"kind": "commit_then_drop"}`.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

ACTIONS: dict[str, tuple[str, ...]] = {
    "status": ("status", "body", "headers", "commit"),
    "delay": ("seconds", "then"),
    "drop": (),
    "commit_then_drop": (),
}
KEYS = {"method", "path", "body", "skip", "times", "action"}
STATUSES = range(100, 600)


class FaultError(ValueError):
    """A fault that can't be understood."""


@dataclass
class Fault:
    id: int
    method: re.Pattern[str]
    path: re.Pattern[str]
    body: re.Pattern[str] | None
    skip: int
    times: int | None
    action: dict[str, Any]
    fired: int = field(default=0)
    skipped: int = field(default=0)

    @property
    def kind(self) -> str:
        return str(self.action["kind"])

    def matches(self, method: str, path: str, body: bytes) -> bool:
        if not (self.method.search(method) and self.path.search(path)):
            return False
        return self.body is None or bool(self.body.search(body.decode(errors="replace")))

    def fires(self) -> bool:
        """Count one matching call, and say whether the fault meets it."""
        if self.skipped < self.skip:
            self.skipped += 1
            return False
        if self.times is not None and self.fired >= self.times:
            return False
        self.fired += 1
        return True

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of a `status` action."""
        body = self.action.get("body", "")
        headers = {str(name).lower(): str(value) for name, value in self.action.get("headers", {}).items()}
        if isinstance(body, str):
            headers.setdefault("content-type", "text/html;charset=UTF-8" if "<" in body else "text/plain;charset=UTF-8")
            return int(self.action["status"]), headers, body.encode()
        headers.setdefault("content-type", "application/json;charset=UTF-8")
        return int(self.action["status"]), headers, json.dumps(body).encode()

    def describe(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "method": self.method.pattern,
            "path": self.path.pattern,
            "body": self.body.pattern if self.body else None,
            "skip": self.skip,
            "times": self.times,
            "action": self.action,
            "fired": self.fired,
        }


class Faults:
    """The faults of one service, asked in the order in which they were made."""

    def __init__(self) -> None:
        self._faults: dict[int, Fault] = {}
        self._last = 0

    def add(self, wish: dict[str, Any]) -> Fault:
        _check(wish)
        self._last += 1
        body = wish.get("body")
        fault = Fault(
            id=self._last,
            method=_pattern(wish.get("method", ".*")),
            path=_pattern(wish.get("path", ".*")),
            body=None if body is None else _pattern(body),
            skip=int(wish.get("skip", 0)),
            times=None if wish.get("times") is None else int(wish["times"]),
            action=wish["action"],
        )
        self._faults[fault.id] = fault
        return fault

    def meet(self, method: str, path: str, body: bytes) -> Fault | None:
        """Find the fault that this call runs into."""
        matching = (fault for fault in self._faults.values() if fault.matches(method, path, body))
        return next((fault for fault in matching if fault.fires()), None)

    def describe(self) -> list[dict[str, Any]]:
        return [fault.describe() for fault in self._faults.values()]

    def remove(self, fault_id: int) -> bool:
        return self._faults.pop(fault_id, None) is not None

    def clear(self) -> None:
        self._faults.clear()


def _pattern(text: Any) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except (re.error, TypeError) as error:
        raise FaultError(f"{text!r} is no regular expression: {error}") from error


def _check(wish: dict[str, Any]) -> None:
    if unknown := set(wish) - KEYS:
        raise FaultError(f"Unknown: {', '.join(sorted(unknown))}.")
    action = wish.get("action")
    if not isinstance(action, dict) or action.get("kind") not in ACTIONS:
        raise FaultError(f"action is an object whose kind is one of {', '.join(ACTIONS)}.")
    if unknown := set(action) - {"kind", *ACTIONS[action["kind"]]}:
        raise FaultError(f"An action of kind {action['kind']} has no {', '.join(sorted(unknown))}.")
    for name in ("skip", "times"):
        if not isinstance(wish.get(name) or 0, int) or (wish.get(name) or 0) < 0:
            raise FaultError(f"{name} is a number from 0.")
    _check_action(action)


def _check_action(action: dict[str, Any]) -> None:
    status = action.get("status")
    if action["kind"] == "status" and not (isinstance(status, int) and status in STATUSES):
        raise FaultError("status is a number from 100 to 599.")
    if action["kind"] == "delay" and not isinstance(action.get("seconds"), int | float):
        raise FaultError("seconds is a number.")
    if action.get("then", "work") not in ("work", "drop"):
        raise FaultError("then is work or drop.")
