"""Compare a connection with its CRM as a worker would at night, and look at what was found."""

from collections.abc import Callable
from datetime import datetime

from linktime.core.clock import now
from linktime.crm import actions, reconcile
from linktime.crm.lease import Lease
from linktime.crm.models import Drift, Reconciliation
from linktime.crm.testing.place import Place


def compare(
    place: Place, clock: Callable[[], datetime] = now, give_way: Callable[[], bool] = lambda: False
) -> Reconciliation:
    reconcile.plan(place.connection, clock())
    found = Reconciliation.objects.select_related("connection").get(connection=place.connection)
    lease = Lease.take(actions.organisation_of(place.connection).pk)
    assert lease is not None, "a drain holds the lease"
    with lease:
        reconcile.compare(lease, found, clock, give_way)
    return found


def drifts() -> list[Drift]:
    return list(Drift.objects.current().order_by("record_id"))


def differences(drift: Drift) -> dict[str, tuple[str, str, bool]]:
    """Return, by field, what was ours, what stands there, and whether bringing it back restores it."""
    return {row["field"]: (row["ours"], row["theirs"], row["restored"]) for row in drift.differences}


def bring_back(place: Place, drift: Drift) -> None:
    reconcile.bring_back(drift.record, now())
    place.drain()
