"""What became of a meeting, in words. Pure."""

from zoneinfo import ZoneInfo

from linktime.core.meeting import Change, ChangeKind, Meeting


def rescheduled_lines(meeting: Meeting) -> list[str]:
    """Return a line for each earlier time, the latest first, in the host's time zone."""
    moves = [change for change in meeting.history if change.kind == ChangeKind.RESCHEDULED]
    return [_line(move, meeting.host.time_zone) for move in reversed(moves)]


def _line(move: Change, zone: str) -> str:
    if move.previous_start is None:
        raise ValueError(f"revision {move.revision} moved a meeting from no time")
    local = move.previous_start.astimezone(ZoneInfo(zone))
    return f"Rescheduled from {local:%A, %-d %B %Y, %H:%M} ({zone})"
