"""Links that open a meeting as a new entry in somebody's calendar on the web. Pure."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from linktime.core.meeting import Meeting

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"


def links(meeting: Meeting) -> list[tuple[str, str]]:
    """Return label and address for each calendar."""
    subject = f"{meeting.title}: {meeting.invitee.name} and {meeting.host.name}"
    google = {
        "action": "TEMPLATE",
        "text": subject,
        "dates": f"{_compact(meeting.start)}/{_compact(meeting.end)}",
        "details": meeting.url,
        "location": meeting.location,
    }
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": subject,
        "startdt": meeting.start.astimezone(UTC).isoformat(),
        "enddt": meeting.end.astimezone(UTC).isoformat(),
        "body": meeting.url,
        "location": meeting.location,
    }
    return [("Google", f"{GOOGLE}?{urlencode(google)}"), ("Outlook", f"{OUTLOOK}?{urlencode(outlook)}")]


def _compact(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
