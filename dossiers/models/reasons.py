"""Reasons in ready words, so that the same case is told in the same sentence."""

from django.db import models
from django.db.models import Q

from motcua.models import Office


class ReasonTemplateQuerySet(models.QuerySet["ReasonTemplate"]):
    def offered(self, kind: str, office: Office | None) -> "ReasonTemplateQuerySet":
        """Those in use of this kind, of every office and of this one."""
        return self.filter(Q(office__isnull=True) | Q(office=office), kind=kind, is_active=True)


class ReasonTemplate(models.Model):
    """Mẫu lý do, kept by an administrator. What was written with one does not change with it."""

    class Kind(models.TextChoices):
        SUPPLEMENT = "supplement", "yêu cầu bổ sung"
        REFUSAL = "refusal", "từ chối tiếp nhận"
        APOLOGY = "apology", "xin lỗi và hẹn lại"

    kind = models.CharField("dùng khi", max_length=12, choices=Kind.choices)
    text = models.TextField("lý do", max_length=500)
    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="của đơn vị",
        help_text="Để trống: mọi đơn vị.",
    )
    position = models.PositiveSmallIntegerField("thứ tự", default=100)
    is_active = models.BooleanField("đang dùng", default=True)

    objects = ReasonTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "mẫu lý do"
        verbose_name_plural = "mẫu lý do"
        ordering = ["kind", "position", "pk"]

    def __str__(self) -> str:
        return self.text
