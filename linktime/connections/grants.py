"""What becomes of a grant in the database: stored, renewed, erased."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from linktime.accounts.models import Account, User
from linktime.connections import token_endpoint, vault
from linktime.connections.events import ConnectionResumed
from linktime.connections.facts import Credentials, Identity, OAuthFacts
from linktime.connections.models import Connection, State
from linktime.connections.own_app import credentials, credentials_of
from linktime.connections.secret import Secret
from linktime.connections.token_endpoint import TokenAnswer
from linktime.core import events

NOTHING_UNDER_WAY = {"refreshing_until": None, "refresh_after": None, "error_code": "", "error_message": ""}


def store_grant(
    account: Account,
    user: User | None,
    facts: OAuthFacts,
    *,
    token_answer: Mapping[str, Any],
    identity: Identity,
    login_url: str,
    now: datetime,
) -> Connection:
    """Keep a grant as a token endpoint answered it. ValueError when it has no access token; otherwise like `keep`."""
    answer = TokenAnswer.parse(token_answer)
    return keep(account, user, facts, answer=answer, identity=identity, login_url=login_url, now=now)


def keep(
    account: Account,
    user: User | None,
    facts: OAuthFacts,
    *,
    answer: TokenAnswer,
    identity: Identity,
    login_url: str,
    now: datetime,
) -> Connection:
    """Keep a fresh grant and say that the connection works.

    The same organisation as before goes on with its row; a connection to another organisation is disconnected first,
    in the same transaction. ValueError when the answer names an API that isn't the service's.
    """
    app = credentials(account, facts.service)
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(
            pk=account.pk
        )  # one at a time: an account has one live connection
        for other in _live(account, facts.service).exclude(organisation_key=identity.organisation_key):
            erase(other, facts, now)
        connection = _row(account, facts.service, identity.organisation_key, now)
        columns = token_columns(connection, answer, facts, api_url=api_url(facts, answer.rest), now=now)
        _fill(connection, columns)
        _fill(
            connection,
            {
                "state": State.CONNECTED,
                "connected_by": user,
                "organisation_name": identity.organisation_name[:255],
                "environment": identity.environment,
                "login_url": login_url,
                "client_id": app.client_id if app else "",
                "connected_at": now,
                "disconnected_at": None,
            },
        )
        events.publish(ConnectionResumed(connection, now))
    return connection


def _live(account: Account, service: str) -> QuerySet[Connection]:
    live = Connection.objects.filter(account=account, service=service).exclude(state=State.DISCONNECTED)
    return live.select_for_update(no_key=True)


def _row(account: Account, service: str, organisation_key: str, now: datetime) -> Connection:
    """Return the row of this organisation, locked; a new one begins as disconnected."""
    connection, _ = Connection.objects.select_for_update(no_key=True).get_or_create(
        account=account,
        service=service,
        organisation_key=organisation_key,
        defaults={"state": State.DISCONNECTED, "connected_at": now},
    )
    return connection


def _fill(connection: Connection, columns: Mapping[str, Any]) -> None:
    for name, value in columns.items():
        setattr(connection, name, value)
    connection.save(update_fields=list(columns))


def token_columns(
    connection: Connection, answer: TokenAnswer, facts: OAuthFacts, *, api_url: str, now: datetime
) -> dict[str, Any]:
    """Return what new tokens change in a row; a refresh token that didn't come stays as it is."""
    life = answer.life or facts.access_token_life
    columns: dict[str, Any] = {
        "access_token": vault.seal(answer.access_token, connection, "access_token"),
        "api_url": api_url,
        "expires_at": now + life if life else None,
        "refreshed_at": now,
        "generation": connection.generation + 1,
        **NOTHING_UNDER_WAY,
    }
    if answer.refresh_token:
        columns["refresh_token"] = vault.seal(answer.refresh_token, connection, "refresh_token")
    if answer.scope:
        columns["scopes"] = answer.scope[:500]
    return columns


def api_url(facts: OAuthFacts, answer: Mapping[str, Any]) -> str:
    """Return the API's URL, the service's only one or as the token answer names it, without a slash at the end.

    ValueError for one that isn't the service's: access tokens are sent there.
    """
    base = settings.SERVICES[facts.service]["base_url"]
    if isinstance(facts.api_url, str):
        return str(base or facts.api_url)
    url = facts.api_url(answer).rstrip("/")
    parts = urlsplit(url)
    if parts.scheme == "https" and facts.allowed_api_host(parts.netloc):
        return url
    if base and (url == base or url.startswith(f"{base}/")):
        return url
    raise ValueError(f"{facts.label} named an API at {parts.netloc!r}, which is not its own")


def disconnect(connection: Connection, facts: OAuthFacts, now: datetime) -> None:
    """Erase the grant here and revoke it there, as well as it goes. The row stays, for a reconnection to go on."""
    with transaction.atomic():
        erase(Connection.objects.select_for_update(no_key=True).get(pk=connection.pk), facts, now)
    connection.refresh_from_db()


def erase(connection: Connection, facts: OAuthFacts, now: datetime) -> None:
    """Erase a locked row's secrets; when that is committed, revoke the grant over there."""
    token = _token_to_revoke(connection)
    gone = {"access_token": None, "refresh_token": None, "expires_at": None, "refreshed_at": None}
    state = {"state": State.DISCONNECTED, "disconnected_at": now, "generation": connection.generation + 1}
    _fill(connection, {**gone, **state, **NOTHING_UNDER_WAY})
    if token:
        revoke = partial(token_endpoint.revoke, connection.login_url, facts, token, _app_of(connection))
        transaction.on_commit(revoke, robust=True)  # the network is no part of the transaction


def _app_of(connection: Connection) -> Credentials | None:
    """Return the app of a grant; erasing must not depend on keys that are lost."""
    try:
        return credentials_of(connection)
    except vault.VaultError:
        return None


def _token_to_revoke(connection: Connection) -> Secret | None:
    """Return the refresh token, which takes its access tokens with it, or the access token."""
    for field in ("refresh_token", "access_token"):
        try:
            if getattr(connection, field):
                return vault.open_sealed(connection, field)
        except vault.VaultError:
            continue  # erasing must not depend on keys that are lost
    return None
