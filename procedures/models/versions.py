"""What belongs to one version of a procedure: its papers, its steps, the division that solves."""

from django.db import models

from motcua.models import Division, Level, Office
from procedures.models.catalogue import ProcedureVersion


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

    class Meta:
        verbose_name = "giấy tờ phải nộp"
        verbose_name_plural = "thành phần hồ sơ"
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="one_paper_per_position")
        ]

    def __str__(self) -> str:
        return self.name


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


def division_for(version: ProcedureVersion, office: Office) -> Division | None:
    """The division of the office that solves this version's dossiers, by name, or none."""
    if not version.department:
        return None
    return Division.objects.filter(office=office, name=version.department, is_active=True).first()
