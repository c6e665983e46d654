"""The suite sees what a provider does wrong: a slip of each kind turns the case red that is about it."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import ANY

import pytest

from linktime.crm import plan
from linktime.crm.contract import Rejected, Scope, TryAgain
from linktime.crm.session import LiveSession
from linktime.crm.testing.looking import synced
from linktime.crm.testing.memory import client, convert, provider
from linktime.crm.testing.memory.provider import MemoryCrm
from linktime.crm.testing.suite import ContractSuite, assert_promised


def overwriting_last_names(meeting):
    there = contact(meeting)
    return there | {"always": there["always"] | there["if_new"]}


def writing_more_than_promised(meeting):
    there = contact(meeting)
    return there | {"always": there["always"] | {"job": "Invitee"}}


def cutting_by_bytes(texts):
    lengths = convert.LENGTHS
    return {name: text.encode()[: lengths[name]].decode(errors="ignore") for name, text in texts.items()}


def mixing_up_answers(session, path, inputs, *, creates=False):
    return list(reversed(call(session, path, inputs, creates=creates)))


def taking_a_lost_create_for_none(message, code, *, creates):
    return TryAgain(message, code=code, scope=Scope.ORGANISATION)


def failing_what_is_gone(one):
    row = client_row(one)
    return Rejected(row.message, code=row.code) if isinstance(row, Exception) else row


def taking_a_failed_look_up_for_not_found(session, attempts):
    try:
        return made_by(session, attempts)
    except TryAgain:
        return [[] for _ in attempts]


def telling_bookings_apart_by_invitee(meeting):
    return fields(meeting) | {"reference": meeting.invitee.email}


def finding_what_others_own(session, attempts):
    session.owned = lambda _ids: set()
    return made_by(session, [replace(one, values=one.values | {"fields": {"reference": ANY}}) for one in attempts])


contact, fields, client_row = convert.contact, convert.fields, client._row
call, made_by = provider.call, provider._made_by
SLIPS = {
    "what_is_known_of_an_invitee_stays": (convert, "contact", overwriting_last_names),
    "a_first_booking_makes_a_contact_and_a_meeting": (convert, "contact", writing_more_than_promised),
    "a_reschedule_moves_the_meeting_and_tells_from_when": (convert, "KEPT", ("start", "end", "status")),
    "a_burst_of_changes_ends_in_the_last_state": (convert, "KEPT", ("start", "end", "history")),
    "each_invitee_gets_a_contact_and_a_meeting": (provider, "call", mixing_up_answers),
    "texts_are_cut_by_characters_and_accepted": (convert, "_cut", cutting_by_bytes),
    "signs_that_mean_something_elsewhere_arrive_as_typed": (convert, "_cut", lambda texts: dict.fromkeys(texts, "?")),
    "a_deleted_meeting_is_made_anew_by_a_reschedule": (client, "_row", failing_what_is_gone),
    "a_token_that_ended_early_delays_nothing": (client, "UNAUTHORIZED", 0),
    "a_throttled_batch_keeps_its_place_and_goes_on_later": (client, "THROTTLED", 0),
}
SLIPS_AT_A_CREATE = {
    "what_arrived_is_adopted": (client, "_unclear", taking_a_lost_create_for_none),
    "trouble_delays_and_loses_nothing": (LiveSession, "creating", lambda *_: None),
    "what_is_lost_of_a_batch_is_found_whole": (convert, "fields", telling_bookings_apart_by_invitee),
    "what_another_booking_has_is_never_adopted": (provider, "_made_by", finding_what_others_own),
    "nothing_is_made_again_while_it_may_still_arrive": (plan, "LOST_AFTER", timedelta()),
    "a_look_up_that_fails_is_no_not_found": (provider, "_made_by", taking_a_failed_look_up_for_not_found),
    "what_did_not_arrive_is_made_again_and_a_late_twin_removed": (MemoryCrm, "remove_twins", lambda *_: ""),
    "a_late_twin_that_somebody_touched_stays": (convert, "is_as_sent", lambda *_: True),
}


@pytest.mark.parametrize("case", SLIPS)
def test_a_slip_turns_its_case_red(place, stage, monkeypatch, case):
    monkeypatch.setattr(*SLIPS[case])
    with pytest.raises((AssertionError, ValueError)):
        getattr(ContractSuite(), f"test_{case}")(place, stage)
        assert_promised(stage)


@pytest.mark.parametrize("case", SLIPS_AT_A_CREATE)
def test_a_slip_about_lost_answers_turns_its_case_red(place, stage, monkeypatch, case):
    monkeypatch.setattr(*SLIPS_AT_A_CREATE[case])
    with pytest.raises((AssertionError, ValueError)):
        getattr(ContractSuite(), f"test_{case}")(place, stage, "meeting")


def test_one_field_too_many_is_seen_among_many_touches(place, stage, monkeypatch):
    for email, written in (("a", contact), ("b", writing_more_than_promised), ("c", contact)):
        monkeypatch.setattr(convert, "contact", written)
        synced(place, f"{email}@example.com")
    with pytest.raises(AssertionError, match="job"):
        assert_promised(stage)
