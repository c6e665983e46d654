"""The API's errors: one object with `status`, `message`, `correlationId` and, mostly, a `category`."""

import json
import uuid
from collections.abc import Sequence
from typing import Any

JSON = dict[str, Any]


class ApiError(Exception):
    """One thing that is wrong with a call, or with one input of a batch."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        category: str | None = "VALIDATION_ERROR",
        errors: Sequence[JSON] = (),
        context: dict[str, list[str]] | None = None,
        links: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.category = status, message, category
        self.errors, self.context, self.links = list(errors), context or {}, links or {}
        self.headers = headers or {}

    def body(self) -> JSON:
        """Describe it as a call's answer."""
        facts: JSON = {"status": "error", "message": self.message, "correlationId": str(uuid.uuid4())}
        given = {"category": self.category, "errors": self.errors, "context": self.context, "links": self.links}
        return facts | {name: value for name, value in given.items() if value}

    def of_input(self, trace: str | None, ids: Sequence[str] = ()) -> JSON:
        """Describe it as one of the errors of a batch's answer, with what tells the input."""
        told = {"objectWriteTraceId": [trace]} if trace else {}
        named = {"ids": list(ids)} if ids else {}
        return {
            "status": "error",
            "category": self.category or "VALIDATION_ERROR",
            "message": self.message,
            "errors": self.errors,
            "context": self.context | told | named,
            "links": self.links,
        }


class Conflict(ApiError):
    """A unique value is taken. It fails a whole batch, trace ids or not."""

    def __init__(self, existing: str) -> None:
        super().__init__(f"Contact already exists. Existing ID: {existing}", status=409, category="CONFLICT")


def not_found() -> ApiError:
    return ApiError("resource not found", status=404, category=None)


def missing(kind: str, ids: Sequence[str], *, status: int = 404) -> ApiError:
    """Say that records of a batch are not there."""
    text = f"Could not get some {kind} objects, they may be deleted or not exist. Check that ids are valid."
    return ApiError(text, status=status, category="OBJECT_NOT_FOUND", context={"ids": list(ids)})


def unreadable(text: str) -> ApiError:
    return ApiError(f"Invalid input JSON {text}")


def lacking(*names: str) -> ApiError:
    return unreadable(f"on line 1, column 1: some of required attributes are not set [{', '.join(names)}]")


def invalid_values(faults: Sequence[JSON], portal_id: int) -> ApiError:
    """Say which properties can't be taken: a JSON text inside the message, and once more as `errors`."""
    rows = [
        {
            "isValid": False,
            "message": fault["message"],
            "error": fault["error"],
            "name": fault["name"],
            "localizedErrorMessage": fault["message"],
            "portalId": portal_id,
        }
        for fault in faults
    ]
    errors = [
        {"message": fault["message"], "code": fault["error"], "context": {"propertyName": [fault["name"]]}}
        for fault in faults
    ]
    return ApiError(f"Property values were not valid: {json.dumps(rows)}", errors=errors)


def missing_scopes(scopes: Sequence[str]) -> ApiError:
    text = (
        "This app hasn't been granted all required scopes to make this call. "
        "Read more about required scopes here: https://developers.hubspot.com/scopes."
    )
    errors = [
        {
            "message": "One or more of the following scopes are required.",
            "context": {"requiredGranularScopes": list(scopes)},
        }
    ]
    links = {"scopes": "https://developers.hubspot.com/scopes"}
    return ApiError(text, status=403, category="MISSING_SCOPES", errors=errors, links=links)
