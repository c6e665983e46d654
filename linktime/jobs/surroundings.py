"""What surrounds every job.

Its log lines say which task it is and which rows it is about; it is counted; and what is traced when it is enqueued
goes on where it runs.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

from linktime.core.about import FIELDS, about
from linktime.core.counting import count, observe
from linktime.core.telemetry import carried, span

JOBS = "linktime_jobs_total"
JOB_SECONDS = "linktime_job_seconds"

TRACE = "_trace"

Work = Callable[..., None]


def surrounded(function: Work) -> Work:
    """Return the function with its surroundings; it keeps its name, which is the task's."""
    name = f"{function.__module__}.{function.__name__}"

    @wraps(function)
    def work(*values: Any, **arguments: Any) -> None:
        parent = arguments.pop(TRACE, "")
        traced = span(f"job {name}", kind="consumer", parent=parent, attributes={"linktime.task": name})
        with about(task=name, **dict(_rows(arguments))), _counted(name), traced:
            function(*values, **arguments)

    return work


def surrounded_by_the_clock(function: Callable[[int], None]) -> Callable[[int], None]:
    """The same for a periodic task; it begins no trace: what a sweep finds to do begins one of its own."""
    name = f"{function.__module__}.{function.__name__}"

    @wraps(function)
    def work(timestamp: int) -> None:
        with about(task=name), _counted(name):
            function(timestamp)

    return work


def carrying(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return a job's arguments with the trace that it belongs to, if there is one."""
    trace = carried()
    return {**arguments, TRACE: trace} if trace else arguments


@contextmanager
def _counted(task: str) -> Iterator[None]:
    begun, outcome = time.monotonic(), "failed"
    try:
        yield
        outcome = "done"
    finally:
        count(JOBS, task=task, outcome=outcome)
        observe(JOB_SECONDS, time.monotonic() - begun, task=task)


def _rows(arguments: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield what a job's arguments say of rows: `booking_id=12` is about booking 12."""
    for name, value in arguments.items():
        row = name.removesuffix("_id")
        if row in FIELDS and isinstance(value, int):
            yield row, value
