"""CRMs that are stood in for by an emulator: one process for all tests, and what their stages have in common."""

import re
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

import pytest

from linktime.core import http
from linktime.crm import registry
from linktime.crm.testing import place
from linktime.crm.testing.stage import Stage, Trouble
from linktime.emulators.testing import JSON, EmulatorProcess
from tests.installation import Installation

ACTIONS = {
    Trouble.DROPPED: {"kind": "drop"},
    Trouble.LOST: {"kind": "commit_then_drop"},
    Trouble.BUSY: {"kind": "status", "status": 503, "body": "<html>busy</html>"},
    Trouble.BROKEN: {"kind": "status", "status": 500, "body": "oops", "commit": True},
    Trouble.GARBLED: {"kind": "status", "status": 200, "body": '{"da', "commit": True},
}


class EmulatedStage(Stage):
    """`where` says by which method, path and body the emulator knows each kind of create; `look_ups`, a look-up.

    `throttled` is the fault of one request too many, `token_seconds` how long an access token lives.
    """

    where: ClassVar[Mapping[str, Mapping[str, str]]]
    look_ups: ClassVar[Mapping[str, str]]
    throttled: ClassVar[JSON]
    api: ClassVar[str]
    token_seconds: ClassVar[int]

    def __init__(self, emulator: EmulatorProcess) -> None:
        self.emulator = emulator
        self._planted = 0

    @property
    def url(self) -> str:
        return self.emulator.url

    def grant(self) -> Mapping[str, Any]:
        return self.emulator.token()

    def consent(self, address: str, *, allow: bool) -> Mapping[str, str]:
        return consent(address, "allow" if allow else "deny")

    def calls_made(self) -> int:
        return sum(self.api in row["path"] for row in self.emulator.requests())

    def disturb(self, create: str, trouble: Trouble) -> None:
        self._planted = self.emulator.fault(ACTIONS.get(trouble, self.throttled), **self.where[create], times=1)

    def disturbed(self) -> bool:
        return any(fault["fired"] for fault in self.emulator.faults() if fault["id"] == self._planted)

    def throttle(self) -> None:
        self.emulator.fault(self.throttled, path=self.api)

    def blind(self) -> None:
        self.emulator.fault(ACTIONS[Trouble.BUSY], **self.look_ups)

    def recover(self) -> None:
        self.emulator.clear_faults()

    def arrive_late(self) -> None:
        lost = [one for one in self.emulator.exchanges() if one["status"] is None][-1]
        url = f"{self.url}{lost['path']}" + (f"?{lost['query']}" if lost["query"] else "")
        request = urllib.request.Request(url, lost["request_body"].encode(), method=lost["method"])
        request.add_header("Authorization", f"Bearer {self.emulator.token()['access_token']}")
        request.add_header("Content-Type", lost["request_type"])
        with urllib.request.urlopen(request):
            pass

    def end_token(self) -> None:
        self.pass_time(self.token_seconds + 60)

    def pass_time(self, seconds: int) -> None:
        self.emulator.settings(clock_offset_seconds=seconds)

    def revoke(self) -> None:
        self.emulator.revoke()


def consent(address: str, decision: str = "allow") -> dict[str, str]:
    """Press a button of a consent page; return what the callback would be called with."""
    page = http.request("GET", address)
    assert page.status == 200, page.body
    text = page.body.decode()
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text))
    form |= {"who": re.search(r'<option value="([^"]+)"', text).group(1), "decision": decision}
    answer = http.request("POST", address.partition("?")[0] + "/decision", form=form)
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def calls_of(emulator: EmulatorProcess, act: Callable[[], object]) -> int:
    """Return how many calls something takes, counted as the service's own limit would."""
    before = emulator.api_calls()
    act()
    return emulator.api_calls() - before


@pytest.fixture(scope="session")
def emulator_process():
    with EmulatorProcess(seed=1) as process:
        yield process


@pytest.fixture
def running_emulator(emulator_process):
    """The emulators of all CRMs, as if they had just been started."""
    for crm in registry.crms():
        emulator_process.at(crm).reset()
    return emulator_process


@pytest.fixture
def installation(alice, emulator):
    return Installation(alice, emulator)


@pytest.fixture
def later():
    """A clock that is ahead by so much."""
    return place.later
