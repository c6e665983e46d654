import base64
import hashlib
import hmac
import threading
import time
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from linktime.emulators.conftest import TLS

APP = {"client_id": "3MVG9app", "client_secret": "hush", "callback_urls": ["http://app.test/callback"]}
WISH = {"response_type": "code", "client_id": "3MVG9app", "redirect_uri": "http://app.test/callback", "state": "s t&1"}
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
OAUTH = "/services/oauth2"


@pytest.fixture
def web(emulator):
    emulator.settings(apps=[APP])
    with httpx2.Client(base_url=emulator.salesforce, timeout=10, verify=TLS) as client:
        yield client


def query_of(answer):
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def decide(web, wish=WISH, *, decision="allow", user=0):
    users = web.get("/_emulator/state").json()
    who = f"{users['organisation']}/{users['users'][user]['Id']}"
    return web.post(f"{OAUTH}/authorize/decision", data=wish | {"decision": decision, "who": who})


def token(web, *, auth=None, **form):
    app = {} if auth else {"client_id": APP["client_id"], "client_secret": APP["client_secret"]}
    return web.post(f"{OAUTH}/token", data=app | form, auth=auth)


def exchange(web, code, **more):
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": WISH["redirect_uri"]}
    return token(web, **(form | more))


def connected(web, **wish):
    return exchange(web, query_of(decide(web, WISH | wish))["code"]).json()


def refresh(web, refresh_token):
    return token(web, grant_type="refresh_token", refresh_token=refresh_token)


def works(web, access_token):
    answer = web.get("/services/data/v66.0/limits", headers={"Authorization": f"Bearer {access_token}"})
    return answer.status_code == 200


def error_of(answer):
    return answer.status_code, answer.json()["error"], answer.json()["error_description"]


def test_the_way_in(web):
    page = web.get(f"{OAUTH}/authorize", params=WISH | {"login_hint": "grace@example.com"})
    assert page.status_code == 200
    assert "3MVG9app" in page.text
    assert "selected>Grace Hopper" in page.text
    back = decide(web)
    assert back.status_code == 302
    assert back.headers["location"].startswith("http://app.test/callback?")
    assert query_of(back)["state"] == WISH["state"]
    code = query_of(back)["code"]
    assert code.endswith("==")
    answer = exchange(web, code)
    assert answer.headers["cache-control"] == "no-cache, no-store"
    grant = answer.json()
    assert "expires_in" not in grant
    assert grant["instance_url"] == str(web.base_url).rstrip("/")
    assert grant["id"].startswith(f"{grant['instance_url']}/id/00D")
    assert abs(int(grant["issued_at"]) / 1000 - time.time()) < 10
    expected = hmac.digest(b"hush", (grant["id"] + grant["issued_at"]).encode(), "sha256")
    assert base64.b64decode(grant["signature"]) == expected
    assert grant["access_token"][:16] == grant["id"].split("/")[-2][:15] + "!"
    assert works(web, grant["access_token"])
    assert error_of(exchange(web, code)) == (400, "invalid_grant", "expired authorization code")


def test_what_a_stranger_writes_stays_text(web):
    web.post("/_emulator/settings", json={"apps": []})
    page = web.get(f"{OAUTH}/authorize", params=WISH | {"client_id": "<script>x</script>", "state": '"><b>'})
    assert page.status_code == 200
    assert "<script>x" not in page.text
    assert '"><b>' not in page.text


def test_a_person_may_refuse(web):
    answer = query_of(decide(web, decision="deny"))
    assert (answer["error"], answer["state"]) == ("access_denied", WISH["state"])


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_id": "other"}, "invalid_client_id"),
        ({"redirect_uri": "http://evil.test/"}, "redirect_uri_mismatch"),
    ],
)
def test_some_errors_strand_the_person(web, change, error):
    answer = web.get(f"{OAUTH}/authorize", params=WISH | change)
    assert answer.headers["location"].startswith("/salesforce/setup/secur/RemoteAccessErrorPage.apexp?")
    assert query_of(answer)["error"] == error
    page = web.get(answer.headers["location"].removeprefix("/salesforce"))
    assert error in page.text
    assert decide(web, WISH | change).headers["location"].startswith("/salesforce/setup/")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "api world"}, "invalid_scope"),
        ({"immediate": "true"}, "immediate_unsuccessful"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": CHALLENGE, "code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_other_errors_go_back(web, change, error):
    answer = web.get(f"{OAUTH}/authorize", params=WISH | change)
    assert answer.headers["location"].startswith("http://app.test/callback?")
    assert query_of(answer) == query_of(answer) | {"error": error, "state": WISH["state"]}


def test_the_code_challenge(web):
    wish = WISH | {"code_challenge": CHALLENGE}

    def code():
        return query_of(decide(web, wish))["code"]

    assert exchange(web, code(), code_verifier=VERIFIER).status_code == 200
    assert error_of(exchange(web, code(), code_verifier="w" * 50))[1] == "invalid_request"
    assert error_of(exchange(web, code()))[1] == "invalid_grant"
    web.post("/_emulator/settings", json={"require_pkce": True})
    answer = query_of(web.get(f"{OAUTH}/authorize", params=WISH))
    assert (answer["error"], answer["error_description"]) == ("invalid_request", "missing required code challenge")


def test_a_code_lives_for_15_minutes(web):
    code = query_of(decide(web))["code"]
    web.post("/_emulator/settings", json={"clock_offset_seconds": 901})
    assert error_of(exchange(web, code))[1] == "invalid_grant"


def test_who_the_app_is(web):
    code = query_of(decide(web))["code"]
    assert error_of(exchange(web, code, client_secret="no")) == (400, "invalid_client", "invalid client credentials")
    assert error_of(exchange(web, code, client_id="no"))[1] == "invalid_client_id"
    assert error_of(exchange(web, code, auth=("3MVG9app", "no")))[:2] == (401, "invalid_client")
    assert error_of(exchange(web, code, redirect_uri="http://app.test/"))[1] == "redirect_uri_mismatch"
    code = query_of(decide(web))["code"]
    assert exchange(web, code, auth=("3MVG9app", "hush")).status_code == 200
    assert error_of(token(web, grant_type="password"))[1] == "unsupported_grant_type"


def test_refresh_keeps_the_token_unless_it_rotates(web):
    grant = connected(web)
    fresh = refresh(web, grant["refresh_token"]).json()
    assert "refresh_token" not in fresh
    assert works(web, fresh["access_token"])
    web.post("/_emulator/settings", json={"rotate_refresh_tokens": True})
    rotated = refresh(web, grant["refresh_token"]).json()
    assert rotated["refresh_token"] != grant["refresh_token"]
    assert works(web, grant["access_token"])
    assert refresh(web, rotated["refresh_token"]).status_code == 200


def test_replaying_a_rotated_token_ends_the_family(web):
    web.post("/_emulator/settings", json={"rotate_refresh_tokens": True})
    grant = connected(web)
    rotated = refresh(web, grant["refresh_token"]).json()
    replay = refresh(web, grant["refresh_token"])
    assert error_of(replay) == (400, "invalid_grant", "expired access/refresh token")
    assert not works(web, rotated["access_token"])
    assert error_of(refresh(web, rotated["refresh_token"]))[1] == "invalid_grant"


def test_a_lost_answer_of_a_rotation_can_not_be_repeated(web):
    web.post("/_emulator/settings", json={"rotate_refresh_tokens": True})
    grant = connected(web)
    web.post("/_emulator/faults", json={"path": "/token$", "times": 1, "action": {"kind": "commit_then_drop"}})
    with pytest.raises(httpx2.TransportError):
        refresh(web, grant["refresh_token"])
    assert error_of(refresh(web, grant["refresh_token"]))[1] == "invalid_grant"


def test_a_grant_for_tests_is_any_apps(web):
    grant = web.post("/_emulator/token").json()
    assert refresh(web, grant["refresh_token"]).status_code == 200


def test_two_refreshes_at_once(web):
    """The second is told that the first is still in work; the token stays good."""
    web.post("/_emulator/settings", json={"token_latency_ms": 500})
    grant = connected(web)
    answers = []
    slow = threading.Thread(target=lambda: answers.append(refresh(web, grant["refresh_token"])))
    slow.start()
    while web.get("/_emulator/in_flight").json()["count"] == 0:
        time.sleep(0.01)
    early = refresh(web, grant["refresh_token"])
    assert error_of(early) == (400, "invalid_grant", "token request is already being processed")
    slow.join()
    assert answers[0].status_code == 200
    assert refresh(web, grant["refresh_token"]).status_code == 200


def test_access_tokens_die_of_idleness(web):
    web.post("/_emulator/settings", json={"access_token_seconds": 100})
    access = connected(web)["access_token"]

    def later(seconds):
        web.post("/_emulator/settings", json={"clock_offset_seconds": seconds})

    later(90)
    assert works(web, access)
    later(180)
    assert works(web, access)
    later(290)
    answer = web.get("/services/data/v66.0/limits", headers={"Authorization": f"Bearer {access}"})
    assert answer.status_code == 401
    assert answer.json() == [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]


def test_refresh_tokens_die_after_30_idle_days(web):
    refresh_token = connected(web)["refresh_token"]
    day = 86_400
    for days, status in ((29, 200), (58, 200), (89, 400)):
        web.post("/_emulator/settings", json={"clock_offset_seconds": days * day})
        assert refresh(web, refresh_token).status_code == status


def test_the_sixth_approval_ends_the_first(web):
    grants = [connected(web) for _ in range(5)]
    made = web.post("/_emulator/token", json={"client_id": APP["client_id"]}).json()
    assert refresh(web, grants[0]["refresh_token"]).status_code == 200
    connected(web)
    assert refresh(web, grants[0]["refresh_token"]).status_code == 400
    assert refresh(web, grants[1]["refresh_token"]).status_code == 200
    assert works(web, made["access_token"])
    other = decide(web, user=1)
    assert exchange(web, query_of(other)["code"]).status_code == 200
    assert refresh(web, grants[1]["refresh_token"]).status_code == 200


def test_revocation(web):
    grant = connected(web)
    second = refresh(web, grant["refresh_token"]).json()["access_token"]
    gone = web.post(f"{OAUTH}/revoke", data={"token": second})
    assert (gone.status_code, gone.content) == (200, b"")
    assert works(web, grant["access_token"])
    assert web.get(f"{OAUTH}/revoke", params={"token": grant["refresh_token"]}).status_code == 200
    assert not works(web, grant["access_token"])
    assert error_of(web.post(f"{OAUTH}/revoke", data={"token": "x"}))[:2] == (400, "invalid_token")


def test_introspection_slides(web):
    grant = connected(web)
    app = {"client_id": APP["client_id"], "client_secret": APP["client_secret"]}

    def look(token):
        return web.post(f"{OAUTH}/introspect", data=app | {"token": token}).json()

    first = look(grant["access_token"])
    assert (first["active"], first["exp"] - first["iat"], first["sub"]) == (True, 7200, grant["id"])
    web.post("/_emulator/settings", json={"clock_offset_seconds": 1000})
    works(web, grant["access_token"])
    assert look(grant["access_token"])["exp"] >= first["exp"] + 1000
    assert look(grant["refresh_token"])["token_type"] == "refresh_token"
    assert look("nobody's") == {"active": False}


def test_who_connected(web):
    grant = connected(web)
    bearer = {"Authorization": f"Bearer {grant['access_token']}"}
    identity = httpx2.get(grant["id"], verify=TLS, params={"version": "latest"}, headers=bearer).json()
    assert identity["organization_id"] == grant["id"].split("/")[-2]
    assert identity["urls"]["rest"] == f"{grant['instance_url']}/services/data/v66.0/"
    info = web.get(f"{OAUTH}/userinfo", headers=bearer).json()
    assert (info["sub"], info["email"]) == (grant["id"], identity["email"])
    assert httpx2.get(grant["id"], verify=TLS).text == "Missing_OAuth_Token"
    bad = httpx2.get(grant["id"], verify=TLS, headers={"Authorization": "Bearer x"})
    assert (bad.status_code, bad.text) == (403, "Bad_OAuth_Token")
    assert httpx2.get(grant["id"].replace("/00D", "/00X"), verify=TLS, headers=bearer).text == "Wrong_Org"
    discovery = web.get("/.well-known/openid-configuration").json()
    assert discovery["token_endpoint"] == f"{grant['instance_url']}{OAUTH}/token"


def test_scopes_matter(web):
    narrow = connected(web, scope="id")
    assert "refresh_token" not in narrow
    answer = web.get("/services/data/v66.0/limits", headers={"Authorization": f"Bearer {narrow['access_token']}"})
    assert answer.status_code == 401
    assert answer.json()[0]["message"] == "This session is not valid for use with the REST API"
    basic = web.get("/services/data/v66.0/limits", headers={"Authorization": "Basic eDp5"})
    assert (basic.status_code, basic.json()[0]["errorCode"]) == (401, "INVALID_AUTH_HEADER")


@pytest.mark.parametrize(
    ("name", "error", "description"),
    [
        ("user_inactive", "inactive_user", "user is inactive"),
        ("org_inactive", "inactive_org", "organization is locked, closed, or suspended"),
        ("ip_restricted", "invalid_grant", "ip restricted"),
        ("app_not_installed", "invalid_client", "app must be installed into org"),
    ],
)
def test_what_an_admin_can_put_in_the_way(web, name, error, description):
    grant = connected(web)
    web.post("/_emulator/settings", json={name: True})
    assert error_of(refresh(web, grant["refresh_token"])) == (400, error, description)
    assert works(web, grant["access_token"]) == (name not in ("user_inactive", "org_inactive"))
    web.post("/_emulator/settings", json={name: False})
    assert refresh(web, grant["refresh_token"]).status_code == 200


def test_an_app_that_is_not_installed(web):
    web.post("/_emulator/settings", json={"app_not_installed": True})
    answer = query_of(decide(web))
    assert (answer["error"], answer["error_description"]) == ("invalid_client", "app must be installed into org")


def test_token_answers_in_other_forms(web):
    grant = connected(web)
    form = {"grant_type": "refresh_token", "refresh_token": grant["refresh_token"]}
    assert "access_token" in parse_qs(token(web, **form, format="urlencoded").text)
    assert token(web, **form, format="xml").text.startswith("<OAuth><access_token>00D")


def test_a_refreshed_sandbox_is_another_organisation(web):
    grant = connected(web)
    before = web.get("/_emulator/state").json()["organisation"]
    after = web.post("/_emulator/refresh_sandbox").json()["organisation"]
    assert after != before
    assert error_of(refresh(web, grant["refresh_token"]))[1] == "invalid_grant"
    assert connected(web)["id"].split("/")[-2] == after
