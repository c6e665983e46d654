"""The CRMs beside each other, as Markdown, from their manifests: a new one is a column more. Pure."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from linktime.connections.facts import EARLY, OAuthFacts
from linktime.crm.contract import Manifest


def table(manifests: Sequence[Manifest], address: Callable[[str], str]) -> str:
    """Return the comparison; `address` gives where the guide of a CRM is."""
    heads = ["What", *(f"[{crm.label}]({address(crm.name)})" for crm in manifests)]
    rows = ([f"**{title}**", *(cell(crm) for crm in manifests)] for title, cell in ROWS)
    return "\n".join(map(_row, [heads, ["---"] * len(heads), *rows]))


def access(manifests: Sequence[Manifest], address: Callable[[str], str]) -> str:
    """Return what is read, what is written and what never is touched, CRM by CRM."""
    return "\n\n".join(_access(crm, address(crm.name)) for crm in manifests)


def lifecycle(oauth: OAuthFacts) -> str:
    """Say how long an access lasts and how it is kept."""
    if oauth.access_token_life is None:
        return "One token that does not end; it is never renewed."
    renewed = f"Access tokens of {_span(oauth.access_token_life)}, renewed {_span(EARLY)} before they end"
    if oauth.keep_alive_after is None:
        return f"{renewed}. The refresh token does not end by time."
    return (
        f"{renewed}; one that sleeps is renewed after {_span(oauth.keep_alive_after)}, before its refresh token ends."
    )


def backlog(crm: Manifest) -> str:
    requests = "1 request" if crm.in_flight == 1 else f"{crm.in_flight} requests"
    return f"up to {crm.batch} bookings in one go, at most {requests} at once"


ROWS: tuple[tuple[str, Callable[[Manifest], str]], ...] = (
    ("Contact sync", lambda crm: crm.comparison.contacts),
    ("Meeting logging", lambda crm: crm.comparison.meetings),
    ("Cancel and reschedule", lambda crm: crm.comparison.changes),
    ("Token lifecycle", lambda crm: lifecycle(crm.oauth)),
    ("Log in at", lambda crm: ", ".join(host.label for host in crm.oauth.login_hosts)),
    ("Requests for a booking", lambda crm: crm.comparison.calls),
    ("A backlog", backlog),
    ("Best for", lambda crm: crm.comparison.best_for),
)


def _access(crm: Manifest, address: str) -> str:
    done = _list([*(f"Reads {line}" for line in crm.reads), *(f"Writes {line}" for line in crm.writes)])
    parts = [
        f"### {crm.label}",
        done,
        "Never:",
        _list(crm.never),
        f"Field by field: [guide to {crm.label}]({address}).",
    ]
    return "\n\n".join(parts)


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _span(length: timedelta) -> str:
    """Write a length of time in its largest whole unit."""
    units = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))
    unit, name = next((one for one in units if length % one[0] == timedelta()), (timedelta(seconds=1), "second"))
    count = length // unit
    return f"{count} {name}{'' if count == 1 else 's'}"
