"""Requests go as evenly as a CRM's rates ask, across processes."""

import threading
from datetime import timedelta

import pytest

from linktime.crm import pace as module
from linktime.crm.contract import Rate
from linktime.crm.pace import LONGEST_HOLD, Pace

WRITES = Rate("writes", per_second=10, burst=1, counts=lambda method, _path: method != "GET")
ALL = Rate("all", per_second=5, burst=4, counts=lambda _method, _path: True)


@pytest.fixture
def slept(monkeypatch):
    """A clock that goes on by sleeping alone."""
    sleeps, now = [], [100.0]

    def sleep(seconds):
        sleeps.append(round(seconds, 3))
        now[0] += seconds

    monkeypatch.setattr(module.time, "sleep", sleep)
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return sleeps


def test_requests_that_count_go_evenly_and_others_at_once(slept):
    pace = Pace([WRITES])
    for method in ("POST", "GET", "POST", "GET", "PATCH"):
        pace.enter(method, "/")
    assert slept == [0, 0, 0.1, 0, 0.1]


def test_a_few_go_at_once_and_a_backlog_is_slowed_down(slept):
    pace = Pace([ALL])
    for _ in range(7):
        pace.enter("GET", "/")
    assert slept == [0, 0, 0, 0, 0.2, 0.2, 0.2]


def test_the_slowest_of_several_rates_decides(slept):
    pace = Pace([WRITES, ALL])
    for _ in range(9):
        pace.enter("POST", "/")
    assert slept == [0, *[0.1] * 6, 0.2, 0.2]


def test_whoever_goes_on_keeps_the_pace(slept):
    """What one process had left to wait, the next one waits."""
    first = Pace([ALL])
    for _ in range(6):
        first.enter("GET", "/")
    slept.clear()
    second = Pace([ALL], first.debts())
    second.enter("GET", "/")
    assert slept == [0.2]
    assert Pace([ALL], {"all": -5.0, "gone": 3.0}).debts() == {}


def test_a_hold_stops_everybody_for_seconds_at_most(slept):
    pace = Pace([WRITES])
    pace.hold(timedelta(seconds=2))
    pace.enter("GET", "/")
    pace.hold(timedelta(hours=2))
    pace.enter("GET", "/")
    assert slept == [2, LONGEST_HOLD.total_seconds()]


def test_threads_share_one_pace():
    pace, rate = Pace([ALL]), []
    threads = [threading.Thread(target=lambda: rate.append(pace.enter("GET", "/"))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0.2 < pace.debts()["all"] < 1.21
