"""One process of workers: four queues, each with threads of its own, so that nothing waits for something slower.

Only fetching goes through the asynchronous pool; tasks run on threads with Django's connection, so that what they
enqueue is part of their transaction.
"""

import asyncio
import copy
import logging
import signal
from concurrent.futures import ThreadPoolExecutor

from procrastinate import App, exceptions
from procrastinate.connector import BaseAsyncConnector
from procrastinate.contrib.django import DjangoApp, app
from procrastinate.periodic import PeriodicRegistry

from linktime.jobs.enqueue import CRM, DELIVER, SYSTEM, TROUBLED
from linktime.jobs.rescue import HEARTBEAT, STALLED

logger = logging.getLogger(__name__)

FEWEST_THREADS = 4
GRACE = 5.0  # seconds that running jobs get to end
PAUSE = 2.0  # seconds before working again after the database went away
POLL = 1.0  # seconds between looks for jobs: Procrastinate forgets a notification that comes while it fetches
SPARE_THREADS = 10  # for new jobs while old ones hang


def split(threads: int) -> dict[str, int]:
    """Share the threads among the queues: CRMs are slow and get most, and no queue is left without."""
    system = 1 if threads < 10 else 2  # noqa: PLR2004
    deliver = max(1, (threads - system) * 2 // 5)
    troubled = max(1, (threads - system) // 5)
    return {CRM: max(1, threads - system - deliver - troubled), TROUBLED: troubled, DELIVER: deliver, SYSTEM: system}


async def work(threads: int) -> bool:
    """Work until SIGTERM or SIGINT; return whether every job that was begun has ended by then."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(threads + SPARE_THREADS))
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    logger.info("Working: %s", ", ".join(f"{queue} with {count} threads" for queue, count in split(threads).items()))
    while True:
        ended = await _shift(split(threads), stop)
        if stop.is_set():
            return ended
        await _either(stop, PAUSE)


async def _shift(threads: dict[str, int], stop: asyncio.Event) -> bool:
    """Work until told to stop or until something fails, usually the database; return whether all jobs have ended."""
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # the Django connector has it
    try:
        await connector.open_async()
        workers = [asyncio.create_task(_worker(connector, queue, count)) for queue, count in threads.items()]
        told = asyncio.create_task(stop.wait())
        await asyncio.wait([*workers, told], return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        return await _stop(workers)
    except exceptions.ConnectorException as error:
        _complain(error)
        return True
    finally:
        await connector.close_async()


async def _stop(workers: list[asyncio.Task[None]]) -> bool:
    for worker in workers:
        worker.cancel()  # Procrastinate then waits for the running jobs
    done, hanging = await asyncio.wait(workers, timeout=GRACE + 1)
    for worker in done:
        if not worker.cancelled() and (error := worker.exception()):
            _complain(error)
    return not hanging


async def _worker(connector: BaseAsyncConnector, queue: str, threads: int) -> None:
    await _app(connector).run_worker_async(
        queues=[queue],
        name=queue,
        concurrency=threads,
        fetch_job_polling_interval=POLL,
        delete_jobs="successful",
        install_signal_handlers=False,
        shutdown_graceful_timeout=GRACE,
        update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=STALLED,
    )


def _app(connector: BaseAsyncConnector) -> App:
    """Make an app that fetches through `connector` and runs the tasks of Django's app.

    Each worker has a copy of the registry: the iterators in it are not made for two. All of them enqueue what is due,
    and the database lets the first one do so. (With an empty registry a worker stops watching its heartbeat.)
    """
    own = DjangoApp(connector=connector, periodic_defaults=app.periodic_defaults)
    own.tasks = app.tasks
    own.periodic_registry = PeriodicRegistry()  # type: ignore[no-untyped-call]  # theirs
    for entry in app.periodic_registry.periodic_tasks.values():
        task = copy.copy(entry.task)
        task.blueprint = own
        own.periodic_registry.register_task(
            task=task, cron=entry.cron, periodic_id=entry.periodic_id, configure_kwargs={}
        )
    return own


def _complain(error: BaseException) -> None:
    cause = str(error.__cause__ or error).strip() or type(error).__name__
    logger.error("The workers stopped: %s. Trying again in %d s.", cause.splitlines()[0], PAUSE)


async def _either(stop: asyncio.Event, seconds: float) -> None:
    """Return when told to stop or after `seconds`."""
    told = asyncio.create_task(stop.wait())
    await asyncio.wait([told], timeout=seconds)
    told.cancel()
