"""What the pages remember: forms that were sent, and how often visitors ask."""

from collections.abc import Callable
from hashlib import sha256

from django.db import models, transaction

from linktime.bookings.models import Booking


class SentForm(models.Model):
    """A booking form that was sent, under a digest of its token and what it asked for: sent twice, it books once."""

    digest = models.CharField(max_length=64, unique=True)
    booking = models.ForeignKey(Booking, models.CASCADE, null=True, related_name="+")

    def __str__(self) -> str:
        return self.digest


class VisitWindow(models.Model):
    """How often a visitor asked in the minute that began at `began_at` (see `rate.py`); the table is unlogged."""

    visitor = models.CharField(max_length=60, primary_key=True)
    began_at = models.DateTimeField()
    used = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.visitor}: {self.used}"


@transaction.atomic
def book_once(key: tuple[str, ...], book: Callable[[], Booking]) -> Booking:
    """Book, or return what the same form has booked before.

    A twin sent at the same instant waits at the unique index until this one has committed.
    """
    digest = sha256("\0".join(key).encode()).hexdigest()
    sent, new = SentForm.objects.select_related("booking").get_or_create(digest=digest)
    if not new and sent.booking:
        return sent.booking
    sent.booking = book()
    sent.save(update_fields=["booking"])
    return sent.booking
