"""Every way in which the emulators are made to refuse bookings, and what people then read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

NOTHING = "Nothing to do: LinkTime "
RECONNECT = "Reconnect on the Integrations page."


class Mend(Enum):
    """What a person does once the cause is gone."""

    RETRY = auto()
    WAIT = auto()
    RECONNECT = auto()
    RECONNECT_AND_RETRY = auto()


@dataclass(frozen=True)
class Cause:
    """Settings of an emulator, faults in it, or all its grants `revoked`."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    faults: Sequence[Mapping[str, Any]] = ()
    revoked: bool = False

    def begin(self, emulator) -> None:
        emulator.settings(**self.settings)
        for fault in self.faults:
            emulator.fault(**fault)
        if self.revoked:
            emulator.revoke()

    def end(self, emulator) -> None:
        defaults = emulator.control("GET", "/settings")["defaults"]
        emulator.settings(**{name: defaults[name] for name in self.settings})
        emulator.clear_faults()


@dataclass(frozen=True)
class Case:
    """`what` and `remedy` are what somebody reads, `later` that LinkTime tries again by itself."""

    crm: str
    code: str
    cause: Cause
    what: str
    remedy: str
    mend: Mend = Mend.RETRY
    later: bool = False
    email: str = ""

    def __str__(self) -> str:
        return f"{self.crm}-{self.code}"


def setting(**settings: Any) -> Cause:
    return Cause(settings)


def refusal(code: str, message: str = "It is not allowed.", *, record: str = "Event", status: int = 400) -> Cause:
    """Let Salesforce refuse a kind of record."""
    return setting(refusals=[{"object": record, "code": code, "message": message, "status": status}])


def answer(status: int, body: Any, *, path: str, method: str = ".*", times: int | None = None) -> dict[str, Any]:
    return {
        "action": {"kind": "status", "status": status, "body": body},
        "path": path,
        "method": method,
        "times": times,
    }


def answered(status: int, body: Any, *, path: str, method: str = ".*") -> Cause:
    return Cause(faults=[answer(status, body, path=path, method=method)])


# Salesforce

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

# HubSpot

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

# Attio

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

# What every CRM has in common, and its remedies say nothing of.
COMMON = (
    at_renewal(
        "unreachable",
        Cause(faults=[{"action": {"kind": "drop"}, "path": TOKEN}]),
        "The CRM could not be reached.",
        f"{NOTHING}tries again by itself.",
    ),
)

TELLING = (VALIDATION_RULE, INACTIVE_USER, LIMIT, MISSING_SCOPES, REQUIRED_ATTRIBUTE)
RARER = (*SALESFORCE, *HUBSPOT, *ATTIO, *COMMON)
