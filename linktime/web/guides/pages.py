"""The texts of the guides, the comparison and the privacy page, filled in for the place where they are shown. Pure.

A line `<!-- name -->` stands where something is filled in: `callback`, `egress_ips`, `support`, `comparison`, `access`.
Whoever reads the file itself misses nothing else.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

from linktime.crm import registry
from linktime.crm.contract import Manifest
from linktime.web.guides import comparison

SLOT = re.compile(r"^( *)<!-- (\w+) -->$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where pages are shown. `address` gives where the guide of a CRM is, `callback` a CRM's callback URL."""

    address: Callable[[str], str]
    callback: Callable[[str], str] | None = None
    egress_ips: Sequence[str] = ()
    support_url: str = ""


def guide(crm: str, place: Place) -> str:
    """Return the guide of a CRM; NotFound for a name that is none."""
    callback = f"It is `{place.callback(crm)}`." if place.callback else ""
    return fill(registry.guide(crm), {"callback": callback, **_installation(place)})


def compared(place: Place) -> str:
    return fill(_own("comparison.md"), {"comparison": comparison.table(_manifests(), place.address)})


def privacy(place: Place) -> str:
    access = comparison.access(_manifests(), place.address)
    return fill(_own("privacy.md"), {"access": access, **_installation(place)})


def fill(text: str, slots: Mapping[str, str]) -> str:
    """Fill in the slots, each at its own indentation. KeyError for one that nobody knows."""
    return SLOT.sub(lambda slot: indent(slots[slot[2]], slot[1]), text)


def _installation(place: Place) -> dict[str, str]:
    return {"egress_ips": _egress_ips(place.egress_ips), "support": _support(place.support_url)}


def _egress_ips(addresses: Sequence[str]) -> str:
    if not addresses:
        return "This installation does not say which these are: ask whoever runs it."
    return "They are:\n\n" + "\n".join(f"- `{address}`" for address in addresses)


def _support(url: str) -> str:
    return f"Help with this installation: <{url}>" if url else ""


def _manifests() -> list[Manifest]:
    return [registry.provider(crm).manifest for crm in registry.crms()]


def _own(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
