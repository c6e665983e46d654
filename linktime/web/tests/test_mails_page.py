"""The host sees the mails before anybody gets them."""

import pytest

from tests.people import NOW

KINDS = {
    "confirmation": "Ihr Termin ist gebucht",
    "change": "Ihr Termin wurde verschoben",
    "cancellation": "Ihr Termin ist abgesagt",
    "reminder": "Ihr Termin steht bevor",
    "follow_up": "Danke für Ihre Zeit",
}


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch):
    monkeypatch.setattr("linktime.core.clock.now", lambda: NOW)


@pytest.mark.parametrize(("kind", "heading"), KINDS.items())
def test_each_kind_of_mail_is_shown_in_the_chosen_language(as_alice, event_type, kind, heading):
    path = f"/dashboard/event-types/{event_type.pk}/mails/{kind}"
    page = as_alice.get(f"{path}?language=de").content.decode()
    assert "Grace Hopper" in page or "Intro call mit Alice Lovelace" in page
    assert f'src="{path}/body?language=de"' in page
    assert '<html lang="en">' in page
    response = as_alice.get(f"{path}/body?language=de")
    assert heading in response.content.decode()
    assert 'lang="de"' in response.content.decode()


def test_a_mail_in_the_page_can_do_nothing(as_alice, event_type):
    event_type.title = "<script>alert(1)</script>"
    event_type.save()
    response = as_alice.get(f"/dashboard/event-types/{event_type.pk}/mails/confirmation/body")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "frame-ancestors 'self'" in policy
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "<script>" not in response.content.decode()


def test_nothing_else_and_nobody_else(as_alice, as_charlie, event_type):
    base = f"/dashboard/event-types/{event_type.pk}/mails"
    assert as_alice.get(f"{base}/nonsense").status_code == 404
    assert as_alice.get(f"{base}/confirmation?language=xx").status_code == 200
    for path in (f"{base}/confirmation", f"{base}/confirmation/body"):
        assert as_charlie.get(path).status_code == 404


def test_a_mail_says_what_the_host_wants(as_alice, event_type):
    path = f"/dashboard/event-types/{event_type.pk}/mails/reminder"
    texts = {"subject": "Soon, {invitee_first_name}", "body": "<b>Bring</b> a pencil."}
    assert as_alice.post(path, texts).headers["Location"] == path
    page = as_alice.get(path).content.decode()
    assert '<h2 id="subject" dir="auto" lang="en">Soon, Grace</h2>' in page
    assert "&lt;b&gt;Bring&lt;/b&gt; a pencil." in as_alice.get(f"{path}/body").content.decode()
    event_type.refresh_from_db()
    assert event_type.texts == {"reminder": texts}


def test_a_placeholder_that_is_not_known_is_refused_at_its_field(as_alice, event_type):
    path = f"/dashboard/event-types/{event_type.pk}/mails/reminder"
    response = as_alice.post(path, {"subject": "", "body": "Hello {first name}"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="id_body_error"' in page
    assert "There is no {first name}. Use {invitee_name}," in page
    assert "Hello {first name}</textarea>" in page
    event_type.refresh_from_db()
    assert event_type.texts == {}


def test_only_members_change_what_a_mail_says(as_charlie, event_type):
    assert as_charlie.post(f"/dashboard/event-types/{event_type.pk}/mails/reminder", {"body": "x"}).status_code == 404
