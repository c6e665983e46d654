"""Bookings: what comes, what was, what was cancelled, and what the CRMs show of each."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.bookings import actions
from linktime.bookings.meetings import meeting_of
from linktime.bookings.models import Booking
from linktime.core import clock
from linktime.core.errors import Conflict
from linktime.crm import reconcile
from linktime.crm.models import SyncRecord
from linktime.scheduling.models import EventType
from linktime.web.counts import counted
from linktime.web.dashboard.activity.rows import row_of
from linktime.web.dashboard.bookings import export, filters, rows, story
from linktime.web.dashboard.page import member_page, page, reading_of

PER_PAGE = 50


@require_safe
@member_page
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    wish, reading, now = filters.wish_of(request.GET), reading_of(request, actor), clock.now()
    own = access.visible(Booking.objects.all(), actor)
    shown = Paginator(rows.with_syncs(filters.narrowed(own, wish, reading, now)), PER_PAGE)
    shown_page = shown.get_page(request.GET.get("page"))
    found = rows.rows(shown_page.object_list, now)
    kinds = access.visible(EventType.objects.order_by("-active", "id"), actor)
    context = {
        "wish": wish,
        "query": wish.query,
        "tabs": filters.TABS,
        "attention": counted(filters.needing_attention(own)),
        "shown": shown_page,
        "days": rows.by_day(found, reading),
        "poll": rows.soonest(sync for row in found for sync in row.syncs),
        "event_types": kinds,
        "event_type": next((kind for kind in kinds if kind.active), None),
    }
    return page(request, actor, "dashboard/bookings/list.html", context)


@require_safe
@member_page
def export_csv(request: HttpRequest, actor: Actor) -> StreamingHttpResponse:
    """Give the bookings that the list shows, all pages of them, as a file."""
    wish, reading, now = filters.wish_of(request.GET), reading_of(request, actor), clock.now()
    own = access.visible(Booking.objects.all(), actor)
    lines = export.lines(filters.narrowed(own, wish, reading, now), reading)
    name = f"bookings-{wish.tab}-{reading.local(now):%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
@member_page
def detail(request: HttpRequest, actor: Actor, uid: str) -> HttpResponse:
    booking = access.get(rows.with_syncs(Booking.objects.select_related("account")), actor, uid=uid)
    meeting, now = meeting_of(booking), clock.now()
    syncs = [row_of(record, None, now) for record in booking.sync_records.all()]
    context = {
        "booking": booking,
        "meeting": meeting,
        "begun": booking.start <= now,
        "row": rows.Row(booking, rows.standing_of(booking, now)),
        "told": [(change, story.CHANGE_ICONS[change.kind], story.CHANGES[change.kind]) for change in meeting.history],
        "syncs": [(row, story.steps(row.record)) for row in syncs],
        "poll": rows.soonest(row.sync for row in syncs),
        "here": request.path,
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
def bring_back(request: HttpRequest, actor: Actor, uid: str, record_id: int) -> HttpResponse:
    """Restore in one CRM what somebody deleted or moved there."""
    record = access.get(SyncRecord.objects.select_related("drift"), actor, booking__uid=uid, pk=record_id)
    access.require_crm(actor)
    try:
        reconcile.bring_back(record, clock.now())
    except Conflict as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, "Bringing it back.")
    return redirect("booking_detail", uid)
