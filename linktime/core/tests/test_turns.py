"""Few requests are at work at a time, in the order in which they came; whoever waits for others holds up nobody."""

import io
import threading
import time
from contextlib import contextmanager

import pytest

from linktime.core import http, turns
from linktime.core.tests.servers import serving
from linktime.core.turns import Turns
from tests.processes import eventually

SOON = 10  # seconds within which everything happens that is going to


def asking(path=""):
    return {"PATH_INFO": path, "wsgi.input": io.BytesIO()}


class Work:
    """An application whose requests say that they are at work, and end when they are told to."""

    def __init__(self, at_once, *, meanwhile=lambda: None):
        self._at_work, self._ends, self._meanwhile = [], {}, meanwhile
        self._application, self._threads = Turns(self._answer, at_once), []

    def _answer(self, environ, _start_response):
        name = environ["PATH_INFO"]
        self._at_work.append(name)
        self._meanwhile()
        assert self._ends[name].wait(SOON)
        self._at_work.remove(name)
        return [b""]

    def ask(self, *names):
        """Ask one after the other."""
        for name in names:
            self._ends[name] = threading.Event()
            thread = threading.Thread(target=self._application, args=[asking(name), None])
            self._threads.append(thread)
            under_way = self._under_way()
            thread.start()
            eventually(lambda: self._under_way() > under_way, within=SOON)  # noqa: B023 - it is asked here only

    def _under_way(self):
        return len(self._at_work) + len(self._application._line._waiting)

    def end(self, *names):
        for name in names:
            self._ends[name].set()
            eventually(lambda: name not in self._at_work, within=SOON)  # noqa: B023 - it is asked here only

    def are_at_work(self, *names):
        eventually(lambda: self._at_work == list(names), within=SOON, what=f"{names}, not {self._at_work},")
        time.sleep(0.02)
        return self._at_work == list(names)

    def wait(self):
        self.end(*self._ends)
        for thread in self._threads:
            thread.join(SOON)
            assert not thread.is_alive()


@contextmanager
def work(at_once, **more):
    begun = Work(at_once, **more)
    yield begun
    begun.wait()


def test_so_many_are_at_work_and_the_next_is_who_came_first():
    with work(2) as requests:
        requests.ask("a", "b", "c", "d", "e")
        assert requests.are_at_work("a", "b")
        requests.end("b")
        assert requests.are_at_work("a", "c")
        requests.end("c", "a")
        assert requests.are_at_work("d", "e")
        requests.end("d", "e")
        requests.ask("f", "g", "h")
        assert requests.are_at_work("f", "g"), "as many as before have their turns again"


def test_a_request_that_fails_gives_its_turn_back():
    def fail(_environ, _start_response):
        raise KeyError

    def ask():
        with pytest.raises(KeyError):
            application(asking(), None)

    application = Turns(fail, 1)
    for _ in range(3):
        asked = threading.Thread(target=ask, daemon=True)
        asked.start()
        asked.join(SOON)
        assert not asked.is_alive()


def test_who_gives_up_their_turn_lets_one_other_in_however_often_they_do():
    first = iter([True])

    def wait_for_somebody():
        if next(first, False):
            for _ in range(3):
                turns.give_up()

    with work(1, meanwhile=wait_for_somebody) as requests:
        requests.ask("a", "b", "c")
        assert requests.are_at_work("a", "b")
        requests.end("a")
        assert requests.are_at_work("b"), "what was given up is not given back once more"


def test_outside_of_a_request_there_is_nothing_to_give_up():
    turns.give_up()


def test_a_request_that_asks_another_server_holds_up_nobody():
    def hang(wire, _):
        asked.set()
        assert answered.wait(SOON)
        wire.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    def answer(environ, _start_response):
        if environ["PATH_INFO"] == "slow":
            http.request("GET", server.url)
        return [b""]

    asked, answered = threading.Event(), threading.Event()
    application = Turns(answer, 1)
    with serving(hang) as server:
        slow = threading.Thread(target=application, args=[asking("slow"), None])
        slow.start()
        assert asked.wait(SOON)
        quick = threading.Thread(target=application, args=[asking("quick"), None], daemon=True)
        quick.start()
        quick.join(SOON)
        assert not quick.is_alive()
        answered.set()
        slow.join()


class Trickle(io.RawIOBase):
    """A body whose sender takes their time: a piece each time that `more` is set."""

    def __init__(self, *pieces):
        self.more = threading.Event()
        self._pieces = list(pieces)

    def read(self, _size=-1):
        assert self.more.wait(SOON)
        return self._pieces.pop(0) if self._pieces else b""


def test_a_body_on_its_way_holds_up_nobody_and_comes_whole():
    bodies = []

    def answer(environ, _start_response):
        bodies.append(environ["wsgi.input"].read())
        return [b""]

    application, body = Turns(answer, 1), Trickle(b"Grace ", b"Hopper")
    slow = threading.Thread(target=application, args=[{"CONTENT_LENGTH": "12", "wsgi.input": body}, None])
    slow.start()
    quick = threading.Thread(target=application, args=[{"wsgi.input": io.BytesIO()}, None], daemon=True)
    quick.start()
    quick.join(SOON)
    assert bodies == [b""]
    body.more.set()
    slow.join(SOON)
    assert bodies == [b"", b"Grace Hopper"]


@pytest.mark.parametrize(
    ("announced", "read"),
    [
        ("5", b"01234"),
        ("1000000", b"0123456789" * 100_000),
        ("2000000", b"0123456789" * 100_000),
        ("", b""),
        ("-1", b""),
        ("five", b""),
    ],
    ids=["a part", "a long one", "less than announced", "none", "negative", "nonsense"],
)
def test_what_is_announced_is_what_is_read(announced, read):
    def answer(environ, _start_response):
        return [environ["wsgi.input"].read()]

    sent = io.BytesIO(b"0123456789" * 100_000)
    assert Turns(answer, 1)({"CONTENT_LENGTH": announced, "wsgi.input": sent}, None) == [read]


def test_a_body_that_is_too_long_is_left_to_the_application_without_a_turn():
    """It refuses it unread, or reads it for as long as that takes."""

    def answer(environ, _start_response):
        return [application._line._free, environ["wsgi.input"]]

    application, body = Turns(answer, 1), Trickle()
    announced = str(turns.LONGEST_BODY + 1)
    assert application({"CONTENT_LENGTH": announced, "wsgi.input": body}, None) == [1, body]
