"""`linktime serve` as a real process."""

import signal
import socket
import urllib.request
from contextlib import ExitStack

import psutil
import pytest

from tests.acceptance.test_demo import free_port, left
from tests.processes import LINKTIME, eventually, running

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_its_processes_end_with_it(number):
    """Told to end it exits with 0; killed, its children stop listening all the same."""
    port = free_port()

    with running(*LINKTIME, "serve", "--port", str(port), "--workers", "1") as process:
        eventually(lambda: answers(port), within=40)
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(number)
        assert process.wait(20) == (0 if number == signal.SIGTERM else -number)
        eventually(lambda: left(children) == [])
    assert not answers(port)


def test_bodies_that_do_not_come_hold_up_nobody(alice):
    """Many more than the requests that are at work at a time."""
    port, known = free_port(), f"Authorization: Bearer {alice.key()}\r\nContent-Type: application/json\r\n"
    head = f"POST /api/v1/bookings HTTP/1.1\r\nHost: localhost\r\n{known}Content-Length: 100\r\n\r\n{{"
    with running(*LINKTIME, "serve", "--port", str(port), "--workers", "1"), ExitStack() as slow:
        eventually(lambda: answers(port), within=40)
        for _ in range(12):
            connection = slow.enter_context(socket.create_connection(("127.0.0.1", port)))
            connection.sendall(head.encode())
        assert answers(port)
