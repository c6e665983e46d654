"""What people chose about a connection, or about one booking alone, among the options of its CRM's manifest."""

from collections.abc import Mapping
from dataclasses import dataclass

from linktime.connections.models import Connection
from linktime.core.faults import Faults, refuse
from linktime.crm import registry
from linktime.crm.contract import Choice, Option
from linktime.crm.models import SyncRecord


@dataclass(frozen=True, slots=True)
class Decision:
    """A choice that somebody can make for one record that failed."""

    option: Option
    choice: Choice


def chosen(connection: Connection, record: SyncRecord | None = None) -> dict[str, str]:
    """Return the choice for each option: the record's own, else the connection's, else the default."""
    found = {**connection.options, **(record.choices if record else {})}
    return {option.name: _valid(option, found.get(option.name)) for option in of(connection)}


def choose(connection: Connection, choices: Mapping[str, str]) -> None:
    """Keep what somebody chose about a connection; what was not named stays. Raises Invalid."""
    checked = _checked(connection, choices)
    connection.options = {**connection.options, **checked}
    connection.save(update_fields=["options"])


def decided(record: SyncRecord, choices: Mapping[str, str]) -> dict[str, str]:
    """Return choices for one record that are there to be made. Raises Invalid."""
    return _checked(record.connection, choices)


def decisions(record: SyncRecord) -> list[Decision]:
    """Return what somebody can decide about a record that failed."""
    asked = [option for option in of(record.connection) if record.error_code in option.codes]
    return [Decision(option, choice) for option in asked for choice in option.choices if choice.action]


def of(connection: Connection) -> tuple[Option, ...]:
    return tuple(registry.provider(connection.service).manifest.options)


def _checked(connection: Connection, choices: Mapping[str, str]) -> dict[str, str]:
    known = {option.name: [choice.key for choice in option.choices] for option in of(connection)}
    with Faults() as faults:
        for name, key in choices.items():
            with faults.at(f"options.{name}"):
                if name not in known:
                    refuse("unknown", f"This CRM has no such option. There are: {', '.join(known) or 'none'}.")
                if key not in known[name]:
                    refuse("invalid_choice", f"Choose one of: {', '.join(known[name])}.")
    return dict(choices)


def _valid(option: Option, key: object) -> str:
    return str(key) if key in {choice.key for choice in option.choices} else option.default
