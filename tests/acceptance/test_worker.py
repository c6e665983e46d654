"""A worker as a real process."""

import signal
import sys
import time
from pathlib import Path

import pytest
from django.db import connection, transaction

from linktime.jobs.enqueue import enqueue, enqueue_once
from linktime.jobs.worker import split
from tests.acceptance import jobs_to_do
from tests.processes import eventually, running

QUEUES = len(split(20))
pytestmark = [pytest.mark.acceptance, pytest.mark.django_db(transaction=True)]

WORK = """
import sys, django
django.setup()
import tests.acceptance.jobs_to_do
from django.core.management import call_command
call_command("work", threads=int(sys.argv[1]))
"""


@pytest.fixture
def lines(tmp_path):
    """The file that tasks write to, and a function that reads its lines."""
    path = tmp_path / "lines"
    path.touch()

    def read() -> list[str]:
        return path.read_text().splitlines()

    read.path = str(path)
    return read


def worker(threads: int = 6):
    return running(sys.executable, "-c", WORK, str(threads))


def jobs() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status FROM procrastinate_jobs ORDER BY id")
        return [(name.rpartition(".")[2], status) for name, status in cursor.fetchall()]


def workers() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        return cursor.fetchone()[0]


def ours() -> list[tuple[str, str]]:
    """Jobs of these tests; the periodic ones come and go."""
    return [job for job in jobs() if hasattr(jobs_to_do, job[0])]


def test_a_job_begins_within_milliseconds_of_the_commit(lines):
    """Jobs begin when their transaction commits, at once, and are deleted when they have ended."""
    with worker():
        eventually(lambda: workers() == QUEUES, what="a worker for each queue")
        enqueue(jobs_to_do.write, path=lines.path, line="warm")
        eventually(lines)
        delays = []
        for number in range(10):
            with transaction.atomic():
                enqueue(jobs_to_do.write, path=lines.path, line="now")
            committed = time.time()
            eventually(lambda expected=number + 2: len(lines()) == expected)
            delays.append(float(lines()[-1].split()[-1]) - committed)
        eventually(lambda: ours() == [])
    assert sorted(delays)[5] < 0.1


def test_a_rollback_enqueues_nothing(lines):
    """A job is part of its transaction: undone with it, in a request and in a task."""
    with worker():
        eventually(lambda: workers() == QUEUES)
        with pytest.raises(RuntimeError), transaction.atomic():
            enqueue(jobs_to_do.write, path=lines.path, line="never")
            raise RuntimeError
        enqueue(jobs_to_do.fail_after_enqueueing, path=lines.path)
        eventually(lambda: ours() == [("fail_after_enqueueing", "failed")])
    assert lines() == ["enqueued"]


def test_enqueueing_twice_in_a_transaction_does_not_spoil_it(lines):
    """A job that waits already is not enqueued again, and the caller's transaction goes on."""
    with transaction.atomic():
        enqueue_once(jobs_to_do.write, "one", path=lines.path, line="first")
        enqueue_once(jobs_to_do.write, "one", path=lines.path, line="second")
        enqueue(jobs_to_do.write, path=lines.path, line="other")
    assert ours() == [("write", "todo")] * 2


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.long)])
def test_a_signal_ends_it_in_good_order(lines, number):
    """Running jobs get a few seconds; the exit code is 0, and no worker stays in the books."""
    with worker() as process:
        enqueue(jobs_to_do.sleep, path=lines.path, seconds=1)
        eventually(lambda: lines() == ["begun"])
        process.send_signal(number)
        assert process.wait(timeout=4) == 0
    assert lines() == ["begun", "ended"]
    assert (ours(), workers()) == ([], 0)


def test_a_job_that_hangs_does_not_hold_the_process(lines):
    """A worker that is told to stop goes after a few seconds, and the job it leaves is done by another."""
    with worker() as process:
        enqueue(jobs_to_do.sleep, path=lines.path, seconds=20)
        eventually(lambda: lines() == ["begun"])
        process.terminate()
        assert process.wait(timeout=9) == 0
    assert ours() == [("sleep", "doing")]
    with worker():
        eventually(lambda: lines() == ["begun", "begun"], within=25)


def test_a_killed_workers_job_goes_on_within_25_seconds(lines):
    """SIGKILL: the job is put back by another worker that was running all the time."""
    with worker() as one, worker() as other:
        eventually(lambda: workers() == 2 * QUEUES)
        enqueue(jobs_to_do.sleep, path=lines.path, seconds=1)
        eventually(lambda: lines() == ["begun"])
        busy = int(Path(f"{lines.path}.pid").read_text())
        (one if one.pid == busy else other).kill()
        eventually(lambda: lines() == ["begun", "begun", "ended"], within=25)
        eventually(lambda: ours() == [])


def test_slow_jobs_of_one_queue_do_not_hold_up_another(lines):
    """Every thread of the CRM queue hangs, and mail goes out all the same."""
    with worker(threads=6):
        for _ in range(10):
            enqueue(jobs_to_do.sleep, path=lines.path, seconds=5)
        eventually(lambda: len(lines()) >= 3)
        enqueue(jobs_to_do.write, path=lines.path, line="mail")
        eventually(lambda: any("mail" in line for line in lines()), within=2)


def test_the_worker_outlives_a_lost_database_connection(lines):
    """Every connection is cut, as when PostgreSQL restarts: the same process goes on working."""
    with worker() as process:
        eventually(lambda: workers() == QUEUES)
        enqueue(jobs_to_do.count_connections, path=lines.path)
        eventually(lines)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        enqueue(jobs_to_do.write, path=lines.path, line="after")
        eventually(lambda: len(lines()) == 2, within=15)
        assert process.poll() is None


def transactions_left_open() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE state LIKE 'idle in transaction%%' AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def test_connections_go_back_to_the_pool(lines):
    """Forty jobs leave no more connections behind than there are threads, and none in a transaction."""
    with worker(threads=6):
        for _ in range(40):
            enqueue(jobs_to_do.count_connections, path=lines.path)
        eventually(lambda: len(lines()) == 40, within=30)
        eventually(lambda: transactions_left_open() == 0, within=2)
    assert len(set(lines())) <= 6
