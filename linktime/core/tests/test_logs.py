"""Log lines: what they say of rows, what they never say, and that a machine can read them."""

import json
import logging
import sys

import pytest

from linktime.core.about import about
from linktime.core.logs import Json, Text

TOKEN = "00D5e000001abcd!AQEAQGz.7vT_8xk1mYw3.PqRsTuVwXyZ0123456789abcdefGHIJ"


def line(formatter, message: str, *arguments, error: BaseException | None = None, **extra) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("linktime.crm", logging.WARNING, __file__, 1, message, arguments, info)
    record.__dict__.update(extra)
    return formatter.format(record)


def failed(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except type(error) as caught:
        return caught


def test_a_json_line_is_one_object_with_the_rows_it_is_about():
    with about(booking=12, connection=3), about(attempt=9):
        text = line(Json(), "%s was pushed", "it", outcome="done", ms=31)
    found = json.loads(text)
    assert found.pop("time").startswith("20")
    assert found == {
        "level": "warning",
        "logger": "linktime.crm",
        "message": "it was pushed",
        "booking": 12,
        "connection": 3,
        "attempt": 9,
        "outcome": "done",
        "ms": 31,
    }


def test_what_is_over_is_no_longer_told():
    with about(booking=12):
        pass
    assert "booking" not in json.loads(line(Json(), "x"))


def test_a_text_line_says_the_same():
    with about(booking=12):
        assert line(Text(), "pushed", attempt=9).endswith("WARNING linktime.crm pushed booking=12 attempt=9")


def test_a_traceback_is_part_of_the_object():
    text = line(Json(), "failed", error=failed(ValueError("two\nlines")))
    assert "\n" not in text
    assert json.loads(text)["error"] == "ValueError"
    assert "two\nlines" in json.loads(text)["traceback"]


@pytest.mark.parametrize("formatter", [Json(["the-known-secret"]), Text(["the-known-secret"])])
def test_nothing_that_must_not_be_seen_is_in_a_line(formatter):
    """Wherever it comes from: the message, its arguments, an exception, the one that caused it, or what was added."""
    cause = failed(KeyError("grace@example.com at +442071234567"))
    error = failed(RuntimeError(f"GET https://crm.example/x?token={TOKEN} the-known-secret"), cause)
    text = line(
        formatter,
        "to grace@example.com with %s and %s",
        f"Bearer {TOKEN}",
        {"refresh_token": "short"},
        error=error,
        code="grace@example.com",
        email="grace@example.com",
        stack_info=f"at +442071234567 {TOKEN}",
    )
    for hidden in ("grace", "2071234567", TOKEN[:20], "short", "the-known-secret"):
        assert hidden not in text
    assert "RuntimeError" in text


def test_what_somebody_else_answered_does_not_fill_the_log():
    assert len(line(Json(), "it said %s", "x y " * 10**6)) < 25_000


def test_a_message_that_does_not_fit_its_arguments_is_still_an_error_of_the_logger(monkeypatch, capsys):
    """Logging tells it on standard error by itself; the program goes on."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(Json())
    monkeypatch.setattr(logging, "raiseExceptions", False)
    handler.handle(logging.LogRecord("x", logging.INFO, __file__, 1, "%s %s", ("one",), None))
    assert capsys.readouterr().out == ""
