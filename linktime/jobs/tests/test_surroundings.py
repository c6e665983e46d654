"""What a job logs says which task it is, and which rows it is about."""

import json
import logging

import pytest

from linktime.core.logs import Json
from linktime.jobs.enqueue import SYSTEM, periodic, task

logger = logging.getLogger("linktime.jobs.tests")


@task(queue=SYSTEM)
def tell(booking_id: int, recipient: str) -> None:
    logger.warning("at work")


@periodic(cron="0 0 1 1 * 0")
def yearly(timestamp: int) -> None:
    logger.warning("at work")


@pytest.fixture
def lines(monkeypatch):
    """What a JSON log has, while it is written."""
    found = []
    monkeypatch.setattr(logger, "handle", lambda record: found.append(json.loads(Json().format(record))))
    return found


def test_a_line_names_the_task_and_its_rows(lines):
    tell.func(booking_id=12, recipient="grace@example.com")
    yearly.func(5)
    assert [(line["task"], line.get("booking")) for line in lines] == [
        ("linktime.jobs.tests.test_surroundings.tell", 12),
        ("linktime.jobs.tests.test_surroundings.yearly", None),
    ]
    assert "recipient" not in lines[0]


def test_a_task_keeps_its_name():
    """Jobs that wait in the database are found by it."""
    assert tell.name == "linktime.jobs.tests.test_surroundings.tell"
    assert yearly.name == "linktime.jobs.tests.test_surroundings.yearly"
