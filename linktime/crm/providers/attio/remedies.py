"""Attio's error codes -> what happened and what to do, as data."""

_PLAN = (
    "The Attio workspace's plan does not allow this.",
    "Look at Workspace settings → Billing in Attio. Then press Retry.",
)

REMEDIES = {
    "validation_type": (
        "Attio does not accept a value of this booking, most often the invitee's email address.",
        "Log the meeting in Attio by hand, or book it again with another address: those of test domains such as .test "
        "are never accepted.",
    ),
    "missing_value": (
        "People in this workspace have a required attribute that LinkTime does not fill.",
        "Make the attribute optional, or give it a default value, in Attio. Then press Retry.",
    ),
    "multiple_match_results": (
        "Several people in Attio match the invitee's email.",
        "Merge them in Attio. Then press Retry.",
    ),
    "uniqueness_conflict": (
        "A unique attribute in Attio already has the value that this person would get.",
        "Find the other person in Attio and merge the two. Then press Retry.",
    ),
    "value_not_found": (
        "An attribute that LinkTime needs is missing in this workspace: email addresses, name or phone numbers.",
        "Restore it on the object People in Attio. Then press Retry.",
    ),
    "not_found": (
        "The person was deleted in Attio, or the object People is switched off there.",
        "Switch on People in Workspace settings → Objects. Then press Retry.",
    ),
    "unauthorized": (
        "Attio does not allow this.",
        "Ask an admin of the workspace what LinkTime's app may do. Then press Retry.",
    ),
    "scope_missing": (
        "The app at Attio lacks a scope that LinkTime needs.",
        "Add it on the app's Scopes tab at build.attio.com, then reconnect on the Integrations page.",
    ),
    "billing_error": _PLAN,
    "quota_exceeded": _PLAN,
    "system_edit_unauthorized": (
        "Attio does not let apps change this value.",
        "Ask an admin of the workspace. Then press Retry.",
    ),
    "too_many_notes": (
        "This person has so many notes that LinkTime can't look for one of its own among them.",
        "Press Retry. If it fails again, please report it.",
    ),
    "merge_in_progress": ("Two records are being merged in Attio.", "Nothing to do: LinkTime tries again by itself."),
    "concurrent_write_conflict": (
        "Somebody else was saving the same record in Attio.",
        "Nothing to do: LinkTime tries again by itself.",
    ),
    "rate_limit_exceeded": (
        "Attio's limit of requests a second is used up.",
        "Nothing to do: LinkTime goes on by itself when there is room again.",
    ),
}

# What the access and the attributes of people tell of; the rest only a booking finds out.
CHECKED = frozenset({"value_not_found", "system_edit_unauthorized", "missing_value", "scope_missing", "not_found"})
