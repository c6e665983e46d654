"""`linktime demo` as a newcomer runs it: real processes, real ports, a folder of its own."""

import json
import os
import signal
import socket
import subprocess
import tempfile
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from linktime import cli
from linktime.crm.registry import PROVIDERS
from tests.processes import LINKTIME, eventually, running

pytestmark = pytest.mark.acceptance

FIRST_ANSWER = 90


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def get(url: str, key: str = "") -> tuple[int, bytes]:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {key}"} if key else {})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status, answer.read()


class Demo:
    def __init__(self, process: subprocess.Popen, folder: Path) -> None:
        self.process = process
        self.folder = folder

    @property
    def facts(self) -> dict:
        return json.loads((self.folder / "demo.json").read_text())

    def answers(self) -> bool:
        assert self.process.poll() is None, "the demo ended"
        return (self.folder / "demo.json").exists()

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self, number: int = signal.SIGINT) -> list[psutil.Process]:
        """Stop it and return what is left of its processes."""
        family = self.family()
        self.process.send_signal(number)
        assert self.process.wait(30) == 0
        return left(family)


def left(family: list[psutil.Process]) -> list[psutil.Process]:
    return [process for process in family if lives(process)]


def lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # it ended while we looked
        return False


@contextmanager
def demo(folder: Path, *options: str, port: int | None = None, emulator_port: int | None = None):
    (folder / "demo.json").unlink(missing_ok=True)  # of a demo that was killed
    ports = ["--port", str(port or free_port()), "--emulator-port", str(emulator_port or free_port())]
    with running(*LINKTIME, "demo", "--data", str(folder), *ports, *options, database=False) as process:
        one = Demo(process, folder)
        eventually(one.answers, within=FIRST_ANSWER, what="the demo")
        yield one


@pytest.fixture(scope="module")
def folder():
    """A folder outside of pytest's own, which every session of pytest closes to others: as root, to PostgreSQL too."""
    with tempfile.TemporaryDirectory(prefix="linktime-demo-") as name:
        yield Path(name) / "data"


@pytest.fixture(scope="module")
def one(folder):
    """One demo for the tests of this file that leave it running; a start takes seconds."""
    with demo(folder) as running_one:
        yield running_one


def test_one_command_runs_everything(one, folder):
    """demo.json says all that is promised, is nobody else's business, and everything in it answers."""
    facts = one.facts
    assert set(facts) == {"base_url", "email", "password", "api_key", "account", "event_types", "emulators", "pids"}
    assert [kind["slug"] for kind in facts["event_types"]] == ["intro-call", "deep-dive"]
    for kind in facts["event_types"]:
        assert get(kind["url"])[0] == 200
    status, me = get(f"{facts['base_url']}/api/v1/me", facts["api_key"])
    assert (status, json.loads(me)["account"]["handle"]) == (200, "ada")
    connections = json.loads(get(f"{facts['base_url']}/api/v1/crm/connections", facts["api_key"])[1])["data"]
    assert {each["crm"]: each["state"] for each in connections} == dict.fromkeys(PROVIDERS, "connected")
    for crm in PROVIDERS:
        assert get(f"{facts['emulators'][crm]['base_url']}/_emulator/state")[0] == 200
    assert set(facts["pids"]) == {"web", "worker", "emulator", "postgres"}
    assert all(psutil.pid_exists(pid) for pid in facts["pids"].values())
    assert (folder / "demo.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "name",
    [
        "web",
        pytest.param("worker", marks=pytest.mark.long),
        pytest.param("emulator", marks=pytest.mark.long),
        "postgres",
    ],
)
def test_a_process_that_dies_is_started_again(one, name):
    """SIGKILL: another one takes over, its pid follows in demo.json, and everything answers again."""
    before = one.facts["pids"]
    children = psutil.Process(before[name]).children(recursive=True)
    os.kill(before[name], signal.SIGKILL)
    eventually(lambda: one.facts["pids"][name] != before[name], what="a new process")

    def answers():
        try:
            return get(f"{one.facts['base_url']}/readyz")[0] == 200
        except OSError:
            return False

    eventually(answers, within=30)
    eventually(lambda: left(children) == [], what="the end of its children")
    after = one.facts["pids"]
    assert all(psutil.pid_exists(pid) for pid in after.values())
    if name != "postgres":  # a worker may rather end than wait for its database
        assert {key for key in after if after[key] != before[key]} == {name}


def test_a_second_demo_in_the_folder_is_refused(one, folder, refused):
    assert "running in" in refused("--port", str(free_port()), folder=folder)
    assert one.process.poll() is None


def test_it_stops_whole_and_the_next_start_has_the_data(one, folder):
    """Ctrl-C leaves no process, not even one that can't end by itself; password, key and event types stay."""
    first = one.facts
    os.kill(first["pids"]["worker"], signal.SIGSTOP)
    assert one.stop() == []
    assert not (folder / "demo.json").exists()
    with demo(folder) as second:
        again = second.facts
        assert all(again[key] == first[key] for key in ("email", "password", "api_key", "account"))
        assert [kind["id"] for kind in again["event_types"]] == [kind["id"] for kind in first["event_types"]]
        assert second.stop(signal.SIGTERM) == []


@pytest.mark.long
def test_its_processes_end_with_it_when_it_is_killed(one, folder):
    """And nothing that it left is in the way of the next one."""
    if one.process.poll() is None:
        one.stop()
    with demo(folder) as killed:
        family = killed.family()
        killed.process.kill()
        killed.process.wait()
        eventually(lambda: left(family) == [])
    with demo(folder) as next_one:
        assert next_one.stop() == []


@pytest.fixture
def refused(capsys):
    def refused(*options: str, folder: Path) -> str:
        """Run a demo that can't start; return the one line that it says."""
        assert cli.run(["demo", "--data", str(folder), *options]) == 1
        said = capsys.readouterr().err
        assert len(said.splitlines()) == 1, said
        return said

    return refused


def test_a_busy_port_is_told_in_one_line(tmp_path, refused):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"Port {port} of 127.0.0.1 is in use" in refused("--port", port, folder=tmp_path / "new")
        told = refused("--emulator-port", port, "--port", str(free_port()), folder=tmp_path / "new")
    assert "--emulator-port" in told


def test_somebody_elses_folder_is_left_alone(tmp_path, refused):
    """--fresh never empties a folder that is not LinkTime's."""
    (tmp_path / "letter.txt").write_text("dear")
    assert "not LinkTime's" in refused("--fresh", folder=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
