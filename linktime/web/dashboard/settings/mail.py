"""Settings: which mail an owner gets about the account, beside what concerns their bookings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.accounts.models import Membership
from linktime.notifications import digest
from linktime.web.dashboard.page import member_page


@require_POST
@member_page
def save(request: HttpRequest, actor: Actor) -> HttpResponse:
    access.require_owner(actor)
    digest.choose(_membership(actor), wanted="digest" in request.POST)
    messages.success(request, "Saved.")
    return redirect("settings")


def digest_wanted(actor: Actor) -> bool:
    return digest.is_wanted(_membership(actor))


def _membership(actor: Actor) -> Membership:
    return Membership.objects.get(account=actor.account, user=actor.user)
