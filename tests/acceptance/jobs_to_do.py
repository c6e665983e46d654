"""Tasks for the tests of the worker. Each leaves lines in a file that the test reads."""

import os
import time
from pathlib import Path

from linktime.jobs.enqueue import CRM, DELIVER, enqueue, task


def note(path: str, line: str) -> None:
    with Path(path).open("a") as file:
        file.write(f"{line}\n")


@task(queue=DELIVER)
def write(path: str, line: str) -> None:
    note(path, f"{line} {time.time()}")


@task(queue=CRM)
def sleep(path: str, seconds: float) -> None:
    Path(f"{path}.pid").write_text(str(os.getpid()))
    note(path, "begun")
    time.sleep(seconds)
    note(path, "ended")


@task(queue=DELIVER)
def fail_after_enqueueing(path: str) -> None:
    """What a task enqueues is part of its transaction."""
    from django.db import transaction

    with transaction.atomic():
        enqueue(write, path=path, line="from a transaction that failed")
        note(path, "enqueued")
        raise RuntimeError("on purpose")


@task(queue=DELIVER)
def count_connections(path: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        note(path, f"backend {cursor.fetchone()[0]}")
