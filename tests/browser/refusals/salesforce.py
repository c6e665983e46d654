"""Every way in which Salesforce refuses bookings; and what all CRMs have in common, shown with it."""

from typing import Any

from tests.browser.refusals.case import NOTHING, Case, Cause, Mend, answer, answered, refusal, setting

COMPOSITE, TOKEN = "/composite$", "/oauth2/token$"
NO_RIGHTS = "The connected Salesforce user may not write this record."
GIVE_RIGHTS = "Give that user Create and Edit on Contacts and Events"
NO_API = "This Salesforce organisation or user has no access to the API."
NO_LOGIN = "Salesforce refuses logins from this server or at this hour."
NO_APP = "Your Salesforce admin has not let this app into the organisation, or has blocked it."
SECURITY = "A security setting of the Salesforce organisation does not let LinkTime do this."
LOCKED = "The record in Salesforce is locked, by an approval process for example, or archived."
EXPIRED = [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}]


def salesforce(code: str, cause: Cause, what: str, remedy: str, **more: Any) -> Case:
    return Case("salesforce", code, cause, what, remedy, **more)


def refused(code: str, what: str, remedy: str, message: str = "It is not allowed.", **more: Any) -> Case:
    return salesforce(code, refusal(code, message, **more), what, remedy)


def at_renewal(code: str, cause: Cause, what: str, remedy: str, **more: Any) -> Case:
    """Let a session end, so that the token endpoint has its say."""
    ended = answer(401, EXPIRED, path=COMPOSITE, times=1)
    return salesforce(code, Cause(cause.settings, [ended, *cause.faults]), what, remedy, **{"later": True, **more})


def denied(error: str) -> Cause:
    return answered(400, {"error": error, "error_description": "not now"}, path=TOKEN)


def at_login(code: str) -> Cause:
    return answered(403, [{"errorCode": code, "message": "Not from here."}], path=COMPOSITE)


VALIDATION_RULE = salesforce(
    "FIELD_CUSTOM_VALIDATION_EXCEPTION",
    setting(
        validation_rules=[{"object": "Event", "field": "Location", "kind": "required", "message": "Say where."}],
    ),
    "A validation rule in Salesforce refuses this record.",
    "Change the rule so that it lets bookings pass, or ask what it wants. Then press Retry.",
)
INACTIVE_USER = salesforce(
    "inactive_user",
    setting(user_inactive=True),
    "The Salesforce user who connected LinkTime has been deactivated.",
    "Reconnect on the Integrations page as an active user. Everything that waits then goes on by itself.",
    mend=Mend.RECONNECT,
    later=True,
)
LIMIT = salesforce(
    "REQUEST_LIMIT_EXCEEDED",
    setting(calls_of_others=15_000),
    "Salesforce's limit of API requests is used up.",
    f"{NOTHING}goes on by itself when there is room again.",
    later=True,
)

SALESFORCE = (
    salesforce(
        "REQUIRED_FIELD_MISSING",
        setting(required_fields=["Contact.Department"]),
        "Salesforce wants a field that LinkTime does not fill.",
        "Make the field optional or give it a default value in Salesforce. Then press Retry.",
    ),
    salesforce(
        "INVALID_EMAIL_ADDRESS",
        setting(international_emails=False),
        "Salesforce does not accept the invitee's email address.",
        "Setup → Email Address Internationalization, then press Retry.",
        email="grace@bücher-und-rechner.de",
    ),
    salesforce(
        "INVALID_FIELD",
        setting(hidden_fields=["Event.Description"]),
        "A field that LinkTime needs is hidden from the connected user.",
        "Make it visible in Field-Level Security for that user's profile. Then press Retry.",
    ),
    salesforce(
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        setting(read_only_fields=["Event.Subject"]),
        "A field that LinkTime writes is read-only for the connected user.",
        "Allow editing it in Field-Level Security for that user's profile. Then press Retry.",
    ),
    salesforce("INSUFFICIENT_ACCESS_OR_READONLY", setting(denied_rights=["Event.create"]), NO_RIGHTS, GIVE_RIGHTS),
    salesforce("INVALID_TYPE", setting(denied_rights=["Contact.read"]), NO_RIGHTS, GIVE_RIGHTS),
    salesforce(
        "NOT_FOUND",
        setting(denied_rights=["Event.read"]),
        "The connected Salesforce user can't see Contacts or Events, or the Contact was deleted meanwhile.",
        "Give that user Read, Create and Edit on Contacts and Events",
    ),
    refused("INSUFFICIENT_ACCESS", NO_RIGHTS, GIVE_RIGHTS, "insufficient access rights on object id", status=403),
    refused("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", NO_RIGHTS, GIVE_RIGHTS, status=403),
    refused("INSUFFICIENT_PERMISSIONS", NO_RIGHTS, GIVE_RIGHTS, record="Contact", status=403),
    refused(
        "FIELD_INTEGRITY_EXCEPTION",
        "Salesforce refuses a value, often the length of a long meeting.",
        "Allow multiday events in Setup → Activity Settings, or shorten the event type. Then press Retry.",
        "Duration must be between 0 and 1440 minutes: Duration",
    ),
    refused(
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        "An Apex trigger or a flow in Salesforce failed on this record.",
        "Show the message to your Salesforce admin. Then press Retry.",
        "Billing: execution of BeforeInsert caused by: System.NullPointerException",
    ),
    refused("FORBIDDEN", SECURITY, "Ask your Salesforce admin about the connected user's permissions", status=403),
    refused("FUNCTIONALITY_NOT_ENABLED", SECURITY, "Ask your Salesforce admin", status=403),
    refused("TXN_SECURITY_NO_ACCESS", SECURITY, "and the transaction security policies. Then press Retry.", status=403),
    refused("ENTITY_IS_LOCKED", LOCKED, "Unlock it in Salesforce, or wait until its approval has ended."),
    refused("ENTITY_IS_ARCHIVED", LOCKED, "Unlock it in Salesforce"),
    refused(
        "STRING_TOO_LONG",
        "A text is longer than its field in Salesforce.",
        "Salesforce's message names the field: make it longer in Salesforce. Then press Retry.",
        "Subject: data value too large",
    ),
    refused(
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "A picklist in Salesforce does not have the value that this record would get.",
        "Salesforce's message names the field: give it a default value in Salesforce. Then press Retry.",
        "Type: bad value for restricted picklist field: Meeting",
    ),
    refused(
        "DUPLICATE_VALUE",
        "Another record in Salesforce has the value of a field that must be unique.",
        "Salesforce's message names the field and the record: merge the two, or allow the value twice.",
        "duplicate value found: Key__c duplicates value on record with id: a01",
    ),
    refused(
        "STORAGE_LIMIT_EXCEEDED",
        "Salesforce's storage is full.",
        "Free storage in Salesforce, or buy more. Then press Retry.",
        "storage limit exceeded",
    ),
    refused(
        "TRANSFER_REQUIRES_READ",
        "Salesforce answered TRANSFER_REQUIRES_READ: The new owner may not read this.",
        "Mend it in Salesforce, then press Retry.",
        "The new owner may not read this.",
    ),
    salesforce(
        "INACTIVE_OWNER_OR_USER",
        refusal("INACTIVE_OWNER_OR_USER", "operation performed with inactive user [005gL01] as owner"),
        "The Salesforce user who would own this record has been deactivated.",
        "Reconnect on the Integrations page as an active user. Then press Retry.",
        mend=Mend.RECONNECT_AND_RETRY,
    ),
    salesforce("API_DISABLED_FOR_ORG", setting(api_disabled=True), NO_API, "the permission “API Enabled”"),
    salesforce("API_CURRENTLY_DISABLED", setting(user_api_disabled=True), NO_API, "an edition with API access"),
    salesforce(
        "LOGIN_DURING_RESTRICTED_DOMAIN",
        at_login("LOGIN_DURING_RESTRICTED_DOMAIN"),
        NO_LOGIN,
        "Login IP Ranges",
        later=True,
    ),
    salesforce(
        "LOGIN_DURING_RESTRICTED_TIME",
        at_login("LOGIN_DURING_RESTRICTED_TIME"),
        NO_LOGIN,
        "relax the hours",
        later=True,
    ),
    at_renewal("ip_restricted", setting(ip_restricted=True), NO_LOGIN, "Login IP Ranges"),
    at_renewal("not_installed", setting(app_not_installed=True), NO_APP, "Setup → Connected Apps OAuth Usage"),
    at_renewal("app_blocked", denied("app_blocked"), NO_APP, "Ask an admin to install or unblock the app"),
    at_renewal("oauth_flow_disabled", denied("oauth_flow_disabled"), NO_APP, "Then press Retry."),
    at_renewal(
        "misconfigured",
        setting(apps=[{"client_id": "linktime", "client_secret": "another"}]),
        "The CRM does not accept the app that LinkTime is registered with.",
        "Ask whoever runs this installation to check the app's key and secret.",
    ),
    salesforce(
        "inactive_org",
        setting(org_inactive=True),
        "The Salesforce organisation is locked, closed or suspended.",
        "Once it is open again, reconnect on the Integrations page.",
        mend=Mend.RECONNECT,
        later=True,
    ),
    salesforce(
        "invalid_grant",
        Cause(revoked=True),
        "The CRM has ended LinkTime's access: somebody took it back, or it was not used for too long.",
        "Reconnect on the Integrations page. Everything that waits then goes on by itself.",
        mend=Mend.RECONNECT,
        later=True,
    ),
    salesforce(
        "UNABLE_TO_LOCK_ROW",
        refusal("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record"),
        "Somebody else was saving the same record in Salesforce.",
        f"{NOTHING}tries again by itself.",
        mend=Mend.WAIT,
        later=True,
    ),
)


# What every CRM has in common, and its remedies say nothing of.
COMMON = (
    at_renewal(
        "unreachable",
        Cause(faults=[{"action": {"kind": "drop"}, "path": TOKEN}]),
        "The CRM could not be reached.",
        f"{NOTHING}tries again by itself.",
    ),
)
