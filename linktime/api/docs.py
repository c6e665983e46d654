"""The API's description as a page: what `openapi.json` says, for people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from linktime.api.paging import MOST
from linktime.api.v1 import api

type Schema = Mapping[str, Any]
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One value that goes in or out; `name` is its dotted path."""

    name: str
    kind: str
    required: bool
    about: SafeString


@dataclass(frozen=True, slots=True)
class Call:
    id: str
    method: str
    path: str
    summary: str
    about: SafeString
    parameters: list[Row]
    body: list[Row]
    status: str
    answer: list[Row]


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    base = f"{settings.BASE_URL}/api/v1"
    values = {"calls": _calls(), "base": base, "limit": settings.RATE_LIMIT, "most": MOST}
    return render(request, "api/docs.html", values)


@cache
def _calls() -> dict[str, list[Call]]:
    return by_tag(api.get_openapi_schema())


def by_tag(schema: Schema) -> dict[str, list[Call]]:
    """Return the calls of an OpenAPI description, in its order."""
    found: dict[str, list[Call]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            call = _call(path, method, operation, schema["components"]["schemas"])
            found.setdefault(operation["tags"][0], []).append(call)
    return found


def _call(path: str, method: str, operation: Schema, models: Schema) -> Call:
    status = next(iter(operation["responses"]))
    return Call(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        about=marked(operation.get("description", "")),
        parameters=[_parameter(each, models) for each in operation["parameters"]],
        body=list(_rows(_shape(operation.get("requestBody", {})), models)),
        status=status,
        answer=list(_rows(_shape(operation["responses"][status]), models)),
    )


def marked(text: str) -> SafeString:
    """Show what stands between backticks as code."""
    forms = ("{}", "<code>{}</code>")
    parts = (format_html(forms[place % 2], part) for place, part in enumerate(text.split("`")))
    return format_html_join("", "{}", ((part,) for part in parts))


def _shape(part: Schema) -> Schema:
    """Return the JSON schema of a body or an answer; an empty one when there is none."""
    return next((content["schema"] for content in part.get("content", {}).values()), {})


def _parameter(parameter: Schema, models: Schema) -> Row:
    name, kind = parameter["name"], kind_of(parameter["schema"], models)
    return Row(name, kind, parameter["required"], marked(parameter.get("description", "")))


def _rows(shape: Schema, models: Schema, prefix: str = "", depth: int = 0) -> Iterator[Row]:
    """Yield a row for each field, those of objects and lists within it included."""
    shape = _resolved(shape, models)
    required = shape.get("required", [])
    for name, field in shape.get("properties", {}).items():
        about = marked(field.get("description", ""))
        yield Row(f"{prefix}{name}", kind_of(field, models), name in required, about)
        if depth < _DEEPEST:
            for inner, mark in _within(field):
                yield from _rows(inner, models, f"{prefix}{name}{mark}.", depth + 1)


def _within(field: Schema) -> list[tuple[Schema, str]]:
    """Return what a field consists of, with the mark that its path gets: `[]` for a list."""
    if field.get("type") == "array":
        return [(field["items"], "[]")]
    choices = field.get("anyOf", field.get("allOf", [field]))
    return [(choice, "") for choice in choices if "$ref" in choice]


def _resolved(shape: Schema, models: Schema) -> Schema:
    reference = shape.get("$ref")
    return models[reference.rsplit("/", 1)[-1]] if reference else shape


def kind_of(field: Schema, models: Schema) -> str:
    """Say in words what a value is: `text`, `number or null`, `list of texts`, `"day" or "week"`."""
    for several in ("anyOf", "allOf"):
        if several in field:
            return " or ".join(dict.fromkeys(kind_of(choice, models) for choice in field[several]))
    field = _resolved(field, models)
    if "const" in field:
        return f'"{field["const"]}"'
    if "enum" in field:
        return " or ".join(f'"{option}"' for option in field["enum"])
    if field.get("type") == "array":
        return f"list of {kind_of(field['items'], models)}"
    if field.get("format") == "date-time":
        return "instant"
    words = {"string": "text", "integer": "whole number", "boolean": "true or false"}
    kind: str = field.get("type", "anything")
    return words.get(kind, kind)
