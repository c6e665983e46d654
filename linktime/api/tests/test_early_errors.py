"""What is wrong before an operation is reached is a problem too."""

import pytest
from django.test import Client

from linktime.api.tests.stage import problem
from linktime.bookings import actions

pytestmark = pytest.mark.django_db
KIBIBYTE = 1024


def send(api, body, kind="application/json", path="/api/v1/bookings"):
    headers = {"Authorization": f"Bearer {api.key}"}
    return Client(raise_request_exception=False).generic("POST", path, body, kind, headers=headers)


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v2/me", "/api/v1/me/"]
)
def test_an_unknown_path_is_not_found(client, path):
    problem(client.get(path), 404, "not_found")


def test_an_unknown_method_is_told_the_known_ones(api):
    answer = api.call("PUT", "/schedules", {})
    problem(answer, 405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST"}


def test_a_body_that_is_too_large_is_refused_unread(api):
    problem(send(api, b" " * (256 * KIBIBYTE + 1)), 413, "body_too_large")
    problem(send(api, b" " * (1024 * KIBIBYTE), path="/api/v1/nothing"), 413, "body_too_large")
    problem(send(api, b"[" + b" " * (256 * KIBIBYTE - 2) + b"]"), 422, "invalid")


@pytest.mark.parametrize(
    "body",
    [b"{", b"{'a': 1}", b"[1,]", b'{"a": NaN}', b'{"a": 1e999}', b'"\xff"', b"[" * 100_000, b"1" * 5000, b"\x00"],
)
def test_a_body_that_is_no_json_is_refused(api, body):
    problem(send(api, body), 400, "bad_json")


def test_a_body_in_chunks_is_refused_and_not_taken_for_an_empty_one(api):
    problem(api.post("/bookings/x/cancel", **{"Transfer-Encoding": "chunked"}), 411, "length_required")


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_body_of_another_kind_is_refused(api, kind):
    problem(send(api, b"{}", kind), 415, "unsupported_media_type")


def test_a_host_that_is_not_ours_is_refused(client):
    problem(client.get("/api/v1/me", headers={"Host": "evil.example"}), 400, "bad_request")


def test_a_fault_of_ours_is_logged_and_shows_nothing(api, event_type, monkeypatch, caplog):
    def book(*args, **kwargs):
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(actions, "book", book)
    invitee = {"name": "Grace", "email": "grace@example.com"}
    answer = api.post("/bookings", {"event_type": "intro-call", "start": "2026-11-30T09:00:00Z", "invitee": invitee})
    problem(answer, 500, "internal_error")
    assert b"secret" not in answer.content
    assert "the secret of the house" in caplog.text
