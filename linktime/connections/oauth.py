"""Connecting: the trip to a service's consent page and back (OAuth 2.0 web server flow with state and PKCE)."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from oauthlib.common import add_params_to_uri
from oauthlib.oauth2 import WebApplicationClient

from linktime.accounts.access import Actor, require_crm, require_owner, require_write
from linktime.connections import own_app, problems, token_endpoint, vault
from linktime.connections.facts import Credentials, Identity, OAuthFacts, Problem, Unfit
from linktime.connections.grants import api_url, disconnect, keep, store_grant
from linktime.connections.models import Connection, PendingAuthorization
from linktime.connections.problems import ConnectProblem
from linktime.connections.secret import Secret
from linktime.connections.token_endpoint import Denied, TokenAnswer, Unavailable
from linktime.core.http import HttpError

__all__ = ["ConnectProblem", "begin", "callback_url", "disconnect", "finish", "store_grant"]

VALID_FOR = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
VERIFIER_LENGTH = 96


def callback_url(service: str) -> str:
    """Return the URL that has to be entered as the app's callback."""
    return f"{settings.BASE_URL}/api/integrations/{service}/callback"


def begin(actor: Actor, facts: OAuthFacts, *, login: str, now: datetime) -> str:
    """Return the URL of the consent page. `login` is the key of a login host, or a host that the person typed.

    Raises ConnectProblem, Forbidden.
    """
    _check_rights(actor)
    login_url, app, state = _login_url(facts, login), _app(actor, facts), secrets.token_urlsafe(32)
    client = WebApplicationClient(app.client_id)
    verifier = Secret(client.create_code_verifier(VERIFIER_LENGTH))
    _remember(actor, facts, state=state, verifier=verifier, login_url=login_url, now=now)
    question = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": callback_url(facts.service),
        "state": state,
    }
    if facts.scopes:
        question["scope"] = " ".join(facts.scopes)
    if facts.pkce:
        challenge = client.create_code_challenge(verifier.reveal(), "S256")
        question |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    return str(add_params_to_uri(login_url + facts.authorize_path, question))


def finish(actor: Actor, facts: OAuthFacts, query: Mapping[str, str], now: datetime) -> Connection:
    """Take what the service sent back to the callback, and keep the grant. Raises ConnectProblem, Forbidden."""
    _check_rights(actor)
    pending = _pending(actor, facts, query.get("state", ""))
    verifier = _use_up(pending, facts, now)
    if query.get("error"):
        raise ConnectProblem(facts.callback_problem(query["error"], query.get("error_description", "")))
    if not query.get("code"):
        raise ConnectProblem(problems.no_code(facts.label))
    app = _app(actor, facts)
    answer = _exchange(pending, facts, app, code=Secret(query["code"]), verifier=verifier)
    identity = _identify(pending, facts, app, answer)
    return keep(
        actor.account, actor.user, facts, answer=answer, identity=identity, login_url=pending.login_url, now=now
    )


def _check_rights(actor: Actor) -> None:
    require_write(actor)
    require_owner(actor)
    require_crm(actor)


def _login_url(facts: OAuthFacts, login: str) -> str:
    """Return where to log in: the operator's base URL for all, a host of the list, or a checked host of their own."""
    base = settings.SERVICES[facts.service]["base_url"]
    known = {host.key: host.url for host in facts.login_hosts if host.url}
    if base or login in known:
        return str(base or known[login])
    host = _typed_host(login)
    if not facts.allowed_login_host(host):
        raise ConnectProblem(facts.host_problem(host))
    return f"https://{host}"


def _typed_host(text: str) -> str:
    """Return the host of what somebody typed or pasted; nothing when there is more to it than https and a host."""
    pasted = text.strip().lower().removesuffix("/")
    try:
        parts = urlsplit(pasted if "://" in pasted else f"https://{pasted}")
    except ValueError:
        return ""
    plain = parts.scheme == "https" and not (parts.path or parts.query or parts.fragment)
    return parts.netloc if plain else ""


def _app(actor: Actor, facts: OAuthFacts) -> Credentials:
    try:
        app = own_app.credentials(actor.account, facts.service)
    except vault.VaultError as error:
        raise ConnectProblem(problems.unreadable_secret(facts.label)) from error
    if app is None:
        raise ConnectProblem(problems.no_app(facts.label))
    return app


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


def _remember(actor: Actor, facts: OAuthFacts, *, state: str, verifier: Secret, login_url: str, now: datetime) -> None:
    trips = PendingAuthorization.objects.filter(account=actor.account)
    with transaction.atomic():
        trips.filter(created_at__lt=now - FORGOTTEN_AFTER).delete()
        pending = PendingAuthorization.objects.create(
            account=actor.account,
            service=facts.service,
            user=actor.user,
            state_digest=_digest(state),
            verifier=b"",
            login_url=login_url,
            created_at=now,
        )
        pending.verifier = vault.seal(verifier, pending, "verifier")
        pending.save(update_fields=["verifier"])


def _pending(actor: Actor, facts: OAuthFacts, state: str) -> PendingAuthorization:
    """Return the trip that this person began in this account; somebody else's is as unknown as none."""
    trips = PendingAuthorization.objects.filter(account=actor.account, user=actor.user, service=facts.service)
    pending = trips.filter(state_digest=_digest(state)).first()
    if pending is None:
        raise ConnectProblem(problems.unknown_state(facts.label))
    return pending


def _use_up(pending: PendingAuthorization, facts: OAuthFacts, now: datetime) -> Secret:
    """Let this trip come back once, however often and at the same time its callback is opened."""
    if pending.used_at is None and now - pending.created_at > VALID_FOR:
        raise ConnectProblem(problems.expired(facts.label))
    unused = PendingAuthorization.objects.filter(pk=pending.pk, used_at=None)
    if not unused.update(used_at=now, verifier=b""):
        raise ConnectProblem(problems.used(facts.label))
    try:
        return vault.open_sealed(pending, "verifier")
    except vault.VaultError as error:
        raise ConnectProblem(problems.unknown_state(facts.label)) from error


def _exchange(
    pending: PendingAuthorization, facts: OAuthFacts, app: Credentials, *, code: Secret, verifier: Secret
) -> TokenAnswer:
    redirect_uri = callback_url(facts.service)
    try:
        answer = token_endpoint.exchange_code(
            pending.login_url, facts, app, code=code, verifier=verifier, redirect_uri=redirect_uri
        )
    except Denied as error:
        raise ConnectProblem(facts.callback_problem(error.error, error.description)) from error
    except Unavailable as error:
        raise ConnectProblem(problems.unreachable(facts.label)) from error
    if answer.refresh_token is None and facts.access_token_life is not None:
        raise ConnectProblem(problems.no_refresh_token(facts.label))
    return answer


def _identify(pending: PendingAuthorization, facts: OAuthFacts, app: Credentials, answer: TokenAnswer) -> Identity:
    """Ask who granted; a grant that can't be kept is given back."""
    try:
        checked = api_url(facts, answer.rest)
    except ValueError as error:
        raise _given_back(pending, facts, app, answer, problems.wrong_api(facts.label)) from error
    try:
        return facts.identify(checked, answer.access_token, answer.rest, app)
    except Unfit as error:
        raise _given_back(pending, facts, app, answer, error.problem) from error
    except (HttpError, ValueError) as error:
        raise _given_back(pending, facts, app, answer, problems.unreachable(facts.label)) from error


def _given_back(
    pending: PendingAuthorization, facts: OAuthFacts, app: Credentials, answer: TokenAnswer, problem: Problem
) -> ConnectProblem:
    token_endpoint.revoke(pending.login_url, facts, answer.refresh_token or answer.access_token, app)
    return ConnectProblem(problem)
