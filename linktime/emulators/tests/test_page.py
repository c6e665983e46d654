import os
from email.message import EmailMessage

import httpx2
import pytest

from linktime.emulators.conftest import TLS
from linktime.emulators.mail import Mailbox
from linktime.emulators.testing import EmulatorProcess

CALENDAR = "BEGIN:VCALENDAR\r\nSUMMARY:Intro call\r\nEND:VCALENDAR\r\n"


def letter(subject):
    message = EmailMessage()
    message["From"], message["To"] = "LinkTime <no-reply@x.com>", "grace@x.com"
    message["Subject"], message["Date"] = subject, "Mon, 23 Nov 2026 10:00:00 +0000"
    message.set_content("See you on Monday.\n")
    message.add_alternative("<p>See you</p>", subtype="html")
    message.add_attachment(CALENDAR.encode(), maintype="text", subtype="calendar", filename="invite.ics")
    return message.as_bytes()


def test_mail_is_shown_newest_first(tmp_path):
    for number, name in enumerate(("b", "a")):
        (tmp_path / f"{name}.eml").write_bytes(letter(f"Letter {name} - é"))
        os.utime(tmp_path / f"{name}.eml", (number, number))
    (tmp_path / "notes.txt").write_text("not a letter")
    first, second = Mailbox(tmp_path).newest()
    assert (first["file"], second["file"]) == ("a.eml", "b.eml")
    assert first["subject"] == "Letter a - é"
    assert first["text"] == "See you on Monday.\n"
    assert [text.splitlines() for text in first["calendars"]] == [CALENDAR.splitlines()]


def test_without_a_folder_there_is_no_mail(tmp_path):
    assert Mailbox(None).newest() == Mailbox(tmp_path / "nowhere").newest() == []


def test_the_feed_has_all_that_the_page_shows(tmp_path):
    (tmp_path / "a.eml").write_bytes(letter("Hello"))
    with EmulatorProcess(mail=tmp_path) as process:
        contact = process.create("Contact", LastName="Hopper", FirstName="Grace", Email="g@x.com")
        event = {"Subject": "Intro", "StartDateTime": "2027-05-01T10:00:00Z", "DurationInMinutes": 30}
        process.create("Event", WhoId=contact, **event)
        process.fault({"kind": "drop"}, path="nowhere")
        httpx2.get(process.salesforce + "/services/data/", verify=TLS)
        feed = httpx2.get(process.base_url + "/feed", verify=TLS).json()
    seen = feed["services"]["salesforce"]
    assert [row["title"] for row in seen["contacts"]] == ["Grace Hopper"]
    assert [row["title"] for row in seen["contacts"][0]["entries"]] == ["Intro"]
    assert seen["requests"][0]["path"] == "/salesforce/services/data/"
    assert seen["faults"][0]["action"] == {"kind": "drop"}
    assert feed["mail"][0]["subject"] == "Hello"


@pytest.mark.parametrize("path", ["/", "/static/page.css", "/static/page.js"])
def test_the_page_is_served(process, path):
    assert httpx2.get(process.base_url + path, verify=TLS).status_code == 200


def test_a_record_has_a_page_on_which_text_stays_text(emulator):
    contact = emulator.create("Contact", LastName="<script>x</script>", Title="Boss & Co")
    event = emulator.create("Event", WhoId=contact, StartDateTime="2027-05-01T10:00:00Z", DurationInMinutes=5)
    for path in (f"/lightning/r/Contact/{contact}/view", f"/{contact}", f"/{contact[:15]}"):
        page = httpx2.get(emulator.salesforce + path, verify=TLS)
        assert page.status_code == 200
        assert "&lt;script&gt;" in page.text
        assert "<script>" not in page.text
        assert f"/salesforce/lightning/r/Event/{event}/view" in page.text
    assert (
        f"/salesforce/{contact}" in httpx2.get(f"{emulator.salesforce}/lightning/r/Event/{event}/view", verify=TLS).text
    )
    assert httpx2.get(f"{emulator.salesforce}/lightning/r/Contact/nope/view", verify=TLS).status_code == 404
