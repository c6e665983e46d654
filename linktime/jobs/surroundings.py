"""What surrounds every job: its log lines say which task it is and which rows it is about, and it is counted."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

from linktime.core.about import FIELDS, about
from linktime.core.counting import count, observe

JOBS = "linktime_jobs_total"
JOB_SECONDS = "linktime_job_seconds"

Work = Callable[..., None]


def surrounded(function: Work) -> Work:
    """Return the function with its surroundings; it keeps its name, which is the task's."""
    name = f"{function.__module__}.{function.__name__}"

    @wraps(function)
    def work(*timestamp: int, **arguments: Any) -> None:
        with about(task=name, **dict(_rows(arguments))), _counted(name):
            function(*timestamp, **arguments)

    return work


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
