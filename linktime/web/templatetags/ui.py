"""What every template may use (a builtin library): icons, chips, times as somebody reads them."""

from datetime import UTC, date, datetime

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from linktime.core import clock
from linktime.web.links import with_query
from linktime.web.reading import Reading, relative

register = template.Library()


@register.simple_tag
def icon(name: str, kind: str = "") -> SafeString:
    """Draw a Lucide icon from the sprite; it never carries the meaning alone."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>', kind, static("icons.svg"), name
    )


@register.simple_tag
def chip(word: str, kind: str, icon_name: str) -> SafeString:
    return format_html('<span class="chip {}">{}{}</span>', kind, icon(icon_name), word)


@register.simple_tag
def link(path: str, **query: object) -> str:
    """Write an address with a query; empty values are left out."""
    return with_query(path, **query)


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
def day(moment: date, reading: Reading) -> str:
    return reading.day(moment)


@register.filter
def fulldate(moment: date, reading: Reading) -> str:
    return reading.full_date(moment)


@register.filter
def zonetext(instant: datetime, reading: Reading) -> str:
    return reading.zone_text(instant)


@register.filter
def minutes(count: int) -> str:
    """Write a length of time as people say it: `30 min`, `1 h`, `1 h 30 min`."""
    hours, rest = divmod(count, 60)
    return " ".join(
        text for text in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if text
    )


@register.filter
def one_a_line(texts: list[str]) -> str:
    return "\n".join(texts)
