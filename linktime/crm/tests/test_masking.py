"""What people may see of a body: a table of cases, and values that try to get through."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linktime.crm import masking

PRIVATE = {"Grace Hopper", "Grace", "Hopper", "grace@example.com", "+12025550123", "Call me late"}
SECRET = "do not show this"


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ({"Subject": "Intro call"}, {"Subject": "(10 characters)"}),
        ({"Email": "x"}, {"Email": "(1 character)"}),
        ({"DurationInMinutes": 30}, {"DurationInMinutes": "(a number)"}),
        ({"IsDeleted": False, "Phone": None}, {"IsDeleted": False, "Phone": None}),
        ({"Id": "003aj000002oTldAAE"}, {"Id": "003aj000002oTldAAE"}),
        ({"id": "grace@example.com"}, {"id": "(17 characters)"}),
        ({"id": "Grace"}, {"id": "(5 characters)"}),
        ({"errorCode": "INVALID_FIELD", "fields": ["Email"]}, {"errorCode": "INVALID_FIELD", "fields": ["Email"]}),
        ({"code": "grace@example.com"}, {"code": "(17 characters)"}),
        ({"grace@example.com": 1}, {"(17 characters)": "(a number)"}),
        ({"message": "Hopper exists"}, {"message": "[…] exists"}),
        (
            {"url": "/services/data/v66.0/query?q=SELECT+Id+FROM+Contact+WHERE+Email+%3D+%27grace%40example.com%27"},
            {"url": "/services/data/v66.0/query?…"},
        ),
        ("<html>Grace</html>", "(18 characters)"),
        (list("abcdef"), ["(1 character)", "… 5 more"]),
        ([], []),
    ],
)
def test_what_is_seen_of_a_body(body, seen):
    assert masking.body(body, PRIVATE) == seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("invalid email address: grace@example.com", "invalid email address: […]"),
        ("invalid email address: somebody%40else.org", "invalid email address: [email]"),
        ("Phone: +1 202-555-0199 is no number", "Phone: [phone] is no number"),
        ("Grace Hopper has 2 contacts", "[…] has 2 contacts"),
        ("Graceful degradation", "Graceful degradation"),
        ("too long: Call me late", "too long: […]"),
        ("TotalRequests Limit exceeded.", "TotalRequests Limit exceeded."),
    ],
)
def test_messages_lose_what_is_somebodys(text, seen):
    assert masking.message(text, PRIVATE) == seen


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/services/data/v66.0/composite", "/services/data/v66.0/composite"),
        ("/services/data/v66.0/sobjects/Event/00Uaj000002oTldAAE", "/services/data/v66.0/sobjects/Event/{id}"),
        ("/crm/objects/2026-09/contacts/batch/upsert", "/crm/objects/2026-09/contacts/batch/upsert"),
        ("/v2/objects/people/records/2b1d?x=1", "/v2/objects/people/records/{id}?…"),
        ("/v2/grace@example.com", "/v2/{id}"),
        ("/b/Grace Hopper", "/b/{id}"),
    ],
)
def test_a_route_names_no_record(path, seen):
    assert masking.route(path) == seen


def test_of_a_long_list_that_is_shown_which_failed():
    rows = [{"success": True}] * 120 + [{"success": False, "errors": [{"statusCode": "X"}]}] + [{"success": True}] * 79
    shown = masking.body(rows, about="X")
    assert shown == [{"success": False, "errors": [{"statusCode": "X"}]}, "… 199 more"]


def test_a_body_that_is_too_large_ends():
    body = {f"field{n}": {"value": n} for n in range(10_000)}
    assert len(json.dumps(masking.body(body))) < 5_000
    deep: list = []
    for _ in range(5_000):
        deep = [deep]
    assert len(json.dumps(masking.body(deep, about="X"))) < 200


_LEAVES = st.none() | st.booleans() | st.just(SECRET) | st.just(f"{SECRET}@example.com")
_KEYS = st.sampled_from([*masking.CODES, *masking.IDS, *masking.ADDRESSES, "Subject", "FirstName", "body", "values"])
_BODIES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(_KEYS, inner, max_size=5), max_leaves=20
)


@given(_BODIES)
def test_no_value_gets_through_that_is_no_code(body):
    """Whatever the shape: a text stands only where the words of a service stand."""
    for key, text in _texts("", masking.body(body, {SECRET})):
        assert SECRET not in text or key in masking.CODES, (key, text)
        assert "@" not in text


def _texts(key, value):
    if isinstance(value, dict):
        return [found for name, entry in value.items() for found in _texts(name, entry)]
    if isinstance(value, list):
        return [found for entry in value for found in _texts(key, entry)]
    return [(key, value)] if isinstance(value, str) else []
