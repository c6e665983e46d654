"""SQL that Django makes once. Making it anew for each booking costs more than the database needs to answer."""

from collections.abc import Callable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import FETCH_ONE, Expression, Field, Model, QuerySet
from django.db.models.query import FlatValuesListIterable, get_related_populators
from django.db.models.sql import InsertQuery

type Values = list[Any]
type AnyField = Field[Any, Any]
type Fields = list[AnyField]


class Given(Expression):
    """A value that is not known yet; each call of a `Compiled` gives it by name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any]]:  # noqa: ARG002 - Django's signature
        return "%s", (self,)


class Compiled[Row]:
    """A queryset that is asked again and again: one of objects, or of a flat values list.

    `Compiled(lambda: Place.objects.filter(event_type=Given("event_type")))(event_type=event_type.pk)` gives a list.
    What is given goes to the database as it is: a key, not an object.
    """

    def __init__(self, queryset: Callable[[], QuerySet[Any, Row]]) -> None:
        self._make = queryset
        self._made: tuple[str, Values, Callable[[Values], Any]] | None = None

    def __call__(self, **given: Any) -> list[Row]:
        sql, parameters, row_of = self._made = self._made or _compile(self._make(), set(given))
        with connection.cursor() as cursor:
            cursor.execute(sql, [given[value.name] if isinstance(value, Given) else value for value in parameters])
            rows = cursor.fetchall()
        return [row_of(list(values)) for values in rows]


class Insert[Row: Model]:
    """Writes one new row of a model after the other, as `Model.save` does, but sends no signals.

    A row has a value for every column: none is left to a default of the database.
    """

    def __init__(self, model: type[Row]) -> None:
        self._model = model
        self._made: tuple[str, Fields] | None = None

    def __call__(self, row: Row) -> Row:
        sql, fields = self._made = self._made or self._compile(row)
        with connection.cursor() as cursor:
            cursor.execute(sql, [_stored(field, row) for field in fields])
            (row.pk,) = cursor.fetchone()
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 - Django's documented state of a row
        return row

    def _compile(self, example: Row) -> tuple[str, Fields]:
        own_key = self._model._meta.pk
        fields = [field for field in self._model._meta.concrete_fields if field is not own_key]
        query = InsertQuery(self._model)
        query.insert_values(fields, [example])
        compiler = query.get_compiler(using=DEFAULT_DB_ALIAS)
        compiler.returning_fields = [own_key]
        ((sql, parameters),) = compiler.as_sql()
        if len(parameters) != len(fields):
            raise TypeError("A row that is inserted has a value for every column.")
        return sql, fields


def _stored(field: AnyField, row: Model) -> Any:
    return field.get_db_prep_save(field.pre_save(row, add=True), connection)


def _compile(queryset: QuerySet[Any, Any], given: set[str]) -> tuple[str, Values, Callable[[Values], Any]]:
    compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
    sql, parameters = compiler.as_sql()
    asked = {value.name for value in parameters if isinstance(value, Given)}
    if asked != given:
        raise TypeError(f"This query takes {sorted(asked)}, not {sorted(given)}.")
    flat = queryset._iterable_class is FlatValuesListIterable  # noqa: SLF001 - nothing else says what rows become
    return sql, list(parameters), _converting(compiler, _first if flat else _objects(compiler))


def _converting(compiler: Any, made: Callable[[Values], Any]) -> Callable[[Values], Any]:
    columns = [column for column, *_ in compiler.select[: compiler.col_count]]
    converters = [(position, *found) for position, found in compiler.get_converters(columns).items()]

    def row_of(values: Values) -> Any:
        for position, steps, column in converters:
            for convert in steps:
                values[position] = convert(values[position], column, connection)
        return made(values)

    return row_of


def _first(values: Values) -> Any:
    return values[0]


def _objects(compiler: Any) -> Callable[[Values], Any]:
    """Return what makes an object, with what it is related to and its annotations, as Django's ModelIterable does."""
    about, select = compiler.klass_info, compiler.select
    own = slice(about["select_fields"][0], about["select_fields"][-1] + 1)
    names = [column.target.attname for column, *_ in select[own]]
    related = get_related_populators(about, select, DEFAULT_DB_ALIAS, FETCH_ONE)
    annotations = list((compiler.annotation_col_map or {}).items())

    def row_of(values: Values) -> Any:
        row = about["model"].from_db(DEFAULT_DB_ALIAS, names, values[own], fetch_mode=FETCH_ONE)
        for populator in related:
            populator.populate(values, row)
        for name, position in annotations:
            setattr(row, name, values[position])
        return row

    return row_of
