"""Querysets whose SQL is made once. Making it anew for each booking costs more than the database needs to answer."""

import copy
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import QuerySet


class Compiled[Row]:
    """A queryset that is asked again and again with other parameters, for one database.

    `Compiled(lambda: Place.objects.filter(event_type=0))(event_type.pk)` gives a list. What it is called with takes the
    places of the queryset's own parameters, in the order in which they stand in its SQL.
    """

    def __init__(self, queryset: Callable[[], QuerySet[Any, Row]]) -> None:
        self._make = queryset
        self._made: tuple[QuerySet[Any, Row], Any, str, Any] | None = None

    def __call__(self, *parameters: Any) -> list[Row]:
        queryset, compiler, sql, converters = self._made = self._made or self._compile(len(parameters))
        asking = copy.copy(compiler)
        asking.connection = connection
        asking.as_sql = lambda *_, **__: (sql, parameters)
        asking.get_converters = lambda _: converters
        asked: Any = queryset.all()
        asked.query.get_compiler = lambda *_, **__: asking
        return list(asked)

    def _compile(self, count: int) -> tuple[QuerySet[Any, Row], Any, str, Any]:
        queryset = self._make()
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, parameters = compiler.as_sql()
        if len(parameters) != count:
            raise TypeError(f"This query has {len(parameters)} parameters, not {count}.")
        converters = compiler.get_converters([expression for expression, *_ in compiler.select[: compiler.col_count]])
        return queryset, compiler, sql, converters
