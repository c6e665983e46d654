"""Answers to an event type's questions."""

import pytest

from linktime.bookings.answers import clean, from_form, readable
from linktime.core.errors import Invalid

from .making import faults


def question(kind, *, required=False, options=()):
    return {"key": "q", "label": "Question", "kind": kind, "required": required, "options": list(options)}


def answer(kind, value, **details):
    kept = clean([question(kind, **details)], {"q": value}, time_zone="Europe/London")
    return kept[0]["value"] if kept else None


KEPT = [
    ("text", " Zürich ", "Zürich"),
    ("text", "", None),
    ("text", None, None),
    ("text", "   ", None),
    ("long_text", "one\r\ntwo", "one\ntwo"),
    ("checkbox", True, True),
    ("checkbox", False, False),
    ("number", 3, 3),
    ("number", 2.5, 2.5),
    ("number", 0, 0),
    ("phone", "020 7946 0958", "+442079460958"),
    ("url", "https://example.com/a?b=c", "https://example.com/a?b=c"),
]


@pytest.mark.parametrize(("kind", "value", "kept"), KEPT)
def test_what_is_kept(kind, value, kept):
    """Answers are kept clean, with their JSON type; what was left empty is not kept."""
    assert answer(kind, value) == kept


REFUSED = [
    ("text", 5, "wrong_type"),
    ("text", ["a"], "wrong_type"),
    ("text", "one\ntwo", "control_character"),
    ("text", "x" * 1001, "too_long"),
    ("long_text", "x" * 5001, "too_long"),
    ("checkbox", "on", "wrong_type"),
    ("checkbox", 1, "wrong_type"),
    ("number", "3", "wrong_type"),
    ("number", True, "wrong_type"),
    ("number", float("nan"), "out_of_range"),
    ("number", float("-inf"), "out_of_range"),
    ("number", 10**400, "out_of_range"),
    ("phone", "call me", "invalid_phone"),
    ("url", "javascript:alert(1)", "invalid_url"),
    ("url", "example.com", "invalid_url"),
]


@pytest.mark.parametrize(("kind", "value", "code"), REFUSED)
def test_what_is_refused(kind, value, code):
    """An answer that does not fit its question is named by the question's key."""
    with pytest.raises(Invalid) as caught:
        answer(kind, value)
    assert faults(caught) == {("q", code)}


def test_a_choice_is_one_of_its_options():
    """Nobody can choose what is not on the list."""
    assert answer("choice", "Red", options=["Red", "Blue"]) == "Red"
    with pytest.raises(Invalid) as caught:
        answer("choice", "Green", options=["Red", "Blue"])
    assert faults(caught) == {("q", "not_an_option")}


@pytest.mark.parametrize("kind", ["text", "long_text", "choice", "checkbox", "phone", "number", "url"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_required_question_wants_an_answer(kind, value):
    """Blanks are no answer, whatever the kind."""
    with pytest.raises(Invalid) as caught:
        answer(kind, value, required=True, options=["Red"])
    assert {field for field, _ in faults(caught)} == {"q"}


def test_a_required_checkbox_must_be_ticked():
    """False is an answer to a checkbox, but not to one that asks for consent."""
    with pytest.raises(Invalid) as caught:
        answer("checkbox", False, required=True)
    assert faults(caught) == {("q", "required")}


def test_an_answer_without_a_question():
    """An answer that nobody asked for is not dropped silently."""
    with pytest.raises(Invalid) as caught:
        clean([question("text")], {"other": "x"}, time_zone="UTC")
    assert faults(caught) == {("other", "unknown_field")}


FORM = [
    ("checkbox", "on", True),
    ("checkbox", "", False),
    ("number", " 12 ", 12),
    ("number", "1.5", 1.5),
    ("number", "", ""),
    ("number", "a dozen", "a dozen"),
    ("text", "hello", "hello"),
]


@pytest.mark.parametrize(("kind", "typed", "expected"), FORM)
def test_a_web_form_sends_texts(kind, typed, expected):
    """What a browser sends becomes the answer that an API client would give."""
    assert from_form([question(kind)], {"q": typed}) == {"q": expected}


def test_people_read_words():
    """A checkbox reads Yes or No, a number as it was given."""
    assert [readable(value) for value in (True, False, 3, 2.5, "Red")] == ["Yes", "No", "3", "2.5", "Red"]
