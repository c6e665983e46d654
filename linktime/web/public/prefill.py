"""What a link says of the invitee: `?name=Grace&email=grace@example.com&answer-company=Navy` fills in the form."""

from django.http import HttpRequest

NAMES = frozenset({"name", "email", "phone", "notes", "guests"})
ANSWER = "answer-"
MOST, LONGEST = 40, 500


def given(request: HttpRequest) -> dict[str, str]:
    """Return the form's first values by field; too much of them is left out, as addresses have an end."""
    wanted = [name for name in request.GET if name in NAMES or name.startswith(ANSWER)]
    return {name: request.GET[name] for name in wanted[:MOST] if 0 < len(request.GET[name]) <= LONGEST}
