"""The mails about an event type, as its invitees get them, in any language."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_safe

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.core import clock, languages
from linktime.core.errors import Invalid, NotFound
from linktime.core.meeting import Host
from linktime.core.placeholders import NAMES
from linktime.notifications import previews
from linktime.scheduling import event_types, texts
from linktime.scheduling.locations import location_text
from linktime.scheduling.models import EventType
from linktime.web import faults
from linktime.web.dashboard.page import member_page, page
from linktime.web.fields import carried

WORDS = {
    "confirmation": "Confirmation",
    "change": "Change",
    "cancellation": "Cancellation",
    "reminder": "Reminder",
    "follow_up": "Follow-up",
}
# Mails carry their styles with them; nothing else is let in, and nobody else may frame it.
AS_IN_A_MAIL: dict[str, Any] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "frame-ancestors": [CSP.SELF],
    "sandbox": True,
}


class TextForm(forms.Form):
    """What a mail says instead of the usual."""

    subject = carried("Subject")
    body = carried("Text", forms.Textarea({"rows": 4}))


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def show(request: HttpRequest, actor: Actor, event_type_id: int, kind: str) -> HttpResponse:
    """Show one kind of mail with its subject, lead to the others, and take another text for it."""
    event_type, language = _event_type(actor, event_type_id), _language(request)
    message = _message(event_type, kind, language)
    form = TextForm(request.POST or None, initial=event_type.texts.get(kind))
    if form.is_valid() and _keep(form, event_type, actor, kind):
        messages.success(request, "Saved. From now on the mail says so.")
        return redirect(request.get_full_path())
    context: dict[str, Any] = {
        "event_type": event_type,
        "kind": kind,
        "kinds": [(name, WORDS[name]) for name in previews.KINDS],
        "language": language,
        "subject": message.subject,
        "text": message.body,
        "form": form,
        "placeholders": [f"{{{name}}}" for name in NAMES],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return page(request, actor, "dashboard/event_types/mails.html", context, status=status)


@require_safe
@xframe_options_sameorigin
@csp_override(AS_IN_A_MAIL)
@member_page
def body(request: HttpRequest, actor: Actor, event_type_id: int, kind: str) -> HttpResponse:
    """Return the mail's HTML, for the frame in that page."""
    message = _message(_event_type(actor, event_type_id), kind, _language(request))
    return HttpResponse(message.alternatives[0][0])


def _keep(form: TextForm, event_type: EventType, actor: Actor, kind: str) -> bool:
    """Keep what the mail is to say; what is wrong with it is shown at its field."""
    try:
        event_types.update(event_type, actor, {"texts": event_type.texts | {kind: form.cleaned_data}})
    except Invalid as error:
        faults.show(form, error, {f"texts.{kind}.{name}": name for name in form.fields})
        return False
    return True


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
        own=texts.of(event_type.texts, kind),
        now=clock.now(),
    )
