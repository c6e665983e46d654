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


class LiveSession:
    """See `contract.Session`. One for each batch of one connection.

    `calls` counts the requests that were sent, `created` the pushes of which a create went out. `revisions` says which
    revision of each booking is being pushed; by the time of a create the booking may have a newer one. `budget` is the
    latest that an answer told. `exchanges` are those that no outcome has been told of.
    """

    def __init__(self, *, lease: Lease, connection: Connection, clock: Clock) -> None:
        self.calls = 0
        self.created: set[int] = set()
        self.revisions: dict[int, int] = {}
        self.budget = Budget()
        self.exchanges = Exchanges()
        self._lease = lease
        self._connection = connection
        self._manifest = registry.provider(connection.service).manifest
        self._clock = clock
        self._token: Secret | None = None
        self._counting = threading.Lock()

    @property
    def api_url(self) -> str:
        return self._connection.api_url

    def open(self) -> Secret:
        """Get an access token that works; here, so that threads that send need no database."""
        if self._token is None:
            with _translated():
                self._token = tokens.access_token(self._connection.pk, self._manifest.oauth, now=self._clock())
            self._connection.refresh_from_db(fields=["api_url", "generation"])
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
        self._lease.pace.enter(method, path)
        self._lease.check()  # last of all: the token or the turn may have taken a while
        with self._counting:
            self.calls += 1
        authorised = {**(headers or {}), "Authorization": f"Bearer {token.reveal()}"}
        answer, began = None, time.monotonic()
        try:
            answer = http.request(method, self.api_url + path, headers=authorised, json_body=json_body)
        finally:
            ms = round((time.monotonic() - began) * 1000)
            self.exchanges.add(Exchange(method, path, json_body, answer, ms, about))
        self._heed(self._manifest.budget(answer.headers))
        return answer

    def _heed(self, budget: Budget) -> None:
        if budget.allowed:
            self.budget = budget
        if budget.pause:
            self._lease.pace.hold(budget.pause)

    def renew(self) -> None:
        stale = self._token
        with _translated():
            self._token = tokens.refreshed(self._connection.pk, self._manifest.oauth, stale=stale, now=self._clock())
        self._connection.refresh_from_db(fields=["api_url", "generation"])

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
