"""Signing up and logging in, on our own pages."""

from linktime.accounts.models import Account, User
from linktime.scheduling.models import EventType
from tests.people import PASSWORD

NEWCOMER = {
    "name": "Mary Somerville",
    "email": "mary@example.com",
    "password1": PASSWORD,
    "handle": "",
    "time_zone": "Asia/Tokyo",
}


def test_a_newcomer_is_at_home_at_once(client, db):
    assert client.post("/accounts/signup/", NEWCOMER).headers["Location"] == "/dashboard/"
    assert User.objects.get().time_zone == "Asia/Tokyo"
    assert client.get(f"/{Account.objects.get().handle}/{EventType.objects.get().slug}").status_code == 200
    assert client.get("/dashboard/bookings/").status_code == 200


def test_faults_stand_at_their_fields(client, db):
    page = client.post("/accounts/signup/", NEWCOMER | {"email": "mary", "password1": "short"}).content.decode()
    assert 'id="id_email_error"' in page
    assert 'id="id_password1_error"' in page


def test_closed_sign_up_says_whom_to_ask(client, db, settings):
    settings.ALLOW_SIGNUP = False
    assert "Sign-up is closed" in client.get("/accounts/signup/").content.decode()
    assert "/accounts/signup/" not in client.get("/").content.decode()


def test_logging_in_and_out(client, alice):
    wrong = client.post("/accounts/login/", {"login": "alice@example.com", "password": "wrong"})
    assert 'role="alert"' in wrong.content.decode()
    client.post("/accounts/login/", {"login": "alice@example.com", "password": PASSWORD})
    assert client.get("/dashboard/bookings/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/dashboard/bookings/").status_code == 302
