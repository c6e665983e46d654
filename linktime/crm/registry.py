"""The CRMs there are: a new one is its folder and one line here."""

from functools import cache
from importlib.resources import files

from django.utils.module_loading import import_string

from linktime.connections.facts import OAuthFacts
from linktime.core.errors import NotFound
from linktime.crm.contract import Provider

PROVIDERS = {
    "salesforce": "linktime.crm.providers.salesforce.provider.Salesforce",
    "hubspot": "linktime.crm.providers.hubspot.provider.HubSpot",
    "attio": "linktime.crm.providers.attio.provider.Attio",
}


def crms() -> list[str]:
    return list(PROVIDERS)


@cache
def _load(path: str) -> Provider:
    return import_string(path)()  # type: ignore[no-any-return]  # a dotted path has no type


def provider(crm: str) -> Provider:
    """Return the CRM by its name; NotFound for a name that is none."""
    if crm not in PROVIDERS:
        raise NotFound
    return _load(PROVIDERS[crm])


def facts(crm: str) -> OAuthFacts:
    return provider(crm).manifest.oauth


def guide(crm: str) -> str:
    """Return the guide of a CRM, Markdown, as it lies in the provider's folder."""
    package = type(provider(crm)).__module__.rpartition(".")[0]
    return (files(package) / "guide.md").read_text(encoding="utf-8")
