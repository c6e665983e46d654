"""Every way in which HubSpot refuses bookings."""

from typing import Any

from tests.browser.refusals.case import NOTHING, RECONNECT, Case, Cause, Mend, answered, setting

UPSERT, MEETINGS = "contacts/batch/upsert$", "meetings/batch/create$"
PROPERTY = "A property that LinkTime writes is missing or read-only in this HubSpot account."
ASK = "Ask a HubSpot admin whether somebody archived or locked it. Then press Retry."
GOES_ON = f"{NOTHING}goes on by itself."


def hubspot(code: str, cause: Cause, what: str, remedy: str, **more: Any) -> Case:
    return Case("hubspot", code, cause, what, remedy, **more)


def by_category(status: int, category: str, message: str, *, path: str = MEETINGS, **more: Any) -> Cause:
    return answered(status, {"status": "error", "category": category, "message": message, **more}, path=path)


MISSING_SCOPES = hubspot(
    "MISSING_SCOPES",
    by_category(403, "MISSING_SCOPES", "This app hasn't been granted all required scopes to make this call."),
    "The HubSpot app lacks a scope that LinkTime needs.",
    "crm.objects.contacts.write, then reconnect on the Integrations page.",
    mend=Mend.RECONNECT,
    later=True,
)
HUBSPOT = (
    hubspot("PROPERTY_DOESNT_EXIST", setting(archived_properties=["meetings.hs_meeting_body"]), PROPERTY, ASK),
    hubspot("READ_ONLY_VALUE", setting(read_only_properties=["meetings.hs_meeting_title"]), PROPERTY, ASK),
    hubspot(
        "INVALID_OPTION",
        setting(removed_options=["meetings.hs_meeting_outcome.SCHEDULED"]),
        "HubSpot does not know one of the meeting outcomes that LinkTime sets.",
        "In HubSpot, restore the outcomes Scheduled, Rescheduled, No show and Canceled",
    ),
    hubspot(
        "PROPERTY_VALIDATION_RULE",
        setting(
            validation_rules=[
                {
                    "object": "meetings",
                    "property": "hs_meeting_title",
                    "pattern": "^Demo",
                    "message": "Begin with Demo.",
                }
            ]
        ),
        "A validation rule of a HubSpot property refuses this value.",
        "Change the rule so that it lets bookings pass (Settings → Properties → Rules). Then press Retry.",
    ),
    hubspot(
        "VALIDATION_ERROR",
        by_category(400, "VALIDATION_ERROR", "The pipeline is closed"),
        "HubSpot refuses a value of this record.",
        "Read HubSpot's message, mend what it names in HubSpot, and press Retry.",
    ),
    hubspot(
        "CONFLICT",
        by_category(409, "CONFLICT", "Contact already exists. Existing ID: 171591000198", path=UPSERT),
        "Another contact in HubSpot holds the invitee's email address.",
        "Merge the two contacts in HubSpot. Then press Retry.",
    ),
    hubspot(
        "OBJECT_NOT_FOUND",
        by_category(404, "OBJECT_NOT_FOUND", "Could not get some CONTACT objects"),
        "The contact was deleted in HubSpot while LinkTime was logging the booking.",
        "Press Retry: LinkTime makes the contact anew.",
    ),
    hubspot(
        "HTTP_414",
        answered(414, {"message": "Cannot have more than 250 identities on a profile"}, path=UPSERT),
        "This contact has too many email addresses for HubSpot (250).",
        "Merge or remove addresses of the contact in HubSpot. Then press Retry.",
    ),
    hubspot(
        "ASSOCIATION_LIMIT",
        by_category(400, "ASSOCIATION_LIMIT", "No room for another meeting"),
        "HubSpot answered ASSOCIATION_LIMIT: No room for another meeting.",
        "Mend it in HubSpot, then press Retry.",
    ),
    hubspot(
        "RATE_LIMITS",
        by_category(429, "RATE_LIMITS", "You have reached your daily limit.", policyName="DAILY"),
        "HubSpot's limit of requests was reached.",
        GOES_ON,
        later=True,
    ),
    hubspot(
        "MIGRATION",
        answered(477, {"message": "Migration in progress"}, path=MEETINGS),
        "HubSpot is moving this account to another data centre.",
        GOES_ON,
        later=True,
    ),
    hubspot(
        "HTTP_423",
        answered(423, {"message": "Locked"}, path=MEETINGS),
        "HubSpot has locked the account for a moment, because of a large import.",
        GOES_ON,
        mend=Mend.WAIT,
        later=True,
    ),
    hubspot(
        "invalid_grant",
        Cause(revoked=True),
        "The CRM has ended LinkTime's access: somebody took it back, or it was not used for too long.",
        RECONNECT,
        mend=Mend.RECONNECT,
        later=True,
    ),
)
