"""What the REST API remembers between requests: answers given under an `Idempotency-Key`, and how much a key asked."""

from django.db import models

from linktime.accounts.models import AccountOwned, ApiKey


class IdempotentAnswer(AccountOwned):
    """The answer to one POST, given again when the request is repeated. `status` is None until it is known.

    `fingerprint` is a hash of method, path and body: the key belongs to that one request.
    """

    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="key_once_an_account")]

    def __str__(self) -> str:
        return f"{self.key}: {self.status}"


class RateWindow(models.Model):
    """How many requests an API key has made in the minute that began at `began_at`.

    The table is unlogged (see the migration): losing it in a crash costs nothing, writing it is cheap.
    """

    key = models.OneToOneField(ApiKey, models.CASCADE, primary_key=True, related_name="+")
    began_at = models.DateTimeField()
    used = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key_id}: {self.used}"
