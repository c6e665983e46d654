"""Posting letters: one whose worker died after posting, before saying so, goes out twice, and none is lost."""

from django.core.mail import EmailMultiAlternatives
from procrastinate import RetryStrategy

from linktime.accounts.models import Letter
from linktime.jobs.enqueue import DELIVER, task

# Waits 2, 4, 8 seconds and so on: 17 tries in a day and a half.
PATIENCE = RetryStrategy(max_attempts=16, exponential_wait=2)


@task(queue=DELIVER, retry=PATIENCE)
def post_letter(*, letter_id: int) -> None:
    letter = Letter.objects.filter(pk=letter_id).first()
    if letter is None:
        return
    message = EmailMultiAlternatives(letter.subject, letter.text, to=[letter.recipient])
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    message.send(using="default")
    letter.delete()
