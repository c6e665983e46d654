"""Every error of the API as RFC 9457 `application/problem+json`; the only place that knows how errors look.

- `core.errors.DomainError`: the domain's own, translated by class.
- `Refused`: the request was turned away at the door: no key, too many requests, no JSON.
- ninja's `ValidationError`: values of a wrong type or form, one entry in `errors` for each.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import pydantic
from django.http import JsonResponse
from ninja.errors import HttpError, ValidationError
from pydantic import BaseModel

from linktime.api.fields import shown
from linktime.bookings.actions import SlotTaken
from linktime.core.errors import Conflict, DomainError, Fault, Forbidden, Invalid, NotFound
from linktime.scheduling.slots import Slot

MEDIA_TYPE = "application/problem+json"
_STATUS = {NotFound: 404, Forbidden: 403, Conflict: 409}
_MESSAGES = {"missing": "This field is required.", "extra_forbidden": "There is no such field here."}
_CODES = {"missing": "required", "extra_forbidden": "unknown_field"}


class FaultOut(BaseModel):
    """One thing wrong with one field; `field` is a dotted path."""

    field: str
    code: str
    message: str


class Times(BaseModel):
    start: str
    end: str


class Problem(BaseModel):
    """RFC 9457. `code` is stable and for programs; `errors` comes with 422, `alternatives` with `slot_taken`."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FaultOut] | None = None
    alternatives: list[Times] | None = None


class Refused(Exception):
    """A request turned away before the domain was asked."""

    def __init__(self, status: int, code: str, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def response(
    status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
) -> JsonResponse:
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code, **more}
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE, headers=dict(headers or {}))


def of(error: Exception) -> JsonResponse:
    """Translate an error; one that is nobody's fault but ours is raised again, for Django to log."""
    match error:
        case Refused():
            return response(error.status, error.code, error.detail, headers=error.headers)
        case DomainError():
            return _of_domain_error(error)
        case ValidationError():
            return _of_faults([_fault(each, _named(each["loc"])) for each in error.errors])
        case HttpError():  # the one that ninja raises by itself: a body that can't be parsed
            return response(error.status_code, "bad_json", f"The body is not valid JSON: {error.__cause__}.")
    raise error


def _of_domain_error(error: DomainError) -> JsonResponse:
    if isinstance(error, Invalid):
        return _of_faults(error.faults)
    status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 400)
    if isinstance(error, SlotTaken):
        return response(status, error.code, error.detail, alternatives=[_times(slot) for slot in error.alternatives])
    return response(status, error.code, error.detail)


def faults_of(error: pydantic.ValidationError) -> list[Fault]:
    """Turn what pydantic found in one body into faults."""
    return [_fault(each, each["loc"]) for each in error.errors()]


def _of_faults(faults: Sequence[Fault]) -> JsonResponse:
    errors = [{"field": fault.field, "code": fault.code, "message": fault.message} for fault in faults]
    fields = ", ".join(dict.fromkeys(fault.field for fault in faults))
    return response(422, "invalid", f"Some values can't be used: {fields}.", errors=errors)


def _fault(error: Mapping[str, Any], path: Sequence[str | int]) -> Fault:
    kind = error["type"]
    code = _CODES.get(kind) or ("wrong_type" if kind.endswith("_type") else kind)
    message = _MESSAGES.get(kind) or f"{error['msg'].removesuffix('.')}."
    return Fault(".".join(str(step) for step in path) or "body", code, message)


def _named(location: Sequence[str | int]) -> Sequence[str | int]:
    """Turn ninja's `("body", "values", "guests", 0)` into `("guests", 0)`: an argument's name tells nobody anything."""
    source, *path = location
    return path[1:] if source == "body" else path


def _times(slot: Slot) -> dict[str, str]:
    return {"start": shown(slot.start), "end": shown(slot.end)}
