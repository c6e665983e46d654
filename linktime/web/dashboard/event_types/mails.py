"""The mails about an event type, as its invitees get them, in any language."""

from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.core import clock, languages
from linktime.core.errors import NotFound
from linktime.core.meeting import Host
from linktime.core.placeholders import OwnText
from linktime.notifications import previews
from linktime.scheduling.locations import location_text
from linktime.scheduling.models import EventType
from linktime.web.dashboard.page import member_page, page

WORDS = {
    "confirmation": "Confirmation",
    "change": "Change",
    "cancellation": "Cancellation",
    "reminder": "Reminder",
    "follow_up": "Follow-up",
}
FOLLOW_UP = "Hello {invitee_first_name}, thank you for the {title}."
# Mails carry their styles with them; nothing else is let in, and nobody else may frame it.
AS_IN_A_MAIL: dict[str, Any] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "frame-ancestors": [CSP.SELF],
    "sandbox": True,
}


@require_safe
@member_page
def show(request: HttpRequest, actor: Actor, event_type_id: int, kind: str) -> HttpResponse:
    """Show one kind of mail with its subject, and lead to the others."""
    event_type, language = _event_type(actor, event_type_id), _language(request)
    message = _message(event_type, kind, language)
    context: dict[str, Any] = {
        "event_type": event_type,
        "kind": kind,
        "kinds": [(name, WORDS[name]) for name in previews.KINDS],
        "language": language,
        "subject": message.subject,
        "text": message.body,
    }
    return page(request, actor, "dashboard/event_types/mails.html", context)


@require_safe
@xframe_options_sameorigin
@csp_override(AS_IN_A_MAIL)
@member_page
def body(request: HttpRequest, actor: Actor, event_type_id: int, kind: str) -> HttpResponse:
    """Return the mail's HTML, for the frame in that page."""
    message = _message(_event_type(actor, event_type_id), kind, _language(request))
    return HttpResponse(message.alternatives[0][0])


def _event_type(actor: Actor, event_type_id: int) -> EventType:
    return access.get(EventType.objects.select_related("host"), actor, pk=event_type_id)


def _language(request: HttpRequest) -> str:
    wish = request.GET.get("language", "")
    return wish if wish in languages.NAMES else languages.ENGLISH


def _message(event_type: EventType, kind: str, language: str) -> EmailMultiAlternatives:
    if kind not in previews.KINDS:
        raise NotFound
    host = event_type.host
    return previews.preview(
        kind,
        title=event_type.title,
        host=Host(name=str(host), email=host.email, time_zone=host.time_zone),
        location=location_text(event_type.location, "+442079460958"),
        minutes=event_type.durations[0],
        locale=language,
        own=OwnText(body=FOLLOW_UP if kind == "follow_up" else ""),
        now=clock.now(),
    )
