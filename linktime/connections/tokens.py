"""Access tokens, always ones that work. Refreshed 5 minutes before they end, by one process at a time.

    TokenError
    ├─ GrantDead(reason)     the grant is revoked, expired or disconnected: a person has to connect again
    ├─ RefreshLater(after)   the service couldn't, or refuses for now
    └─ AppMisconfigured      our own app's credentials (or keys) are wrong: something for the operator

A refresh is claimed by a conditional update on the database's clock, committed before the request goes out, so that no
transaction lasts over the network; the new tokens are stored by an update conditional on the generation, before anybody
uses them. Others go on with a token that is still valid, or wait for the new one. A claim whose process died ends by
itself.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db import connection as database
from django.db.models import DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import Now

from linktime.connections import grants, states, token_endpoint, vault
from linktime.connections.facts import EARLY, OAuthFacts, Refusal
from linktime.connections.models import Connection, State
from linktime.connections.own_app import credentials_of
from linktime.connections.secret import Secret
from linktime.connections.token_endpoint import Denied, TokenAnswer, Unavailable
from linktime.core import turns

CLAIM = timedelta(seconds=90)  # a request takes 60 s at most; the rest is for a database that is briefly away
REQUEST_SECONDS = 60.0
WAIT_SECONDS = 30.0
POLL_SECONDS = 0.1
STORE_SECONDS = 600.0
STORE_PAUSE = 0.5
NOT_REACHED = timedelta(seconds=5)
NO_ANSWER = timedelta(seconds=15)

logger = logging.getLogger(__name__)


class TokenError(Exception):
    """`code` is the service's own, or what explains it; empty where there is none."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class GrantDead(TokenError):
    pass


class RefreshLater(TokenError):
    def __init__(self, message: str, *, after: timedelta, code: str = "") -> None:
        super().__init__(message, code=code)
        self.after = after


class AppMisconfigured(TokenError):
    pass


def access_token(connection_id: int, facts: OAuthFacts, *, now: datetime) -> Secret:
    """Return a token that works, refreshed first when it must be. Raises TokenError. Not within a transaction."""
    return _token(connection_id, facts, stale=None, now=now)


def refreshed(connection_id: int, facts: OAuthFacts, *, stale: Secret | None, now: datetime) -> Secret:
    """Return another token than `stale`, which the service refused (None: than the one stored). Raises TokenError."""
    seen = _look(connection_id, now)
    return _token(connection_id, facts, stale=stale or (_open(seen.connection) if seen.usable else None), now=now)


class Move(Enum):
    """What to do about a token."""

    USE = auto()
    REFRESH = auto()
    WAIT = auto()
    LATER = auto()
    GIVE_UP = auto()


def decide(*, usable: bool, left: timedelta, claimed: bool, put_off: bool) -> Move:
    """Decide by the state of the connection, what is left of the token's life, and whether a refresh is under way."""
    if not usable:
        return Move.GIVE_UP
    if left > EARLY:
        return Move.USE
    if not claimed and not put_off:
        return Move.REFRESH
    if left > timedelta():
        return Move.USE
    return Move.WAIT if claimed else Move.LATER


@dataclass(frozen=True, slots=True)
class _Look:
    """A connection as it is at this moment of the database's clock."""

    connection: Connection
    left: timedelta
    claimed: bool
    put_off: timedelta

    @property
    def usable(self) -> bool:
        return self.connection.state in states.USABLE and self.connection.access_token is not None


def _look(connection_id: int, now: datetime) -> _Look:
    ahead = ExpressionWrapper(F("refresh_after") - Now(), output_field=DurationField())
    rows = Connection.objects.annotate(claimed=Q(refreshing_until__gt=Now()), ahead=ahead)
    found: Any = rows.filter(pk=connection_id).first()
    if found is None:
        raise GrantDead("The connection is gone.")
    return _Look(found, _left(found, now), bool(found.claimed), found.ahead or timedelta())


def _left(connection: Connection, now: datetime) -> timedelta:
    """Return what is left of the token's life; without end and refresh token it is good until refused."""
    if connection.expires_at:
        return connection.expires_at - now
    return timedelta() if connection.refresh_token else timedelta.max


def _token(connection_id: int, facts: OAuthFacts, *, stale: Secret | None, now: datetime) -> Secret:
    until = time.monotonic() + WAIT_SECONDS
    while True:
        seen = _look(connection_id, now)
        left = timedelta() if seen.usable and stale and _open(seen.connection) == stale else seen.left
        move = decide(usable=seen.usable, left=left, claimed=seen.claimed, put_off=seen.put_off > timedelta())
        if move is Move.USE:
            return _open(seen.connection)
        if move is not Move.REFRESH or not _claim(seen.connection):
            _wait(seen, move, until)
        elif fresh := _refresh_unless_valid(seen.connection, facts, valid=left > timedelta(), now=now):
            return fresh


def _wait(seen: _Look, move: Move, until: float) -> None:
    """Wait for another process, a moment; or say why there is nothing to wait for."""
    message, code = seen.connection.error_message, seen.connection.error_code
    if move is Move.GIVE_UP:
        raise GrantDead(message or f"The connection is {seen.connection.get_state_display().lower()}.", code=code)
    if move is Move.LATER:
        raise RefreshLater(message, after=seen.put_off, code=code)
    if time.monotonic() > until:
        raise RefreshLater("Another process is renewing the access; it takes long.", after=NOT_REACHED)
    turns.give_up()
    time.sleep(POLL_SECONDS)


def _refresh_unless_valid(connection: Connection, facts: OAuthFacts, *, valid: bool, now: datetime) -> Secret | None:
    """Refresh; a failure matters when the token has ended, not when it was only going to. None: look again."""
    try:
        return _refresh(connection, facts, now)
    except (RefreshLater, AppMisconfigured):
        if not valid:
            raise
    return None


def _claim(connection: Connection) -> bool:
    """Claim the refresh of this generation; `durable`, for others must see it before the request goes out."""
    free = Q(refreshing_until=None) | Q(refreshing_until__lte=Now())
    due = Q(refresh_after=None) | Q(refresh_after__lte=Now())
    with transaction.atomic(durable=True):
        rows = _generation(connection).filter(free, due, state__in=states.USABLE)
        return bool(rows.update(refreshing_until=Now() + CLAIM))


def _generation(connection: Connection) -> Any:
    return Connection.objects.filter(pk=connection.pk, generation=connection.generation)


def _refresh(connection: Connection, facts: OAuthFacts, now: datetime) -> Secret | None:
    """Get new tokens for a claimed connection and store them. None: somebody else's are there, or nobody's."""
    if connection.refresh_token is None:
        states.grant_died(connection, code="token_refused", message=f"{facts.label} no longer accepts the access.")
        return None
    begun = time.monotonic()
    try:
        app, refresh_token = credentials_of(connection), vault.open_sealed(connection, "refresh_token")
    except vault.VaultError as error:
        raise _misconfigured(connection, "vault", str(error)) from error
    if app is None:
        raise _misconfigured(connection, "app_changed", "The app that this connection was made with is no longer set.")
    seconds = REQUEST_SECONDS - (time.monotonic() - begun)
    try:
        answer = token_endpoint.refresh(connection.login_url, facts, app, refresh_token=refresh_token, seconds=seconds)
    except Denied as error:
        _denied(connection, facts, error)
        return None
    except Unavailable as error:
        after = NO_ANSWER if error.reached else NOT_REACHED
        raise _put_off(connection, "unreachable", str(error), after) from error
    return answer.access_token if _store(connection, facts, answer, now) else None


def _denied(connection: Connection, facts: OAuthFacts, error: Denied) -> None:
    """Take a refusal as the service's facts say; a dead grant is found dead at the next look."""
    verdict = facts.refresh_verdict(error.error, error.description)
    message, code = f"{facts.label} does not renew the access: {error}", verdict.code or error.error
    match verdict.refusal:
        case Refusal.REVOKED:
            states.grant_died(connection, code=code, message=message)
        case Refusal.MISCONFIGURED:
            raise _misconfigured(connection, code, message, verdict.after) from error
        case Refusal.LATER:
            raise _put_off(connection, code, message, verdict.after) from error


def _misconfigured(
    connection: Connection, code: str, message: str, after: timedelta = timedelta(minutes=1)
) -> AppMisconfigured:
    logger.error("connection %s: %s", connection.pk, message)
    _put_off(connection, code, message, after)
    return AppMisconfigured(message)


def _put_off(connection: Connection, code: str, message: str, after: timedelta) -> RefreshLater:
    """End the claim, and let nobody try before that time."""
    _generation(connection).update(
        refreshing_until=None, refresh_after=Now() + after, error_code=code[:100], error_message=message
    )
    return RefreshLater(message, after=after, code=code)


def _store(connection: Connection, facts: OAuthFacts, answer: TokenAnswer, now: datetime) -> bool:
    """Store new tokens, however long the database is away: a rotated refresh token that is lost is lost for good."""
    columns = grants.token_columns(connection, answer, facts, api_url=_api_url(connection, facts, answer), now=now)
    until = time.monotonic() + STORE_SECONDS
    while True:
        try:
            stored = bool(_generation(connection).update(**columns))
            if not stored:
                _revoke_unless_wanted(connection, facts, answer)
        except (OperationalError, InterfaceError):
            if time.monotonic() > until:
                raise
            logger.warning("connection %s: new tokens wait for the database", connection.pk)
            database.close()
            time.sleep(STORE_PAUSE)
        else:
            return stored


def _api_url(connection: Connection, facts: OAuthFacts, answer: TokenAnswer) -> str:
    """Follow an organisation that moved; never to an API that isn't the service's."""
    try:
        return grants.api_url(facts, answer.rest)
    except ValueError:
        logger.exception("connection %s stays at its API", connection.pk)
        return connection.api_url


def _revoke_unless_wanted(connection: Connection, facts: OAuthFacts, answer: TokenAnswer) -> None:
    """Somebody disconnected while these tokens were on their way: what was revoked then was the one before."""
    disconnected = Connection.objects.filter(pk=connection.pk, state=State.DISCONNECTED).exists()
    if disconnected and answer.refresh_token:
        token_endpoint.revoke(connection.login_url, facts, answer.refresh_token, credentials_of(connection))


def _open(connection: Connection) -> Secret:
    try:
        return vault.open_sealed(connection, "access_token")
    except vault.VaultError as error:
        raise AppMisconfigured(str(error)) from error
