"""A real emulator process for all tests, emptied before each."""

import ssl
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from linktime.emulators.testing import EmulatorProcess

BASE = "/services/data/v66.0"
TLS = ssl.create_default_context()  # making one takes longer than most tests

Query = Callable[..., list[dict[str, Any]]]
Composite = Callable[..., dict[str, dict[str, Any]]]


@pytest.fixture(scope="session")
def process() -> Iterator[EmulatorProcess]:
    with EmulatorProcess(seed=7) as process:
        yield process


@pytest.fixture
def emulator(process: EmulatorProcess) -> EmulatorProcess:
    process.reset()
    return process


@pytest.fixture
def connect(emulator: EmulatorProcess) -> Iterator[Callable[..., httpx2.Client]]:
    """Make clients with an access token each."""
    clients = []

    def make(**wish: Any) -> httpx2.Client:
        headers = {"Authorization": f"Bearer {emulator.token(**wish)['access_token']}"}
        clients.append(httpx2.Client(base_url=emulator.salesforce + BASE, headers=headers, timeout=10, verify=TLS))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def sf(connect: Callable[..., httpx2.Client]) -> httpx2.Client:
    return connect()


@pytest.fixture
def query(sf: httpx2.Client) -> Query:
    """Run SOQL and give the rows without their attributes."""

    def run(soql: str, *, resource: str = "query") -> list[dict[str, Any]]:
        answer = sf.get(f"/{resource}", params={"q": soql})
        answer.raise_for_status()
        return [{k: v for k, v in row.items() if k != "attributes"} for row in answer.json()["records"]]

    return run


@pytest.fixture
def composite(sf: httpx2.Client) -> Composite:
    """Send subrequests `(reference, method, path, body, headers)` and give the answers by reference."""

    def send(*parts: Any, all_or_none: bool = True) -> dict[str, dict[str, Any]]:
        rows = [_part(*part) for part in parts]
        answer = sf.post("/composite", json={"allOrNone": all_or_none, "compositeRequest": rows})
        answer.raise_for_status()
        return {row["referenceId"]: row for row in answer.json()["compositeResponse"]}

    return send


def _part(name: str, method: str, path: str, body: Any = None, headers: Any = None) -> dict[str, Any]:
    part = {"referenceId": name, "method": method, "url": BASE + path, "body": body, "httpHeaders": headers}
    return {key: value for key, value in part.items() if value is not None}
