"""What an operator is told when a command fails: what happened, and what to do."""

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.db import DatabaseError, OperationalError, ProgrammingError

from linktime.config.embedded import EmbeddedPostgresError
from linktime.config.environ import Misconfigured
from linktime.core.errors import DomainError, Invalid


class Stop(Exception):  # noqa: N818 - what it does, not what went wrong
    """A command can't go on; the message is for the operator."""


# These say by themselves what to do.
CLEAR = (Stop, Misconfigured, EmbeddedPostgresError, CommandError, ImproperlyConfigured)


def explain(error: Exception) -> str:
    """Return one line for any error."""
    match error:
        case Invalid():
            return "; ".join(f"{fault.field}: {fault.message}" for fault in error.faults)
        case DomainError():
            return error.detail
        case ProgrammingError():
            return f"The database is not up to date ({first_line(error)}). Run: linktime migrate"
        case OperationalError():
            return f"The database does not answer ({first_line(error)}). Check LINKTIME_DATABASE_URL."
        case DatabaseError():
            return f"The database refused ({first_line(error)})."
        case _ if isinstance(error, CLEAR):
            return str(error)
    return f"{type(error).__name__}: {first_line(error)}. Run it again with --debug and report what it shows."


def first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
