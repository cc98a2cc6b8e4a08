"""The sums that the figures are made of: kept current by `bookkeeping`, read by `summaries`."""

from django.db import models

from reports.terms.buckets import Grain


class Summary(models.Model):
    """What the dossiers of one office in one bucket of days add to the figures.

    Flows are counts; what is pending is kept as changes, whose sum up to a day is the stock at
    its end (see `contributions`). The keys are plain numbers: a row in which everything was
    undone must not keep a sector from being deleted.
    """

    pk = models.CompositePrimaryKey(
        "grain", "detail", "start", "office_id", "sector_id", "procedure_id"
    )
    grain = models.PositiveSmallIntegerField()
    """A `buckets.Grain`."""
    detail = models.PositiveSmallIntegerField()
    """A `contributions.Detail`."""
    start = models.DateField()
    office_id = models.BigIntegerField()
    sector_id = models.BigIntegerField()
    procedure_id = models.BigIntegerField()
    """0 in a row of a whole sector."""

    received_online = models.IntegerField(default=0)
    received_direct = models.IntegerField(default=0)
    resolved_early = models.IntegerField(default=0)
    resolved_on_time = models.IntegerField(default=0)
    resolved_late = models.IntegerField(default=0)
    ended_refused = models.IntegerField(default=0)
    ended_withdrawn = models.IntegerField(default=0)
    ended_stopped = models.IntegerField(default=0)
    pending_running = models.IntegerField(default=0)
    pending_overdue = models.IntegerField(default=0)
    pending_waiting = models.IntegerField(default=0)

    class Meta:
        verbose_name = "số cộng sẵn"
        verbose_name_plural = "các số cộng sẵn"

    def __str__(self) -> str:
        return f"{Grain(self.grain).name.lower()} {self.start}"


class DaysSummary(models.Model):
    """How many dossiers of a procedure that ended in a half month took so many working days."""

    pk = models.CompositePrimaryKey("start", "office_id", "procedure_id", "days")
    start = models.DateField()
    office_id = models.BigIntegerField()
    procedure_id = models.BigIntegerField()
    days = models.SmallIntegerField()
    """`contributions.UNKNOWN_DAYS` where it is not known."""
    count = models.IntegerField(default=0)

    class Meta:
        verbose_name = "số hồ sơ theo số ngày"
        verbose_name_plural = "các số hồ sơ theo số ngày"

    def __str__(self) -> str:
        return f"{self.start}: {self.days}"
