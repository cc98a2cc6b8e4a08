"""What a clerk has typed at the counter and not saved."""

from django.conf import settings
from django.db import models

from procedures.models import Procedure


class IntakeDraft(models.Model):
    """The fields of one form of an intake, for this clerk alone, until the dossier is saved or a
    day has passed. `token` is that of the form; what a scanner read off a card is not in it."""

    is_in_backups = False

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="cán bộ"
    )
    token = models.UUIDField("mã trang", editable=False)
    procedure = models.ForeignKey(
        Procedure, on_delete=models.CASCADE, related_name="+", verbose_name="thủ tục"
    )
    fields = models.JSONField("các ô đã gõ")
    saved_at = models.DateTimeField("giữ lúc")

    class Meta:
        verbose_name = "bản tạm giữ"
        verbose_name_plural = "bản tạm giữ"
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "token"], name="one_draft_per_form")
        ]
        indexes = [models.Index(fields=["saved_at"], name="draft_by_age")]

    def __str__(self) -> str:
        return f"{self.procedure}, {self.saved_at:%H:%M}"

    @property
    def applicant_name(self) -> str:
        """As it was typed; empty where no name was yet."""
        return next((value.strip() for name, value in self.fields if name == "applicant_name"), "")
