"""What a case is made of: how an emulator refuses, what people read, and what they do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

NOTHING = "Nothing to do: LinkTime "
RECONNECT = "Reconnect on the Integrations page."


class Mend(Enum):
    """What a person does once the cause is gone."""

    RETRY = auto()
    WAIT = auto()
    RECONNECT = auto()
    RECONNECT_AND_RETRY = auto()


@dataclass(frozen=True)
class Cause:
    """Settings of an emulator, faults in it, or all its grants `revoked`."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    faults: Sequence[Mapping[str, Any]] = ()
    revoked: bool = False

    def begin(self, emulator) -> None:
        emulator.settings(**self.settings)
        for fault in self.faults:
            emulator.fault(**fault)
        if self.revoked:
            emulator.revoke()

    def end(self, emulator) -> None:
        defaults = emulator.control("GET", "/settings")["defaults"]
        emulator.settings(**{name: defaults[name] for name in self.settings})
        emulator.clear_faults()


@dataclass(frozen=True)
class Case:
    """`what` and `remedy` are what somebody reads, `later` that LinkTime tries again by itself."""

    crm: str
    code: str
    cause: Cause
    what: str
    remedy: str
    mend: Mend = Mend.RETRY
    later: bool = False
    email: str = ""

    def __str__(self) -> str:
        return f"{self.crm}-{self.code}"


def setting(**settings: Any) -> Cause:
    return Cause(settings)


def refusal(code: str, message: str = "It is not allowed.", *, record: str = "Event", status: int = 400) -> Cause:
    """Let Salesforce refuse a kind of record."""
    return setting(refusals=[{"object": record, "code": code, "message": message, "status": status}])


def answer(status: int, body: Any, *, path: str, method: str = ".*", times: int | None = None) -> dict[str, Any]:
    return {
        "action": {"kind": "status", "status": status, "body": body},
        "path": path,
        "method": method,
        "times": times,
    }


def answered(status: int, body: Any, *, path: str, method: str = ".*") -> Cause:
    return Cause(faults=[answer(status, body, path=path, method=method)])
