"""A live grant as providers see it: adds the token, keeps the pace, counts calls, stops when the lease is lost."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from linktime.connections import tokens
from linktime.connections.models import Connection
from linktime.connections.secret import Secret
from linktime.core import http
from linktime.crm import attempts, registry
from linktime.crm.contract import Budget, Misconfigured, Reconnect, Scope, TryAgain
from linktime.crm.exchanges import Exchange, Exchanges
from linktime.crm.lease import Lease
from linktime.crm.models import SyncRecord

Clock = Callable[[], datetime]


class GrantSession:
    """What every session has: an access token that works, and a count of the `calls` that were sent.

    `budget` is the latest that an answer told, `exchanges` are those that no outcome has been told of.
    """

    def __init__(self, *, connection: Connection, clock: Clock, seconds: float = http.TOTAL_SECONDS) -> None:
        self.calls = 0
        self.budget = Budget()
        self.exchanges = Exchanges()
        self._connection = connection
        self._manifest = registry.provider(connection.service).manifest
        self._clock = clock
        self._seconds = seconds
        self._token: Secret | None = None
        self._counting = threading.Lock()

    @property
    def api_url(self) -> str:
        return self._connection.api_url

    @property
    def scopes(self) -> str:
        return self._connection.scopes

    def open(self) -> Secret:
        """Get an access token that works; here, so that threads that send need no database."""
        if self._token is None:
            with _translated():
                self._token = tokens.access_token(self._connection.pk, self._manifest.oauth, now=self._clock())
            self._refreshed()
        return self._token

    def send(
        self,
        method: str,
        path: str,
        *,
        json_body: Any = None,
        headers: Mapping[str, str] | None = None,
        about: int | None = None,
    ) -> http.Response:
        token = self.open()
        self._admit(method, path)
        with self._counting:
            self.calls += 1
        authorised = {**(headers or {}), "Authorization": f"Bearer {token.reveal()}"}
        answer, began = None, time.monotonic()
        try:
            url = self.api_url + path
            answer = http.request(method, url, headers=authorised, json_body=json_body, seconds=self._seconds)
        finally:
            ms = round((time.monotonic() - began) * 1000)
            self.exchanges.add(Exchange(method, path, json_body, answer, ms, about))
        self._heed(self._manifest.budget(answer.headers))
        return answer

    def renew(self) -> None:
        stale = self._token
        with _translated():
            self._token = tokens.refreshed(self._connection.pk, self._manifest.oauth, stale=stale, now=self._clock())
        self._refreshed()

    def _admit(self, method: str, path: str) -> None:
        """Wait for the turn of a request, or refuse it."""

    def _heed(self, budget: Budget) -> None:
        if budget.allowed:
            self.budget = budget

    def _refreshed(self) -> None:
        self._connection.refresh_from_db(fields=["api_url", "generation", "scopes"])


class LiveSession(GrantSession):
    """See `contract.Session`. One for each batch of one connection.

    `created` are the pushes of which a create went out. `revisions` says which revision of each booking is being
    pushed; by the time of a create the booking may have a newer one.
    """

    def __init__(self, *, lease: Lease, connection: Connection, clock: Clock) -> None:
        super().__init__(connection=connection, clock=clock)
        self.created: set[int] = set()
        self.revisions: dict[int, int] = {}
        self._lease = lease

    def creating(self, values: Mapping[int, Mapping[str, Any]]) -> None:
        attempts.remember(self._lease, values, self.revisions, again=self.created, now=self._clock())
        self.created.update(values)

    def withdraw(self, keys: Iterable[int]) -> None:
        withdrawn = self.created.intersection(keys)
        attempts.forget(self._lease, withdrawn)
        self.created -= withdrawn

    def owned(self, meeting_ids: Iterable[str]) -> set[str]:
        owners = SyncRecord.objects.filter(organisation=self._lease.organisation.pk, meeting_id__in=list(meeting_ids))
        return set(owners.values_list("meeting_id", flat=True))

    def _admit(self, method: str, path: str) -> None:
        self._lease.pace.enter(method, path)
        self._lease.check()  # last of all: the token or the turn may have taken a while

    def _heed(self, budget: Budget) -> None:
        super()._heed(budget)
        if budget.pause:
            self._lease.pace.hold(budget.pause)


class LookingSession(GrantSession):
    """A grant for asking what is over there, by a process that has no lease. Nothing can be made with it."""

    def creating(self, values: Mapping[int, Mapping[str, Any]]) -> None:
        raise RuntimeError(f"{self._manifest.label} was only to be asked, not to be written to: {list(values)}")

    def withdraw(self, keys: Iterable[int]) -> None:
        """Forget nothing: nothing was made."""

    def owned(self, meeting_ids: Iterable[str]) -> set[str]:
        raise RuntimeError(f"no booking's record is looked at: {list(meeting_ids)}")


class _translated:  # noqa: N801 - reads as a statement
    """Turn the errors of `connections` into the contract's."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        match error:
            case tokens.GrantDead():
                raise Reconnect(str(error), code=error.code or None) from error
            case tokens.RefreshLater():
                code = error.code or "refresh_later"
                raise TryAgain(str(error), code=code, after=error.after, scope=Scope.CONNECTION) from error
            case tokens.AppMisconfigured():
                raise Misconfigured(str(error)) from error
