"""Settings that are declared in a table: a name, a default, and what it means."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Setting:
    name: str
    default: Any
    meaning: str
    choices: tuple[str, ...] = ()
    shared: bool = False
    """The same for every organisation of the service."""


class SettingError(ValueError):
    """Unknown setting, or a value that it can't have."""


class Settings:
    """Values over a table of settings; the shared ones live in a dict that all organisations have in common."""

    def __init__(self, table: tuple[Setting, ...], shared: dict[str, Any]) -> None:
        self._table = {setting.name: setting for setting in table}
        self._shared = shared
        self._own: dict[str, Any] = {}
        self.version = 0

    def __getitem__(self, name: str) -> Any:
        values = self._shared if self._table[name].shared else self._own
        return values.get(name, self._table[name].default)

    def merge(self, changes: Mapping[str, Any]) -> None:
        """Take these values over, all of them or none."""
        for name, value in changes.items():
            self._check(name, value)
        for name, value in changes.items():
            (self._shared if self._table[name].shared else self._own)[name] = deepcopy(value)
        self.version += 1

    def values(self) -> dict[str, Any]:
        return {name: self[name] for name in self._table}

    def own(self) -> dict[str, Any]:
        """The values that differ from the default and belong to this organisation only."""
        return deepcopy(self._own)

    def describe(self) -> dict[str, dict[str, Any]]:
        return {
            "settings": self.values(),
            "defaults": {setting.name: setting.default for setting in self._table.values()},
            "meanings": {setting.name: setting.meaning for setting in self._table.values()},
            "choices": {setting.name: list(setting.choices) for setting in self._table.values() if setting.choices},
        }

    def _check(self, name: str, value: Any) -> None:
        setting = self._table.get(name)
        if setting is None:
            raise SettingError(f"There is no setting {name!r}. GET this address for all of them.")
        if setting.choices and value not in setting.choices:
            raise SettingError(f"{name} is one of {', '.join(setting.choices)}, not {value!r}.")
        if not _same_kind(setting.default, value):
            raise SettingError(f"{name} is like {setting.default!r}, not {value!r}.")


def _same_kind(default: Any, value: Any) -> bool:
    if default is None:
        return value is None or isinstance(value, int)
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float)
    return isinstance(value, type(default))
