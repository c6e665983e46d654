"""Sending a mail from a job: how patiently, and when it is no use to go on."""

import logging
import smtplib

from django.core.mail import EmailMessage
from procrastinate import RetryStrategy

# Waits 2, 4, 8 seconds and so on: 17 tries in a day and a half.
PATIENCE = RetryStrategy(max_attempts=16, exponential_wait=2)

log = logging.getLogger(__name__)


def post(message: EmailMessage) -> None:
    """Send a message with one recipient; what the mail server can't take now raises, so that the job tries again."""
    message.extra_headers.setdefault("Auto-Submitted", "auto-generated")  # keeps out-of-office replies away
    try:
        message.send(using="default")
    except smtplib.SMTPRecipientsRefused as error:
        if not refused_for_good(error):
            raise
        log.warning("The mail server refuses an address for good; its mail is dropped")


def refused_for_good(error: smtplib.SMTPRecipientsRefused) -> bool:
    """Say whether the address doesn't exist (5xx) rather than being busy (4xx, greylisting)."""
    return all(code >= 500 for code, _text in error.recipients.values())  # noqa: PLR2004 - RFC 5321 4.2.1
