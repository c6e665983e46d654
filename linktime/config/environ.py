"""The operator's environment: every LINKTIME_ variable is read here, and nowhere else."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path


class Misconfigured(Exception):
    """A setting is missing or malformed; the message names it and gives an example."""


def count(text: str) -> int:
    """Parse a number of things, none included."""
    if not text.isascii() or not text.isdigit():
        raise ValueError("a whole number is needed, 0 or more")
    return int(text)


class Environment:
    """LINKTIME_ variables by their short names; `NAME_FILE` names a file that holds the value of `NAME`."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        self._variables = variables

    def text(self, name: str, default: str = "") -> str:
        path = self._variables.get(f"LINKTIME_{name}_FILE")
        if path:
            return self._from_file(name, Path(path))
        return self._variables.get(f"LINKTIME_{name}", default).strip()

    def choice(self, name: str, options: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in options:
            raise Misconfigured(f"LINKTIME_{name} is {value!r}; use one of {', '.join(options)}")
        return value

    def flag(self, name: str, default: bool) -> bool:
        words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
        value = self.text(name, str(default)).lower()
        if value not in words:
            raise Misconfigured(f"LINKTIME_{name} is {value!r}; use true or false")
        return words[value]

    def parsed[T](self, name: str, parse: Callable[[str], T], *, default: str, example: str) -> T:
        """Parse a value; ValueError of `parse` becomes a message with the name and an example."""
        try:
            return parse(self.text(name, default))
        except ValueError as error:
            raise Misconfigured(f"LINKTIME_{name}: {error}; for example LINKTIME_{name}={example}") from error

    @staticmethod
    def _from_file(name: str, path: Path) -> str:
        try:
            return path.read_text().strip()
        except OSError as error:
            raise Misconfigured(f"LINKTIME_{name}_FILE: {path} can't be read ({error.strerror})") from error
