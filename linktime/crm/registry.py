"""The CRMs there are: a new one is its folder and one line here."""

from functools import cache, lru_cache
from importlib.resources import files
from urllib.parse import urlsplit

from django.conf import settings
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


def service_of(url: str) -> str:
    """Return the CRM that a URL belongs to, its login hosts included; `other` for none."""
    for crm in PROVIDERS:
        base = settings.SERVICES.get(crm, {}).get("base_url")
        if base and f"{url}/".startswith(f"{base}/"):
            return crm
    return _service_at(urlsplit(url).netloc)


@lru_cache(maxsize=1000)
def _service_at(host: str) -> str:
    found = (crm for crm in PROVIDERS if _is_at(facts(crm), host))
    return next(found, "other")


def _is_at(service: OAuthFacts, host: str) -> bool:
    urls = [service.token_host, service.api_url if isinstance(service.api_url, str) else ""]
    urls += [login.url for login in service.login_hosts]
    known = {urlsplit(url).netloc for url in urls if url}
    return host in known or service.allowed_api_host(host) or service.allowed_login_host(host)
