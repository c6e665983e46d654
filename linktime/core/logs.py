"""How log lines look: text for people, JSON for machines; both with the rows they are about, and redacted.

A line says its moment (UTC), level, logger and message, what `about.py` lists of rows and words, and the traceback of
an exception. Whatever else was given to the logger stays out.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from linktime.core.about import FIELDS, subject
from linktime.core.redaction import redacted

SHORT = 200
LONGEST = 20_000  # characters of a message or a traceback: an exception may quote megabytes of somebody's answer


class _Formatter(logging.Formatter):
    """`secrets` are masked wherever they stand: the installation's own."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = tuple(secrets)

    def message(self, record: logging.LogRecord) -> str:
        return self._clean(record.getMessage())

    def traceback(self, record: logging.LogRecord) -> str:
        found = self.formatException(record.exc_info) if record.exc_info else record.exc_text or ""
        frames = self.formatStack(record.stack_info) if record.stack_info else ""
        return self._clean("\n".join(filter(None, (found, frames))))

    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        given: Mapping[str, Any] = {**subject(), **record.__dict__}
        return {name: self._plain(name, given[name]) for name in FIELDS if given.get(name) not in (None, "")}

    def _plain(self, name: str, value: Any) -> int | float | str:
        """Numbers stay, and so do the ids of traces: they look random, and are made here."""
        if isinstance(value, int | float):
            return value
        return str(value) if name in {"trace", "span"} else self._clean(str(value))

    def _clean(self, text: str) -> str:
        """Redact; the end of what is too long is what matters of a traceback."""
        if len(text) > LONGEST:
            text = f"{text[: LONGEST // 2]} […] {text[-LONGEST // 2 :]}"
        return (_redacted if len(text) < SHORT else redacted)(text, self._secrets)


_redacted = lru_cache(maxsize=1000)(redacted)  # names of tasks, codes, "create: done": the same ones again and again


class Json(_Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": _moment(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self.message(record),
            **self.fields(record),
        }
        if traceback := self.traceback(record):
            line |= {"error": _kind(record), "traceback": traceback}
        return json.dumps(line, ensure_ascii=False)


class Text(_Formatter):
    def format(self, record: logging.LogRecord) -> str:
        about = "".join(f" {name}={value}" for name, value in self.fields(record).items())
        head = f"{_moment(record):%Y-%m-%d %H:%M:%S} {record.levelname} {record.name} {self.message(record)}{about}"
        return "\n".join(filter(None, (head, self.traceback(record))))


def _moment(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _kind(record: logging.LogRecord) -> str:
    error = record.exc_info[0] if record.exc_info else None
    return error.__name__ if error else ""
