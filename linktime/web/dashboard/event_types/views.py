"""Event types: what people can book."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.core import clock
from linktime.core.errors import Conflict
from linktime.scheduling import event_types, links, questions
from linktime.scheduling.models import EventType
from linktime.web.dashboard.event_types import asking, editor, share
from linktime.web.dashboard.page import member_page, page

KIND_WORDS = {
    "text": "Short text",
    "long_text": "Long text",
    "choice": "Choice",
    "choices": "Several choices",
    "checkbox": "Checkbox",
    "phone": "Phone number",
    "number": "Number",
    "url": "Web address",
}


@require_safe
@member_page
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    found = access.visible(EventType.objects.select_related("host"), actor).order_by("-active", "id")
    return page(
        request, actor, "dashboard/event_types/list.html", {"event_types": found, "base_url": settings.BASE_URL}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _edit(request, actor, None)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def edit(request: HttpRequest, actor: Actor, event_type_id: int) -> HttpResponse:
    return _edit(request, actor, access.get(EventType.objects.all(), actor, pk=event_type_id))


@require_safe
@member_page
def share_page(request: HttpRequest, actor: Actor, event_type_id: int) -> HttpResponse:
    """Give what there is to copy: the link, and the booking page for other sites."""
    event_type = access.get(EventType.objects.select_related("account"), actor, pk=event_type_id)
    context = {
        "event_type": event_type,
        "ways": share.ways(event_type),
        "address": share.address_of(event_type),
        "links": share.links(event_type),
    }
    return page(request, actor, "dashboard/event_types/share.html", context)


@require_POST
@member_page
def new_link(request: HttpRequest, actor: Actor, event_type_id: int) -> HttpResponse:
    """Make a link that works once."""
    event_type = access.get(EventType.objects.all(), actor, pk=event_type_id)
    links.create(event_type, clock.now())
    messages.success(request, "A new link is made. It stands first in the list of single-use links.")
    return redirect("share_event_type", event_type_id)


@require_POST
@member_page
def switch(request: HttpRequest, actor: Actor, event_type_id: int) -> HttpResponse:
    """Open an event type for bookings, or close it."""
    event_type = access.get(EventType.objects.all(), actor, pk=event_type_id)
    event_types.update(event_type, actor, {"active": request.POST.get("active") == "yes"})
    word = "can be booked" if event_type.active else "takes no new bookings; those that were made stay"
    messages.success(request, f"{event_type.title} {word}.")
    return redirect("event_types")


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def delete(request: HttpRequest, actor: Actor, event_type_id: int) -> HttpResponse:
    event_type = access.get(EventType.objects.all(), actor, pk=event_type_id)
    if request.method != "POST":
        return page(request, actor, "dashboard/event_types/delete.html", {"event_type": event_type})
    try:
        event_types.delete(event_type)
    except Conflict as error:
        messages.error(request, error.detail)
        return redirect("edit_event_type", event_type_id)
    messages.success(request, f"{event_type.title} is deleted.")
    return redirect("event_types")


def _edit(request: HttpRequest, actor: Actor, event_type: EventType | None) -> HttpResponse:
    form = editor.Editor(actor, event_type, request.POST if request.method == "POST" else None)
    if request.method == "POST" and not form.moving and form.save():
        messages.success(request, "Saved.")
        return redirect("event_types")
    context = {
        "form": form,
        "event_type": event_type,
        "questions": [*form.questions, asking.QuestionRow()],
        "kinds": [(kind, KIND_WORDS[kind]) for kind in questions.KINDS],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.faulty else HTTPStatus.OK
    return page(request, actor, "dashboard/event_types/edit.html", context, status)
