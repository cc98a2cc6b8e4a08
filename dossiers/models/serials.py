"""Counters of the numbers that offices issue."""

from django.db import models

from motcua.models import Office


class SerialCounter(models.Model):
    """The last number issued to an office in a series; see `codes.next_serial`."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    series = models.CharField(max_length=20)
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "series"], name="one_counter_per_series")
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.series}: {self.last}"
