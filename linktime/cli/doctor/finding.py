"""What the doctor says of one thing."""

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    GOOD = "ok"
    NOTE = "--"
    BAD = "!!"


@dataclass(frozen=True, slots=True)
class Finding:
    """`level` BAD needs a person; `remedy` says what that person does."""

    area: str
    level: Level
    text: str
    remedy: str = ""


def good(area: str, text: str) -> Finding:
    return Finding(area, Level.GOOD, text)


def note(area: str, text: str, remedy: str = "") -> Finding:
    return Finding(area, Level.NOTE, text, remedy)


def bad(area: str, text: str, remedy: str) -> Finding:
    return Finding(area, Level.BAD, text, remedy)
