"""Look at the jobs that wait, and do them at once in the test's own transaction."""

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob


def waiting(task: str = "") -> list[ProcrastinateJob]:
    """The jobs that wait, of the tasks whose names end so, in the order in which they were enqueued."""
    return list(ProcrastinateJob.objects.filter(status="todo", task_name__endswith=task).order_by("id"))


def work(task: str = "") -> int:
    """Do the jobs that wait, and those that they enqueue; return how many there were. A job that raises is kept."""
    done = 0
    while jobs := waiting(task):
        for job in jobs:
            app.tasks[job.task_name].func(**job.args)
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.id])
            done += 1
    return done
