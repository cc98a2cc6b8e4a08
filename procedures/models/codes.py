"""The national codes of a procedure in time: they are given anew, and one replaces another."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from procedures.models.catalogue import Procedure
from procedures.national_codes import is_code


class ProcedureCode(models.Model):
    """A code that the procedure had, has beside its own or will have; `Procedure.national_code` is
    the one that holds where no row says otherwise. A search finds the procedure by any of them."""

    class Evidence(models.TextChoices):
        DECISION = "A", "đọc trong quyết định, nghị quyết"
        RECORD = "B", "bản ghi công khai, chưa thấy quyết định"
        RECALLED = "C", "chưa đối chiếu"

    procedure = models.ForeignKey(
        Procedure, on_delete=models.CASCADE, related_name="codes", verbose_name="thủ tục"
    )
    code = models.CharField("mã TTHC quốc gia", max_length=30)
    in_force_from = models.DateField("mang mã từ", null=True, blank=True)
    in_force_to = models.DateField("đến hết", null=True, blank=True)
    evidence = models.CharField(
        "bằng chứng",
        max_length=1,
        choices=Evidence.choices,
        blank=True,
        help_text="Trống: người quản trị đã đối chiếu.",
    )
    note = models.CharField("ghi chú", max_length=250, blank=True)

    class Meta:
        verbose_name = "mã TTHC khác"
        verbose_name_plural = "mã TTHC trước đây, sau này"
        ordering = ["procedure", F("in_force_from").asc(nulls_first=True), "code"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "code"], name="code_once_per_procedure"),
            models.CheckConstraint(
                condition=Q(in_force_to__isnull=True)
                | Q(in_force_from__isnull=True)
                | Q(in_force_to__gte=F("in_force_from")),
                name="code_ends_after_it_begins",
                violation_error_message="Ngày hết mang mã phải sau ngày bắt đầu.",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        self.procedure.renew_search_key()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        self.procedure.renew_search_key()
        return deleted

    def clean(self) -> None:
        if not is_code(self.code):
            raise ValidationError(
                {"code": "Mã TTHC như 1.014392.H05 hoặc 2.000815.000.00.00.H61, không có dấu cách."}
            )

    @property
    def is_dated(self) -> bool:
        return self.in_force_from is not None or self.in_force_to is not None

    @property
    def is_public(self) -> bool:
        """Whether a citizen reads it: a code that was not read in a decision is found by a search
        and shown to administrators only."""
        return self.evidence in ("", self.Evidence.DECISION)

    def holds_on(self, day: date) -> bool:
        """Whether the row says that this is the procedure's code on the day; without days it only
        says that the code has to do with the procedure."""
        begun = self.in_force_from is None or self.in_force_from <= day
        return self.is_dated and begun and (self.in_force_to is None or day <= self.in_force_to)
