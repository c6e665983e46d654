"""Our small description of HubSpot follows from the vendor's; LINKTIME_VENDOR_OPENAPI names where that is."""

import json
import os
from pathlib import Path

import pytest

from linktime import emulators
from tests.contract.following import deviations
from tests.traffic import Description

OURS = Description(Path(emulators.__file__).parent / "hubspot" / "openapi.json").document
VENDORS = os.environ.get("LINKTIME_VENDOR_OPENAPI", "")
FILES = {
    "/crm/objects/2026-09/contacts/": "hubspot-contacts-2026-09.json",
    "/crm/objects/2026-09/meetings/": "hubspot-meetings-2026-09.json",
    "/crm/associations/": "hubspot-associations-2026-09.json",
    "/crm/properties/": "hubspot-properties-2026-09.json",
    "/account-info/": "hubspot-accountinfo-2026-09.json",
    "/oauth/": "hubspot-oauth-2026-09.json",
}

PARTLY = "v3 and 2026-03 list 207 for batches; it was seen in recorded traffic, and may come in every version"
RFC = "token endpoints answer errors as RFC 6749 has them, with HubSpot's own fields: documented in the guide to OAuth"
TOKENS = "the file lists no answer but errors; the guide to OAuth and the file of v3 do"
INTROSPECTION = "documented in the guide to OAuth; the file has `active` alone"
ERROR = "seen in every error: `status` is `error`; any other field may be missing, says the guide to errors"
LIMIT = "documented in the guide to usage limits: what a 429 says of the limit"
REASONS = {
    **{
        f"POST /crm/{path}/batch/{call} 207: no such answer": PARTLY
        for path, calls in {
            "objects/2026-09/contacts": ("upsert", "update", "read"),
            "objects/2026-09/meetings": ("create", "update", "read"),
            "associations/2026-09/contacts/meetings": ("read",),
        }.items()
        for call in calls
    },
    "Error/status: no such property": ERROR,
    "Error: required ['category', 'status']": ERROR,
    **{f"Error/{name}: no such property": LIMIT for name in ("errorType", "policyName", "groupName", "requestId")},
    **{f"OAuthError/{name}: no such property": RFC for name in ("error", "error_description", "status")},
    "OAuthError: required ['category', 'correlationId', 'error', 'error_description', 'status']": RFC,
    "POST /oauth/2026-09/token 200: no such answer": TOKENS,
    "POST /oauth/2026-09/token/revoke 200: no such answer": TOKENS,
    **{
        f"Introspection/{name}: no such property": INTROSPECTION
        for name in (
            *("app_id", "client_id", "expires_in", "hub_domain", "hub_id", "is_private_distribution", "scopes"),
            *("token", "token_type", "token_use", "user", "user_id"),
        )
    },
}


def part(prefix):
    return OURS | {"paths": {path: calls for path, calls in OURS["paths"].items() if path.startswith(prefix)}}


def test_every_path_is_held_against_a_file():
    assert all(path.startswith(tuple(FILES)) for path in OURS["paths"])


@pytest.mark.skipif(
    not VENDORS, reason="LINKTIME_VENDOR_OPENAPI does not name the folder of the vendors' OpenAPI files"
)
def test_everything_in_ours_follows_from_theirs():
    """What is different is listed with its reason, and what is listed is different."""
    found = set()
    for prefix, name in FILES.items():
        found |= set(deviations(part(prefix), json.loads((Path(VENDORS) / name).read_text())))
    assert found == set(REASONS)
