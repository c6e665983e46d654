"""A whole LinkTime in real processes: its own database, web server, worker, and the emulators."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from linktime.crm import registry
from linktime.emulators.testing import EmulatorProcess
from tests import databases
from tests.people import PASSWORD

PATIENCE = 60
MAKE_EVENT_TYPE = """
import json, sys
import django
django.setup()
from linktime.accounts.access import actor_for
from linktime.accounts.models import User
from linktime.scheduling import event_types
event_types.create(actor_for(User.objects.get(email="ada@example.com"), None), json.load(sys.stdin))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Site:
    def __init__(self, folder: Path) -> None:
        self.emulator = EmulatorProcess(mail=folder, seed=1)
        port = free_port()
        self.base_url = f"http://127.0.0.1:{port}"
        self.environment = os.environ | {
            "LINKTIME_BASE_URL": self.base_url,
            "LINKTIME_DATABASE_URL": databases.url_of(databases.copy()),
            "LINKTIME_EMAIL_URL": f"file://{folder}",
            "LINKTIME_PASSWORD": PASSWORD,
            **self._apps(),
        }
        self.processes: list[subprocess.Popen] = []
        self.start("serve", "--port", str(port), "--workers", "1", "--threads", "8")
        self.start("work", "--threads", "6")
        self._wait()

    def _apps(self) -> dict[str, str]:
        """The operator's app at every CRM of the emulators."""
        apps = {}
        for crm in registry.crms():
            app = {"BASE_URL": self.emulator.at(crm).url, "CLIENT_ID": "linktime", "CLIENT_SECRET": "secret"}
            apps |= {f"LINKTIME_{crm.upper()}_{name}": value for name, value in app.items()}
        return apps

    def command(self, *words: str) -> None:
        """Run a command of ours to its end."""
        subprocess.run(self._words(*words), env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def make_event_type(self, **values) -> None:
        """Make one as the API would, for ada."""
        environment = self.environment | {"DJANGO_SETTINGS_MODULE": "linktime.config.settings"}
        words = [sys.executable, "-c", MAKE_EVENT_TYPE]
        subprocess.run(words, env=environment, check=True, input=json.dumps(values).encode())

    def start(self, *words: str) -> None:
        self.processes.append(subprocess.Popen(self._words(*words), env=self.environment))

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(PATIENCE)
        self.emulator.stop()

    def _words(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "linktime.cli", *words]

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.base_url}/readyz", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"the web server did not answer within {PATIENCE} s")
