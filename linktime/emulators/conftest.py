"""A real emulator process for all tests, emptied before each."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from linktime.emulators.testing import EmulatorProcess

BASE = "/services/data/v66.0"


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
        clients.append(httpx2.Client(base_url=emulator.salesforce + BASE, headers=headers, timeout=10))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def sf(connect) -> httpx2.Client:
    return connect()


@pytest.fixture
def query(sf):
    """Run SOQL and give the rows without their attributes."""

    def run(soql: str, *, resource: str = "query") -> list[dict[str, Any]]:
        answer = sf.get(f"/{resource}", params={"q": soql})
        assert answer.status_code == 200, answer.text
        return [{k: v for k, v in row.items() if k != "attributes"} for row in answer.json()["records"]]

    return run


@pytest.fixture
def composite(sf):
    """Send subrequests `(reference, method, path, body, headers)` and give the answers by reference."""

    def send(*parts, all_or_none=True):
        rows = [
            {"referenceId": name, "method": method, "url": BASE + path}
            | ({"body": rest[0]} if rest and rest[0] is not None else {})
            | ({"httpHeaders": rest[1]} if len(rest) > 1 else {})
            for name, method, path, *rest in parts
        ]
        answer = sf.post("/composite", json={"allOrNone": all_or_none, "compositeRequest": rows})
        assert answer.status_code == 200, answer.text
        return {row["referenceId"]: row for row in answer.json()["compositeResponse"]}

    return send
