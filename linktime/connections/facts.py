"""What `connections` must know of a service to get and keep a grant there. Each provider's manifest gives one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from linktime.connections.secret import Secret

EARLY = timedelta(minutes=5)  # so long before it ends an access token is renewed


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person has to know: what happened, and what to do about it."""

    code: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """The app that asks. `own` tells the account's from the operator's."""

    client_id: str
    client_secret: Secret
    own: bool


@dataclass(frozen=True, slots=True)
class LoginHost:
    """A place to log in, as the Integrations page offers it.

    `url` is empty where the person types their own host, of which `example` is one.
    """

    key: str
    label: str
    url: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who granted: the organisation on the other side. `environment` is `production` or `sandbox`."""

    organisation_key: str
    organisation_name: str
    environment: str


class Unfit(Exception):
    """The grant can't be used, as `problem` explains: it lacks a scope, say."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem


class Refusal(StrEnum):
    """What a token endpoint's refusal of a refresh means for the grant."""

    REVOKED = "revoked"
    LATER = "later"
    MISCONFIGURED = "misconfigured"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How to take a refusal; `after` says when to try again, `code` what explains it where the error does not."""

    refusal: Refusal
    after: timedelta
    code: str = ""


@dataclass(frozen=True, slots=True)
class OAuthFacts:
    """One service's OAuth, as data.

    `allowed_login_host` says whether a typed host is the service's own, `allowed_api_host` whether a host that the
    token answer names is. `access_token_life` holds where the answer names none; None: a token without end, and no
    refresh token. `keep_alive_after` is None where grants that sleep don't end. `scopes` are those that the consent
    page is asked for, `pkce` says whether it takes a challenge. `refresh_verdict` and `callback_problem` take the token
    endpoint's or the callback's `(error, description)`. `api_url` is the API's URL, or finds it in the token answer.
    `identify` asks the service who granted, given the API's URL, the access token, the token answer and the app; it
    raises HttpError, ValueError for an answer that can't be understood, or Unfit. `token_host` is the URL of the token
    endpoints where they are not at the login host, `app_revokes` says that a revocation wants the app's credentials.
    """

    service: str
    label: str
    scopes: Sequence[str]
    login_hosts: Sequence[LoginHost]
    allowed_login_host: Callable[[str], bool]
    allowed_api_host: Callable[[str], bool]
    authorize_path: str
    token_path: str
    revoke_path: str
    access_token_life: timedelta | None
    keep_alive_after: timedelta | None
    refresh_verdict: Callable[[str, str], Verdict]
    callback_problem: Callable[[str, str], Problem]
    host_problem: Callable[[str], Problem]
    api_url: str | Callable[[Mapping[str, Any]], str]
    identify: Callable[[str, Secret, Mapping[str, Any], Credentials], Identity]
    pkce: bool = True
    token_host: str = ""
    app_revokes: bool = False

    def token_base(self, login_url: str) -> str:
        """Return where the token endpoints of this login are; an operator's own base URL has them itself."""
        elsewhere = self.token_host and login_url in {host.url for host in self.login_hosts}
        return self.token_host if elsewhere else login_url
