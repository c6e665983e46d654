from itertools import islice

import pytest
from django.urls import get_resolver
from hypothesis import given
from hypothesis import strategies as st

from linktime.accounts import handles
from linktime.core.errors import Invalid


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Ada Lovelace", "ada-lovelace"),
        ("Zoë van der Berg", "zoe-van-der-berg"),
        ("Dr. Sinéad O'Connor", "dr-sinead-oconnor"),
        ("王小明", "host"),
        ("X", "host"),
        ("Admin", "admin-meets"),
        ("  --  ", "host"),
    ],
)
def test_a_handle_is_made_of_a_name(name, handle):
    assert handles.suggested(name) == handle


@given(st.text(max_size=300))
def test_what_is_suggested_can_be_chosen(name):
    """Whatever somebody is called, the handle made of it is one they could have typed; so are the ones tried next."""
    for handle in islice(handles.candidates(handles.suggested(name)), 9):
        assert handles.chosen(handle) == handle


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("a", "too_short"),
        ("a" * 41, "too_long"),
        ("ada lovelace", "invalid_handle"),
        ("-ada", "invalid_handle"),
        ("ada--lovelace", "invalid_handle"),
        ("zoë", "invalid_handle"),
        ("ada\x00", "control_character"),
        ("dashboard", "reserved"),
        ("API", "reserved"),
        ("", "required"),
    ],
)
def test_a_handle_that_makes_no_address_is_refused(typed, code):
    with pytest.raises(Invalid) as refusal:
        handles.chosen(typed)
    assert [fault.code for fault in refusal.value.faults] == [code]


def test_no_handle_hides_one_of_our_own_paths():
    """Every first word of our own addresses is reserved, now and when pages are added."""
    words = {str(pattern.pattern).strip("^").split("/")[0] for pattern in flat(get_resolver().url_patterns)}
    ours = {word.rstrip("$") for word in words if word and "<" not in word and "." not in word}
    assert "api" in ours
    assert ours <= handles.RESERVED


def flat(patterns):
    """Patterns included at the root belong to it."""
    for pattern in patterns:
        if str(pattern.pattern) == "" and hasattr(pattern, "url_patterns"):
            yield from flat(pattern.url_patterns)
        else:
            yield pattern
