"""Posting letters: one whose worker died after posting, before saying so, goes out twice, and none is lost."""

from django.core.mail import EmailMultiAlternatives

from linktime.accounts.models import Letter
from linktime.jobs.enqueue import DELIVER, task
from linktime.jobs.post import PATIENCE, post


@task(queue=DELIVER, retry=PATIENCE)
def post_letter(*, letter_id: int) -> None:
    letter = Letter.objects.filter(pk=letter_id).first()
    if letter is None:
        return
    message = EmailMultiAlternatives(letter.subject, letter.text, to=[letter.recipient])
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    post(message)
    letter.delete()
