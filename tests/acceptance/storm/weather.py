"""The faults of a storm at the CRMs, by kind; each is counted when it has struck."""

import random
from collections import Counter
from typing import Any

from linktime.emulators.testing import EmulatorProcess
from tests.acceptance.storm.places import CRMS

CALLS = {"salesforce": "/services/data/", "hubspot": "/crm/", "attio": "/v2/"}
TOKENS = {"salesforce": "/oauth2/token$", "hubspot": "/oauth/.*token$"}
FULL = {
    "salesforce": (403, [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "ConcurrentRequests Limit exceeded."}], {}),
    "hubspot": (429, {"status": "error", "message": "ten_secondly_rolling", "errorType": "RATE_LIMIT"}, {}),
    "attio": (
        429,
        {"status_code": 429, "type": "rate_limit_error", "code": "rate_limit_exceeded", "message": "later"},
        {"Retry-After": "3"},
    ),
}
HTML, CUT = "<html><body>Down for maintenance</body></html>", '{"results": [{"id": "1'
AHEAD = 3700  # seconds
LATENCY = 100
LOST_REFRESH = "refresh answer lost"


class Weather:
    """Makes weather at all CRMs. `struck` counts what has met a call, by kind."""

    def __init__(self, emulator: EmulatorProcess, time_out: float, chance: random.Random) -> None:
        self.emulator, self.random = emulator, chance
        self._planted: dict[tuple[str, int], str] = {}
        self._gone: Counter[str] = Counter()
        self.kinds = _kinds(time_out)
        self.programme = [(crm, kind) for crm in CRMS for kind in self.kinds]
        chance.shuffle(self.programme)
        for crm in CRMS:
            emulator.at(crm).settings(latency_ms=LATENCY)

    def blow(self) -> None:
        """Plant the next fault of the programme, which begins anew when it is over."""
        crm, kind = self.programme.pop(0)
        self.programme.append((crm, kind))
        self._plant(crm, kind, self.kinds[kind](crm, self.random.random() < 0.5), CALLS[crm], self.random.randrange(3))

    def lose_refreshes(self, organisations: dict[str, list[str]]) -> None:
        """Let every access token end by a clock that jumps, and lose the answers to the first renewals."""
        for crm, path in TOKENS.items():
            for organisation in organisations[crm]:
                self._settings(crm, organisation, rotate_refresh_tokens=True, **_short(crm))
            self._plant(crm, LOST_REFRESH, {"kind": "commit_then_drop"}, path, skip=0)
        self._set_clocks(AHEAD)

    def set_clocks_right(self) -> None:
        self._set_clocks(0)

    def revoke(self, crm: str) -> None:
        self.emulator.at(crm).revoke()

    def clear_up(self) -> None:
        """End all faults, counting what has struck."""
        for crm in CRMS:
            self._gone += self._struck(crm)
            self.emulator.at(crm).clear_faults()
        self._planted.clear()

    @property
    def struck(self) -> Counter[str]:
        return sum((self._struck(crm) for crm in CRMS), self._gone + self._refused())

    def _plant(self, crm: str, kind: str, action: dict[str, Any], path: str, skip: int) -> None:
        number = self.emulator.at(crm).fault(action, path=path, times=1, skip=skip)
        self._planted[crm, number] = kind

    def _struck(self, crm: str) -> Counter[str]:
        fired = self.emulator.at(crm).faults() if self._planted else []
        return Counter({self._planted[crm, one["id"]]: one["fired"] for one in fired if one["fired"]})

    def _refused(self) -> Counter[str]:
        rows = [row for crm in CRMS for row in self.emulator.at(crm).requests()]
        return Counter({"token ended": sum(row["status"] == 401 for row in rows)})

    def _set_clocks(self, seconds: int) -> None:
        for crm in CRMS:
            self.emulator.at(crm).settings(clock_offset_seconds=seconds)

    def _settings(self, crm: str, organisation: str, **changes: Any) -> None:
        self.emulator.at(crm).settings(organisation=organisation, **changes)


def _short(crm: str) -> dict[str, int]:
    return {"access_token_seconds": AHEAD - 100} if crm == "salesforce" else {}


def _kinds(time_out: float) -> dict[str, Any]:
    """Return what makes each kind's action of a CRM, and of whether the work is done all the same."""
    return {
        "5xx": lambda _crm, done: {"kind": "status", "status": 500 if done else 503, "body": "", "commit": done},
        "limit": lambda crm, _done: dict(
            zip(("kind", "status", "body", "headers"), ("status", *FULL[crm]), strict=True)
        ),
        "delay past the time-out": lambda _crm, done: {
            "kind": "delay",
            "seconds": time_out + 2,
            "then": "work" if done else "drop",
        },
        "dropped before the commit": lambda _crm, _done: {"kind": "drop"},
        "dropped after the commit": lambda _crm, _done: {"kind": "commit_then_drop"},
        "HTML for JSON": lambda _crm, done: {"kind": "status", "status": 200, "body": HTML, "commit": done},
        "truncated body": lambda _crm, done: {"kind": "status", "status": 200, "body": CUT, "commit": done},
    }
