"""What is counted of requests to other services."""

import pytest

from linktime.core import counting, http, watch
from linktime.core.counting import Series
from linktime.core.tests.servers import always, answer, serving


@pytest.fixture(autouse=True)
def _nothing_counted_yet(monkeypatch):
    monkeypatch.setattr(watch, "_service_of", lambda url: "acme")
    counting.take()
    yield
    counting.take()


def requests() -> dict[str, float]:
    """Requests by status; each is timed too."""
    taken = counting.take()
    ended = {dict(one.labels)["status"]: value for one, value in taken.items() if one.metric == watch.REQUESTS}
    timed = [value for one, value in taken.items() if one.metric == watch.SECONDS and one.bucket != counting.SUM]
    assert sum(timed) == sum(ended.values())
    return ended


def test_answers_are_counted_by_their_status():
    with serving(always(answer(status="404 Not Found"))) as server:
        http.request("GET", server.url)
        http.request("GET", server.url)
    assert requests() == {"404": 2}


def test_a_request_that_was_not_sent_is_counted():
    with pytest.raises(http.NotSent):
        http.request("GET", "http://127.0.0.1:1/")
    assert requests() == {"not_sent": 1}


def test_an_answer_that_was_lost_is_counted():
    with serving(lambda wire, _: wire.close()) as server, pytest.raises(http.AnswerLost):
        http.request("GET", server.url)
    assert requests() == {"answer_lost": 1}


def test_the_labels_say_no_more_than_service_and_method():
    """Hosts and paths name organisations and records; there would be no end of them."""
    with serving(always(answer())) as server:
        http.request("POST", f"{server.url}/people/grace?email=grace@example.com")
    labels = (("method", "POST"), ("service", "acme"), ("status", "200"))
    assert Series(watch.REQUESTS, labels) in counting.take()
