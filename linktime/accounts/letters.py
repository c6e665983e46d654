"""Mails about logins: written in the request's transaction, posted by a worker.

So a slow or broken mail server neither holds up nor breaks a sign-up, and a letter waits until it can go out.
"""

from datetime import datetime, timedelta

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction

from linktime.accounts.models import Letter
from linktime.accounts.tasks import post_letter
from linktime.jobs.enqueue import enqueue

WORTHLESS_AFTER = timedelta(days=3)  # as long as the links in them work


@transaction.atomic
def write(message: EmailMessage, *, now: datetime) -> None:
    """Keep a message with one recipient until a worker has posted it. What nobody could post for days is dropped."""
    Letter.objects.filter(written_at__lt=now - WORTHLESS_AFTER).delete()
    letter = Letter.objects.create(
        recipient=message.to[0],
        subject=str(message.subject)[:500],
        text=str(message.body),
        html=_html_of(message),
        written_at=now,
    )
    enqueue(post_letter, letter_id=letter.pk)


def _html_of(message: EmailMessage) -> str:
    alternatives = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    return next((str(content) for content, mimetype in alternatives if mimetype == "text/html"), "")
