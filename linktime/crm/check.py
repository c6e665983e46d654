"""Check before it hurts: ask a CRM what is in the way of bookings, before one meets it.

A check reads how the CRM is set up, and no records. It works without a lease, so also while a backlog is on its way,
and for a connection that is paused or failing, as far as its grant reaches.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from linktime.connections import states
from linktime.connections.models import Connection
from linktime.crm import actions, registry
from linktime.crm.contract import Budget, CrmError, Finding, Level, Misconfigured, Provider, Reconnect
from linktime.crm.models import Checkup
from linktime.crm.remedies import remedy_for
from linktime.crm.session import Clock, LookingSession
from linktime.crm.weather import BACKGROUND_SHARE, LIVE_SHARE

SECONDS = 15.0  # for each request: somebody waits for the result


@dataclass(frozen=True, slots=True)
class Advice:
    """A finding with what to do about it."""

    finding: Finding
    remedy: str


def begin(connection: Connection, now: datetime) -> None:
    """Note that somebody waits for a check."""
    Checkup.objects.update_or_create(
        connection=connection, defaults={"asked_at": now}, create_defaults={"asked_at": now, **_owner(connection)}
    )


def run(connection: Connection, clock: Clock) -> Checkup:
    """Check a connection and keep what was found; what failed for reasons that are gone is tried again."""
    provider = registry.provider(connection.service)
    findings, error = _asked(provider, connection, clock)
    now = clock()
    passed = error is None and not any(finding.level == Level.ERROR for finding in findings)
    result = {"checked_at": now, "passed": passed, "findings": [asdict(finding) for finding in findings]}
    checkup, _ = Checkup.objects.update_or_create(
        connection=connection, defaults=result, create_defaults=result | _owner(connection)
    )
    if passed:
        gone = set(provider.manifest.checked) - {finding.code for finding in findings}
        actions.retry_failed_with(connection, gone, now)
    return checkup


def _owner(connection: Connection) -> dict[str, Any]:
    return {"account_id": connection.account_id}


def _asked(provider: Provider, connection: Connection, clock: Clock) -> tuple[list[Finding], CrmError | None]:
    """Return what was found, and the error that ended it."""
    session = LookingSession(connection=connection, clock=clock, seconds=SECONDS)
    findings: list[Finding] = []
    try:
        findings.extend(provider.check(session))
    except CrmError as error:
        if isinstance(error, Reconnect):
            states.grant_died(connection, code=error.code, message=error.message)
        return [*findings, _of_error(provider, error)], error
    return [*findings, *of_budget(session.budget)], None


def _of_error(provider: Provider, error: CrmError) -> Finding:
    """Tell why the CRM could not be asked, by its own code where there is a remedy for that."""
    told = error.code in provider.manifest.remedies or isinstance(error, Reconnect | Misconfigured)
    return Finding(Level.ERROR, error.code if told else "not_checked", error.message)


def of_budget(budget: Budget) -> Iterator[Finding]:
    """Judge what is left of the day's requests. Pure."""
    share = budget.used / budget.allowed if budget.allowed else 0.0
    if share >= BACKGROUND_SHARE:
        message = f"{budget.used:,} of {budget.allowed:,} requests of these 24 hours are used."
        yield Finding(Level.ERROR if share >= LIVE_SHARE else Level.WARNING, "daily_budget", message)


def advice(connection: Connection, checkup: Checkup) -> list[Advice]:
    """Return a checkup's findings, what bookings fail from first, each with what to do about it."""
    findings = [Finding(**{**row, "level": Level(row["level"])}) for row in checkup.findings]
    return list(_advised(connection.service, sorted(findings, key=lambda finding: finding.level != Level.ERROR)))


def _advised(crm: str, findings: Iterable[Finding]) -> Iterator[Advice]:
    for finding in findings:
        remedy = remedy_for(crm, finding.code, finding.message).remedy
        yield Advice(finding, remedy.replace("Then press Retry.", "Then check again."))
