"""Days away: out of office, or at work in another time zone."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from linktime.accounts import access
from linktime.accounts.access import Actor
from linktime.accounts.models import User
from linktime.core import clock
from linktime.core.errors import Invalid
from linktime.scheduling import absences
from linktime.scheduling.models import Absence
from linktime.web import faults, zones
from linktime.web.dashboard.page import member_page, page, reading_of
from linktime.web.fields import carried

OUT_OF_OFFICE = "Nowhere: out of office"


class AwayForm(forms.Form):
    host = forms.TypedChoiceField(label="Who", coerce=int, required=False, empty_value=None)
    start = carried("First day", forms.DateInput({"type": "date"}), required=True)
    end = carried("Last day", forms.DateInput({"type": "date"}), required=True)
    time_zone = forms.ChoiceField(label="Working from", required=False)
    reason = carried("Reason (optional)")

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        team = User.objects.filter(memberships__account=actor.account).order_by("name", "id")
        self.places = {each.name: f"{each.label} ({each.offset})" for each in zones.choices(clock.now())}
        for name, choices in (
            ("host", [(each.pk, str(each)) for each in team]),
            ("time_zone", [("", OUT_OF_OFFICE), *self.places.items()]),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
        self.fields["reason"].help_text = "For you and your team alone."

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in absences.FIELDS}


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the absences that are not over, and note another one."""
    form = AwayForm(actor, request.POST if request.method == "POST" else None, initial={"host": actor.user.pk})
    if request.method == "POST" and form.is_valid():
        try:
            absences.create(actor, form.values())
        except Invalid as error:
            faults.show(form, error)
        else:
            messages.success(
                request, "Noted. Bookings that were made for these days stay: see whether any have to move."
            )
            return redirect("absences")
    yesterday = reading_of(request, actor).local(clock.now()).date() - timedelta(days=1)
    coming = (
        access.visible(Absence.objects.select_related("host"), actor).filter(end__gte=yesterday).order_by("start", "id")
    )
    context = {
        "form": form,
        "absences": [
            (each, form.places.get(each.time_zone, each.time_zone)) for each in coming.order_by("start", "id")
        ],
    }
    return page(request, actor, "dashboard/availability/away.html", context, 422 if form.errors else 200)


@require_POST
@member_page
def delete(request: HttpRequest, actor: Actor, absence_id: int) -> HttpResponse:
    absences.delete(access.get(Absence.objects.all(), actor, pk=absence_id))
    messages.success(request, "These days can be booked again, where the hours allow it.")
    return redirect("absences")
