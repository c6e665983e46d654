"""The form of SOQL errors: a piece of the query, a caret under the place, and the row and column."""

from lark import Token

from linktime.emulators.salesforce.errors import RestError

AROUND = 40


def at_place(code: str, text: str, place: Token | tuple[int, int], message: str) -> RestError:
    """An error that points at a place of the query."""
    row, column = (place.line or 1, place.column or 1) if isinstance(place, Token) else place
    line = (text.splitlines() or [""])[row - 1] if row <= len(text.splitlines()) else ""
    start = max(0, column - 1 - AROUND)
    piece = line[start : column - 1 + AROUND]
    caret = " " * (column - 1 - start) + "^"
    return RestError(code, f"\n{piece}\n{caret}\nERROR at Row:{row}:Column:{column}\n{message}")


def malformed(message: str) -> RestError:
    return RestError("MALFORMED_QUERY", message)


def no_such_column(text: str, place: Token, sobject: str) -> RestError:
    """An unknown field, or one that field-level security hides: they look the same."""
    message = (
        f"No such column '{place}' on entity '{sobject}'. If you are attempting to use a custom field, be sure to "
        "append the '__c' after the custom field name. Please reference your WSDL or the describe call for the "
        "appropriate names."
    )
    return at_place("INVALID_FIELD", text, place, message)
