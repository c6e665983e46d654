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
