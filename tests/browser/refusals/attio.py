"""Every way in which Attio refuses bookings."""

from typing import Any

from tests.browser.refusals.case import NOTHING, RECONNECT, Case, Cause, Mend, answer, answered, setting

PEOPLE, NOTES, SELF = "/objects/people/records", "/v2/notes$", "/v2/self$"
PLAN = "The Attio workspace's plan does not allow this."
BILLING = "Look at Workspace settings → Billing in Attio. Then press Retry."


def attio(code: str, cause: Cause, what: str, remedy: str, **more: Any) -> Case:
    return Case("attio", code, cause, what, remedy, **more)


def failing(status: int, code: str, message: str, *, path: str = NOTES, kind: str = "invalid_request_error") -> Cause:
    body = {"status_code": status, "type": kind, "code": code, "message": message}
    return answered(status, body, path=path)


REQUIRED_ATTRIBUTE = attio(
    "missing_value",
    setting(required_attributes=["account_owner"]),
    "People in this workspace have a required attribute that LinkTime does not fill.",
    "Make the attribute optional, or give it a default value, in Attio. Then press Retry.",
)
ATTIO = (
    attio(
        "multiple_match_results",
        failing(400, "multiple_match_results", "Several records match the given values.", path=PEOPLE),
        "Several people in Attio match the invitee's email.",
        "Merge them in Attio. Then press Retry.",
    ),
    attio(
        "uniqueness_conflict",
        failing(400, "uniqueness_conflict", "The value conflicts with one already in the system.", path=PEOPLE),
        "A unique attribute in Attio already has the value that this person would get.",
        "Find the other person in Attio and merge the two. Then press Retry.",
    ),
    attio(
        "value_not_found",
        setting(archived_attributes=["email_addresses"]),
        "An attribute that LinkTime needs is missing in this workspace: email addresses, name or phone numbers.",
        "Restore it on the object People in Attio. Then press Retry.",
    ),
    attio(
        "not_found",
        setting(people_enabled=False),
        "The person was deleted in Attio, or the object People is switched off there.",
        "Switch on People in Workspace settings → Objects. Then press Retry.",
    ),
    attio(
        "system_edit_unauthorized",
        setting(read_only_attributes=["name"]),
        "Attio does not let apps change this value.",
        "Ask an admin of the workspace. Then press Retry.",
    ),
    attio(
        "unauthorized",
        failing(403, "unauthorized", "Unauthorized.", kind="auth_error"),
        "Attio does not allow this.",
        "Ask an admin of the workspace what LinkTime's app may do. Then press Retry.",
    ),
    attio("billing_error", failing(403, "billing_error", "Not in this plan.", kind="auth_error"), PLAN, BILLING),
    attio("quota_exceeded", failing(403, "quota_exceeded", "Too many records.", kind="auth_error"), PLAN, BILLING),
    attio(
        "immutable_value",
        failing(400, "immutable_value", "This can't be changed."),
        "Attio answered immutable_value: This can't be changed.",
        "Mend it in Attio, then press Retry.",
    ),
    attio(
        "scope_missing",
        Cause(
            faults=[
                answer(403, {"code": "unauthorized", "message": "Unauthorized."}, path=NOTES),
                answer(200, {"active": True, "scope": "object_configuration:read note:read-write"}, path=SELF),
            ]
        ),
        "The app at Attio lacks a scope that LinkTime needs.",
        "Add it on the app's Scopes tab at build.attio.com, then reconnect on the Integrations page.",
        mend=Mend.RECONNECT,
        later=True,
    ),
    attio(
        "needs_reconnect",
        Cause(revoked=True),
        "The CRM no longer accepts this connection.",
        RECONNECT,
        mend=Mend.RECONNECT,
        later=True,
    ),
    attio(
        "too_many_notes",
        Cause(
            faults=[
                {"action": {"kind": "drop"}, "path": NOTES, "method": "POST", "times": 1},
                answer(200, {"data": [{"content_plaintext": "Called."}] * 50}, path=NOTES, method="GET"),
            ]
        ),
        "This person has so many notes that LinkTime can't look for one of its own among them.",
        "Press Retry. If it fails again, please report it.",
    ),
    attio(
        "merge_in_progress",
        setting(merge_in_progress=True),
        "Two records are being merged in Attio.",
        f"{NOTHING}tries again by itself.",
        mend=Mend.WAIT,
        later=True,
    ),
    attio(
        "concurrent_write_conflict",
        failing(409, "concurrent_write_conflict", "Somebody else was faster."),
        "Somebody else was saving the same record in Attio.",
        f"{NOTHING}tries again by itself.",
        mend=Mend.WAIT,
        later=True,
    ),
    attio(
        "rate_limit_exceeded",
        Cause(
            faults=[
                {
                    "action": {
                        "kind": "status",
                        "status": 429,
                        "body": {"code": "rate_limit_exceeded", "message": "Rate limit exceeded"},
                        "headers": {"Retry-After": "90"},
                    },
                    "path": NOTES,
                }
            ]
        ),
        "Attio's limit of requests a second is used up.",
        f"{NOTHING}goes on by itself when there is room again.",
        later=True,
    ),
    attio(
        "HTTP_503",
        answered(503, "busy", path=PEOPLE),
        "Attio was busy, or something there failed.",
        f"{NOTHING}tries again by itself.",
        mend=Mend.WAIT,
        later=True,
    ),
    attio(
        "answer_lost",
        Cause(faults=[{"action": {"kind": "drop"}, "path": PEOPLE}]),
        "The CRM did not answer in time.",
        f"{NOTHING}looks whether it arrived, and goes on.",
        mend=Mend.WAIT,
        later=True,
    ),
)
