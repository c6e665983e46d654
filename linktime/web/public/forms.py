"""What an invitee fills in. The domain says what is wrong with it, all at once; these forms only carry values."""

import re
import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linktime.bookings.answers import from_form
from linktime.bookings.invitees import InviteeDetails
from linktime.core.errors import Invalid
from linktime.scheduling import questions
from linktime.scheduling.locations import needs_phone
from linktime.scheduling.models import EventType
from linktime.web import faults
from linktime.web.fields import carried

PREFIX = "answer-"
PATHS = {"invitee.name": "name", "invitee.email": "email", "invitee.phone": "phone", "invitee.notes": "notes"}


class InviteeForm(forms.Form):
    """Name, email and what the event type asks. `token` stays the same however often the form is sent."""

    marks_optional = True
    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    name = carried(_("Your name"), required=True, autocomplete="name")
    email = carried(_("Email"), forms.EmailInput(), required=True, autocomplete="email", inputmode="email")

    def __init__(self, event_type: EventType, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.event_type = event_type
        self.initial.setdefault("token", secrets.token_urlsafe(16))
        if needs_phone(event_type.location):
            self.fields["phone"] = carried(
                _("Phone"), forms.TextInput({"type": "tel"}), required=True, autocomplete="tel"
            )
            self.fields["phone"].help_text = _("With the country code, such as +44 20 7946 0958.")
        for question in event_type.questions:
            self.fields[PREFIX + question["key"]] = question_field(question)
        self.fields["notes"] = carried(_("Anything that helps to prepare"), forms.Textarea({"rows": 3}))
        self.fields["guests"] = carried(_("Guests' email addresses"), forms.Textarea({"rows": 2}))
        self.fields["guests"].help_text = _("Separated by commas or lines.")

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


def question_field(question: dict[str, Any]) -> forms.Field:
    label, required = question["label"], question["required"]
    match question["kind"]:
        case "long_text":
            return carried(label, forms.Textarea({"rows": 3}), required=required)
        case "checkbox":
            return forms.BooleanField(label=label, required=False)
        case questions.CHOICES:
            options = [(option, option) for option in question["options"]]
            widget = forms.CheckboxSelectMultiple()
            return forms.MultipleChoiceField(label=label, choices=options, widget=widget, required=False)
        case questions.CHOICE:
            options = [("", _("Choose…")), *((option, option) for option in question["options"])]
            return carried(label, forms.Select(choices=options), required=required)
        case kind:
            types = {"phone": "tel", "number": "number", "url": "url"}
            return carried(label, forms.TextInput({"type": types.get(kind, "text")}), required=required)


class ReasonForm(forms.Form):
    marks_optional = True
    reason = carried(_("Reason"), forms.Textarea({"rows": 3}))
