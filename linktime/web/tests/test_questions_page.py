"""Every kind of question in the booking form, and what a link fills in of them."""

import re

import pytest

from linktime.bookings.models import Booking
from linktime.web.tests.test_booking_page import PAGE, START, details, text_of
from tests.people import NOW, make_event_type

OPTIONS = ["Tea", "Coffee", "<b>Water</b>"]


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch):
    monkeypatch.setattr("linktime.core.clock.now", lambda: NOW)


def question(key, kind, *, required=False, options=()):
    return {"key": key, "label": f"About {key}", "kind": kind, "required": required, "options": list(options)}


QUESTIONS = [
    question("company", "text", required=True),
    question("story", "long_text"),
    question("drink", "choice", required=True, options=OPTIONS),
    question("country", "choice", options=[f"Country {n}" for n in range(9)]),
    question("topics", "choices", required=True, options=OPTIONS),
    question("agreed", "checkbox", required=True),
    question("mobile", "phone"),
    question("people", "number"),
    question("site", "url"),
]
ANSWERS = {
    "company": "Navy", "story": "One\nTwo", "drink": "Tea", "country": "Country 7", "topics": ["<b>Water</b>", "Tea"],
    "agreed": "on", "mobile": "020 7946 0958", "people": "2.5", "site": "https://example.com/",
}  # fmt: skip


@pytest.fixture
def rich(alice):
    return make_event_type(alice, questions=QUESTIONS)


def typed(**changed):
    return details(zone="Europe/London", **{f"answer-{key}": value for key, value in (ANSWERS | changed).items()})


def tag_of(page, name):
    return re.search(rf'<(?:input|select|textarea)[^>]*name="answer-{name}"[^>]*>', page)[0]


def test_each_kind_has_its_field(client, rich):
    page = text_of(client.get(f"{PAGE}?start={START}&zone=Europe/London"))
    for name, parts in {
        "company": ["<input", 'type="text"', "required"],
        "story": ["<textarea"],
        "drink": ['type="radio"', "required"],
        "country": ["<select"],
        "topics": ['type="checkbox"'],
        "agreed": ['type="checkbox"', "required"],
        "mobile": ['type="tel"', "aria-describedby"],
        "people": ['type="number"', 'step="any"'],
        "site": ['type="url"'],
    }.items():
        for part in parts:
            assert part in tag_of(page, name), name
    optional = re.findall(r'<bdi>About (\w+)</bdi> <span class="optional">', page)
    assert optional == ["story", "country", "mobile", "people", "site"]
    assert "taken for a number of this country: United Kingdom." in page
    assert "<b>Water" not in page


def test_answers_are_kept_as_they_were_meant(client, rich):
    assert client.post(PAGE, typed()).status_code == 302
    assert {answer["key"]: answer["value"] for answer in Booking.objects.get().answers} == {
        "company": "Navy", "story": "One\nTwo", "drink": "Tea", "country": "Country 7",
        "topics": ["Tea", "<b>Water</b>"], "agreed": True, "mobile": "+442079460958", "people": 2.5,
        "site": "https://example.com/",
    }  # fmt: skip


def test_every_fault_stands_at_its_field_and_every_answer_stays(client, rich):
    wrong = {"company": "", "drink": "", "topics": [], "agreed": "", "mobile": "12", "people": "many", "site": "x"}
    response = client.post(PAGE, typed(**wrong))
    page = text_of(response)
    assert response.status_code == 422
    for name in wrong:
        assert f'id="id_answer-{name}_error"' in page, name
    for name in ("story", "country"):
        assert f'id="id_answer-{name}_error"' not in page
    assert "One\nTwo</textarea>" in page
    assert '<option value="Country 7" selected>' in page
    for name in ("mobile", "people", "site"):
        assert f'value="{wrong[name]}"' in tag_of(page, name)
    again = text_of(client.post(PAGE, typed(company="")))
    assert re.search(r'name="answer-drink" value="Tea"[^>]* checked', again)
    assert len(re.findall(r'name="answer-topics"[^>]* checked', again)) == 2
    assert "checked" in tag_of(again, "agreed")


def test_a_link_fills_in_every_kind(client, rich):
    given = "answer-drink=Coffee&answer-topics=Tea&answer-topics=Coffee&answer-agreed=yes&answer-people=3"
    assert "answer-topics=Tea&amp;answer-topics=Coffee&amp;" in text_of(client.get(f"{PAGE}?{given}"))
    page = text_of(client.get(f"{PAGE}?{given}&answer-country=Country+2&start={START}"))
    assert re.search(r'name="answer-drink" value="Coffee"[^>]* checked', page)
    assert len(re.findall(r'name="answer-topics"[^>]* checked', page)) == 2
    assert "checked" in tag_of(page, "agreed")
    assert 'value="3"' in tag_of(page, "people")
    assert '<option value="Country 2" selected>' in page
    assert "checked" not in tag_of(text_of(client.get(f"{PAGE}?answer-agreed=no&start={START}")), "agreed")
