"""What became of bookings in a CRM since they were synced, as the latest comparison saw it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.connections.facts import Problem
from linktime.connections.models import Connection
from linktime.core import clock
from linktime.crm import registry, upkeep
from linktime.crm.models import Drift, Reconciliation
from linktime.crm.remedies import remedy_for
from linktime.web.dashboard.integrations.views import live_connection
from linktime.web.dashboard.page import member_page, page

PER_PAGE = 25


@require_safe
@member_page
def show(request: HttpRequest, actor: Actor, service: str) -> HttpResponse:
    """List what differs, what can be brought back first."""
    connection = live_connection(actor, service)
    found = access.visible(Drift.objects.current().filter(record__connection=connection), actor)
    ordered = found.select_related("record__booking").order_by("-remedy", "record__booking__start", "pk")
    comparison = access.visible(Reconciliation.objects.filter(connection=connection), actor).first()
    context = {
        "manifest": registry.provider(service).manifest,
        "comparison": comparison,
        "problem": _problem(connection, comparison),
        "comparing": comparison is not None and comparison.due_at <= clock.now(),
        "working": connection.state == Connection.State.CONNECTED,
        "shown": Paginator(ordered, PER_PAGE).get_page(request.GET.get("page")),
    }
    return page(request, actor, "dashboard/integrations/differences.html", context)


@require_POST
@member_page
def compare(request: HttpRequest, actor: Actor, service: str) -> HttpResponse:
    """Have a worker compare now; nothing is changed anywhere."""
    upkeep.compare_now(live_connection(actor, service), clock.now())
    messages.success(request, "Comparing. What differs appears here.")
    return redirect("differences", service)


def _problem(connection: Connection, comparison: Reconciliation | None) -> Problem | None:
    if comparison is None or not comparison.error_code:
        return None
    return remedy_for(connection.service, comparison.error_code, comparison.error_message)
