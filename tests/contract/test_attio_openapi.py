"""Our small description of Attio follows from the vendor's; LINKTIME_VENDOR_OPENAPI names where that is."""

import os
from pathlib import Path

import pytest
import yaml

from linktime import emulators
from tests.contract.following import deviations
from tests.traffic import Description

OURS = Description(Path(emulators.__file__).parent / "attio" / "openapi.json").document
VENDORS = os.environ.get("LINKTIME_VENDOR_OPENAPI", "")

NOT_DESCRIBED = "documented in the guide to OAuth, which the vendor's file leaves out"
ERRORS = "any call may be answered so: documented in the guides to errors, scopes and rate limits, not in the file"
BODY = "seen in recorded answers to a body or value that is not valid; the file has no such answer"
CODES = "the codes of values that are not valid are documented in the guides, and seen; the file names one of them"
REASONS = {
    "/oauth/token: no such path": NOT_DESCRIBED,
    "/oauth/revoke: no such path": NOT_DESCRIBED,
    "GET /v2/self 400: no such answer": "a token of a wrong form is refused: recorded",
    **{
        f"{call} {status}: no such answer": ERRORS
        for call in (
            "PUT /v2/objects/{object}/records",
            "POST /v2/objects/{object}/records/query",
            "PATCH /v2/objects/{object}/records/{record_id}",
            "GET /v2/objects/{identifier}/attributes",
            "POST /v2/notes",
            "GET /v2/notes",
            "DELETE /v2/notes/{note_id}",
        )
        for status in ("401", "403", "429")
    },
    "POST /v2/notes 400: no such answer": BODY,
    "GET /v2/notes 400: no such answer": BODY,
    "GET /v2/objects/{identifier}/attributes 404: no such answer": "People can be switched off, say the guides",
    **{
        f"attribute/config/currency/{name}: enum": "its type allows null, which is what texts, names and numbers have"
        for name in ("default_currency_code", "display_type")
    },
    "attribute/relationship: required ['api_slug', 'id', 'is_multiselect', 'object_slug', 'title']": (
        "null for every attribute that LinkTime writes"
    ),
    "error/validation_errors: no such property": "recorded: what exactly is wrong with a body",
    "error/code: enum": CODES,
    "value/value: format date-time": "real timestamps have a time; the file says `date`",
    "value/country_code: enum": "the vendor's list of countries is not repeated here",
    "note: required ['meeting_id']": "answers of 2025 lack it, so LinkTime does not count on it",
}


@pytest.mark.skipif(
    not VENDORS, reason="LINKTIME_VENDOR_OPENAPI does not name the folder of the vendors' OpenAPI files"
)
def test_everything_in_ours_follows_from_theirs():
    """What is different is listed with its reason, and what is listed is different."""
    theirs = yaml.safe_load((Path(VENDORS) / "attio.yaml").read_text())
    assert set(deviations(OURS, theirs)) == set(REASONS)
