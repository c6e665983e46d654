import gzip
import json
import logging
import threading

import pytest

from linktime.core import http
from linktime.core.tests.servers import always, answer, serving


def test_an_answer_comes_back_whole():
    """Status, headers with lower-case names, and the body as sent."""
    with serving(always(answer(b'{"a": "\xc3\xa4"}', status="404 Not Found", headers=("X-Some: Thing",)))) as server:
        response = http.request("GET", f"{server.url}/there")
    assert (response.status, response.ok, response.json()) == (404, False, {"a": "ä"})
    assert response.headers["x-some"] == "Thing"


def test_json_and_forms_are_sent_with_their_types():
    """A JSON body and a form say what they are; a form's values are escaped."""
    with serving(always(answer())) as server:
        http.request("POST", server.url, json_body={"name": "o'brien"})
        http.request("POST", server.url, form={"code": "a=b&c==", "ä": "ü"})
    as_json, as_form = (request.partition(b"\r\n\r\n") for request in server.requests)
    assert b"content-type: application/json" in as_json[0].lower()
    assert json.loads(as_json[2]) == {"name": "o'brien"}
    assert b"content-type: application/x-www-form-urlencoded" in as_form[0].lower()
    assert as_form[2] == b"code=a%3Db%26c%3D%3D&%C3%A4=%C3%BC"


def test_we_say_who_we_are():
    """Every request names LinkTime and its version, and can name more."""
    with serving(always(answer())) as server:
        http.request("GET", server.url, headers={"If-Match": "x", "Accept": "text/plain"})
    head = server.requests[0].lower()
    assert b"user-agent: linktime/" in head
    assert b"if-match: x" in head
    assert head.count(b"accept:") == 1


def test_compressed_answers_are_unpacked():
    with serving(always(answer(gzip.compress(b'{"packed": 1}'), headers=("Content-Encoding: gzip",)))) as server:
        assert http.request("GET", server.url).json() == {"packed": 1}


def test_redirects_are_not_followed_and_cookies_not_kept():
    """A redirect is an answer like any other; the next request carries no cookie of the last."""
    redirect = answer(status="302 Found", headers=("Location: http://127.0.0.1:9/", "Set-Cookie: a=b"))
    with serving(always(redirect)) as server:
        assert http.request("GET", server.url).status == 302
        http.request("GET", server.url)
    assert b"cookie" not in server.requests[1].lower()


def test_connections_are_kept():
    with serving(always(answer())) as server:
        for _ in range(5):
            http.request("GET", server.url)
    assert server.connections == 1


def test_threads_share_the_door():
    """Twenty threads at once get their own answers."""
    with serving(lambda wire, request: wire.sendall(answer(request.split(b" ")[1]))) as server:
        got = {}
        threads = [
            threading.Thread(target=lambda n=n: got.update({n: http.request("GET", f"{server.url}/{n}").body}))
            for n in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert got == {n: f"/{n}".encode() for n in range(20)}


def test_nothing_secret_is_logged_or_told(caplog):
    """Neither headers, bodies nor queries reach a log, a message or a repr, whatever the log level."""
    caplog.set_level(logging.DEBUG)
    with serving(always(answer(b'"s3cret"', headers=("X-Key: s3cret",)))) as server:
        response = http.request("POST", f"{server.url}/?q=s3cret", headers={"A": "s3cret"}, form={"b": "s3cret"})
        port = server.port
    with pytest.raises(http.NotSent) as refused:
        http.request("GET", f"http://me:s3cret@127.0.0.1:{port}/path?q=s3cret", headers={"A": "s3cret"})
    assert f"GET http://127.0.0.1:{port}/path" in str(refused.value)
    assert "s3cret" not in caplog.text + str(refused.value) + repr(response)
