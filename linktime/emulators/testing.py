"""The emulators as a real process, for tests."""

import copy
import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Self

JSON = dict[str, Any]
PATIENCE = 10


class ControlError(AssertionError):
    """The control API refused."""


class EmulatorProcess:
    """Starts `python -m linktime.emulators --port 0`; a context manager, or stop() ends it.

    It ends with its parent, however that ends: the pipe to its standard input closes.

    `base_url` is like `http://127.0.0.1:1234`, `url` the address of the service that the helpers are for: Salesforce,
    or the one that `at` was told.
    """

    service = "salesforce"

    def __init__(
        self, *, mail: Path | None = None, seed: int | None = None, store: Path | None = None, port: int = 0
    ) -> None:
        options = {"--mail": mail, "--seed": seed, "--store": store}
        given = [str(word) for name, value in options.items() if value is not None for word in (name, value)]
        command = [sys.executable, "-m", "linktime.emulators", "--port", str(port), "--with-parent", *given]
        root, pipe = Path(__file__).parents[2], subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=root)  # noqa: S603 - ours
        self.base_url = self._started()

    def at(self, service: str) -> Self:
        """The same process, seen from another service."""
        other = copy.copy(self)
        other.service = service
        return other

    @property
    def url(self) -> str:
        return f"{self.base_url}/{self.service}"

    @property
    def salesforce(self) -> str:
        return f"{self.base_url}/salesforce"

    @property
    def pid(self) -> int:
        return self.process.pid

    def control(self, method: str, path: str, json_body: Any = None) -> Any:
        """Call the control API: `control("POST", "/faults", {...})`; the answer's JSON, None if it has none."""
        body = None if json_body is None else json.dumps(json_body).encode()
        url = f"{self.base_url}/{self.service}/_emulator{path}"
        request = urllib.request.Request(url, body, method=method)  # noqa: S310 - always http
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - always http
                text = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                raise ControlError(f"{method} {url}: {error.code} {error.read().decode()}") from error
        return json.loads(text) if text else None

    def fault(self, action: JSON, **conditions: Any) -> int:
        """Ask for a fault, e.g. `fault({"kind": "drop"}, path="/composite$", times=1)`; gives its id."""
        return int(self.control("POST", "/faults", {"action": action, **conditions})["id"])

    def faults(self) -> list[JSON]:
        """The faults, each with how often it has `fired`."""
        return list(self.control("GET", "/faults")["data"])

    def clear_faults(self) -> None:
        self.control("DELETE", "/faults")

    def settings(self, **changes: Any) -> JSON:
        """Change settings; gives all of them."""
        return dict(self.control("POST", "/settings", changes)["settings"])

    def state(self, organisation: str | None = None, *, deleted: bool = False) -> JSON:
        query = f"?deleted={str(deleted).lower()}" + (f"&organisation={organisation}" if organisation else "")
        return dict(self.control("GET", f"/state{query}"))

    def requests(self, after: int = 0) -> list[JSON]:
        return list(self.control("GET", f"/requests?after={after}")["data"])

    def exchanges(self, after: int = 0) -> list[JSON]:
        """The latest requests and answers, whole."""
        return list(self.control("GET", f"/exchanges?after={after}")["data"])

    def api_calls(self) -> int:
        return int(self.control("GET", "/requests?after=999999999")["api_calls"])

    def in_flight(self) -> JSON:
        return dict(self.control("GET", "/in_flight"))

    def token(self, **wish: Any) -> JSON:
        """A grant without the consent page."""
        return dict(self.control("POST", "/token", wish))

    def revoke(self) -> None:
        self.control("POST", "/revoke")

    def reset(self) -> None:
        self.control("POST", "/reset")

    def create(self, sobject: str, *, organisation: str | None = None, **fields: Any) -> str:
        """Make a record as a salesperson would; gives its id."""
        body = {"object": sobject, "fields": fields, "organisation": organisation}
        return str(self.control("POST", "/records", body)["id"])

    def update(self, record_id: str, **fields: Any) -> None:
        self.control("PATCH", f"/records/{record_id}", {"fields": fields})

    def delete(self, record_id: str, *, purge: bool = False) -> None:
        self.control("DELETE", f"/records/{record_id}?purge={str(purge).lower()}")

    def merge(self, winner: str, *losers: str) -> None:
        self.control("POST", "/merge", {"winner": winner, "losers": list(losers)})

    def stop(self) -> int:
        """End it as an operator would; gives the exit code."""
        self.process.terminate()
        return self._ended()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _started(self) -> str:
        """Read the line that it prints when its socket listens; connections wait from then on."""
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line.startswith("emulators on "):
            self._ended()
            raise ControlError(f"The emulators did not start: {line!r}")
        return line.removeprefix("emulators on ").strip()

    def _ended(self) -> int:
        code = self.process.wait(PATIENCE)
        for pipe in filter(None, (self.process.stdin, self.process.stdout)):
            pipe.close()
        return code
