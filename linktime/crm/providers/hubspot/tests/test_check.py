"""What a check finds in HubSpot: each cause is made in the emulator, seen, mended, and gone."""

import pytest

from linktime.core.clock import now
from linktime.crm import check
from linktime.crm.models import SyncRecord
from linktime.crm.providers.hubspot.check import NEEDS, OUTCOMES
from linktime.crm.providers.hubspot.convert import OUTCOMES as MARKED
from linktime.crm.providers.hubspot.lookup import SHOWN


def found(connected):
    checkup = check.run(connected.connection, now)
    return {(row["level"], row["code"], row["object"], row["field"]) for row in checkup.findings}


@pytest.mark.parametrize(
    ("cause", "finding"),
    [
        (
            {"archived_properties": ["meetings.hs_meeting_title"]},
            ("error", "PROPERTY_DOESNT_EXIST", "meetings", "hs_meeting_title"),
        ),
        (
            {"archived_properties": ["meetings.hs_meeting_location"]},
            ("warning", "PROPERTY_DOESNT_EXIST", "meetings", "hs_meeting_location"),
        ),
        ({"read_only_properties": ["contacts.phone"]}, ("warning", "READ_ONLY_VALUE", "contacts", "phone")),
        ({"read_only_properties": ["contacts.firstname"]}, ("error", "READ_ONLY_VALUE", "contacts", "firstname")),
        (
            {"removed_options": ["meetings.hs_meeting_outcome.NO_SHOW"]},
            ("warning", "INVALID_OPTION", "meetings", "hs_meeting_outcome"),
        ),
        (
            {"removed_options": ["meetings.hs_meeting_outcome.SCHEDULED"]},
            ("error", "INVALID_OPTION", "meetings", "hs_meeting_outcome"),
        ),
    ],
)
def test_what_is_in_the_way_is_found_and_gone_when_it_is_mended(connected, emulator, cause, finding):
    emulator.settings(**cause)
    assert found(connected) == {finding}
    checkup = check.Checkup.objects.get()
    assert checkup.passed is (finding[0] == "warning")
    assert all(advice.remedy for advice in check.advice(connected.connection, checkup))
    emulator.settings(**{name: [] for name in cause})
    assert found(connected) == set()
    assert check.Checkup.objects.get().passed


def test_a_scope_that_is_missing_is_found_without_a_call(installation, emulator):
    installation.connect(crm="hubspot", scope="oauth crm.objects.contacts.read")
    assert found(installation) == {("error", "MISSING_SCOPES", "", "")}
    assert "crm.objects.contacts.write" in check.Checkup.objects.get().findings[0]["message"]
    assert emulator.api_calls() == 0
    installation.connect(crm="hubspot")
    assert found(installation) == set()


def test_a_check_takes_two_calls_and_writes_nothing(connected, emulator):
    check.run(connected.connection, now)
    assert [
        (row["method"], row["path"].removeprefix("/hubspot")) for row in emulator.requests() if row["api_calls"]
    ] == [
        ("GET", "/crm/properties/2026-09/contacts"),
        ("GET", "/crm/properties/2026-09/meetings"),
    ]
    assert (emulator.state()["contacts"], emulator.state()["meetings"]) == ([], [])


def test_what_failed_for_a_reason_that_is_gone_is_tried_again(connected, emulator):
    emulator.settings(archived_properties=["meetings.hs_meeting_title"])
    connected.book("grace@example.com")
    connected.drain()
    assert SyncRecord.objects.get().error_code == "PROPERTY_DOESNT_EXIST"
    check.run(connected.connection, now)
    assert SyncRecord.objects.get().state == "failed"
    emulator.settings(archived_properties=[])
    check.run(connected.connection, now)
    connected.drain()
    assert SyncRecord.objects.get().state == "synced"


def test_every_property_that_is_written_is_checked():
    assert {need.name for need in NEEDS["meetings"]} == set(SHOWN)
    assert {need.name for need in NEEDS["contacts"]} == {"email", "firstname", "lastname", "phone"}
    assert set(OUTCOMES) == {*MARKED.values(), "SCHEDULED", "RESCHEDULED"}
