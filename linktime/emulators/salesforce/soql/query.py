"""What a SOQL query says, before anybody asks whether its fields exist."""

from dataclasses import dataclass

from lark import Token


@dataclass(frozen=True)
class Comparison:
    field: Token
    operator: str
    """`=`, `!=`, `<`, `<=`, `>`, `>=`, `LIKE`, `IN` or `NOT IN`."""
    literals: tuple[Token, ...]


@dataclass(frozen=True)
class And:
    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Or:
    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    part: "Condition"


Condition = Comparison | And | Or | Not


@dataclass(frozen=True)
class Sort:
    field: Token
    descending: bool
    nulls_last: bool


@dataclass(frozen=True)
class Query:
    text: str
    fields: tuple[Token, ...]
    """Empty for COUNT()."""
    sobject: Token
    where: Condition | None
    order: tuple[Sort, ...]
    limit: int | None
    offset: int
