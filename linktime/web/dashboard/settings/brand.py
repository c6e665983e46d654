"""Settings: what the booking pages show of the account's own."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from linktime.accounts import access, brand, pictures
from linktime.accounts.access import Actor
from linktime.core.errors import Invalid
from linktime.core.faults import refuse
from linktime.web import faults, rate
from linktime.web.dashboard.page import member_page, page

STANDARD = "#2b59cb"
PICKER = {"type": "color", "data-unticks": "standard"}
ACCEPTED = "image/png,image/jpeg,image/webp"


class BrandForm(forms.Form):
    colour = forms.CharField(required=False, max_length=20, widget=forms.TextInput(PICKER))
    standard = forms.BooleanField(label="LinkTime's own colour", required=False)
    picture = forms.FileField(required=False, widget=forms.FileInput({"accept": ACCEPTED}))
    remove = forms.BooleanField(label="Show no picture", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["colour"].help_text = "Made lighter or darker where it could not be read otherwise."
        self.fields["picture"].help_text = "A logo or a face, PNG, JPEG or WebP, up to 5 MB."


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def edit(request: HttpRequest, actor: Actor) -> HttpResponse:
    access.require_owner(actor)
    kept = brand.brand_of(actor.account)
    initial = {"colour": kept.colour or STANDARD, "standard": not kept.colour}
    form = BrandForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _saved(actor, form):
        messages.success(request, "Saved. Your booking pages show it now.")
        return redirect("brand")
    context = {"form": form, "kept": kept, "shades": _shades(kept.colour)}
    return page(request, actor, "dashboard/settings/brand.html", context, rate.status_of(form))


def _shades(colour: str) -> dict[str, dict[str, str]] | None:
    from linktime.web.palette import palette  # noqa: PLC0415 - its library takes 0.2 s to load

    return palette(colour) if colour else None


def _saved(actor: Actor, form: BrandForm) -> bool:
    typed = form.cleaned_data
    try:
        brand.save(
            actor,
            colour="" if typed["standard"] else typed["colour"],
            picture=_content(typed["picture"]),
            remove_picture=typed["remove"],
        )
    except Invalid as error:
        faults.show(form, error)
    return not form.errors


def _content(upload: Any) -> bytes | None:
    if not upload:
        return None
    if upload.size > pictures.LARGEST_FILE:  # before it is read into memory
        refuse("too_large", "Choose a picture of at most 5 MB.", field="picture")
    return bytes(upload.read())
