import asyncio
import logging
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from linktime.core import telemetry
from linktime.jobs import tally, worker

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Run background jobs until SIGTERM or SIGINT."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--threads", type=int, default=20)

    def handle(self, *, threads: int, **_options: Any) -> None:
        if threads < worker.FEWEST_THREADS:
            raise CommandError(f"--threads {threads} is too few: each of the three queues needs one.")
        asyncio.run(_work(threads))


async def _work(threads: int) -> None:
    """Work, and leave at once where a job would not end: threads can't be stopped, and would hold the process."""
    telemetry.start("worker")
    with tally.brought():
        ended = await worker.work(threads)
    telemetry.stop()
    if not ended:
        logger.warning("Jobs were still running after %d s; a worker takes them up again.", worker.GRACE)
        logging.shutdown()
        os._exit(0)
