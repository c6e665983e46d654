"""Who asks: an API key, by its hash."""

from typing import Any, cast

from django.db.models import F
from django.http import HttpRequest
from ninja.security.http import HttpAuthBase

from linktime.accounts.access import Actor
from linktime.accounts.models import ApiKey
from linktime.api.problems import Refused
from linktime.core.compiled import Compiled, Given

_of_members: Compiled[Any] = Compiled(
    lambda: (
        ApiKey.objects.filter(account__memberships__user=F("user"), user__is_active=True, digest=Given("digest"))
        .annotate(role=F("account__memberships__role"))
        .select_related("account", "user")
    )
)
_HOW = "Send `Authorization: Bearer lt_...` with an API key from Settings, API keys."


class Caller:
    """A key and the actor it stands for."""

    def __init__(self, key: ApiKey, role: str) -> None:
        self.key_id = key.pk
        writes = key.scope == ApiKey.Scope.READ_WRITE
        self.actor = Actor(account=key.account, user=key.user, role=role, may_write=writes)


def caller_of(request: HttpRequest) -> Caller:
    """Return who sent this request. A key works as long as its user is a member; Refused (401) otherwise."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise _unauthenticated("api_key_missing", f"There is no API key. {_HOW}")
    for key in _of_members(digest=ApiKey.digest_of(text.strip())):
        return Caller(key, key.role)
    raise _unauthenticated("api_key_invalid", f"This API key is not valid (any more). {_HOW}")


def _unauthenticated(code: str, detail: str) -> Refused:
    return Refused(401, code, detail, WWW_Authenticate='Bearer realm="LinkTime"')


class ApiRequest(HttpRequest):
    """A request that has passed the door: `caller` is set there, `auth` by ninja."""

    caller: Caller
    auth: Actor


class ApiKeyAuth(HttpAuthBase):
    """Describes the key in OpenAPI; the door (`edge.py`) has checked it already."""

    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Actor:
        return cast("ApiRequest", request).caller.actor
