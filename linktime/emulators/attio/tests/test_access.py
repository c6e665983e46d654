"""Who may call, and how often; OAuth without refresh tokens."""

import re
import time
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

CALLBACK = "https://meet.example.com/callback"
APP = {"client_id": "known", "client_secret": "secret", "callback_urls": [CALLBACK]}


def authorize(api, **changes):
    query = {"client_id": "known", "redirect_uri": CALLBACK, "response_type": "code", "state": "s"} | changes
    return api.http.get("/authorize", params=query)


def decide(api, decision="allow"):
    text = authorize(api).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text))
    who = re.search(r'<option value="([^"]+)"', text).group(1)
    answer = api.http.post("/authorize/decision", data={**hidden, "who": who, "decision": decision})
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def exchange(api, code, **changes):
    form = {"client_id": "known", "client_secret": "secret", "grant_type": "authorization_code", "code": code}
    return api.http.post("/oauth/token", data=form | changes)


@pytest.fixture
def registered(attio, api):
    attio.settings(apps=[APP])
    return api


def test_a_code_gives_a_token_without_refresh_and_without_end_once(registered):
    answer = decide(registered)
    assert answer["state"] == "s"
    token = exchange(registered, answer["code"])
    assert (set(token.json()), len(token.json()["access_token"])) == ({"access_token", "token_type"}, 64)
    again = exchange(registered, answer["code"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_denying_goes_back_with_an_error(registered):
    assert decide(registered, "deny") == {"error": "access_denied", "state": "s"}


@pytest.mark.parametrize(
    "changes", [{"client_id": "stranger"}, {"redirect_uri": "https://evil.example/x"}, {"response_type": "token"}]
)
def test_a_wrong_request_stays_on_a_page(registered, changes):
    assert authorize(registered, **changes).status_code == 400


def test_a_wrong_secret_is_refused(registered):
    answer = exchange(registered, decide(registered)["code"], client_secret="wrong")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_revoked_token_is_not_active_and_every_other_call_is_401(api):
    assert api.http.get("/v2/self").json()["active"] is True
    assert api.http.post("/oauth/introspect").json()["active"] is True
    assert api.http.post("/oauth/revoke").status_code == 204
    assert api.http.get("/v2/self").json() == {"active": False}
    assert api.http.post("/oauth/introspect").json() == {"active": False}
    answer = api.http.get("/v2/notes")
    assert (answer.status_code, answer.json()["type"], answer.json()["code"]) == (401, "auth_error", "unauthorized")


def test_revoking_wants_one_token(api):
    assert api.http.post("/oauth/revoke", headers={"Authorization": ""}).status_code == 400
    assert api.http.post("/oauth/revoke", data={"token": "another"}).status_code == 400
    token = api.http.headers["authorization"].split()[1]
    assert api.http.post("/oauth/revoke", headers={"Authorization": ""}, data={"token": token}).status_code == 204


def test_a_token_of_a_wrong_form_is_told_so(api):
    answers = [api.http.get(path, headers={"Authorization": "Bearer x"}) for path in ("/v2/self", "/v2/notes")]
    assert [answer.status_code for answer in answers] == [400, 401]
    assert "wrong length" in answers[1].json()["message"]


def test_the_user_of_basic_is_a_token_too(api):
    token = api.http.headers["authorization"].split()[1]
    answer = api.http.get("/v2/self", headers={"Authorization": ""}, auth=(token, ""))
    assert answer.json()["active"] is True


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        ("note:read-write record_permission:read object_configuration:read", 403),
        ("record_permission:read-write object_configuration:read-write", 200),
    ],
)
def test_a_scope_that_lacks_is_a_403(connect, scope, status):
    answer = connect(scope=scope).upsert(email_addresses=["ada@example.com"])
    assert answer.status_code == status


def test_more_than_25_writes_in_a_second_are_refused_and_not_done(api, attio):
    person = api.person()
    answers = [api.add_note(person) for _ in range(40)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert refused[0].json()["type"] == "rate_limit_error"
    until = parsedate_to_datetime(refused[0].headers["retry-after"]).timestamp()
    assert 0 < until - time.time() <= 2
    assert len(attio.state()["notes"]) == 40 - len(refused)
    assert api.http.get("/v2/self").status_code == 200
    time.sleep(max(until - time.time(), 0) + 0.05)
    assert api.add_note(person).status_code == 200


def test_every_answer_carries_an_execution_id(api):
    assert api.http.get("/v2/self").headers["x-attio-execution-id"]
