"""The switches of the Salesforce emulator; the defaults are those of a fresh Developer org."""

from typing import Any

from linktime.emulators.settings import Setting

EMPTY_LIST: list[Any] = []

SETTINGS = (
    Setting("latency_ms", 0, "How long every call takes, in milliseconds.", shared=True),
    Setting("token_latency_ms", 0, "How much longer a call of the token endpoint takes.", shared=True),
    Setting("clock_offset_seconds", 0, "Moves the service's clock, forwards or back.", shared=True),
    Setting("shuffle_queries", True, "Rows without ORDER BY, and ties, come in any order.", shared=True),
    Setting(
        "apps",
        EMPTY_LIST,
        'The apps that may connect: [{"client_id", "client_secret", "callback_urls"}]. Empty: any app.',
        shared=True,
    ),
    Setting("require_pkce", False, "An authorization request must carry a code challenge.", shared=True),
    Setting("organisation_name", "LinkTime Emulator", "Name of the organisation."),
    Setting("is_sandbox", False, "Organization.IsSandbox."),
    Setting("access_token_seconds", 7200, "An access token dies after so many seconds without use."),
    Setting(
        "rotate_refresh_tokens", False, "Every refresh gives a new refresh token; using an old one ends the grant."
    ),
    Setting("daily_limit", 15000, "API calls in 24 hours; beyond them 403 REQUEST_LIMIT_EXCEEDED."),
    Setting("calls_of_others", 0, "API calls that other apps have made in these 24 hours."),
    Setting("concurrent_limit", None, "REST calls at the same time; beyond them 403 REQUEST_LIMIT_EXCEEDED."),
    Setting("duplicate_rule", "off", "What the duplicate rule for contacts does.", choices=("off", "alert", "block")),
    Setting("duplicate_matching", ["email"], 'What makes a duplicate: "email", and "fuzzy" for name and phone.'),
    Setting(
        "duplicate_spelling",
        "duplicateResult",
        "The key under which duplicates are told; older answers have the misspelt one.",
        choices=("duplicateResult", "duplicateResut"),
    ),
    Setting(
        "validation_rules",
        EMPTY_LIST,
        'An admin\'s rules: [{"object", "field", "kind": "required|forbidden|regex", "pattern", "message"}].',
    ),
    Setting(
        "refusals",
        EMPTY_LIST,
        "Whatever else refuses records, a trigger or a lock for example: "
        '[{"object", "code", "message", "status"}]; the status is 400 if not given.',
    ),
    Setting("international_emails", True, "Email fields take letters beyond ASCII, as an admin may choose in Setup."),
    Setting("required_fields", EMPTY_LIST, 'Fields that must be given on create, like "Contact.Phone".'),
    Setting("hidden_fields", EMPTY_LIST, 'Fields hidden by field-level security, like "Event.Location".'),
    Setting("read_only_fields", EMPTY_LIST, 'Fields that may be read but not written, like "Event.OwnerId".'),
    Setting(
        "denied_rights",
        EMPTY_LIST,
        'What the user may not do with an object: "Contact.create", "Event.edit", or "Event.read" for nothing at all.',
    ),
    Setting(
        "custom_fields",
        EMPTY_LIST,
        'More fields: [{"object", "name", "label", "type", "length", "external_id", "unique"}]; '
        'name and object are required, a name ends in "__c".',
    ),
    Setting(
        "locked_records", EMPTY_LIST, "Ids of records that somebody else is saving: writes answer UNABLE_TO_LOCK_ROW."
    ),
    Setting("multiday_events", False, "Events may be longer than 24 hours, up to 14 days."),
    Setting("shared_activities", False, "An Event may relate to several contacts (EventWhoIds)."),
    Setting("delete_takes_events", True, "Deleting a Contact deletes its Events."),
    Setting(
        "rolled_back_reads",
        "halted",
        "When a composite rolls back, its queries and reads say so too, or keep their answers.",
        choices=("halted", "kept"),
    ),
    Setting("ip_restricted", False, "The token endpoint answers: ip restricted."),
    Setting("app_not_installed", False, "The app must be installed by an admin before anybody can connect."),
    Setting("user_inactive", False, "The user who connected has been deactivated."),
    Setting("org_inactive", False, "The organisation is locked, closed or suspended."),
    Setting("api_disabled", False, "The organisation's edition has no API: 403 API_DISABLED_FOR_ORG."),
    Setting("user_api_disabled", False, "The user's profile has no API: 403 API_CURRENTLY_DISABLED."),
)
