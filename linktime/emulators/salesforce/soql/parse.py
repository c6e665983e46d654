"""SOQL text to a Query (SOQL and SOSL reference: SELECT syntax)."""

from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from linktime.emulators.salesforce.errors import RestError
from linktime.emulators.salesforce.soql.errors import at_place, malformed
from linktime.emulators.salesforce.soql.query import And, Comparison, Condition, Not, Or, Query, Sort

LONGEST_QUERY = 100_000
LONGEST_LITERAL = 4_000
HIGHEST_OFFSET = 2_000

_parser = Lark(Path(__file__).with_name("grammar.lark").read_text(), parser="lalr", lexer="contextual")


def parse(text: str) -> Query:
    """Read a query; MALFORMED_QUERY says where it can't be."""
    if len(text) > LONGEST_QUERY:
        raise malformed(f"SOQL statements cannot be longer than {LONGEST_QUERY} characters.")
    try:
        tree = _parser.parse(text)
    except UnexpectedInput as error:
        raise _unexpected(text, error) from error
    query = Query(text=text, **_Parts().transform(tree))
    if query.offset > HIGHEST_OFFSET:
        message = f"Maximum SOQL offset allowed is {HIGHEST_OFFSET}"
        raise RestError("NUMBER_OUTSIDE_VALID_RANGE", message)
    return query


def _unexpected(text: str, error: UnexpectedInput) -> RestError:
    if isinstance(error, UnexpectedCharacters):
        word = text[error.pos_in_stream :].split(maxsplit=1)[0]
        return at_place("MALFORMED_QUERY", text, (error.line, error.column), f"unexpected token: '{word}'")
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        return at_place("MALFORMED_QUERY", text, error.token, f"unexpected token: '{error.token}'")
    return malformed("unexpected end of query")


class _Parts(Transformer[Token, dict[str, Any]]):
    """Each method takes the children of the grammar's rule of that name."""

    def start(self, children: list[Any]) -> dict[str, Any]:
        fields, sobject, *clauses = children
        parts = {"where": None, "order": (), "limit": None, "offset": 0}
        return parts | {"fields": fields, "sobject": sobject} | dict(clauses)

    def count(self, _children: list[Token]) -> tuple[Token, ...]:
        return ()

    def fields(self, children: list[Token]) -> tuple[Token, ...]:
        return tuple(children)

    def where(self, children: list[Condition]) -> tuple[str, Condition]:
        return "where", children[0]

    def order(self, children: list[Sort]) -> tuple[str, tuple[Sort, ...]]:
        return "order", tuple(children)

    def limit(self, children: list[Token]) -> tuple[str, int]:
        return "limit", int(children[0])

    def offset(self, children: list[Token]) -> tuple[str, int]:
        return "offset", int(children[0])

    def sort(self, children: list[Token]) -> Sort:
        words = {str(child).upper() for child in children[1:]}
        return Sort(children[0], descending="DESC" in words, nulls_last="LAST" in words)

    def conjunction(self, children: list[Condition]) -> And:
        return And(tuple(children))

    def disjunction(self, children: list[Condition]) -> Or:
        return Or(tuple(children))

    def negation(self, children: list[Condition]) -> Not:
        return Not(children[0])

    def comparison(self, children: list[Token]) -> Comparison:
        field, operator, literal = children
        return Comparison(field, "!=" if operator == "<>" else str(operator), (literal,))

    def like(self, children: list[Token]) -> Comparison:
        return Comparison(children[0], "LIKE", (children[1],))

    def within(self, children: list[Token]) -> Comparison:
        return Comparison(children[0], "IN", tuple(children[1:]))

    def without(self, children: list[Token]) -> Comparison:
        return Comparison(children[0], "NOT IN", tuple(children[1:]))
