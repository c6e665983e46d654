"""Whether the other side may have acted is told apart, and nothing takes longer than it may."""

import socket
import subprocess
import sys
import time

import pytest

from linktime.core import http
from linktime.core.tests.servers import always, answer, serving


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.mark.parametrize(
    "url",
    [
        "http://no-such-host.invalid/",
        "ftp://127.0.0.1/",
        "http://[broken/",
        "http://" + "a" * 300 + "/",
        "no scheme at all",
        "http://127.0.0.1:99999/",
    ],
)
def test_what_can_not_be_reached_was_not_sent(url):
    with pytest.raises(http.NotSent):
        http.request("GET", url)


def test_a_refused_connection_was_not_sent():
    with pytest.raises(http.NotSent):
        http.request("POST", f"http://127.0.0.1:{free_port()}/", json_body={})


def test_a_header_that_can_not_be_written_was_not_sent():
    """A line break in a token does not become a second header."""
    with serving(always(answer())) as server, pytest.raises(http.NotSent):
        http.request("GET", server.url, headers={"Authorization": "a\r\nX-Evil: b"})
    assert server.requests == []


def hang(wire, _):
    time.sleep(0.6)


def drop(wire, _):
    wire.shutdown(socket.SHUT_RDWR)


def cut_short(wire, _):
    wire.sendall(answer(b"x" * 100)[:-50])
    wire.shutdown(socket.SHUT_RDWR)


def trickle(wire, _):
    wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        wire.sendall(b"x")
        time.sleep(0.05)


def trickle_the_head(wire, _):
    for _ in range(1000):
        wire.sendall(b"H")
        time.sleep(0.05)


def babble(wire, _):
    wire.sendall(b"Good morning\r\n\r\n")


def break_the_encoding(wire, _):
    wire.sendall(answer(b"not gzip", headers=("Content-Encoding: gzip",)))


@pytest.mark.parametrize("behave", [hang, drop, cut_short, trickle, trickle_the_head, babble, break_the_encoding])
def test_what_was_sent_and_not_answered_is_an_answer_lost(behave):
    """They may have acted, however the answer failed; and the time that was given is kept."""
    begun = time.monotonic()
    with serving(behave) as server:
        with pytest.raises(http.AnswerLost):
            http.request("POST", server.url, json_body={}, seconds=0.4)
        assert time.monotonic() - begun < 0.8
    assert len(server.requests) == 1


def test_an_answer_without_end_is_not_read_to_it(monkeypatch):
    monkeypatch.setattr(http, "BODY_LIMIT", 1000)
    with serving(always(answer(b"x" * 1001))) as server, pytest.raises(http.AnswerLost, match="1000"):
        http.request("GET", server.url)


def test_a_kept_connection_that_was_closed_is_replaced():
    """The server closed it while it was idle: the next request is not lost."""
    with serving(always(answer())) as server:
        http.request("GET", server.url)
        server.drop_all()
        assert http.request("GET", server.url).ok
    assert (server.connections, len(server.requests)) == (2, 2)


def test_a_request_of_which_nothing_was_written_is_repeated(monkeypatch):
    """It was closed and nobody noticed: writing fails at its first byte, so another connection is used."""
    with serving(always(answer())) as server:
        http.request("GET", server.url)
        server.drop_all()
        time.sleep(0.1)
        transport = http._transport()
        kept = next(c for c in transport._pool.connections if str(server.port) in repr(c))
        kept._connection._network_stream._stream._sock.shutdown(socket.SHUT_RDWR)
        monkeypatch.setattr(type(kept._connection), "has_expired", lambda _: False)
        assert http.request("POST", server.url, json_body={}).ok
    assert len(server.requests) == 2


FORK = """
import os, sys
from django.conf import settings
settings.configure(ALLOW_PRIVATE_ADDRESSES=True, SERVICES={})
from linktime.core import http
from linktime.core.tests.servers import always, answer, serving
with serving(always(answer(b"pid"))) as server:
    http.request("GET", server.url)
    child = os.fork()
    if not child:
        os._exit(0 if http.request("GET", server.url).body == b"pid" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    http.request("GET", server.url)
    assert server.connections == 2, server.connections
"""


def test_a_forked_process_opens_its_own_connections():
    subprocess.run([sys.executable, "-W", "ignore", "-c", FORK], check=True, timeout=20)
