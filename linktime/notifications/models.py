"""What mail remembers: who wants the daily one about bookings that did not reach a CRM, and when it is due."""

from django.db import models
from django.db.models import Q

from linktime.accounts.models import Membership


class Digest(models.Model):
    """One owner's daily mail about one account: `due_at` while there may be something to tell.

    What came up until `told_until` has been told, or was no trouble any more.
    """

    membership = models.OneToOneField(Membership, models.CASCADE, related_name="digest")
    wanted = models.BooleanField(default=True)
    due_at = models.DateTimeField(null=True)
    told_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="due_digests", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return f"digest for {self.membership}"
