"""Error code -> what happened in plain words, and what to do. A provider's manifest adds its CRM's own codes."""

from linktime.connections.facts import Problem
from linktime.crm import registry

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
    "needs_reconnect": ("The CRM no longer accepts this connection.", "Reconnect on the Integrations page."),
    "misconfigured": (
        "The CRM does not accept the app that LinkTime is registered with.",
        "Ask whoever runs this installation to check the app's key and secret.",
    ),
}


def remedy_for(crm: str, code: str, message: str, *, later: bool = False) -> Problem:
    """Explain an error; one that nobody foresaw is told in the CRM's own words. `later`: it will be tried again."""
    manifest = registry.provider(crm).manifest
    what, remedy = manifest.remedies.get(code) or COMMON.get(code) or _unknown(manifest.label, code, message, later)
    return Problem(code=code, what=what, remedy=remedy)


def _unknown(label: str, code: str, message: str, later: bool) -> tuple[str, str]:
    remedy = "Nothing to do: LinkTime tries again by itself." if later else f"Mend it in {label}, then press Retry."
    return f"{label} answered {code}: {message.removesuffix('.')}.", remedy
