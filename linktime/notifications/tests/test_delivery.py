import asyncio
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection, connections
from procrastinate.contrib.django import DjangoApp, app

from linktime.bookings import erasure
from linktime.notifications.tasks import send_booking_mail
from tests import jobs

TASK = "send_booking_mail"


def test_one_address_that_fails_keeps_nobody_waiting(book, clock, monkeypatch):
    """Each recipient has a job of their own."""
    book()
    really_send = EmailMessage.send

    def send(message, **options):
        if message.to == ["grace@example.com"]:
            raise TimeoutError("the mail server hangs")
        return really_send(message, **options)

    monkeypatch.setattr(EmailMessage, "send", send)
    for job in jobs.waiting(TASK):
        try:
            send_booking_mail.func(**job.args)
        except TimeoutError:
            assert job.args["recipient"] == "invitee"
    assert [message.to for message in mail.outbox] == [["alice@example.com"]]


def test_a_booking_that_is_gone_is_no_reason_to_fail(book, clock):
    booking = book()
    waiting = jobs.waiting(TASK)
    booking.delete()
    for job in waiting:
        send_booking_mail.func(**job.args)
    assert mail.outbox == []


def test_somebody_who_was_erased_gets_no_late_mail(book, clock, alice):
    booking = book()
    waiting = jobs.waiting(TASK)
    erasure.erase_invitee(alice.account, "grace@example.com", booking.end + timedelta(hours=1))
    for job in waiting:
        send_booking_mail.func(**job.args)
    assert mail.outbox == []


def run_worker():
    """A worker of the queue that does what is due and ends; it has no periodic tasks."""
    worker_app = DjangoApp(connector=app.connector.get_worker_connector())
    worker_app.tasks = app.tasks

    async def run():
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(1))
        async with worker_app.open_async():
            await worker_app.run_worker_async(
                queues=["deliver"], wait=False, install_signal_handlers=False, listen_notify=False
            )
        await loop.run_in_executor(None, connections.close_all)  # the thread's own

    asyncio.run(run())


@pytest.mark.django_db(transaction=True)
def test_mail_waits_for_the_mail_server(book, settings, caplog):
    """A real worker and a port where nobody listens: the jobs stay, each to be tried again, and nothing is lost."""
    caplog.set_level(logging.CRITICAL)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    smtp = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 1},
    }
    local = settings.MAILERS
    settings.MAILERS = {"default": smtp}
    book()
    run_worker()
    waiting = jobs.waiting(TASK)
    assert [(job.args["recipient"], job.attempts) for job in waiting] == [("invitee", 1), ("host-0", 1)]
    assert all(job.scheduled_at for job in waiting)

    settings.MAILERS = local
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    run_worker()
    assert jobs.waiting(TASK) == []
    assert sorted(message.to[0] for message in mail.outbox) == ["alice@example.com", "grace@example.com"]


def test_it_is_tried_for_more_than_a_day():
    strategy = send_booking_mail.retry_strategy
    waits = [strategy.exponential_wait ** (attempt + 1) for attempt in range(strategy.max_attempts)]
    assert waits[:3] == [2, 4, 8]
    assert 24 * 3600 < sum(waits) < 48 * 3600
