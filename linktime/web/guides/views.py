"""Pages for everybody: a guide to each CRM, the CRMs compared, and what LinkTime sees of them."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from linktime.connections.oauth import callback_url
from linktime.crm import registry
from linktime.web.guides import markdown, pages


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    href: str
    current: bool


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    return _page(request, pages.compared(_here()))


@require_safe
def guide(request: HttpRequest, crm: str) -> HttpResponse:
    return _page(request, pages.guide(crm, _here()))


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return _page(request, pages.privacy(_here()))


def _here() -> pages.Place:
    return pages.Place(
        address=_address, callback=callback_url, egress_ips=settings.EGRESS_IPS, support_url=settings.SUPPORT_URL
    )


def _address(crm: str) -> str:
    return reverse("crm_guide", args=[crm])


def _page(request: HttpRequest, text: str) -> HttpResponse:
    return render(request, "guides/page.html", {"page": markdown.render(text), "entries": _entries(request.path)})


def _entries(path: str) -> list[Entry]:
    guides = [(registry.provider(crm).manifest.label, _address(crm)) for crm in registry.crms()]
    listed = [("CRMs compared", reverse("crm_comparison")), *guides, ("Privacy", reverse("privacy"))]
    return [Entry(label, href, current=href == path) for label, href in listed]
