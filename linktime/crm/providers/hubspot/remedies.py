"""HubSpot's error codes -> what happened and what to do, as data."""

_EMAIL = (
    "HubSpot does not accept the invitee's email address.",
    "Log the meeting in HubSpot by hand, or book it again with another address of the invitee's: HubSpot never accepts "
    "this one.",
)
_PROPERTY = (
    "A property that LinkTime writes is missing or read-only in this HubSpot account.",
    "Ask a HubSpot admin whether somebody archived or locked it. Then press Retry.",
)
_WAIT = "Nothing to do: LinkTime goes on by itself."

REMEDIES = {
    "INVALID_EMAIL": _EMAIL,
    "PROPERTY_DOESNT_EXIST": _PROPERTY,
    "READ_ONLY_VALUE": _PROPERTY,
    "INVALID_OPTION": (
        "HubSpot does not know one of the meeting outcomes that LinkTime sets.",
        "In HubSpot, restore the outcomes Scheduled, Rescheduled, No show and Canceled in the meeting's property "
        "“Meeting outcome”. Then press Retry.",
    ),
    "PROPERTY_VALIDATION_RULE": (
        "A validation rule of a HubSpot property refuses this value.",
        "Change the rule so that it lets bookings pass (Settings → Properties → Rules). Then press Retry.",
    ),
    "VALIDATION_ERROR": (
        "HubSpot refuses a value of this record.",
        "Read HubSpot's message, mend what it names in HubSpot, and press Retry.",
    ),
    "CONFLICT": (
        "Another contact in HubSpot holds the invitee's email address.",
        "Merge the two contacts in HubSpot. Then press Retry.",
    ),
    "OBJECT_NOT_FOUND": (
        "The contact was deleted in HubSpot while LinkTime was logging the booking.",
        "Press Retry: LinkTime makes the contact anew.",
    ),
    "MISSING_SCOPES": (
        "The HubSpot app lacks a scope that LinkTime needs.",
        "Give the app the scopes crm.objects.contacts.read and crm.objects.contacts.write, then reconnect on the "
        "Integrations page.",
    ),
    "RATE_LIMITS": ("HubSpot's limit of requests was reached.", _WAIT),
    "MIGRATION": ("HubSpot is moving this account to another data centre.", _WAIT),
    "HTTP_414": (
        "This contact has too many email addresses for HubSpot (250).",
        "Merge or remove addresses of the contact in HubSpot. Then press Retry.",
    ),
    "HTTP_423": ("HubSpot has locked the account for a moment, because of a large import.", _WAIT),
}

# What the grant and the properties tell of; the rest only a booking finds out.
CHECKED = frozenset({"PROPERTY_DOESNT_EXIST", "READ_ONLY_VALUE", "INVALID_OPTION", "MISSING_SCOPES"})
