"""What `connections` must know of a service to get and keep a grant there. Each provider's manifest gives one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class LoginHost:
    """A place to log in, as the Integrations page offers it. `url` is empty where the person types their own host."""

    key: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who granted: the organisation on the other side. `environment` is `production` or `sandbox`."""

    organisation_key: str
    organisation_name: str
    environment: str


@dataclass(frozen=True, slots=True)
class OAuthFacts:
    """One service's OAuth, as data.

    `allowed_host` says whether a typed host is the service's own. `access_token_life` holds where the token answer
    names none. `refresh_errors` sorts the token endpoint's `(error, description)` into `revoked`, `later` or
    `misconfigured`; what it returns None for is `later`. `identify` asks the service who granted, given the API's URL,
    the access token and the token answer.
    """

    service: str
    label: str
    scopes: Sequence[str]
    login_hosts: Sequence[LoginHost]
    allowed_host: Callable[[str], bool]
    authorize_path: str
    token_path: str
    revoke_path: str
    access_token_life: timedelta
    keep_alive_after: timedelta
    refresh_error: Callable[[str, str], str | None]
    callback_problem: Callable[[str, str], "Problem"]
    api_url: Callable[[Mapping[str, Any]], str]
    identify: Callable[[str, str, Mapping[str, Any]], Identity]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person has to know: what happened, and what to do about it."""

    code: str
    what: str
    remedy: str
