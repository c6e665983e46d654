"""Which error of Attio's means what."""

import json

import pytest

from linktime.core.http import Response
from linktime.crm.contract import Gone, Reconnect, Rejected, Scope, TryAgain
from linktime.crm.providers.attio.errors import error_of, refuses
from linktime.crm.providers.attio.manifest import MANIFEST
from linktime.crm.providers.attio.scopes import missing_scopes


def answer(status, headers=None, **body):
    return Response(status, headers or {}, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("status", "code", "kind", "scope"),
    [
        (400, "validation_type", Rejected, None),
        (400, "merge_in_progress", TryAgain, Scope.ROW),
        (409, "concurrent_write_conflict", TryAgain, Scope.ROW),
        (401, "unauthorized", Reconnect, None),
        (403, "billing_error", Rejected, None),
        (404, "not_found", Gone, None),
        (429, "rate_limit_exceeded", TryAgain, Scope.ORGANISATION),
        (500, "HTTP_500", TryAgain, Scope.ORGANISATION),
        (502, "HTTP_502", TryAgain, Scope.ORGANISATION),
        (503, "HTTP_503", TryAgain, Scope.ORGANISATION),
    ],
)
def test_each_answer_names_the_next_step(status, code, kind, scope):
    body = {} if code.startswith("HTTP_") else {"code": code, "message": "why"}
    error = error_of(answer(status), body)
    assert (type(error), getattr(error, "scope", None)) == (kind, scope)
    assert error.code == ("needs_reconnect" if kind is Reconnect else code)


def test_what_is_refused_is_told_from_the_message():
    error = Rejected('An invalid value was passed to attribute with slug "phone_numbers".', code="validation_type")
    assert refuses(error, "phone_numbers")
    assert not refuses(error, "name")


def test_a_scope_to_write_includes_the_one_to_read():
    granted = "record_permission:read-write object_configuration:read-write note:read"
    assert missing_scopes(granted) == ["note:read-write"]


def test_every_remedy_says_what_happened_and_what_to_do():
    assert all(what.endswith(".") and remedy.endswith(".") for what, remedy in MANIFEST.remedies.values())
