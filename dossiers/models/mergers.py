"""Mergers of offices: which act, which lines, and what an undoing puts back."""

from django.db import models

from motcua.models import Office, Staff


class Merger(models.Model):
    """A reorganisation of offices as one act entered it; one that was entered wrongly stays,
    marked undone."""

    day = models.DateField("có hiệu lực từ ngày")
    act_number = models.CharField("số văn bản", max_length=60, blank=True)
    act_date = models.DateField("ngày văn bản", null=True, blank=True)
    made_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người thực hiện"
    )
    made_at = models.DateTimeField("thực hiện lúc")
    undone_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người hoàn tác"
    )
    undone_at = models.DateTimeField("hoàn tác lúc", null=True)
    counts = models.JSONField("số liệu", default=dict)
    """What it moved, by word, as it was told when it was done."""
    kept = models.JSONField(default=dict, editable=False)
    """What an undoing puts back; see `dossiers.merging.undoing`."""

    class Meta:
        verbose_name = "lần sắp xếp đơn vị"
        verbose_name_plural = "các lần sắp xếp đơn vị"
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"Sắp xếp đơn vị từ ngày {self.day:%d/%m/%Y}{self.by_which_act}"

    @property
    def by_which_act(self) -> str:
        """' theo Nghị quyết 1655/NQ-UBTVQH15 ngày 16/6/2025'; empty where no act was named."""
        dated = f" ngày {self.act_date:%d/%m/%Y}" if self.act_date else ""
        return f" theo {self.act_number}{dated}" if self.act_number else ""


class MergerLine(models.Model):
    """One line of the file: an office that ended, or stayed, and what it became."""

    merger = models.ForeignKey(Merger, on_delete=models.PROTECT, related_name="lines")
    old_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    old_code = models.CharField("mã cũ", max_length=10)
    old_name = models.CharField("tên cũ", max_length=120)
    new_office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    new_code = models.CharField("mã mới", max_length=10, blank=True)
    new_name = models.CharField("tên mới", max_length=120, blank=True)

    class Meta:
        verbose_name = "dòng sắp xếp đơn vị"
        verbose_name_plural = "các dòng sắp xếp đơn vị"
        ordering = ["merger", "pk"]

    def __str__(self) -> str:
        return f"{self.old_name} ({self.old_code}): {self.new_name or 'kết thúc'}"
