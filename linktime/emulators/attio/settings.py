"""The switches of the Attio emulator; the defaults are those of a fresh workspace."""

from typing import Any

from linktime.emulators.settings import Setting

EMPTY_LIST: list[Any] = []
SCOPES = "record_permission:read-write object_configuration:read note:read-write"

SETTINGS = (
    Setting("latency_ms", 0, "How long every call takes, in milliseconds.", shared=True),
    Setting("clock_offset_seconds", 0, "Moves the service's clock, forwards or back.", shared=True),
    Setting(
        "apps",
        EMPTY_LIST,
        'The apps that may connect: [{"client_id", "client_secret", "callback_urls"}]. Empty: any app.',
        shared=True,
    ),
    Setting("scopes", SCOPES, "The scopes that the app has been given at Attio; new grants get them.", shared=True),
    Setting("denial_error", "access_denied", "What the callback is told when somebody does not allow.", shared=True),
    Setting("bad_code_error", "invalid_grant", "What the token endpoint says of a code it can't use.", shared=True),
    Setting("workspace_name", "LinkTime Emulator", "Name of the workspace."),
    Setting("workspace_slug", "linktime-emulator", "The workspace's part of addresses."),
    Setting("reads_a_second", 100, "Beyond so many reads within a second: 429 until the next one."),
    Setting("writes_a_second", 25, "Beyond so many writes within a second: 429 until the next one."),
    Setting("retry_after", "date", "How a 429 says when to come back.", choices=("date", "seconds")),
    Setting("author", "app", "Who wrote what the API wrote.", choices=("app", "api-token")),
    Setting("note_meetings", True, "Notes say their meeting_id; older answers don't."),
    Setting("people_enabled", True, "The workspace has the object People."),
    Setting("archived_attributes", EMPTY_LIST, 'Attributes of people that somebody archived, like "phone_numbers".'),
    Setting("read_only_attributes", EMPTY_LIST, 'Attributes of people that apps may not write, like "name".'),
    Setting("required_attributes", EMPTY_LIST, 'More texts that every new person must have, like "account_owner".'),
    Setting("merge_in_progress", False, "Writes to people answer 400 merge_in_progress."),
)
