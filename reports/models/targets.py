"""Targets that a leader is measured by: numbers with days in force and where they come from."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from motcua.models import Level

SOURCE_LENGTH = 200


class TargetQuerySet(models.QuerySet["Target"]):
    def in_force(self, day: date) -> "TargetQuerySet":
        """Those that hold on the day."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=day), from_on__lte=day)


class Target(models.Model):
    """What a measure should be, from a day on; where none is in force, pages say nothing of it."""

    class Measure(models.TextChoices):
        ON_TIME = "on_time", "sớm và đúng hạn, ít nhất (%)"
        OVERDUE = "overdue", "đang quá hạn, nhiều nhất (hồ sơ)"
        BACKLOG = "backlog", "tồn, nhiều nhất (ngày làm việc)"

    measure = models.CharField("chỉ tiêu", max_length=10, choices=Measure)
    level = models.CharField(
        "cấp",
        max_length=10,
        choices=Level,
        blank=True,
        help_text="Bỏ trống: mọi cấp.",
    )
    value = models.DecimalField("mức", max_digits=7, decimal_places=2)
    from_on = models.DateField("từ ngày")
    until_on = models.DateField("đến hết ngày", null=True, blank=True)
    source = models.CharField(
        "văn bản",
        max_length=SOURCE_LENGTH,
        help_text="Số, ngày của văn bản giao chỉ tiêu.",
    )

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        ordering = ["measure", "level", "-from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="target_ends_after_its_start",
                violation_error_message="Ngày cuối không được trước ngày đầu.",
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0) & (~Q(measure="on_time") | Q(value__lte=100)),
                name="target_value_is_possible",
                violation_error_message="Mức không được âm; tỷ lệ không được quá 100 %%.",
            ),
            models.UniqueConstraint(
                fields=["measure", "level", "from_on"],
                name="target_once_from_a_day",
                violation_error_message="Chỉ tiêu này, cấp này đã có một mức từ ngày đó.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}: {self.value.normalize():f}".replace(".", ",")
