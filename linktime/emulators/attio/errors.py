"""Errors as the API words them: `{"status_code", "type", "code", "message", "validation_errors"?}`."""

from collections.abc import Mapping, Sequence
from typing import Any

JSON = dict[str, Any]
REQUEST = "invalid_request_error"


class ApiError(Exception):
    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        type_: str = REQUEST,
        validation_errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.type = status, code, message, type_
        self.validation_errors, self.headers = list(validation_errors), dict(headers or {})

    def body(self) -> JSON:
        facts = {"status_code": self.status, "type": self.type, "code": self.code, "message": self.message}
        return facts | ({"validation_errors": self.validation_errors} if self.validation_errors else {})


def not_found(message: str) -> ApiError:
    return ApiError(404, "not_found", message)


def no_endpoint(method: str, path: str) -> ApiError:
    return not_found(f'Could not find endpoint "{method} {path}".')


def bad_body(*faults: Mapping[str, Any]) -> ApiError:
    return ApiError(400, "validation_type", "Body payload validation error.", validation_errors=faults)


def bad_query(*faults: Mapping[str, Any]) -> ApiError:
    return ApiError(400, "validation_type", "Query validation error.", validation_errors=faults)


def bad_value(slug: str, *faults: Mapping[str, Any]) -> ApiError:
    message = f'An invalid value was passed to attribute with slug "{slug}".'
    return ApiError(400, "validation_type", message, validation_errors=faults)


def wrong_type(path: Sequence[str | int], value: Any, expected: str = "string") -> JSON:
    """What is said of a value that is missing or of another type."""
    received = kind(value)
    message = "Required" if received == "undefined" else f"Expected {expected}, received {received}"
    return {"code": "invalid_type", "path": list(path), "message": message, "expected": expected, "received": received}


class _Missing:
    pass


MISSING = _Missing()


def kind(value: Any) -> str:
    """A value's type in JavaScript's words."""
    names: dict[type, str] = {
        _Missing: "undefined",
        type(None): "null",
        bool: "boolean",
        int: "number",
        float: "number",
        str: "string",
    }
    return names.get(type(value)) or ("array" if isinstance(value, list) else "object")
