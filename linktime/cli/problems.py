"""What an operator is told when a command fails: what happened, and what to do."""

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.db import DatabaseError, OperationalError, ProgrammingError

from linktime.config.embedded import EmbeddedPostgresError
from linktime.config.environ import Misconfigured
from linktime.config.pgtools import ToolError
from linktime.core.errors import DomainError, Invalid


class Stop(Exception):
    """A command can't go on; the message is for the operator."""


# These say by themselves what to do.
CLEAR = (Stop, Misconfigured, EmbeddedPostgresError, ToolError, CommandError, ImproperlyConfigured)

DATABASE: dict[type[DatabaseError], tuple[str, str]] = {
    ProgrammingError: ("is not up to date", "Run: linktime migrate"),
    OperationalError: ("does not answer", "Check LINKTIME_DATABASE_URL."),
    DatabaseError: ("refused", "Run it again with --debug and report what it shows."),
}


def explain(error: Exception) -> str:
    """Return one line for any error."""
    match error:
        case Invalid():
            return "; ".join(f"{fault.field}: {fault.message}" for fault in error.faults)
        case DomainError():
            return error.detail
        case DatabaseError():
            what, remedy = next(words for kind, words in DATABASE.items() if isinstance(error, kind))
            return f"The database {what} ({first_line(error)}). {remedy}"
        case _ if isinstance(error, CLEAR):
            return str(error)
    return f"{type(error).__name__}: {first_line(error)}. Run it again with --debug and report what it shows."


def first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
