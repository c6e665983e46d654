"""Does one description follow from another? Ours may say less and be stricter; it may not say anything else.

What is sent must be allowed there, and what is answered must be what they answer. A path of ours may have words where
theirs has variables; their `default` answer stands for every error that they don't list.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

JSON = Mapping[str, Any]
METHODS = ("get", "put", "post", "patch", "delete")


def deviations(ours: JSON, theirs: JSON) -> Iterator[str]:
    """Yield, each as `where: what`, what in ours does not follow from theirs."""
    return _Comparison(ours, theirs).run()


class _Comparison:
    def __init__(self, ours: JSON, theirs: JSON) -> None:
        self.ours, self.theirs = ours, theirs
        self._fixed: set[str] = set()

    def run(self) -> Iterator[str]:
        for path, operations in self.ours["paths"].items():
            template = path if path in self.theirs["paths"] else self._template(path)
            if template is None:
                yield f"{path}: no such path"
                continue
            self._fixed = set(re.findall(r"{([^}]+)}", template)) - set(re.findall(r"{([^}]+)}", path))
            for method in set(operations) & set(METHODS):
                there = self.theirs["paths"][template].get(method)
                where = f"{method.upper()} {path}"
                yield from (
                    [f"{where}: no such method"] if there is None else self._call(where, operations[method], there)
                )

    def _template(self, path: str) -> str | None:
        """Find their path whose variables stand for words of ours; the one with the fewest variables."""
        fitting = (one for one in self.theirs["paths"] if re.fullmatch(re.sub(r"{[^}]+}", "[^/]+", one), path))
        return min(fitting, key=lambda one: one.count("{"), default=None)

    def _call(self, where: str, ours: JSON, theirs: JSON) -> Iterator[str]:
        parameters = {(one["in"], one["name"]): one for one in map(self._there, theirs.get("parameters", ()))}
        for one in ours.get("parameters", ()):
            there = parameters.pop((one["in"], one["name"]), None)
            if there is None:
                yield f"{where}: no parameter {one['name']}"
            else:
                yield from self._schema(f"{where}?{one['name']}", one["schema"], there["schema"], sent=True)
        yield from (
            f"{where}: lacks parameter {one['name']}" for name, one in parameters.items() if self._asked(name, one)
        )
        if "requestBody" in ours:
            yield from self._content(f"{where} body", ours["requestBody"], theirs.get("requestBody", {}), sent=True)
        for status, answer in ours["responses"].items():
            there = theirs["responses"].get(status) or theirs["responses"].get("default" if status >= "4" else None)
            if there is None:
                yield f"{where} {status}: no such answer"
            else:
                yield from self._content(f"{where} {status}", self._here(answer), self._there(there), sent=False)

    def _asked(self, name: tuple[str, str], parameter: JSON) -> bool:
        return bool(parameter.get("required")) and name not in {("path", one) for one in self._fixed}

    def _content(self, where: str, ours: JSON, theirs: JSON, *, sent: bool) -> Iterator[str]:
        for kind, content in ours.get("content", {}).items():
            there = theirs.get("content", {}).get(kind) or theirs.get("content", {}).get("*/*")
            if there is None:
                yield f"{where}: no {kind}"
            else:
                yield from self._schema(where, content["schema"], there["schema"], sent=sent)

    def _schema(self, where: str, ours: JSON, theirs: JSON, *, sent: bool) -> Iterator[str]:
        where = _name_of(ours) or where
        ours, theirs = self._here(ours), self._there(theirs)
        mine, choices = _choices(ours), _choices(theirs)
        if len(mine) > 1 or len(choices) > 1:
            for one in mine:
                kin = [choice for choice in choices if self._kin(one, choice)] or choices
                yield from min((list(self._schema(where, one, choice, sent=sent)) for choice in kin), key=len)
            return
        yield from self._type(where, ours, theirs)
        yield from self._object(where, ours, theirs, sent=sent)
        if "items" in ours and "items" in theirs:
            yield from self._schema(f"{where}[]", ours["items"], theirs["items"], sent=sent)

    def _kin(self, ours: JSON, theirs: JSON) -> bool:
        """Say whether two schemas agree in what can have one value only."""
        mine, known = self._here(ours).get("properties", {}), self._there(theirs).get("properties", {})
        constants = {name: schema["enum"] for name, schema in known.items() if len(schema.get("enum", ())) == 1}
        return all(mine.get(name, {}).get("enum") == enum for name, enum in constants.items())

    def _type(self, where: str, ours: JSON, theirs: JSON) -> Iterator[str]:
        if extra := _types(ours) - _types(theirs):
            yield f"{where}: type {sorted(extra)}"
        if "enum" in theirs and not set(ours.get("enum", ["anything"])) <= set(theirs["enum"]):
            yield f"{where}: enum"
        if theirs.get("format", ours.get("format")) != ours.get("format"):
            yield f"{where}: format {ours.get('format')}"

    def _object(self, where: str, ours: JSON, theirs: JSON, *, sent: bool) -> Iterator[str]:
        mine, known = ours.get("properties", {}), theirs.get("properties", {})
        more = theirs.get("additionalProperties")
        for name, schema in mine.items():
            if more is True and name not in known:
                continue
            if name in known or isinstance(more, Mapping):
                yield from self._schema(f"{where}/{name}", schema, known.get(name, more), sent=sent)
            else:
                yield f"{where}/{name}: no such property"
        if isinstance(ours.get("additionalProperties"), Mapping) and isinstance(more, Mapping):
            yield from self._schema(f"{where}/*", ours["additionalProperties"], more, sent=sent)
        here, there = set(ours.get("required", ())), set(theirs.get("required", ()))
        if wrong := (there - here if sent else here ^ there):
            yield f"{where}: required {sorted(wrong)}"

    def _here(self, schema: JSON) -> JSON:
        return _resolved(self.ours, schema)

    def _there(self, schema: JSON) -> JSON:
        return _resolved(self.theirs, schema)


def _resolved(document: JSON, schema: JSON) -> JSON:
    while "$ref" in schema:
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def _name_of(schema: JSON) -> str:
    """Schemas of ours that stand in several places are told by what they are."""
    name = schema.get("$ref", "").rpartition("/")[2]
    if name.endswith("-value"):
        return "value"
    return "error" if name in ("bad-request", "not-found", "bad-token") else name


def _choices(schema: JSON) -> list[JSON]:
    return list(schema.get("oneOf") or schema.get("anyOf") or [schema])


def _types(schema: JSON) -> set[str]:
    """Return what a value may be; `nullable` is an older word for null."""
    kinds = schema.get("type", [])
    found = {kinds} if isinstance(kinds, str) else set(kinds)
    return found | ({"null"} if schema.get("nullable") else set()) | ({"integer"} if "number" in found else set())
