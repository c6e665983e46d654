"""Twenty processes with one ended token: one refresh."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from linktime.connections import oauth
from linktime.connections.facts import Identity
from linktime.connections.models import Connection
from linktime.core import http
from linktime.crm import registry
from linktime.emulators.testing import EmulatorProcess
from tests.installation import database_url

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]

PROCESSES = 20

# Sets Django up once and becomes twenty processes, which wait until they are released together, by the end of standard
# input, and then each say which token they got.
ASK = """
import os, sys, django
django.setup()
from linktime.connections import tokens
from linktime.core import clock
from linktime.crm import registry
connection, facts = int(sys.argv[1]), registry.facts("salesforce")
children = []
for _ in range(int(sys.argv[2])):
    child = os.fork()
    if not child:
        sys.stdin.read()
        token = tokens.access_token(connection, facts, now=clock.now())
        os.write(1, f"{os.getpid()} {token.reveal()}\\n".encode())
        os._exit(0)
    children.append(child)
print("ready", flush=True)
for child in children:
    os.waitpid(child, 0)
"""


@pytest.fixture
def emulator(settings):
    with EmulatorProcess(seed=1) as process:
        app = {"client_id": "emulator", "client_secret": "secret", "base_url": process.salesforce}
        settings.SERVICES = {"salesforce": app}
        yield process


@pytest.fixture
def connection(alice, emulator):
    """A connection whose token ended an hour ago, and a Salesforce that rotates and takes its time."""
    answer = emulator.token()
    connection = oauth.store_grant(
        alice.account,
        alice.user,
        registry.facts("salesforce"),
        token_answer=answer,
        identity=Identity(answer["id"].split("/")[-2], "Acme", "production"),
        login_url=emulator.salesforce,
        now=datetime.now(UTC) - timedelta(hours=3),
    )
    emulator.settings(rotate_refresh_tokens=True, token_latency_ms=1000)
    return connection


@pytest.fixture
def askers(connection, emulator):
    environment = os.environ | {
        "LINKTIME_DATABASE_URL": database_url(),
        "LINKTIME_SALESFORCE_BASE_URL": emulator.salesforce,
        "LINKTIME_SALESFORCE_CLIENT_ID": "emulator",
        "LINKTIME_SALESFORCE_CLIENT_SECRET": "secret",
    }
    command = [sys.executable, "-c", ASK, str(connection.pk), str(PROCESSES)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, start_new_session=True, **pipes) as process:
        assert process.stdout.readline() == "ready\n"
        yield process
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def test_twenty_processes_cause_one_refresh(askers, emulator, connection):
    """All twenty get the token that works, and the rotated refresh token is the one that is kept."""
    said, _ = askers.communicate(timeout=60)
    asker, tokens = zip(*(line.split() for line in said.splitlines()), strict=True)
    assert len(set(asker)) == PROCESSES
    assert len(set(tokens)) == 1, tokens
    refreshes = [call for call in emulator.requests() if call["path"].endswith("/oauth2/token")]
    assert len(refreshes) == 1, json.dumps(refreshes)
    url = f"{emulator.salesforce}/services/data/v66.0/limits"
    assert http.request("GET", url, headers={"Authorization": f"Bearer {tokens[0]}"}).ok
    row = Connection.objects.get()
    assert (row.generation, row.state) == (connection.generation + 1, "connected")
