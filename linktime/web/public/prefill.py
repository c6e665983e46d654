"""What a link says of the invitee: `?name=Grace&email=grace@example.com&answer-company=Navy` fills in the form."""

from typing import Any

from django.http import HttpRequest

from linktime.scheduling import questions
from linktime.scheduling.models import EventType

NAMES = frozenset({"name", "email", "phone", "notes", "guests"})
ANSWER = "answer-"
MOST, LONGEST = 40, 500
YES = frozenset({"1", "on", "true", "yes"})


def given(request: HttpRequest) -> dict[str, list[str]]:
    """Return what is told, by field; too much of it is left out, as addresses have an end."""
    wanted = [name for name in request.GET if name in NAMES or name.startswith(ANSWER)][:MOST]
    told = {name: [text for text in request.GET.getlist(name)[:MOST] if 0 < len(text) <= LONGEST] for name in wanted}
    return {name: texts for name, texts in told.items() if texts}


def initial(request: HttpRequest, event_type: EventType) -> dict[str, Any]:
    """Return the form's first values by field."""
    kinds = {ANSWER + question["key"]: question["kind"] for question in event_type.questions}
    return {name: _value(kinds.get(name), texts) for name, texts in given(request).items()}


def _value(kind: str | None, texts: list[str]) -> Any:
    match kind:
        case questions.CHOICES:
            return texts
        case "checkbox":
            return texts[-1].lower() in YES
    return texts[-1]
