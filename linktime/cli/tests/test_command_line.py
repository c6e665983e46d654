"""The `linktime` command as an operator meets it: one line for each error, and the right exit code."""

import pytest
from django.db import OperationalError, ProgrammingError

from linktime import cli
from linktime.accounts.models import Account
from linktime.bookings.models import Booking
from linktime.bookings.tests.making import take
from linktime.cli.problems import Stop, explain
from linktime.core.errors import Conflict, Fault, Invalid
from tests.people import NOW


def run(capsys, *words: str) -> tuple[int, str, str]:
    code = cli.run(words)
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.parametrize("words", [("nonsense",), ("serve", "--port", "0"), ("serve", "--port", "x"), ("account",)])
def test_wrong_usage_has_exit_code_2(capsys, words):
    assert run(capsys, *words)[0] == 2


def test_every_command_has_a_help(capsys):
    code, out, _ = run(capsys, "--help")
    assert code == 0
    names = ("demo", "serve", "work", "migrate", "check", "doctor", "backup", "restore", "emulate", "account", "keys")
    for name in names:
        assert f"  {name} " in out


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (Invalid(Fault("email", "invalid", "Enter an email address.")), "email: Enter an email address."),
        (Conflict("It is taken."), "It is taken."),
        (Stop("Port 80 is in use."), "Port 80 is in use."),
        (ProgrammingError('relation "x" does not exist\nLINE 1'), "Run: linktime migrate"),
        (OperationalError("connection refused\nIs it running?"), "Check LINKTIME_DATABASE_URL."),
        (ZeroDivisionError("division by zero"), "Run it again with --debug"),
    ],
)
def test_every_error_is_one_line_that_says_what_to_do(error, line):
    assert line in explain(error)
    assert "\n" not in explain(error)


@pytest.mark.django_db
def test_an_operator_makes_and_changes_accounts(capsys):
    code, out, _ = run(capsys, "account", "create", "ada@example.com", "--name", "Ada Lovelace", "--plan", "free")
    assert (code, "ada-lovelace" in out) == (0, True)
    assert run(capsys, "account", "plan", "ada-lovelace", "team")[0] == 0
    assert Account.objects.get().plan == "team"
    assert "ada-lovelace  team   1 person" in run(capsys, "account", "list")[1]


@pytest.mark.django_db
def test_what_can_not_be_done_is_told_in_one_line_without_a_traceback(capsys):
    for words in (("plan", "nobody", "pro"), ("create", "no address"), ("create", "a@example.com", "--plan", "gold")):
        code, _, err = run(capsys, "account", *words)
        assert (code, len(err.splitlines())) == (1, 1)
    assert not Account.objects.exists()
    assert "Traceback" in run(capsys, "--debug", "account", "plan", "nobody", "pro")[2]


@pytest.fixture
def over(event_type):
    """A meeting with Grace that is over."""
    booking = take(event_type)
    Booking.objects.update(start=NOW.replace(year=2020), end=NOW.replace(year=2020))
    return booking


def test_an_operator_erases_an_invitee(capsys, over):
    code, out, _ = run(capsys, "account", "erase-invitee", "alice", "GRACE@example.com", "--yes")
    assert code == 0
    assert "alice has 1 bookings of grace@example.com." in out
    assert "it has to be deleted apart" in out
    assert Booking.objects.get().invitee_email == ""
    again = run(capsys, "account", "erase-invitee", "alice", "grace@example.com")
    assert "knows nothing of grace@example.com" in again[1]


def test_an_operator_is_asked_before(capsys, over, monkeypatch):
    monkeypatch.setattr("typer.confirm", lambda question: False)
    assert run(capsys, "account", "erase-invitee", "alice", "grace@example.com")[0] == 0
    assert Booking.objects.get().invitee_email == "grace@example.com"


def test_an_operator_does_not_erase_who_has_a_meeting_ahead(capsys, event_type):
    take(event_type)
    Booking.objects.update(start=NOW.replace(year=2099), end=NOW.replace(year=2099))
    code, _, err = run(capsys, "account", "erase-invitee", "alice", "grace@example.com", "--yes")
    assert (code, "lies ahead. Cancel first" in err) == (1, True)
    assert run(capsys, "account", "erase-invitee", "nobody", "grace@example.com")[0] == 1
    assert run(capsys, "account", "erase-invitee", "alice", "grace")[0] == 1
