"""The API keeps its own description, whatever is sent: no 500, and no answer that OpenAPI does not tell of."""

from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
import time_machine
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test

from linktime.config.wsgi import application
from linktime.connections.models import Connection
from linktime.scheduling.models import Absence
from tests.people import NOW

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
pytestmark = pytest.mark.django_db
OPERATIONS = [f"{method.upper()} {path}" for path in schema for method in schema[path]]
CALM = {"deadline": None, "database": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}
QUICK = settings(max_examples=3, **CALM)
THOROUGH = settings(max_examples=50, **CALM)
MORE_OR_LESS = [5, pytest.param(200, marks=pytest.mark.long)]
KEPT = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
CHECKED = CHECKS.get_by_names(KEPT)

GAP = "2027-03-28T01:30:00+00:00"
HOSTILE: list[Any] = [
    *("x" * 10_000, "", " ", "\x00", "a\x00b", "\u202egnp.exe", "\u2066x", "\ud800", "\U0010ffff"),
    *("a\r\nBcc: x@example.com", "'); DROP TABLE bookings;--", "<script>alert(1)</script>", "{{7*7}}", "%s%n"),
    *("2026-11-30T09:00:00", "2026-11-30", "2020-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"),
    *(
        "2026-02-30T09:00:00Z",
        "2026-11-30T24:00:00Z",
        "2026-11-30T09:00:60Z",
        GAP,
        "24:00",
        "\u0660\u0669:\u0660\u0660",
    ),
    *(None, True, 0, -1, 1.5, 2**31, 2**63, 10**30, 1e308, -0.0),
    *([], [[]], [None], {}, {"": ""}, {"\x00": 1}, ["x"] * 1000),
]
GRACE = {
    "name": "Grace Hopper", "email": "grace@example.com", "phone": "+44 20 7946 0958", "time_zone": "Europe/London",
    "locale": "en-GB", "notes": "Compilers",
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "POST /api/v1/bookings": {
        "event_type": "intro-call", "start": "2026-11-30T09:00:00Z", "duration": 30, "invitee": GRACE,
        "guests": ["ada@example.com"], "answers": {"company": "Navy"},
    },
    "POST /api/v1/bookings/{uid}/reschedule": {"start": "2026-11-30T10:00:00Z", "reason": "Ill"},
    "POST /api/v1/bookings/{uid}/cancel": {"reason": "Ill"},
    "POST /api/v1/crm/connections/{connection_id}/backfill": {"from": "2026-01-01", "to": "2026-12-31T23:00:00Z"},
    "POST /api/v1/schedules": {
        "name": "Office", "time_zone": "Europe/London",
        "weekly": [{"days": ["mon", "sun"], "start": "09:00", "end": "24:00"}],
        "overrides": [{"date": "2026-12-24", "intervals": [{"start": "09:00", "end": "12:00"}]}],
        "holidays": {"country": "GB", "region": "ENG"},
    },
    "POST /api/v1/absences": {
        "host": None, "start": "2026-12-24", "end": "2027-01-02", "time_zone": "America/New_York", "reason": "Family",
    },
    "POST /api/v1/bookings/{uid}/decline": {"reason": "Ill"},
    "POST /api/v1/event-types": {
        "slug": "chat", "title": "Chat", "description": "", "durations": [15, 30], "schedule_id": None,
        "location": {"kind": "link", "value": "https://example.com"}, "slot_interval": 15, "buffer_before": 5,
        "buffer_after": 5, "minimum_notice": 60, "hosts": None, "active": True,
        "window": {"kind": "range", "start": "2026-12-01", "end": "2026-12-31"},
        "questions": [{"key": "size", "label": "Size", "kind": "choices", "required": True, "options": ["S", "L"]}],
        "slot_offset": 5, "limits": {"day": 2, "week": 5, "month": None}, "assignment": "collective", "seats": 3,
        "host_options": [], "visibility": "hidden", "requires_approval": True, "requires_verification": True,
        "reschedule_deadline": 60, "cancel_deadline": None, "redirect_url": "https://example.com/thanks",
        "reminders": [1440, 60], "follow_ups": [30], "texts": {"reminder": {"subject": "Soon", "body": "See you"}},
    },
}  # fmt: skip
SLOW = dict.fromkeys(
    ("POST /api/v1/event-types", "PATCH /api/v1/event-types/{event_type_id}", "PATCH /api/v1/schedules/{schedule_id}"),
    pytest.mark.long,
)
BODIES["PATCH /api/v1/event-types/{event_type_id}"] = BODIES["POST /api/v1/event-types"]
BODIES["PATCH /api/v1/schedules/{schedule_id}"] = BODIES["POST /api/v1/schedules"]


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to each value within a body, itself included."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for step, inner in steps for path in paths(inner, (*here, step)))]


def replaced(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    if not path:
        return by
    changed = deepcopy(value)
    changed[path[0]] = replaced(value[path[0]], path[1:], by)
    return changed


@contextmanager
def connection_kept():
    """A test's transaction lives in one connection; between requests it is not to be closed."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def stage(alice, event_type, settings):
    """Alice has one of everything; the ids in paths are hers half of the time."""
    settings.RATE_LIMIT = 10**6
    event_type.questions = [{"key": "company", "label": "Company", "kind": "text", "required": False, "options": []}]
    event_type.save()
    connection = Connection.objects.create(
        account=alice.account, service="salesforce", organisation_key="00D", organisation_name="Acme",
        environment="sandbox", login_url="https://test.salesforce.com", api_url="https://acme.my.salesforce.com",
        client_id="id", connected_at=NOW,
    )  # fmt: skip
    with connection_kept(), time_machine.travel(NOW):
        headers = {"Authorization": f"Bearer {alice.key()}"}
        operation = schema["/api/v1/bookings"]["POST"]
        made = operation.Case(body=BODIES["POST /api/v1/bookings"], media_type="application/json").call(headers=headers)
        assert made.status_code == 201, made.content
        ids = {
            "uid": made.json()["uid"],
            "event_type_id": event_type.pk,
            "schedule_id": event_type.schedule_id,
            "connection_id": connection.pk,
            "absence_id": Absence.objects.create(account=alice.account, host=alice.user, start=NOW, end=NOW).pk,
        }
        yield headers, ids


@pytest.mark.parametrize("name", [pytest.param(name, marks=SLOW.get(name, ())) for name in OPERATIONS])
def test_what_the_schema_allows_and_forbids(name, stage):
    """What `schema.parametrize` does, here by who runs the test: each process that collects it would take 3 seconds."""
    method, path = name.split()

    @QUICK
    def try_some(case):
        made_up(case, stage)

    build_operation_test(
        config=schema.config, operation=schema[path][method], test_func=try_some, given_kwargs={},
        feedback=FeedbackSources(),
    )()  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
@pytest.mark.parametrize("name", OPERATIONS)
def test_much_that_the_schema_allows_and_forbids(name, mode, stage):
    method, path = name.split()

    @THOROUGH
    @given(schema[path][method].as_strategy(generation_mode=mode))
    def try_all(case):
        made_up(case, stage)

    try_all()


def made_up(case, stage):
    """Schemathesis makes requests up; those to one thing find Alice's every other time."""
    headers, ids = stage
    if len(str(case.body) + str(case.query)) % 2:
        case.path_parameters = {name: ids[name] for name in case.path_parameters or {}}
    case.call_and_validate(headers=headers, checks=CHECKED)


@pytest.mark.parametrize("name", sorted(BODIES))
@pytest.mark.parametrize("examples", MORE_OR_LESS)
def test_hostile_values_anywhere_in_a_body(name, examples, stage):
    """Any value of a good body is replaced by a hostile one: the answer is a 4xx problem, or it was harmless."""
    headers, ids = stage
    method, path = name.split()
    operation = schema[path][method]
    wanted = {parameter.name for parameter in operation.path_parameters}

    @settings(QUICK, max_examples=examples)
    @given(st.sampled_from(paths(BODIES[name])), st.sampled_from(HOSTILE))
    def attack(where, value):
        body = replaced(BODIES[name], where, value)
        parameters = {parameter: ids[parameter] for parameter in wanted}
        case = operation.Case(body=body, media_type="application/json", path_parameters=parameters)
        case.call_and_validate(headers=headers, checks=CHECKED)

    attack()


@pytest.mark.parametrize("path", sorted({path for path in schema if "GET" in {each.upper() for each in schema[path]}}))
@pytest.mark.parametrize("examples", MORE_OR_LESS)
def test_hostile_values_in_a_query(path, examples, stage):
    headers, ids = stage
    operation = schema[path]["GET"]
    wanted = {parameter.name for parameter in operation.path_parameters}
    names = [parameter.name for parameter in operation.query] or ["unknown"]
    texts = [str(value) for value in HOSTILE if value != "\ud800"]  # no client can send that one in a URL

    @settings(QUICK, max_examples=examples)
    @given(st.dictionaries(st.sampled_from(names), st.sampled_from(texts), min_size=1))
    def attack(query):
        case = operation.Case(query=query, path_parameters={name: ids[name] for name in wanted})
        case.call_and_validate(headers=headers, checks=CHECKED)

    attack()


def test_a_megabyte_is_refused_everywhere(stage):
    headers, ids = stage
    for name, body in BODIES.items():
        method, path = name.split()
        operation = schema[path][method]
        parameters = {parameter.name: ids[parameter.name] for parameter in operation.path_parameters}
        big = body | {"reason": "x" * 1024 * 1024}
        case = operation.Case(body=big, media_type="application/json", path_parameters=parameters)
        answer = case.call_and_validate(headers=headers, checks=CHECKED)
        assert answer.status_code == 413
