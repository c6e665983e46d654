"""Integrations: connect a CRM, see how it does, disconnect it."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.accounts.models import Plan
from linktime.connections import oauth, own_app
from linktime.connections.models import Connection
from linktime.connections.oauth import ConnectProblem
from linktime.core import clock
from linktime.core.errors import Invalid
from linktime.crm import actions, options, registry, upkeep
from linktime.web import faults, rate
from linktime.web.dashboard.integrations import cards
from linktime.web.dashboard.page import member_page, page
from linktime.web.fields import carried

PROBLEM = "connect_problem"


class OwnAppForm(forms.Form):
    client_id = carried("Consumer key", required=True, autocomplete="off", spellcheck="false")
    client_secret = carried(
        "Consumer secret", forms.PasswordInput(), required=True, autocomplete="off", spellcheck="false"
    )


@require_safe
@member_page
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    problem = request.session.pop(PROBLEM, None)
    return _page(request, actor, OwnAppForm(), problem=problem)


@require_POST
@member_page
def connect(request: HttpRequest, actor: Actor, service: str) -> HttpResponse:
    """Go to the service's consent page, over a page of our own: forms may lead to this site alone (form-action)."""
    facts = registry.facts(service)
    login = request.POST.get("login", "")
    typed = next((host.key for host in facts.login_hosts if not host.url), None)
    login = request.POST.get("host", "") if login == typed else login
    try:
        address = oauth.begin(actor, facts, login=login, now=clock.now())
    except ConnectProblem as error:
        return _back_with(request, service, error)
    return page(request, actor, "dashboard/integrations/leave.html", {"address": address, "label": facts.label})


@require_safe
@member_page
def callback(request: HttpRequest, actor: Actor, service: str) -> HttpResponse:
    """Take what the service sends back; whatever it is, it ends on the Integrations page."""
    facts = registry.facts(service)
    try:
        connection = oauth.finish(actor, facts, request.GET.dict(), clock.now())
    except ConnectProblem as error:
        return _back_with(request, service, error)
    kind = " (a sandbox)" if connection.environment == "sandbox" else ""
    messages.success(request, f"Connected to {connection.organisation_name}{kind}. New bookings go there from now on.")
    return redirect("integrations")


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def disconnect(request: HttpRequest, actor: Actor, service: str) -> HttpResponse:
    access.require_owner(actor)
    manifest = registry.provider(service).manifest
    live = Connection.objects.exclude(state=Connection.State.DISCONNECTED)
    connection = access.get(live, actor, service=service)
    if request.method != "POST":
        context = {"connection": connection, "manifest": manifest}
        return page(request, actor, "dashboard/integrations/disconnect.html", context)
    oauth.disconnect(connection, manifest.oauth, clock.now())
    messages.success(request, f"Disconnected. Everything in {manifest.label} stays as it is.")
    return redirect("integrations")


@require_POST
@member_page
def retry(request: HttpRequest, actor: Actor, service: str) -> HttpResponse:
    """Try everything again that failed."""
    connection = live_connection(actor, service)
    count = actions.retry_failed(connection, clock.now())
    messages.success(request, f"Trying {count} booking{'' if count == 1 else 's'} again.")
    return redirect("integrations")


@require_POST
@member_page
def choose(request: HttpRequest, actor: Actor, service: str) -> HttpResponse:
    """Keep what an owner chose about a connection."""
    access.require_owner(actor)
    connection = access.get(Connection.objects.exclude(state=Connection.State.DISCONNECTED), actor, service=service)
    names = [option.name for option in options.of(connection) if option.name in request.POST]
    options.choose(connection, {name: request.POST[name] for name in names})
    messages.success(request, "Saved. It holds from the next booking on, and for what is tried again.")
    return redirect("integrations")


@require_POST
@member_page
def check(request: HttpRequest, actor: Actor, service: str) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Have a worker ask the CRM what is in the way; the card shows it as soon as it is known."""
    upkeep.check_soon(live_connection(actor, service), clock.now())
    return redirect("integrations")


def live_connection(actor: Actor, service: str) -> Connection:
    """Return the actor's connection to a CRM, whatever its state but disconnected."""
    access.require_crm(actor)
    return access.get(Connection.objects.exclude(state=Connection.State.DISCONNECTED), actor, service=service)


@require_POST
@member_page
def own(request: HttpRequest, actor: Actor, service: str) -> HttpResponse:
    """Keep the account's own consumer key and secret, or go back to the operator's."""
    facts = registry.facts(service)
    if request.POST.get("remove"):
        own_app.remove_own_app(actor, service)
        messages.success(request, f"Your own {facts.label} app is removed from LinkTime.")
        return redirect("integrations")
    form = OwnAppForm(request.POST)
    if form.is_valid():
        try:
            own_app.set_own_app(actor, service, **form.cleaned_data)
        except Invalid as error:
            faults.show(form, error)
        else:
            messages.success(request, "Saved, encrypted. You can connect now.")
            return redirect("integrations")
    return _page(request, actor, form)


def _page(request: HttpRequest, actor: Actor, form: OwnAppForm, problem: dict[str, str] | None = None) -> HttpResponse:
    context = {
        "cards": cards.cards(actor),
        "form": form,
        "problem": problem,
        "includes_crm": Plan(actor.account.plan).includes_crm,
        "plan": Plan(actor.account.plan).label,
    }
    return page(request, actor, "dashboard/integrations/list.html", context, rate.status_of(form))


def _back_with(request: HttpRequest, service: str, error: ConnectProblem) -> HttpResponse:
    problem = error.problem
    request.session[PROBLEM] = {"service": service, "what": problem.what, "remedy": problem.remedy}
    return redirect("integrations")
