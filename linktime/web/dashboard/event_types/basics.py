"""What an event type is: title, address, length, place, and who sees it."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from linktime.scheduling.models import EventType
from linktime.web.dashboard.event_types.group import Group, number
from linktime.web.fields import carried

LOCATIONS = [
    ("", "Not given"),
    ("phone", "Phone call: the invitee gives a number"),
    ("link", "A link, such as a video call"),
    ("in_person", "In person, at a place"),
    ("custom", "Something else"),
]
VISIBILITIES = [
    ("public", "Everybody: it is listed on your page"),
    ("hidden", "Whoever has its link"),
    ("link_only", "Whoever has a single-use link"),
]


class Basics(Group):
    paths: ClassVar[Mapping[str, str]] = {
        "location.kind": "location_kind",
        "location": "location",
        "location.value": "location",
    }

    title = carried("Title", required=True, placeholder="Intro call")
    slug = carried("Address")
    description = carried("Description", forms.Textarea({"rows": 3}))
    durations = carried("Length in minutes", required=True, inputmode="numeric", placeholder="30")
    location_kind = carried("Where", forms.Select(choices=LOCATIONS))
    location = carried("Link or place")
    visibility = carried("Who can book it", forms.Select(choices=VISIBILITIES))

    def __init__(self, base: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["slug"].help_text = f"The end of its link, {base}… Left empty, it is made from the title."
        self.fields["durations"].help_text = "Several, separated by commas, let the invitee choose: 15, 30, 60."

    @classmethod
    def initial_of(cls, event_type: EventType) -> dict[str, Any]:
        return {
            "title": event_type.title,
            "slug": event_type.slug,
            "description": event_type.description,
            "durations": ", ".join(map(str, event_type.durations)),
            "location_kind": event_type.location.get("kind", ""),
            "location": event_type.location.get("value", ""),
            "visibility": event_type.visibility,
        }

    def values(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "title": typed["title"],
            "slug": typed["slug"] or slug_from(typed["title"]),
            "description": typed["description"],
            "durations": [number(text) for text in re.split(r"[\s,;]+", typed["durations"]) if text],
            "location": location(typed),
            "visibility": typed["visibility"] or EventType.Visibility.PUBLIC,
        }


def slug_from(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:100].strip("-")


def location(typed: Mapping[str, Any]) -> dict[str, str]:
    kind = typed["location_kind"]
    return {"kind": kind, "value": "" if kind == "phone" else typed["location"]} if kind else {}
