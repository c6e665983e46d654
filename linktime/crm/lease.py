"""Who may write to an organisation: a lease by the database's clock, and an epoch that outlives it.

A worker that was paused past its lease finds it lost before the next request and before the next write; if it was
stopped in between, its epoch is old and its writes change nothing.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from django.db import connection, transaction

from linktime.crm.contract import TakenOver
from linktime.crm.models import Organisation

logger = logging.getLogger(__name__)

SECONDS = 20
RENEW_EVERY = 5
MARGIN = 1.0  # seconds: a request that begins this close to the end could be sent after it

_TAKE = """
    UPDATE crm_organisation
       SET lease_owner = %s, lease_until = clock_timestamp() + make_interval(secs => %s), epoch = epoch + 1
     WHERE id = %s AND (lease_until IS NULL OR lease_until < clock_timestamp())
 RETURNING epoch
"""
_RENEW = """
    UPDATE crm_organisation SET lease_until = clock_timestamp() + make_interval(secs => %s)
     WHERE id = %s AND epoch = %s AND lease_until > clock_timestamp()
"""
_RELEASE = "UPDATE crm_organisation SET lease_owner = '', lease_until = NULL WHERE id = %s AND epoch = %s"


class LeaseLost(TakenOver):
    """Another process may have taken the organisation over: stop, write nothing."""


class Lease:
    """The right to write to one organisation, kept alive by the process's renewer until released."""

    def __init__(self, organisation_id: int, epoch: int, taken_at: float) -> None:
        self.organisation_id = organisation_id
        self.epoch = epoch
        self._good_until = taken_at + SECONDS

    @classmethod
    def take(cls, organisation_id: int) -> Self | None:
        """Take the lease, or return None when somebody holds it."""
        before = _elapsed()
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [f"{socket.gethostname()}:{os.getpid()}", SECONDS, organisation_id])
            row = cursor.fetchone()
        return cls(organisation_id, row[0], before) if row else None

    def __enter__(self) -> Self:
        renewer.add(self)
        return self

    def __exit__(self, *_: object) -> None:
        renewer.remove(self)
        with connection.cursor() as cursor:
            cursor.execute(_RELEASE, [self.organisation_id, self.epoch])

    def renew(self) -> None:
        before = _elapsed()
        with connection.cursor() as cursor:
            cursor.execute(_RENEW, [SECONDS, self.organisation_id, self.epoch])
            if cursor.rowcount:
                self._good_until = before + SECONDS

    def check(self) -> None:
        """Raise LeaseLost unless the lease surely holds now. Costs no query."""
        if _elapsed() > self._good_until - MARGIN:
            raise LeaseLost

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Open a transaction in which nobody can take the organisation over; LeaseLost when somebody has."""
        with transaction.atomic():
            held = Organisation.objects.filter(pk=self.organisation_id, epoch=self.epoch)
            if not held.select_for_update(no_key=True).values_list("pk").first():
                raise LeaseLost
            yield


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
