"""Bookings: what comes, what was, what was cancelled, and what the CRMs show of each."""

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.bookings import actions
from linktime.bookings.meetings import meeting_of
from linktime.bookings.models import Booking
from linktime.core import clock
from linktime.crm import actions as crm
from linktime.crm.models import SyncRecord
from linktime.scheduling.models import EventType
from linktime.web.dashboard.bookings import rows, story
from linktime.web.dashboard.page import member_page, page, reading_of

PER_PAGE = 50
TABS = (("upcoming", "Upcoming"), ("past", "Past"), ("cancelled", "Cancelled"))


@require_safe
@member_page
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    tab = request.GET.get("show", "")
    tab = tab if tab in dict(TABS) else TABS[0][0]
    bookings = rows.with_syncs(chosen(access.visible(Booking.objects.all(), actor), tab, clock.now()))
    shown = Paginator(bookings, PER_PAGE).get_page(request.GET.get("page"))
    found = rows.rows(shown.object_list)
    context = {
        "tab": tab,
        "tabs": TABS,
        "shown": shown,
        "days": rows.by_day(found, reading_of(request, actor)),
        "poll": rows.soonest(sync for row in found for sync in row.syncs),
        "event_type": access.visible(EventType.objects.filter(active=True), actor).first(),
    }
    return page(request, actor, "dashboard/bookings/list.html", context)


def chosen(bookings: QuerySet[Booking], tab: str, now: datetime) -> QuerySet[Booking]:
    if tab == "cancelled":
        return bookings.filter(status=Booking.Status.CANCELLED).order_by("-start", "id")
    kept = bookings.exclude(status=Booking.Status.CANCELLED)
    if tab == "past":
        return kept.filter(end__lte=now).order_by("-start", "id")
    return kept.filter(end__gt=now).order_by("start", "id")


@require_safe
@member_page
def detail(request: HttpRequest, actor: Actor, uid: str) -> HttpResponse:
    booking = access.get(rows.with_syncs(Booking.objects.select_related("account")), actor, uid=uid)
    syncs = [rows.sync_of(record) for record in booking.sync_records.all()]
    meeting = meeting_of(booking)
    context = {
        "booking": booking,
        "meeting": meeting,
        "begun": booking.start <= clock.now(),
        "over": booking.end <= clock.now(),
        "missed": booking.status == Booking.Status.NO_SHOW,
        "syncs": [(sync, story.attempts(sync.record, sync.label)) for sync in syncs],
        "poll": rows.soonest(syncs),
    }
    return page(request, actor, "dashboard/bookings/detail.html", context)


@require_POST
@member_page
def no_show(request: HttpRequest, actor: Actor, uid: str) -> HttpResponse:
    """Note that the invitee did not come; every CRM is told."""
    booking = access.get(Booking.objects.all(), actor, uid=uid)
    actions.mark_no_show(booking, reason="", now=clock.now())
    messages.success(request, "Marked as a no-show.")
    return redirect("booking_detail", uid)


@require_POST
@member_page
def retry(request: HttpRequest, actor: Actor, uid: str, record_id: int) -> HttpResponse:
    """Try one booking again in one CRM."""
    record = access.get(SyncRecord.objects.all(), actor, booking__uid=uid, pk=record_id)
    access.require_crm(actor)
    crm.retry_record(record, clock.now())
    messages.success(request, "Trying again.")
    return redirect("booking_detail", uid)
