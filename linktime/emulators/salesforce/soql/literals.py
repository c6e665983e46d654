"""SOQL's literals, and the escapes in its strings (SOQL and SOSL reference: quoted string escape sequences)."""

import re

from lark import Token

from linktime.emulators.salesforce.clock import parse_instant, stamp
from linktime.emulators.salesforce.soql.errors import malformed
from linktime.emulators.salesforce.soql.parse import LONGEST_LITERAL

PLAIN = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_PIECE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\(.)|([^\\])", re.DOTALL)
_WILDCARDS = {"%": ".*", "_": "."}


def value_of(literal: Token) -> object:
    """The Python value of a literal; instants as the service writes them."""
    if literal.type == "STRING":
        return string_value(literal)
    if literal.type == "NUMBER":
        return float(literal) if "." in literal else int(literal)
    if literal.type == "BOOLEAN":
        return literal.lower() == "true"
    if literal.type == "NULL":
        return None
    return _moment(literal)


def string_value(literal: Token) -> str:
    """What a quoted string means, outer blanks trimmed."""
    return "".join(character for character, _ in _characters(literal, wildcards=False)).strip()


def like_pattern(literal: Token) -> re.Pattern[str]:
    """The regular expression of a LIKE string, in which only an unescaped % or _ is a wildcard."""
    pieces = (
        _WILDCARDS[character] if not escaped and character in _WILDCARDS else re.escape(character)
        for character, escaped in _characters(literal, wildcards=True)
    )
    return re.compile("".join(pieces), re.IGNORECASE | re.DOTALL)


def _characters(literal: Token, *, wildcards: bool) -> list[tuple[str, bool]]:
    """The characters of a quoted string, and whether each was escaped."""
    if len(literal) - 2 > LONGEST_LITERAL:
        raise malformed(f"A string literal can have at most {LONGEST_LITERAL} characters.")
    return [_character(literal, *match.groups(), wildcards=wildcards) for match in _PIECE.finditer(literal[1:-1])]


def _character(
    literal: Token, code: str | None, escape: str | None, plain: str | None, *, wildcards: bool
) -> tuple[str, bool]:
    if plain is not None:
        return plain, False
    if code is not None:
        return chr(int(code, 16)), True
    if escape in ("%", "_") and wildcards:
        return escape, True
    meant = PLAIN.get(escape.lower() if escape else "")
    if meant is None:
        message = f"Invalid string literal {literal}. Illegal character sequence '\\{escape}' in string literal."
        raise malformed(message)
    return meant, True


def _moment(literal: Token) -> str:
    try:
        moment = parse_instant(literal if literal.type == "DATETIME" else f"{literal}T00:00:00Z")
    except ValueError as error:
        raise malformed(f"Invalid date or time: {literal}") from error
    return stamp(moment) if literal.type == "DATETIME" else str(literal)
