"""What every template may use (a builtin library): icons, chips, times as somebody reads them."""

from datetime import UTC, date, datetime

from babel.units import format_unit
from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

from linktime.core import clock, languages
from linktime.web.links import with_query
from linktime.web.reading import Reading, relative

register = template.Library()

TURNING = frozenset({"arrow-left", "arrow-right", "chevron-left", "chevron-right", "log-out"})


@register.simple_tag
def icon(name: str, kind: str = "") -> SafeString:
    """Draw a Lucide icon from the sprite; it never carries the meaning alone. Arrows go with the script's direction."""
    kind = f"{kind} turns" if name in TURNING else kind
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>', kind, static("icons.svg"), name
    )


@register.simple_tag
def chip(word: str, kind: str, icon_name: str) -> SafeString:
    return format_html('<span class="chip {}">{}{}</span>', kind, icon(icon_name), word)


@register.simple_tag(takes_context=True)
def link(context: Context, path: str, **query: object) -> str:
    """Write an address with a query; empty values are left out. What the page says to keep (`kept`) goes along."""
    return with_query(path, **{**(context.get("kept") or {}), **query})


@register.filter
def iso(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@register.simple_tag
def ago(instant: datetime, reading: Reading) -> SafeString:
    """Write a relative time, with the exact one on hover and focus."""
    return format_html(
        '<time class="ago" datetime="{}" tabindex="0">{}<span class="tip">{}</span></time>',
        instant.isoformat(),
        relative(instant, clock.now()),
        reading.exact(instant),
    )


@register.filter(name="clock")
def clock_text(instant: datetime, reading: Reading) -> str:
    return reading.clock(instant)


@register.filter
def day(when: date, reading: Reading) -> str:
    return reading.day(when)


@register.filter
def moment(instant: datetime, reading: Reading) -> str:
    return reading.moment(instant)


@register.filter
def month(when: date, reading: Reading) -> str:
    return reading.month(when)


@register.filter
def fulldate(when: date, reading: Reading) -> str:
    return reading.full_date(when)


@register.filter
def zonetext(instant: datetime, reading: Reading) -> str:
    return reading.zone_text(instant)


@register.filter
def minutes(count: int) -> str:
    """Write a length of time as people say it: `30 min`, `1 hr`, `1 hr 30 min`."""
    hours, rest = divmod(count, 60)
    parts = [(hours, "hour"), (rest, "minute")] if hours and rest else [(hours, "hour") if hours else (rest, "minute")]
    locale = languages.locale_of(translation.get_language() or languages.ENGLISH)
    return " ".join(format_unit(amount, f"duration-{unit}", "short", locale=locale) for amount, unit in parts)


@register.filter
def one_a_line(texts: list[str]) -> str:
    return "\n".join(texts)
