"""Scans that a citizen attached to a dossier filed online."""

from django.db import models

from dossiers.models.dossier import Dossier
from motcua.web import uploads
from motcua.web.uploads import FileKind
from procedures.models import RequiredPaper


class Attachment(models.Model):
    """A file of a dossier; without a dossier, one that waits for a form that still has a mistake
    in it, and is thrown away after two hours. Served only to who may see the dossier."""

    dossier = models.ForeignKey(
        Dossier, on_delete=models.PROTECT, null=True, related_name="attachments"
    )
    required = models.ForeignKey(
        RequiredPaper, on_delete=models.SET_NULL, null=True, verbose_name="giấy tờ"
    )
    name = models.CharField("tên tệp", max_length=uploads.LONGEST_NAME)
    kind = models.CharField("loại tệp", max_length=3, choices=[(k.value, k.name) for k in FileKind])
    size = models.PositiveIntegerField("độ lớn (byte)")
    digest = models.CharField("SHA-256", max_length=64, editable=False)
    file = uploads.UploadField()
    added_at = models.DateTimeField("gửi lúc", db_index=True)

    class Meta:
        verbose_name = "tệp đính kèm"
        verbose_name_plural = "tệp đính kèm"
        ordering = ["dossier", "pk"]

    def __str__(self) -> str:
        return self.name
