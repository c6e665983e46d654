"""Error code -> what happened in plain words, and what to do. A provider's manifest adds its CRM's own codes."""

from linktime.connections.facts import Problem
from linktime.connections.models import Connection
from linktime.crm import registry

WAITS = "Nothing to do"
GIVEN_UP = (
    "LinkTime has tried many times. Look whether something in {crm} stands in the way of this booking, a trigger for "
    "example, and press Retry."
)
SERVER_ERRORS = "HTTP_5"
COMMON = {
    "internal": (
        "LinkTime ran into a fault of its own with this booking.",
        "Press Retry. If it fails again, please report it with the time of this attempt.",
    ),
    "answer_lost": (
        "The CRM did not answer in time.",
        "Nothing to do: LinkTime looks whether it arrived, and goes on.",
    ),
    "unreachable": ("The CRM could not be reached.", "Nothing to do: LinkTime tries again by itself."),
    "try_again": ("The CRM was too busy.", "Nothing to do: LinkTime tries again by itself."),
    "refresh_later": (
        "The CRM does not renew LinkTime's access at the moment.",
        "Nothing to do: LinkTime tries again by itself.",
    ),
    "not_checked": (
        "The CRM could not be asked.",
        "Check again in a while. Bookings wait here until then; none is lost.",
    ),
    "daily_budget": (
        "Most of the CRM's requests of these 24 hours are used.",
        "Ask an admin over there which app uses so many, or for a higher limit. Old bookings wait from 80% on, new "
        "ones from 95%, and go on by themselves when there is room again.",
    ),
    "needs_reconnect": ("The CRM no longer accepts this connection.", "Reconnect on the Integrations page."),
    "invalid_grant": (
        "The CRM has ended LinkTime's access: somebody took it back, or it was not used for too long.",
        "Reconnect on the Integrations page. Everything that waits then goes on by itself.",
    ),
    "misconfigured": (
        "The CRM does not accept the app that LinkTime is registered with.",
        "Ask whoever runs this installation to check the app's key and secret.",
    ),
}


def remedy_for(crm: str, code: str, message: str, *, later: bool = False) -> Problem:
    """Explain an error; one that nobody foresaw is told in the CRM's own words. `later`: it will be tried again.

    Who is told that there is nothing to do is told otherwise of what is not tried again.
    """
    manifest = registry.provider(crm).manifest
    what, remedy = manifest.remedies.get(code) or COMMON.get(code) or _unknown(manifest.label, code, message, later)
    given_up = not later and remedy.startswith(WAITS)
    return Problem(code=code, what=what, remedy=GIVEN_UP.format(crm=manifest.label) if given_up else remedy)


def remedy_of_connection(connection: Connection) -> Problem:
    """Explain what is wrong with a connection; what only the service's own words explain is told in them."""
    code, message = connection.error_code, connection.error_message
    if code in COMMON or code in registry.provider(connection.service).manifest.remedies:
        return remedy_for(connection.service, code, message, later=True)
    dead = connection.state == Connection.State.NEEDS_RECONNECT
    what, remedy = COMMON["needs_reconnect" if dead else "refresh_later"]
    return Problem(code=code, what=message or what, remedy=remedy)


def _unknown(label: str, code: str, message: str, later: bool) -> tuple[str, str]:
    if code.startswith(SERVER_ERRORS):
        return f"{label} was busy, or something there failed.", f"{WAITS}: LinkTime tries again by itself."
    remedy = f"{WAITS}: LinkTime tries again by itself." if later else f"Mend it in {label}, then press Retry."
    return f"{label} answered {code}: {message.removesuffix('.')}.", remedy
