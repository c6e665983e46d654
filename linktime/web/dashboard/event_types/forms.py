"""The form of an event type, to and from the values of `scheduling/event_types.py`."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from linktime.core.errors import Invalid
from linktime.scheduling.models import EventType, Schedule
from linktime.web import faults
from linktime.web.fields import carried, whole_number

LOCATIONS = [
    ("", "Not given"),
    ("phone", "Phone call: the invitee gives a number"),
    ("link", "A link, such as a video call"),
    ("in_person", "In person, at a place"),
    ("custom", "Something else"),
]
WINDOWS = [("rolling", "A number of days from today"), ("range", "Between two dates"), ("", "Without end")]
PATHS = {
    "schedule_id": "schedule",
    "location.kind": "location_kind",
    "location": "location",
    "location.value": "location",
    "window.days": "window_days",
    "window.start": "window_start",
    "window.end": "window_end",
    "window": "window_kind",
    "slug": "slug",
}


class EventTypeForm(forms.Form):
    title = carried("Title", required=True, placeholder="Intro call")
    slug = carried("Address")
    description = carried("Description", forms.Textarea({"rows": 3}))
    durations = carried("Length in minutes", required=True, inputmode="numeric", placeholder="30")
    location_kind = carried("Where", forms.Select(choices=LOCATIONS))
    location = carried("Link or place")
    minimum_notice = whole_number("Shortest notice, in minutes")
    window_kind = carried("How far ahead", forms.Select(choices=WINDOWS))
    window_days = whole_number("Days ahead")
    window_start = carried("First day", forms.DateInput({"type": "date"}))
    window_end = carried("Last day", forms.DateInput({"type": "date"}))
    buffer_before = whole_number("Pause before, in minutes")
    buffer_after = whole_number("Pause after, in minutes")

    def __init__(self, schedules: list[Schedule], base: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [(str(schedule.pk), schedule.name) for schedule in schedules]
        self.fields["schedule"] = forms.ChoiceField(label="Hours", choices=offered, required=False)
        self.fields["slug"].help_text = f"The end of its link, {base}… Left empty, it is made from the title."
        self.fields["durations"].help_text = "Several, separated by commas, let the invitee choose: 15, 30, 60."

    def values(self) -> dict[str, Any]:
        """Return what was typed in the API's form."""
        typed = self.cleaned_data
        return {
            "title": typed["title"],
            "slug": typed["slug"] or slug_from(typed["title"]),
            "description": typed["description"],
            "durations": [number(text) for text in re.split(r"[\s,;]+", typed["durations"]) if text],
            "location": location(typed),
            "schedule_id": int(typed["schedule"]) if typed["schedule"] else None,
            "minimum_notice": typed["minimum_notice"] or 0,
            "window": window(typed),
            "buffer_before": typed["buffer_before"] or 0,
            "buffer_after": typed["buffer_after"] or 0,
        }

    def show(self, error: Invalid) -> None:
        faults.show(self, error, PATHS)


def initial_of(event_type: EventType | None) -> dict[str, Any]:
    """Return what the form shows before anybody typed."""
    if event_type is None:
        return {"durations": "30", "window_kind": "rolling", "window_days": 60, "minimum_notice": 240}
    shown = event_type.window or {"kind": ""}
    return {
        "title": event_type.title,
        "slug": event_type.slug,
        "description": event_type.description,
        "durations": ", ".join(map(str, event_type.durations)),
        "location_kind": event_type.location.get("kind", ""),
        "location": event_type.location.get("value", ""),
        "schedule": str(event_type.schedule_id),
        "minimum_notice": event_type.minimum_notice,
        "window_kind": shown["kind"],
        "window_days": shown.get("days"),
        "window_start": shown.get("start"),
        "window_end": shown.get("end"),
        "buffer_before": event_type.buffer_before,
        "buffer_after": event_type.buffer_after,
    }


def slug_from(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:100].strip("-")


def number(text: str) -> int | str:
    """Return a typed number; what is none is handed on, for the domain to say so."""
    return int(text) if text.isascii() and text.isdigit() else text


def location(typed: Mapping[str, Any]) -> dict[str, str]:
    kind = typed["location_kind"]
    return {"kind": kind, "value": "" if kind == "phone" else typed["location"]} if kind else {}


def window(typed: Mapping[str, Any]) -> dict[str, Any] | None:
    match typed["window_kind"]:
        case "rolling":
            return {"kind": "rolling", "days": typed["window_days"]}
        case "range":
            return {"kind": "range", "start": typed["window_start"], "end": typed["window_end"]}
    return None


def typed_questions(post: QueryDict, earlier: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Read the questions' rows; a row without a label is no question, and a known one keeps its key."""
    keys = {question["key"] for question in earlier}
    found: list[dict[str, Any]] = []
    columns = [post.getlist(f"question_{name}") for name in ("key", "label", "kind", "required", "options")]
    for key, label, kind, required, options in zip(*columns, strict=False):
        if label.strip():
            taken = {question["key"] for question in found}
            found.append(
                {
                    "key": key if key in keys and key not in taken else key_from(label, taken | keys),
                    "label": label,
                    "kind": kind,
                    "required": required == "yes",
                    "options": [line.strip() for line in options.splitlines() if line.strip()]
                    if kind in {"choice", "choices"}
                    else [],
                }
            )
    return found


def key_from(label: str, taken: set[str]) -> str:
    """Make a key from a label: small letters, digits and underscores, a letter first."""
    stem = re.sub(r"[^a-z0-9]+", "_", slug_from(label)).strip("_")[:40] or "question"
    stem = stem if stem[0].isalpha() else f"q_{stem}"
    numbered = (stem if count == 1 else f"{stem}_{count}" for count in range(1, len(taken) + 2))
    return next(key for key in numbered if key not in taken)
