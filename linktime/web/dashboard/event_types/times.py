"""When an event type can be booked: how far ahead, how soon, with which pauses and steps, and how often."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from linktime.scheduling.limits import PERIODS
from linktime.scheduling.models import EventType
from linktime.web.dashboard.event_types.group import Group
from linktime.web.dashboard.event_types.lengths import LengthField
from linktime.web.fields import carried, whole_number

WINDOWS = [
    ("rolling", "A number of days from today"),
    ("business_days", "A number of working days from today"),
    ("range", "Between two dates"),
    ("", "Without end"),
]


class Times(Group):
    about = "Within the hours of its hosts."
    paths: ClassVar[Mapping[str, str]] = {
        "window.days": "window_days",
        "window.start": "window_start",
        "window.end": "window_end",
        "window": "window_kind",
    }

    window_kind = carried("How far ahead", forms.Select(choices=WINDOWS))
    window_days = whole_number("Days ahead")
    window_start = carried("First day", forms.DateInput({"type": "date"}))
    window_end = carried("Last day", forms.DateInput({"type": "date"}))
    minimum_notice = LengthField(label="Shortest notice", required=False, help_text="Such as 30 min, 4 h or 2 days.")
    buffer_before = whole_number("Pause before, in minutes")
    buffer_after = whole_number("Pause after, in minutes")
    slot_interval = whole_number("A time every … minutes")
    slot_offset = whole_number("First time, minutes after opening")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["slot_interval"].help_text = "Left empty: one meeting after another."

    @classmethod
    def initial_of(cls, event_type: EventType) -> dict[str, Any]:
        shown = event_type.window or {"kind": ""}
        windows = {f"window_{part}": shown.get(part) for part in ("kind", "days", "start", "end")}
        rest = ("minimum_notice", "buffer_before", "buffer_after", "slot_interval", "slot_offset")
        return windows | {name: getattr(event_type, name) for name in rest}

    def values(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "window": window(typed),
            "minimum_notice": typed["minimum_notice"] or 0,
            "buffer_before": typed["buffer_before"] or 0,
            "buffer_after": typed["buffer_after"] or 0,
            "slot_interval": typed["slot_interval"],
            "slot_offset": typed["slot_offset"] or 0,
        }


class Limits(Group):
    about = "Meetings of this kind, for each host. Left empty, there is no limit."
    paths: ClassVar[Mapping[str, str]] = {f"limits.{period}": f"limit_{period}" for period in PERIODS}

    limit_day = whole_number("A day")
    limit_week = whole_number("A week")
    limit_month = whole_number("A month")

    @classmethod
    def initial_of(cls, event_type: EventType) -> dict[str, Any]:
        return {f"limit_{period}": event_type.limits.get(period) for period in PERIODS}

    def values(self) -> dict[str, Any]:
        return {"limits": {period: self.cleaned_data[f"limit_{period}"] for period in PERIODS}}


def window(typed: Mapping[str, Any]) -> dict[str, Any] | None:
    match typed["window_kind"]:
        case "rolling" | "business_days" as kind:
            return {"kind": kind, "days": typed["window_days"]}
        case "range":
            return {"kind": "range", "start": typed["window_start"], "end": typed["window_end"]}
    return None
