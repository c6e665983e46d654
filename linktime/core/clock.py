"""The one place that reads the clock. The domain gets `now` passed in; edges (views, tasks, commands) call this."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)
