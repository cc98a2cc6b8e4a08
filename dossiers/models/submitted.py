"""The papers that came with a dossier."""

import re

from django.db import models

from dossiers.models.dossier import Dossier
from procedures.models import RequiredPaper

_PART = r"\d{1,2}\s*(?:bản|bộ)(?:\s+(?:chính|sao|gốc))?"
_COUNT = re.compile(rf"(?:\s*\(\s*{_PART}(?:\s*(?:,|;|và)\s*{_PART})*\s*\))+\s*$", re.IGNORECASE)


def without_count(name: str) -> str:
    """A paper's name without what the catalogue asks for at its end, "(01 bản)": it gives way to
    what was handed in, which is said once."""
    return _COUNT.sub("", name)


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

    @property
    def bare_name(self) -> str:
        return without_count(self.name)
