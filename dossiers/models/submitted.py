"""The papers that came with a dossier."""

from django.db import models

from dossiers.models.dossier import Dossier
from procedures.models import RequiredPaper


class SubmittedPaper(models.Model):
    """A paper that came with the dossier."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="papers")
    required = models.ForeignKey(RequiredPaper, on_delete=models.SET_NULL, null=True)
    position = models.PositiveSmallIntegerField("thứ tự")
    name = models.CharField("tên giấy tờ", max_length=500)
    kind = models.CharField("loại", max_length=10, choices=RequiredPaper.Kind.choices)
    copies = models.PositiveSmallIntegerField("số lượng", default=1)

    class Meta:
        verbose_name = "giấy tờ đã nộp"
        verbose_name_plural = "giấy tờ đã nộp"
        ordering = ["dossier", "position"]

    def __str__(self) -> str:
        return self.name
