"""Who may write to an organisation: a lease by the database's clock, and an epoch that outlives it.

A worker that was paused past its lease finds it lost before the next request and before the next write; if it was
stopped in between, its epoch is old and its writes change nothing.
"""

import json
import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from django.db import connection, transaction

from linktime.crm import registry
from linktime.crm.contract import TakenOver
from linktime.crm.models import Organisation
from linktime.crm.pace import Pace

logger = logging.getLogger(__name__)

SECONDS = 20
RENEW_EVERY = 5
MARGIN = 1.0  # seconds: a request that begins this close to the end could be sent after it

# Named one by one: a prepared statement fails when its columns become more, as in a migration beside running workers.
_COLUMNS = ", ".join(str(field.column) for field in Organisation._meta.concrete_fields)
_TAKE = f"""
    UPDATE crm_organisation
       SET lease_owner = %s, lease_until = clock_timestamp() + make_interval(secs => %s), epoch = epoch + 1
     WHERE id = %s AND (lease_until IS NULL OR lease_until < clock_timestamp())
 RETURNING {_COLUMNS}, extract(epoch FROM clock_timestamp() - paced_at)::float AS paced_ago
"""  # noqa: S608 - the names are the model's
_RENEW = """
    UPDATE crm_organisation SET lease_until = clock_timestamp() + make_interval(secs => %s)
     WHERE id = %s AND epoch = %s AND lease_until > clock_timestamp()
"""
_RELEASE = """
    UPDATE crm_organisation
       SET lease_owner = '', lease_until = NULL, last_connection = %s, pace_debts = %s, paced_at = clock_timestamp()
     WHERE id = %s AND epoch = %s
"""


class LeaseLost(TakenOver):
    """Another process may have taken the organisation over: stop, write nothing."""


class Lease:
    """The right to write to one organisation, kept alive by the process's renewer until released.

    `organisation` is as it was last read under the lease.
    """

    def __init__(self, organisation: Organisation, pace: Pace, taken_at: float) -> None:
        self.organisation = organisation
        self.pace = pace
        self._good_until = taken_at + SECONDS

    @classmethod
    def take(cls, organisation_id: int) -> Self | None:
        """Take the lease, or return None when somebody holds it."""
        before = _elapsed()
        values: list[str | float] = [f"{socket.gethostname()}:{os.getpid()}", SECONDS, organisation_id]
        taken: Any = next(iter(Organisation.objects.raw(_TAKE, values)), None)
        return cls(taken, _resumed(taken), before) if taken else None

    def __enter__(self) -> Self:
        renewer.add(self)
        return self

    def __exit__(self, *_: object) -> None:
        renewer.remove(self)
        organisation, debts = self.organisation, json.dumps(self.pace.debts())
        with connection.cursor() as cursor:
            cursor.execute(_RELEASE, [organisation.last_connection, debts, organisation.pk, organisation.epoch])

    def renew(self) -> None:
        before = _elapsed()
        with connection.cursor() as cursor:
            cursor.execute(_RENEW, [SECONDS, self.organisation.pk, self.organisation.epoch])
            if cursor.rowcount:
                self._good_until = before + SECONDS

    def check(self) -> None:
        """Raise LeaseLost unless the lease surely holds now. Costs no query."""
        if _elapsed() > self._good_until - MARGIN:
            raise LeaseLost

    @contextmanager
    def writing(self) -> Iterator[Organisation]:
        """Open a transaction in which nobody can take the organisation over; LeaseLost when somebody has."""
        with transaction.atomic():
            held = Organisation.objects.filter(pk=self.organisation.pk, epoch=self.organisation.epoch)
            organisation = held.select_for_update(no_key=True).first()
            if organisation is None:
                raise LeaseLost
            organisation.last_connection = self.organisation.last_connection
            self.organisation = organisation
            yield organisation


def _resumed(taken: Any) -> Pace:
    """Keep the pace at which the process before went."""
    rates = registry.provider(taken.crm).manifest.rates
    return Pace(rates, {name: debt - (taken.paced_ago or 0.0) for name, debt in taken.pace_debts.items()})


class _Renewer:
    """One thread per process that keeps this process's leases alive. A process that is paused renews nothing."""

    def __init__(self) -> None:
        self._leases: set[Lease] = set()
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None

    def add(self, lease: Lease) -> None:
        with self._guard:
            self._leases.add(lease)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="lease-renewer", daemon=True)
                self._thread.start()

    def remove(self, lease: Lease) -> None:
        with self._guard:
            self._leases.discard(lease)

    def _run(self) -> None:
        while True:
            time.sleep(RENEW_EVERY)
            with self._guard:
                leases = list(self._leases)
            self._renew_all(leases)

    def _renew_all(self, leases: list[Lease]) -> None:
        try:
            for lease in leases:
                lease.renew()
        except Exception:
            logger.warning("could not renew %s leases", len(leases), exc_info=True)
        finally:
            connection.close()


def _elapsed() -> float:
    """Return seconds on a clock that goes on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


renewer = _Renewer()
