"""What happens around a booking: who has to agree, until when it can be changed, what is sent before and after it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from linktime.scheduling.models import EventType
from linktime.web.dashboard.event_types.group import Group
from linktime.web.dashboard.event_types.lengths import LengthField, LengthsField
from linktime.web.fields import carried

SUCH_AS = "Such as 4 h or 2 days. Left empty: for as long as the meeting lasts."


class Confirmation(Group):
    about = "By itself a booking is a meeting at once. No CRM hears of one that still waits."

    requires_approval = forms.BooleanField(
        label="I accept each booking",
        required=False,
        help_text="It is pending until a host accepts it, for 48 hours at most.",
    )
    requires_verification = forms.BooleanField(
        label="Invitees confirm their email address",
        required=False,
        help_text="It is pending until they follow the link in a mail, for 30 minutes at most.",
    )
    redirect_url = carried("Where to go after booking", inputmode="url", placeholder="https://example.com/thank-you")
    reschedule_deadline = LengthField(
        label="Invitees may move it until so long before", required=False, help_text=SUCH_AS
    )
    cancel_deadline = LengthField(
        label="Invitees may cancel it until so long before", required=False, help_text=SUCH_AS
    )


class Reminders(Group):
    about = "Mails to the invitee. A meeting that is moved or cancelled moves or cancels them."
    paths: ClassVar[Mapping[str, str]] = {"reminders": "reminders", "follow_ups": "follow_ups"}

    reminders = LengthsField(
        label="Remind so long before", required=False, help_text="Such as 1 day, 1 h. Left empty: no reminder."
    )
    follow_ups = LengthsField(
        label="Follow up so long after", required=False, help_text="Such as 0 min, 2 days. Left empty: no follow-up."
    )

    @classmethod
    def initial_of(cls, event_type: EventType) -> dict[str, Any]:
        return {"reminders": list(event_type.reminders), "follow_ups": list(event_type.follow_ups)}
