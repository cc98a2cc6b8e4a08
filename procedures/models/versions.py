"""What belongs to one version of a procedure: its papers and the rules that replace them by data,
its steps."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from motcua.models import Level
from procedures.models.catalogue import ProcedureVersion


class DataRule(models.Model):
    """A rule under which papers are not asked for, since a database has what they say. Its days
    are kept here: a rule that is prolonged or ends early is one line to change."""

    name = models.CharField(
        "văn bản", max_length=80, unique=True, help_text="Ví dụ NQ 66.7/2025/NQ-CP."
    )
    in_force_from = models.DateField("áp dụng từ")
    in_force_to = models.DateField("đến hết", null=True, blank=True)

    class Meta:
        verbose_name = "quy định thay giấy tờ bằng dữ liệu"
        verbose_name_plural = "quy định thay giấy tờ bằng dữ liệu"
        ordering = ["in_force_from", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(in_force_to__isnull=True) | Q(in_force_to__gte=F("in_force_from")),
                name="data_rule_ends_after_it_begins",
                violation_error_message="Ngày hết áp dụng phải sau ngày bắt đầu áp dụng.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def holds_on(self, day: date) -> bool:
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)


class RequiredPaperQuerySet(models.QuerySet["RequiredPaper"]):
    def of(self, version: ProcedureVersion) -> "RequiredPaperQuerySet":
        """The papers of the version in their order, each with its rule about data."""
        # By position alone: the model's own order begins with the version, and joins it.
        return self.filter(version=version).select_related("data_rule").order_by("position")


class RequiredPaper(models.Model):
    """Thành phần hồ sơ: a paper that the version asks for."""

    class Kind(models.TextChoices):
        ORIGINAL = "original", "bản chính"
        COPY = "copy", "bản sao"
        SHOWN = "shown", "xuất trình"

    version = models.ForeignKey(
        ProcedureVersion, on_delete=models.CASCADE, related_name="papers", verbose_name="phiên bản"
    )
    position = models.PositiveSmallIntegerField("thứ tự")
    name = models.CharField("tên giấy tờ", max_length=500)
    kind = models.CharField("loại", max_length=10, choices=Kind.choices, default=Kind.ORIGINAL)
    copies = models.PositiveSmallIntegerField("số lượng", default=1)
    is_required = models.BooleanField("bắt buộc", default=True)
    data_rule = models.ForeignKey(
        DataRule,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="papers",
        verbose_name="thay bằng dữ liệu theo",
    )

    objects = RequiredPaperQuerySet.as_manager()

    class Meta:
        verbose_name = "giấy tờ phải nộp"
        verbose_name_plural = "thành phần hồ sơ"
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="one_paper_per_position")
        ]

    def __str__(self) -> str:
        return self.name

    def is_replaced_on(self, day: date) -> bool:
        """Whether it may not be asked for on this day, since a database has what it says."""
        return self.data_rule is not None and self.data_rule.holds_on(day)

    def is_asked_on(self, day: date) -> bool:
        """Whether nothing is received without it on this day."""
        return self.is_required and not self.is_replaced_on(day)


class ProcedureStep(models.Model):
    """A step that the version names, with its share of the limit (NĐ 61/2018 Điều 19.6)."""

    version = models.ForeignKey(
        ProcedureVersion, on_delete=models.CASCADE, related_name="steps", verbose_name="phiên bản"
    )
    position = models.PositiveSmallIntegerField("thứ tự")
    level = models.CharField("cấp thực hiện", max_length=10, choices=Level.choices)
    department = models.CharField("bộ phận thực hiện", max_length=120)
    task = models.CharField("nội dung công việc", max_length=250, blank=True)
    share_value = models.PositiveSmallIntegerField("thời gian của bước")
    share_unit = models.CharField(
        "đơn vị tính", max_length=12, choices=ProcedureVersion.Unit.choices
    )

    class Meta:
        verbose_name = "bước giải quyết"
        verbose_name_plural = "quy trình giải quyết"
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="one_step_per_position")
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.department}"
