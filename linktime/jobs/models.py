"""What all processes have counted together."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Tally(models.Model):
    """One series of a metric: a counter, or a bucket of a histogram (see `core/counting.py`). `labels` is JSON."""

    metric = models.CharField(max_length=100)
    labels = models.JSONField(default=dict)
    bucket = models.CharField(max_length=10, blank=True)
    value = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["metric", "labels", "bucket"], name="series_once")]

    def __str__(self) -> str:
        return f"{self.metric} {self.labels} {self.bucket}: {self.value}"


class Bookmark(models.Model):
    """How far the rows of a table are counted: all ids up to `last` but the `gaps`, which may yet be committed."""

    name = models.CharField(max_length=50, primary_key=True)
    last = models.BigIntegerField(default=0)
    gaps = ArrayField(models.BigIntegerField(), default=list)

    def __str__(self) -> str:
        return f"{self.name} up to {self.last}"
