"""What a check finds in Salesforce: each cause is made in the emulator, seen, mended, and gone."""

from datetime import UTC, datetime

import pytest

from linktime.core.clock import now
from linktime.core.meeting import Change, ChangeKind, Host, Invitee, Meeting, Status
from linktime.crm import check
from linktime.crm.models import SyncRecord
from linktime.crm.providers.salesforce import convert
from linktime.crm.providers.salesforce.check import NEEDS

MOMENT = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)


def found(connected):
    checkup = check.run(connected.connection, now)
    return {(row["level"], row["code"], f"{row['object']}.{row['field']}".strip(".")) for row in checkup.findings}


@pytest.mark.parametrize(
    ("cause", "finding"),
    [
        ({"denied_rights": ["Contact.create"]}, ("error", "INSUFFICIENT_ACCESS_OR_READONLY", "Contact")),
        ({"denied_rights": ["Contact.edit"]}, ("warning", "INSUFFICIENT_ACCESS_OR_READONLY", "Contact")),
        ({"denied_rights": ["Event.create"]}, ("error", "INSUFFICIENT_ACCESS_OR_READONLY", "Event")),
        ({"denied_rights": ["Event.edit"]}, ("error", "INSUFFICIENT_ACCESS_OR_READONLY", "Event")),
        ({"denied_rights": ["Event.read"]}, ("error", "INVALID_TYPE", "Event")),
        ({"hidden_fields": ["Event.Description"]}, ("error", "INVALID_FIELD", "Event.Description")),
        ({"hidden_fields": ["Event.Location"]}, ("warning", "INVALID_FIELD", "Event.Location")),
        (
            {"read_only_fields": ["Contact.FirstName"]},
            ("error", "INVALID_FIELD_FOR_INSERT_UPDATE", "Contact.FirstName"),
        ),
        ({"read_only_fields": ["Contact.Phone"]}, ("warning", "INVALID_FIELD_FOR_INSERT_UPDATE", "Contact.Phone")),
        ({"required_fields": ["Contact.Department"]}, ("error", "REQUIRED_FIELD_MISSING", "Contact.Department")),
        ({"required_fields": ["Contact.Phone"]}, ("warning", "REQUIRED_FIELD_MISSING", "Contact.Phone")),
        (
            {
                "custom_fields": [{"object": "Event", "name": "Region__c"}],
                "required_fields": ["Event.Region__c"],
            },
            ("error", "REQUIRED_FIELD_MISSING", "Event.Region__c"),
        ),
        ({"daily_limit": 1000, "calls_of_others": 850}, ("warning", "daily_budget", "")),
        ({"daily_limit": 1000, "calls_of_others": 960}, ("error", "daily_budget", "")),
        ({"daily_limit": 1000, "calls_of_others": 1000}, ("error", "REQUEST_LIMIT_EXCEEDED", "")),
        ({"api_disabled": True}, ("error", "API_DISABLED_FOR_ORG", "")),
        ({"user_api_disabled": True}, ("error", "API_CURRENTLY_DISABLED", "")),
    ],
)
def test_what_is_in_the_way_is_found_and_gone_when_it_is_mended(connected, emulator, cause, finding):
    defaults = {name: type(value)() for name, value in cause.items()} | (
        {"daily_limit": 15000} if "daily_limit" in cause else {}
    )
    emulator.settings(**cause)
    assert found(connected) == {finding}
    checkup = check.Checkup.objects.get()
    assert checkup.passed is (finding[0] == "warning")
    assert all(advice.remedy for advice in check.advice(connected.connection, checkup))
    emulator.settings(**defaults)
    assert found(connected) == set()
    assert check.Checkup.objects.get().passed


def test_a_grant_without_access_to_the_api_has_to_be_made_anew(installation):
    installation.connect(scope="id refresh_token")
    assert found(installation) == {("error", "needs_reconnect", "")}
    installation.connection.refresh_from_db()
    assert installation.connection.state == "needs_reconnect"


def test_a_check_takes_one_call_and_writes_nothing(connected, emulator):
    before = emulator.requests()[-1]["n"] if emulator.requests() else 0
    check.run(connected.connection, now)
    log = emulator.requests(after=before)
    assert sum(row["api_calls"] for row in log) == 1
    asked = [part for row in log for part in row.get("subrequests", [f"{row['method']} {row['path']}"])]
    assert {part.rpartition("/v66.0/")[2] for part in asked} == {
        "sobjects/Contact/describe",
        "sobjects/Event/describe",
    }
    assert all(part.startswith("GET ") for part in asked)
    assert (emulator.state()["contacts"], emulator.state()["events"]) == ([], [])


def test_what_failed_for_a_reason_that_is_gone_is_tried_again(connected, emulator):
    """A booking that failed for a reason which no check sees stays as it is."""
    rule = {"object": "Event", "field": "Location", "kind": "required", "message": "Say where."}
    emulator.settings(required_fields=["Contact.Department"])
    hidden = connected.book("grace@example.com")
    connected.drain()
    emulator.settings(required_fields=[], validation_rules=[rule])
    ruled = connected.book("alan@example.com")
    connected.drain()
    codes = dict(SyncRecord.objects.values_list("booking", "error_code"))
    assert codes == {hidden.pk: "REQUIRED_FIELD_MISSING", ruled.pk: "FIELD_CUSTOM_VALIDATION_EXCEPTION"}
    emulator.settings(validation_rules=[])
    check.run(connected.connection, now)
    states = dict(SyncRecord.objects.values_list("booking", "state"))
    assert states == {hidden.pk: "pending", ruled.pk: "failed"}
    connected.drain()
    assert SyncRecord.objects.get(booking=hidden).state == "synced"


def test_what_would_fail_again_is_left(connected, emulator):
    emulator.settings(required_fields=["Contact.Department"])
    connected.book("grace@example.com")
    connected.drain()
    check.run(connected.connection, now)
    assert SyncRecord.objects.get().state == "failed"


def test_every_field_that_is_written_is_checked():
    """A field added to what bookings write has to be checked too."""
    moved = Change(ChangeKind.RESCHEDULED, 2, MOMENT, MOMENT, MOMENT, "")
    grace = Invitee("Grace Hopper", "grace@example.com", "+12025550123", "Europe/Berlin", "en")
    meeting = Meeting(
        uid="u", revision=2, status=Status.CONFIRMED, title="Intro", start=MOMENT, end=MOMENT,
        hosts=(Host("Ada", "ada@example.com", "Europe/London"),), invitee=grace, guests=(), notes="n", answers=(),
        location="Phone", url="https://meet.example.com/b/u", history=(moved,),
    )  # fmt: skip
    needed = {name: {need.name for need in needs} for name, needs in NEEDS.items()}
    changed = {name: {need.name for need in needs if need.changes} for name, needs in NEEDS.items()}
    assert needed == {"Contact": set(convert.new_contact(meeting)), "Event": {*convert.new_event(meeting), "WhoId"}}
    assert changed == {
        "Contact": set(convert.contact_update(convert.new_contact(meeting))),
        "Event": set(convert.event_update(meeting, {}, {})),
    }
