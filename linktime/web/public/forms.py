"""What an invitee fills in. The domain says what is wrong with it, all at once; these forms only carry values."""

import re
import secrets
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from linktime.bookings.answers import from_form
from linktime.bookings.invitees import InviteeDetails
from linktime.bookings.phones import country_of
from linktime.core import languages
from linktime.core.errors import Invalid
from linktime.scheduling import questions
from linktime.scheduling.locations import needs_phone
from linktime.scheduling.models import EventType
from linktime.web import faults
from linktime.web.fields import carried

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

PREFIX = "answer-"
SEEN_AT_ONCE = 6  # more options than these fold into a list
INPUTS = {
    "number": {"type": "number", "step": "any", "inputmode": "decimal"},
    "url": {"type": "url", "dir": "ltr", "placeholder": "https://"},
}
PATHS = {"invitee.name": "name", "invitee.email": "email", "invitee.phone": "phone", "invitee.notes": "notes"}


class InviteeForm(forms.Form):
    """Name, email and what the event type asks. `token` stays the same however often the form is sent.

    `optional` are the fields whose labels say so.
    """

    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    name = carried(_("Your name"), required=True, autocomplete="name")
    email = carried(_("Email"), forms.EmailInput(), required=True, autocomplete="email", inputmode="email")

    def __init__(self, event_type: EventType, *args: Any, time_zone: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.event_type = event_type
        self.initial.setdefault("token", secrets.token_urlsafe(16))
        if needs_phone(event_type.location):
            self.fields["phone"] = phone_field(_("Phone"), time_zone, required=True)
        for question in event_type.questions:
            self.fields[PREFIX + question["key"]] = question_field(question, time_zone)
        self.fields["notes"] = carried(_("Anything that helps to prepare"), forms.Textarea({"rows": 3}))
        self.fields["guests"] = carried(_("Guests' email addresses"), forms.Textarea({"rows": 2}))
        self.fields["guests"].help_text = _("Separated by commas or lines.")
        self.optional = {"notes", "guests"} | {PREFIX + each["key"] for each in event_type.questions if _may_skip(each)}

    def details(self, *, time_zone: str, locale: str) -> InviteeDetails:
        text = self.cleaned_data
        return InviteeDetails(
            name=text["name"],
            email=text["email"],
            phone=text.get("phone", ""),
            time_zone=time_zone,
            locale=locale,
            notes=text["notes"],
        )

    def guests(self) -> list[str]:
        return [email for email in re.split(r"[\s,;]+", self.cleaned_data["guests"]) if email]

    def answers(self) -> dict[str, Any]:
        typed = {question["key"]: self.cleaned_data[PREFIX + question["key"]] for question in self.event_type.questions}
        return from_form(self.event_type.questions, typed)

    def show(self, error: Invalid) -> None:
        answers = {f"answers.{question['key']}": PREFIX + question["key"] for question in self.event_type.questions}
        faults.show(self, error, PATHS | answers)


def question_field(question: dict[str, Any], time_zone: str) -> forms.Field:
    label, required = _isolated(question["label"]), question["required"]
    options = [(option, _isolated(option)) for option in question["options"]]
    match question["kind"]:
        case "phone":
            return phone_field(label, time_zone, required=required)
        case "long_text":
            return carried(label, forms.Textarea({"rows": 3}), required=required)
        case "checkbox":
            widget = forms.CheckboxInput({"required": True} if required else {})
            return forms.BooleanField(label=label, required=False, widget=widget)
        case questions.CHOICES:
            several = forms.CheckboxSelectMultiple()
            return forms.MultipleChoiceField(label=label, choices=options, widget=several, required=False)
        case questions.CHOICE:
            return carried(label, _one_of(options, required=required), required=required)
        case kind:
            return carried(label, forms.TextInput(INPUTS.get(kind)), required=required)


def _isolated(words: str) -> SafeString:
    """Keep the host's words, in whatever script, from turning around what stands beside them."""
    return format_html("<bdi>{}</bdi>", words)


def _one_of(options: list[tuple[str, SafeString]], *, required: bool) -> forms.Widget:
    """Show a few options at once, but where none need be chosen, and none could be unchosen."""
    if required and len(options) <= SEEN_AT_ONCE:
        return forms.RadioSelect(choices=options)
    return forms.Select(
        {"dir": "auto"}, choices=[("", _("Choose…")), *((option, option) for option, _label in options)]
    )


def phone_field(label: "str | _StrPromise", time_zone: str, *, required: bool) -> forms.Field:
    """Make a field for a number; one without a country code is read as one of the time zone's country."""
    field = carried(label, forms.TextInput({"type": "tel", "dir": "ltr"}), required=required, autocomplete="tel")
    field.help_text = _("With the country code, such as +44 20 7946 0958.")
    if country := country_of(time_zone):
        name = languages.locale_of(get_language() or languages.ENGLISH).territories.get(country, country)
        field.help_text = gettext("Without a country code it is taken for a number of this country: %s.") % name
    return field


def _may_skip(question: dict[str, Any]) -> bool:
    return not question["required"] and question["kind"] != "checkbox"


class ReasonForm(forms.Form):
    optional = frozenset({"reason"})
    reason = carried(_("Reason"), forms.Textarea({"rows": 3}))
