import contextlib
import signal
import socket
import subprocess
import sys
import time

import httpx2
import pytest

from linktime.emulators.conftest import TLS
from linktime.emulators.testing import ControlError, EmulatorProcess

pytestmark = pytest.mark.acceptance


def client_of(process, token):
    headers = {"Authorization": f"Bearer {token}"}
    return httpx2.Client(base_url=process.salesforce + "/services/data/v66.0", headers=headers, verify=TLS)


def test_everything_outlives_a_restart(tmp_path):
    """Records, grants, settings and the calls of the day are all there after a restart."""
    store = tmp_path / "state" / "emulators.json"
    with EmulatorProcess(store=store) as process:
        process.settings(is_sandbox=True, rotate_refresh_tokens=True, latency_ms=1)
        grant = process.token(client_id="app")
        with client_of(process, grant["access_token"]) as client:
            client.post("/sobjects/Contact", json={"LastName": "Hopper", "Email": "g@x.com"})
        before = process.state()
        assert process.stop() == 0
    with EmulatorProcess(store=store) as process:
        assert process.state() == before
        assert process.settings()["is_sandbox"] is True
        assert process.settings()["latency_ms"] == 1
        with client_of(process, grant["access_token"]) as client:
            found = client.get("/query", params={"q": "SELECT Id FROM Contact WHERE Email = 'g@x.com'"}).json()
            made = client.post("/sobjects/Contact", json={"LastName": "Next"}).json()["id"]
        assert found["totalSize"] == 1
        assert made not in {row["Id"] for row in before["contacts"]}
        form = {"grant_type": "refresh_token", "refresh_token": grant["refresh_token"]}
        app = {"client_id": "app", "client_secret": "x"}
        answer = httpx2.post(process.salesforce + "/services/oauth2/token", data=form | app, verify=TLS)
        assert "refresh_token" in answer.json()


def test_a_killed_process_loses_at_most_a_second(tmp_path):
    store = tmp_path / "emulators.json"
    with EmulatorProcess(store=store) as process:
        process.create("Contact", LastName="Kept")
        time.sleep(1.5)
        process.process.kill()
    with EmulatorProcess(store=store) as process:
        assert [row["LastName"] for row in process.state()["contacts"]] == ["Kept"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_quietly(capfd, number):
    process = EmulatorProcess()
    process.fault({"kind": "delay", "seconds": 60})
    with socket.create_connection(("127.0.0.1", int(process.base_url.rpartition(":")[2]))) as caller:
        caller.sendall(b"GET /salesforce/services/data/ HTTP/1.1\r\nHost: x\r\n\r\n")
        while process.in_flight()["count"] == 0:
            time.sleep(0.01)
        process.process.send_signal(number)
        assert process.process.wait(10) == 0
    process.stop()
    assert capfd.readouterr().err == ""


PARENT = """
import sys, time
from linktime.emulators.testing import EmulatorProcess
print(EmulatorProcess().base_url, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_it_ends_with_its_parent(number):
    """A test run that a time-out cuts off cannot clean up."""
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        port = int(parent.stdout.readline().rpartition(":")[2])
        parent.send_signal(number)
    until = time.monotonic() + 10
    while listens(port):
        assert time.monotonic() < until, "it outlives its parent"
        time.sleep(0.02)


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def test_a_port_that_is_taken(capfd):
    with EmulatorProcess() as first:
        port = int(first.base_url.rpartition(":")[2])
        with pytest.raises(ControlError):
            EmulatorProcess(port=port)
    assert f"Port {port}" in capfd.readouterr().err


def test_answers_come_at_once(sf):
    """No answer waits for the other side's delayed ACK, which would take 40 ms."""
    took = []
    for _ in range(40):
        began = time.perf_counter()
        assert sf.get("/limits").status_code == 200
        took.append(time.perf_counter() - began)
    assert sorted(took)[20] < 0.03
