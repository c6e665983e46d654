"""The ways to share an event type, as something to copy."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils.html import format_html

from linktime.scheduling.models import EventType

MOST_LINKS = 50
SCRIPT = "/static/embed/v1.js"  # the name without a digest, which stays


@dataclass(frozen=True, slots=True)
class Way:
    title: str
    about: str
    snippet: str


def address_of(event_type: EventType) -> str:
    """Return the link that invitees get; the event type's account has to be loaded."""
    return settings.BASE_URL + reverse("pick", args=[event_type.account.handle, event_type.slug])


@dataclass(frozen=True, slots=True)
class Once:
    """A single-use link; `used_at` is None while it works."""

    address: str
    used_at: datetime | None


def links(event_type: EventType) -> list[Once]:
    """Return the newest single-use links, those that still work first."""
    found = event_type.links.order_by(F("used_at").desc(nulls_first=True), "-created_at", "-id")[:MOST_LINKS]
    return [Once(f"{address_of(event_type)}?link={each.token}", each.used_at) for each in found]


def ways(event_type: EventType) -> list[Way]:
    address = address_of(event_type)
    script = f'<script src="{settings.BASE_URL}{SCRIPT}" async></script>'
    link = format_html('<a href="{}">{}</a>', address, event_type.title)
    inline = format_html('<div data-linktime="{}">{}</div>', address, link)
    popup = format_html('<a href="{}" data-linktime-popup>{}</a>', address, event_type.title)
    return [
        Way("Link", "For mails, signatures and anywhere else.", address),
        Way("Inline", "The booking page stands in your page, and grows and shrinks with it.", f"{inline}\n{script}"),
        Way("Popup", "A link or button of yours opens the booking page over your page.", f"{popup}\n{script}"),
    ]
