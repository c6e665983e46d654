"""What a check finds in Attio: each cause is made in the emulator, seen, mended, and gone."""

import pytest

from linktime.core.clock import now
from linktime.crm import check
from linktime.crm.models import SyncRecord


def found(connected):
    checkup = check.run(connected.connection, now)
    return {(row["level"], row["code"], row["object"], row["field"]) for row in checkup.findings}


@pytest.mark.parametrize(
    ("cause", "mended", "finding"),
    [
        (
            {"archived_attributes": ["email_addresses"]},
            {"archived_attributes": []},
            ("error", "value_not_found", "people", "email_addresses"),
        ),
        (
            {"archived_attributes": ["phone_numbers"]},
            {"archived_attributes": []},
            ("warning", "value_not_found", "people", "phone_numbers"),
        ),
        (
            {"read_only_attributes": ["name"]},
            {"read_only_attributes": []},
            ("error", "system_edit_unauthorized", "people", "name"),
        ),
        (
            {"required_attributes": ["account_owner"]},
            {"required_attributes": []},
            ("error", "missing_value", "people", "account_owner"),
        ),
        ({"people_enabled": False}, {"people_enabled": True}, ("error", "not_found", "people", "")),
    ],
)
def test_what_is_in_the_way_is_found_and_gone_when_it_is_mended(connected, emulator, cause, mended, finding):
    emulator.settings(**cause)
    assert found(connected) == {finding}
    checkup = check.Checkup.objects.get()
    assert checkup.passed is (finding[0] == "warning")
    assert all(advice.remedy for advice in check.advice(connected.connection, checkup))
    emulator.settings(**mended)
    assert found(connected) == set()
    assert check.Checkup.objects.get().passed


def test_each_scope_that_is_missing_is_named(installation):
    installation.connect(crm="attio", scope="record_permission:read note:read-write")
    assert found(installation) == {("error", "scope_missing", "", "")}
    messages = [row["message"] for row in check.Checkup.objects.get().findings]
    assert [any(scope in text for text in messages) for scope in ("record_permission:read-write", "object_conf")] == [
        True,
        True,
    ]
    installation.connect(crm="attio")
    assert found(installation) == set()


def test_a_check_takes_two_calls_and_writes_nothing(connected, emulator):
    check.run(connected.connection, now)
    log = [(row["method"], row["path"].removeprefix("/attio")) for row in emulator.requests() if row["api_calls"]]
    assert log == [("GET", "/v2/self"), ("GET", "/v2/objects/people/attributes")]
    assert (emulator.state()["people"], emulator.state()["notes"]) == ([], [])


def test_a_revoked_access_has_to_be_given_anew(connected, emulator):
    emulator.revoke()
    assert found(connected) == {("error", "needs_reconnect", "", "")}


def test_what_failed_for_a_reason_that_is_gone_is_tried_again(connected, emulator):
    emulator.settings(required_attributes=["account_owner"])
    connected.book("grace@example.com")
    connected.drain()
    assert SyncRecord.objects.get().error_code == "missing_value"
    check.run(connected.connection, now)
    assert SyncRecord.objects.get().state == "failed"
    emulator.settings(required_attributes=[])
    check.run(connected.connection, now)
    connected.drain()
    assert SyncRecord.objects.get().state == "synced"
