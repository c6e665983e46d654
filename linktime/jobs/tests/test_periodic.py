"""Tasks that run by the clock, as they are registered."""

from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicDeferrer

NOON = 1_800_000_000


def due_within(seconds: int, name: str) -> list[int]:
    """Return the moments, in seconds after noon, at which the task of that name is due."""
    entry = next(entry for (task, _), entry in app.periodic_registry.periodic_tasks.items() if task.endswith(name))
    deferrer = PeriodicDeferrer(app.periodic_registry)
    return [moment - NOON for moment in deferrer.get_timestamps(entry, since=NOON, until=NOON + seconds)]


def test_the_last_field_of_six_is_seconds():
    """Rescue runs every five seconds, so that a killed worker's job waits 8 + 5 s at most."""
    assert due_within(20, "rescue.rescue") == [5, 10, 15, 20]


def test_every_periodic_task_is_enqueued_once_at_a_time():
    for entry in app.periodic_registry.periodic_tasks.values():
        if entry.task.name.startswith("linktime."):
            assert entry.task.queueing_lock
            assert entry.task.retry_strategy is None
