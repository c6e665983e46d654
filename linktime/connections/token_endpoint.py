"""What is said to a service's token and revocation endpoints, and what they say.

TokenEndpointError
├─ Denied         they answered: no. `error` and `description` are theirs
└─ Unavailable    no answer that can be understood; `reached` says whether they may have acted
"""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self
from urllib.parse import parse_qsl

from django.views.decorators.debug import sensitive_variables
from oauthlib.oauth2 import WebApplicationClient

from linktime.connections.facts import Credentials, OAuthFacts
from linktime.connections.secret import Secret
from linktime.core import http
from linktime.core.counting import count

SERVER_ERROR = 500
REVOKE_SECONDS = 10.0
REFRESHES = "linktime_token_refreshes_total"
CODE = re.compile(r"\w{1,60}")

logger = logging.getLogger(__name__)


class TokenEndpointError(Exception):
    pass


class Denied(TokenEndpointError):
    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}" if description else error)
        self.error, self.description = error, description


class Unavailable(TokenEndpointError):
    def __init__(self, message: str, *, reached: bool) -> None:
        super().__init__(message)
        self.reached = reached


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """Tokens and what came with them. `rest` is the answer without the tokens."""

    access_token: Secret
    refresh_token: Secret | None
    life: timedelta | None
    scope: str
    rest: Mapping[str, Any]

    @classmethod
    def parse(cls, answer: Mapping[str, Any]) -> Self:
        """Take an answer apart; ValueError when there is no access token in it."""
        access, refresh, seconds = (answer.get(key) for key in ("access_token", "refresh_token", "expires_in"))
        if not isinstance(access, str) or not access:
            raise ValueError("there is no access token in the answer")
        return cls(
            access_token=Secret(access),
            refresh_token=Secret(refresh) if isinstance(refresh, str) and refresh else None,
            life=timedelta(seconds=float(seconds)) if seconds else None,
            scope=_scope(answer),
            rest={key: value for key, value in answer.items() if not key.endswith("_token")},
        )


def _scope(answer: Mapping[str, Any]) -> str:
    """Return what was granted, with spaces between: a text (RFC 6749), or a list under `scopes`."""
    listed = answer.get("scopes")
    return " ".join(map(str, listed)) if isinstance(listed, list) else str(answer.get("scope") or "")


def exchange_code(
    login_url: str, facts: OAuthFacts, app: Credentials, *, code: Secret, verifier: Secret, redirect_uri: str
) -> TokenAnswer:
    """Exchange an authorization code. Raises TokenEndpointError."""
    return _ask(
        facts.token_base(login_url) + facts.token_path,
        WebApplicationClient(app.client_id).prepare_request_body(
            code=code.reveal(),
            redirect_uri=redirect_uri,
            code_verifier=verifier.reveal() if facts.pkce else None,
            client_secret=app.client_secret.reveal(),
        ),
        http.TOTAL_SECONDS,
    )


def refresh(
    login_url: str, facts: OAuthFacts, app: Credentials, *, refresh_token: Secret, seconds: float
) -> TokenAnswer:
    """Exchange a refresh token. Raises TokenEndpointError."""
    with _counted(facts.service):
        return _ask(
            facts.token_base(login_url) + facts.token_path,
            WebApplicationClient(app.client_id).prepare_refresh_body(
                refresh_token=refresh_token.reveal(), client_id=app.client_id, client_secret=app.client_secret.reveal()
            ),
            seconds,
        )


@contextmanager
def _counted(service: str) -> Iterator[None]:
    """Count a refresh by its outcome: done, unavailable, or the code of a refusal."""
    outcome = "unavailable"
    try:
        yield
        outcome = "done"
    except Denied as error:
        outcome = error.error if CODE.fullmatch(error.error) else "other"
        raise
    finally:
        count(REFRESHES, service=service, outcome=outcome)


@sensitive_variables("form")
def revoke(login_url: str, facts: OAuthFacts, token: Secret, app: Credentials | None) -> bool:
    """End a grant over there, as well as it goes; False when nobody can say whether it worked."""
    form = {"token": token.reveal()}
    if facts.app_revokes and app:
        form |= {"client_id": app.client_id, "client_secret": app.client_secret.reveal()}
    try:
        url = facts.token_base(login_url) + facts.revoke_path
        answer = http.request("POST", url, form=form, seconds=REVOKE_SECONDS)
    except http.HttpError as error:
        logger.warning("a grant was erased here and could not be revoked there: %s", error)
        return False
    return answer.status < SERVER_ERROR


@sensitive_variables("body", "answer")
def _ask(url: str, body: str, seconds: float) -> TokenAnswer:
    try:
        response = http.request("POST", url, form=dict(parse_qsl(body)), seconds=seconds)
    except http.HttpError as error:
        raise Unavailable(str(error), reached=isinstance(error, http.AnswerLost)) from error
    answer = _json_object(response)
    if response.status < SERVER_ERROR and isinstance(answer.get("error"), str):
        raise Denied(answer["error"], str(answer.get("error_description") or ""))
    try:
        return TokenAnswer.parse(answer)
    except ValueError as error:
        message = f"The token endpoint answered {response.status} in a way that can't be understood."
        raise Unavailable(message, reached=True) from error


def _json_object(response: http.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
