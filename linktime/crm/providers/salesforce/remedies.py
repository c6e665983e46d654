"""Salesforce's error codes -> what happened and what to do, as data."""

_PERMISSIONS = (
    "The connected Salesforce user may not write this record.",
    "Give that user Create and Edit on Contacts and Events (profile or permission set), or reconnect as somebody who "
    "has it. Then press Retry.",
)
_API = (
    "This Salesforce organisation or user has no access to the API.",
    "Ask an admin for an edition with API access and for the permission “API Enabled”. Then press Retry.",
)
_LOGIN = (
    "Salesforce refuses logins from this server or at this hour.",
    "Ask an admin to allow the server's address in the user's profile (Login IP Ranges) or to relax the hours. "
    "Then press Retry.",
)
_APP = (
    "Your Salesforce admin has not let this app into the organisation, or has blocked it.",
    "Ask an admin to install or unblock the app in Setup → Connected Apps OAuth Usage. Then press Retry.",
)
_SECURITY = (
    "A security setting of the Salesforce organisation does not let LinkTime do this.",
    "Ask your Salesforce admin about the connected user's permissions and the transaction security policies. "
    "Then press Retry.",
)
_LOCKED = (
    "The record in Salesforce is locked, by an approval process for example, or archived.",
    "Unlock it in Salesforce, or wait until its approval has ended. Then press Retry.",
)

REMEDIES = {
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": (
        "A validation rule in Salesforce refuses this record.",
        "Change the rule so that it lets bookings pass, or ask what it wants. Then press Retry.",
    ),
    "REQUIRED_FIELD_MISSING": (
        "Salesforce wants a field that LinkTime does not fill.",
        "Make the field optional or give it a default value in Salesforce. Then press Retry.",
    ),
    "DUPLICATES_DETECTED": (
        "A duplicate rule in Salesforce takes the invitee for a Contact that is there with another email.",
        "Decide whether to use that Contact, or to save a new one anyway, which a rule that blocks does not allow. "
        "Or correct the email of the right Contact in Salesforce, and press Retry.",
    ),
    "INVALID_EMAIL_ADDRESS": (
        "Salesforce does not accept the invitee's email address.",
        "If it has letters such as ü, allow them in Setup → Email Address Internationalization, then press Retry. "
        "Else log the meeting by hand, or book it again with another address: this one is never accepted.",
    ),
    "INVALID_FIELD": (
        "A field that LinkTime needs is hidden from the connected user.",
        "Make it visible in Field-Level Security for that user's profile. Then press Retry.",
    ),
    "INVALID_FIELD_FOR_INSERT_UPDATE": (
        "A field that LinkTime writes is read-only for the connected user.",
        "Allow editing it in Field-Level Security for that user's profile. Then press Retry.",
    ),
    "FIELD_INTEGRITY_EXCEPTION": (
        "Salesforce refuses a value, often the length of a long meeting.",
        "Allow multiday events in Setup → Activity Settings, or shorten the event type. Then press Retry.",
    ),
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": (
        "An Apex trigger or a flow in Salesforce failed on this record.",
        "Show the message to your Salesforce admin. Then press Retry.",
    ),
    "NOT_FOUND": (
        "The connected Salesforce user can't see Contacts or Events, or the Contact was deleted meanwhile.",
        "Give that user Read, Create and Edit on Contacts and Events (profile or permission set). Then press Retry.",
    ),
    "INSUFFICIENT_ACCESS": _PERMISSIONS,
    "INSUFFICIENT_ACCESS_OR_READONLY": _PERMISSIONS,
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": _PERMISSIONS,
    "INSUFFICIENT_PERMISSIONS": _PERMISSIONS,
    "INVALID_TYPE": _PERMISSIONS,
    "API_DISABLED_FOR_ORG": _API,
    "API_CURRENTLY_DISABLED": _API,
    "LOGIN_DURING_RESTRICTED_DOMAIN": _LOGIN,
    "LOGIN_DURING_RESTRICTED_TIME": _LOGIN,
    "ip_restricted": _LOGIN,
    "not_installed": _APP,
    "app_blocked": _APP,
    "oauth_flow_disabled": _APP,
    "inactive_user": (
        "The Salesforce user who connected LinkTime has been deactivated.",
        "Reconnect on the Integrations page as an active user. Everything that waits then goes on by itself.",
    ),
    "inactive_org": (
        "The Salesforce organisation is locked, closed or suspended.",
        "Ask your Salesforce admin or Salesforce's support. Once it is open again, reconnect on the Integrations page.",
    ),
    "INACTIVE_OWNER_OR_USER": (
        "The Salesforce user who would own this record has been deactivated.",
        "Reconnect on the Integrations page as an active user. Then press Retry.",
    ),
    "FORBIDDEN": _SECURITY,
    "FUNCTIONALITY_NOT_ENABLED": _SECURITY,
    "TXN_SECURITY_NO_ACCESS": _SECURITY,
    "ENTITY_IS_LOCKED": _LOCKED,
    "ENTITY_IS_ARCHIVED": _LOCKED,
    "STRING_TOO_LONG": (
        "A text is longer than its field in Salesforce.",
        "Salesforce's message names the field: make it longer in Salesforce. Then press Retry.",
    ),
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": (
        "A picklist in Salesforce does not have the value that this record would get.",
        "Salesforce's message names the field: give it a default value in Salesforce. Then press Retry.",
    ),
    "DUPLICATE_VALUE": (
        "Another record in Salesforce has the value of a field that must be unique.",
        "Salesforce's message names the field and the record: merge the two, or allow the value twice. "
        "Then press Retry.",
    ),
    "STORAGE_LIMIT_EXCEEDED": (
        "Salesforce's storage is full.",
        "Free storage in Salesforce, or buy more. Then press Retry.",
    ),
    "REQUEST_LIMIT_EXCEEDED": (
        "Salesforce's limit of API requests is used up.",
        "Nothing to do: LinkTime goes on by itself when there is room again.",
    ),
    "UNABLE_TO_LOCK_ROW": (
        "Somebody else was saving the same record in Salesforce.",
        "Nothing to do: LinkTime tries again by itself.",
    ),
}

# What describing objects and the daily budget tell of; the rest only a booking finds out.
CHECKED = frozenset(
    {
        *("INSUFFICIENT_ACCESS", "INSUFFICIENT_ACCESS_OR_READONLY", "INSUFFICIENT_PERMISSIONS"),
        *("INVALID_TYPE", "NOT_FOUND"),
        *("INVALID_FIELD", "INVALID_FIELD_FOR_INSERT_UPDATE", "REQUIRED_FIELD_MISSING"),
        *("API_DISABLED_FOR_ORG", "API_CURRENTLY_DISABLED"),
    }
)
