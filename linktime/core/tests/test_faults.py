"""Faults are collected, so that nobody has to send a form twice to hear all of them."""

import pytest

from linktime.core.errors import Fault, Invalid
from linktime.core.faults import Faults, refuse
from linktime.core.values import flag, listed, one_of, record, whole


def test_all_faults_are_told_with_their_paths():
    """Each fault is found at its field, however deep."""
    with pytest.raises(Invalid) as caught, Faults() as faults:
        with faults.at("title"):
            refuse("required", "Fill this in.")
        with faults.at("weekly"), Faults() as entries, entries.at(2), Faults() as entry, entry.at("days"):
            refuse("wrong_type", "Give a list.")
        with faults.at():
            refuse("in_the_past", "Too late.", field="start")
    assert caught.value.faults == (
        Fault("title", "required", "Fill this in."),
        Fault("weekly.2.days", "wrong_type", "Give a list."),
        Fault("start", "in_the_past", "Too late."),
    )


def test_without_faults_nothing_is_raised():
    """A block that is right ends as any other."""
    with Faults() as faults, faults.at("title"):
        pass


def test_a_bug_is_no_fault():
    """Other exceptions are not swallowed, and not hidden behind faults that came before them."""
    with pytest.raises(ZeroDivisionError), Faults() as faults:
        with faults.at("title"):
            refuse("required", "Fill this in.")
        raise ZeroDivisionError


REFUSED = [
    (lambda: one_of("c", ("a", "b")), "not_an_option"),
    (lambda: one_of(["a"], ("a", "b")), "not_an_option"),
    (lambda: flag(1), "wrong_type"),
    (lambda: flag("true"), "wrong_type"),
    (lambda: whole(True, at_least=0, at_most=5), "wrong_type"),
    (lambda: whole(1.0, at_least=0, at_most=5), "wrong_type"),
    (lambda: whole("1", at_least=0, at_most=5), "wrong_type"),
    (lambda: whole(6, at_least=0, at_most=5), "out_of_range"),
    (lambda: listed("ab", at_most=5), "wrong_type"),
    (lambda: listed([1, 2], at_most=1), "wrong_length"),
    (lambda: listed([], at_least=1, at_most=1), "wrong_length"),
    (lambda: record([1], ("a",)), "wrong_type"),
    (lambda: record({"b": 1}, ("a",)), "unknown_field"),
]


@pytest.mark.parametrize(("check", "code"), REFUSED)
def test_values_of_a_wrong_form(check, code):
    """A value of another type is never guessed into the right one."""
    with pytest.raises(Invalid) as caught:
        check()
    assert [fault.code for fault in caught.value.faults] == [code]


def test_values_of_the_right_form():
    """What fits comes back as it is."""
    assert (one_of("a", ("a",)), flag(False), whole(5, at_least=0, at_most=5)) == ("a", False, 5)
    assert (listed((1,), at_most=1), record({"a": 1}, ("a", "b"))) == ([1], {"a": 1})
