"""The switches of the HubSpot emulator; the defaults are those of a fresh account and an OAuth app."""

from typing import Any

from linktime.emulators.settings import Setting

EMPTY_LIST: list[Any] = []

SETTINGS = (
    Setting("latency_ms", 0, "How long every call takes, in milliseconds.", shared=True),
    Setting("token_latency_ms", 0, "How much longer a call of the token endpoint takes.", shared=True),
    Setting("clock_offset_seconds", 0, "Moves the service's clock, forwards or back.", shared=True),
    Setting("shuffle_results", True, "A batch's results come in any order.", shared=True),
    Setting(
        "apps",
        EMPTY_LIST,
        'The apps that may connect: [{"client_id", "client_secret", "redirect_urls", "scopes"}]. Empty: any app.',
        shared=True,
    ),
    Setting("hub_domain", "emulator.example.com", "The account's domain, which introspection tells."),
    Setting("is_sandbox", False, "The account is a sandbox (accountType SANDBOX)."),
    Setting("access_token_seconds", 1800, "An access token lives so many seconds."),
    Setting("rotate_refresh_tokens", False, "Every refresh gives a new refresh token; the old one is dead."),
    Setting("ten_second_limit", 110, "API calls of the account in any 10 seconds; beyond them 429, and nothing done."),
    Setting("daily_limit", None, "API calls of the account in 24 hours; none for an OAuth app."),
    Setting("retry_after", False, "A 429 has Retry-After, which is documented for 477 alone."),
    Setting(
        "limit_body",
        "errorType",
        "How a 429 names itself: errorType RATE_LIMIT, or the newer category RATE_LIMITS.",
        choices=("errorType", "category"),
    ),
    Setting(
        "missing_in_batch",
        "207",
        "A batch that names a record which is not there: 207 with an error for it, or 404 for all.",
        choices=("207", "404"),
    ),
    Setting(
        "archived_properties", EMPTY_LIST, 'Properties that somebody archived, like "meetings.hs_meeting_location".'
    ),
    Setting("read_only_properties", EMPTY_LIST, 'Properties that nobody may write, like "contacts.phone".'),
    Setting("removed_options", EMPTY_LIST, 'Options that are gone, like "meetings.hs_meeting_outcome.NO_SHOW".'),
    Setting(
        "validation_rules",
        EMPTY_LIST,
        'An admin\'s rules: [{"object": "meetings", "property", "pattern", "message"}]; values must match the pattern.',
    ),
)
