"""What every request of the API passes: the outer door (middleware) and the inner one (around each operation)."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from linktime.accounts.access import require_write
from linktime.api import idempotency, limits, problems
from linktime.api.keys import ApiRequest, caller_of
from linktime.core import clock
from linktime.core.errors import DomainError, Fault, Invalid

type Answer = Callable[..., HttpResponseBase]

_SAFE = {"GET", "HEAD", "OPTIONS"}
_OURS_ELSEWHERE = "/api/integrations/"  # where people come back from a consent page: those errors are pages
_CODES = {
    400: ("bad_request", "This request can't be read."),
    404: ("not_found", "There is nothing here. The calls there are stand at /api/docs."),
    405: ("method_not_allowed", "This address doesn't know that method; see the Allow header."),
    411: ("length_required", "Send the body with a Content-Length, not in chunks."),
    413: ("body_too_large", f"A body has at most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024} KiB."),
    500: ("internal_error", "Something broke here, and it has been logged. Trying again later may help."),
}


class ProblemMiddleware:
    """Turn away bodies that are too large before they are read; make every error below /api/ a problem."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _of_the_api(request.path):
            return self.get_response(request)
        if "HTTP_TRANSFER_ENCODING" in request.META:  # Django would take such a body for an empty one
            return _problem(HTTPStatus.LENGTH_REQUIRED)
        if _length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return _problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        answer = self.get_response(request)
        if answer.status_code < HTTPStatus.BAD_REQUEST or answer.headers["Content-Type"] == problems.MEDIA_TYPE:
            return answer
        return _problem(answer.status_code, answer)


def _of_the_api(path: str) -> bool:
    return f"{path}/".startswith("/api/") and not path.startswith(_OURS_ELSEWHERE)


def _length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else 0


def _problem(status: int, answer: HttpResponse | None = None) -> HttpResponse:
    code, detail = _CODES.get(status, ("error", HTTPStatus(status).description or HTTPStatus(status).phrase))
    kept = {name: answer.headers[name] for name in ("Allow", "Retry-After") if answer and name in answer.headers}
    return problems.response(status, code, f"{detail}", headers=kept)


def guarded(run: Answer) -> Answer:
    """Around each operation: who asks, may they, how often, and has this very request been answered before."""
    known = _parameters_of(run)

    @wraps(run)
    def guard(request: HttpRequest, **path: Any) -> HttpResponseBase:
        try:
            caller = caller_of(request)
            allowance = limits.count_request(caller.key_id)
        except problems.Refused as refused:
            return problems.of(refused)
        cast("ApiRequest", request).caller = caller
        answer = _answer(request, allowance, known, lambda: run(request, **path))
        for name, value in (allowance.headers | {"Cache-Control": "no-store"}).items():
            answer.headers[name] = value
        return answer

    return guard


def _answer(
    request: HttpRequest, allowance: limits.Allowance, known: set[str], work: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    try:
        allowance.require()
        _require_json(request)
        _require_known(request, known)
        actor = cast("ApiRequest", request).caller.actor
        if request.method not in _SAFE:
            require_write(actor)
        return idempotency.once(request, actor.account, clock.now(), work)
    except (problems.Refused, DomainError) as error:
        return problems.of(error)


def _require_json(request: HttpRequest) -> None:
    if _length(request) and request.content_type != "application/json":
        raise problems.Refused(415, "unsupported_media_type", "Send the body as Content-Type: application/json.")


def _require_known(request: HttpRequest, known: set[str]) -> None:
    unknown = [name for name in request.GET if name not in known]
    if unknown:
        raise Invalid(*(Fault(name, "unknown_parameter", "There is no such parameter here.") for name in unknown))


def _parameters_of(run: Answer) -> set[str]:
    """Return the names of an operation's query parameters; ninja would ignore any other, a mistyped filter too."""
    models = cast("Any", run).__self__.models
    return {name for model in models if model.__ninja_param_source__ == "query" for name in model.__ninja_flatten_map__}
