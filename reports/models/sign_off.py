"""What sign-off keeps: signed figures, their files and names, and reopenings, for good; looks,
reminders, deadlines.

A signed row is never changed or deleted: signing again adds a version. `Closing.frozen()` is the
canonical text that the digest covers.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, NoReturn

from django.core.validators import MaxValueValidator
from django.db import models

from motcua.models import Level, Office, Staff
from reports.terms.periods import Period, parse_period

REMARK_LENGTH = 500
"""Characters of a note or a reason."""


def _refuse(*args: Any, **kwargs: Any) -> NoReturn:
    raise TypeError("Signed figures are append-only.")


class KeptForGoodQuerySet(models.QuerySet[Any]):
    update = delete = bulk_update = _refuse


class KeptForGood(models.Model):
    """A row that is written once."""

    objects = KeptForGoodQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            _refuse()
        super().save(*args, **kwargs)

    delete = _refuse


class OfPeriod(models.Model):
    """A row about one office and one named period of a calendar of periods."""

    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị"
    )
    period_key = models.CharField("kỳ", max_length=10)
    calendar = models.CharField("lịch kỳ báo cáo", max_length=10, default="calendar")

    class Meta:
        abstract = True

    @property
    def period(self) -> Period:
        return parse_period(self.period_key, self.calendar)


class Closing(KeptForGood, OfPeriod):
    """A period that the leader of an office signed. The person's name and title stay as they
    were at that moment."""

    version = models.PositiveSmallIntegerField("lần ký")
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến ngày")
    signed_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name="người ký"
    )
    signer_name = models.CharField("họ tên người ký", max_length=80)
    signer_title = models.CharField("chức vụ", max_length=80, blank=True)
    signed_at = models.DateTimeField("ký lúc")
    note = models.CharField("ghi chú của người ký", max_length=REMARK_LENGTH, blank=True)
    warnings = models.JSONField("cảnh báo đã xem khi ký", default=list)
    """The sentences that stood on the page when it was signed."""
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField("chuỗi kiểm tra SHA-256", max_length=64)

    class Meta:
        verbose_name = "số liệu kỳ đã ký"
        verbose_name_plural = "số liệu kỳ đã ký"
        ordering = ["office", "starts_on", "ends_on", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "period_key", "calendar", "version"], name="closing_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.office}, {self.period.label}, ký lần {self.version}"

    @property
    def is_reopened(self) -> bool:
        return hasattr(self, "reopening")

    @property
    def has_files(self) -> bool:
        """Whether its files are kept: those of a signing before release 0.4 are, once
        `manage.py store_signed_files` has run."""
        return hasattr(self, "names")

    @property
    def office_code(self) -> str:
        """The code that the office bore when it signed, as far as that is kept."""
        return self.names.office_code if self.has_files else self.office.code

    @property
    def office_name(self) -> str:
        """The name that the office bore when it signed, as far as that is kept."""
        return self.names.office_name if self.has_files else self.office.name

    def frozen(self, cells: Iterable["ClosingCell"] | None = None) -> bytes:
        """The signed content as canonical JSON (UTF-8, sorted keys, no spaces)."""
        content = {
            "office": self.office_code,
            "period": [
                self.period_key,
                self.calendar,
                self.starts_on.isoformat(),
                self.ends_on.isoformat(),
            ],
            "version": self.version,
            "signed": [
                self.signed_by.username,
                self.signer_name,
                self.signer_title,
                int(self.signed_at.timestamp()),
            ],
            "note": self.note,
            "warnings": self.warnings,
            "previous": self.previous_digest,
            "cells": sorted(
                [cell.sector, cell.column, cell.value, cell.dossiers]
                for cell in (self.cells.all() if cells is None else cells)
            ),
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode()

    def make_digest(self, cells: Iterable["ClosingCell"] | None = None) -> str:
        """SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
        return hashlib.sha256(self.frozen(cells)).hexdigest()

    @property
    def is_intact(self) -> bool:
        """Whether what the database holds is still what was signed."""
        return self.make_digest() == self.digest


class ClosingCell(KeptForGood):
    """A signed number and the keys of the dossiers behind it. Sums are not kept: they follow."""

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="cells")
    sector = models.CharField("lĩnh vực", max_length=200)
    column = models.CharField("cột", max_length=30)
    value = models.PositiveIntegerField("số")
    dossiers = models.JSONField("hồ sơ")

    class Meta:
        verbose_name = "số đã ký"
        verbose_name_plural = "các số đã ký"
        ordering = ["closing", "sector", "column"]
        constraints = [
            models.UniqueConstraint(fields=["closing", "sector", "column"], name="cell_once")
        ]

    def __str__(self) -> str:
        return f"{self.sector}, {self.column}: {self.value}"


class SignedNames(KeptForGood):
    """What the office, and the one above to which it reports, were called in the files of a
    signing. `made_later` where the files were made at an upgrade: then these are the names of
    that day (`made_at`)."""

    closing = models.OneToOneField(
        Closing, on_delete=models.PROTECT, primary_key=True, related_name="names"
    )
    office_code = models.CharField("mã đơn vị", max_length=10)
    office_name = models.CharField("tên đơn vị", max_length=120)
    place = models.CharField("địa danh", max_length=120)
    above_code = models.CharField("mã cấp trên", max_length=10, blank=True)
    above_name = models.CharField("tên cấp trên", max_length=120, blank=True)
    made_at = models.DateTimeField("lập tệp lúc")
    made_later = models.BooleanField("lập khi nâng cấp", default=False)

    class Meta:
        verbose_name = "tên đơn vị lúc ký"
        verbose_name_plural = "tên đơn vị lúc ký"

    def __str__(self) -> str:
        return f"{self.office_code} {self.office_name}"


class SignedFile(KeptForGood):
    """A file of a signed table: these bytes are given out, for good."""

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="files")
    format = models.CharField("dạng tệp", max_length=4)
    content = models.BinaryField("nội dung")
    digest = models.CharField("chuỗi kiểm tra SHA-256", max_length=64)

    class Meta:
        verbose_name = "tệp đã ký"
        verbose_name_plural = "các tệp đã ký"
        constraints = [
            models.UniqueConstraint(fields=["closing", "format"], name="signed_file_once")
        ]

    def __str__(self) -> str:
        return f"{self.closing_id}.{self.format}"

    @property
    def is_intact(self) -> bool:
        """Whether the bytes are still those that were stored."""
        return hashlib.sha256(self.content).hexdigest() == self.digest


class Reopening(KeptForGood):
    """The upper level allowed a signed period to be signed again, and why."""

    closing = models.OneToOneField(Closing, on_delete=models.PROTECT, related_name="reopening")
    reopened_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name="người mở lại"
    )
    reopened_at = models.DateTimeField("mở lại lúc")
    reason = models.CharField("lý do", max_length=REMARK_LENGTH)

    class Meta:
        verbose_name = "lần mở lại kỳ"
        verbose_name_plural = "các lần mở lại kỳ"

    def __str__(self) -> str:
        return f"{self.closing}: mở lại"


class ClosingLook(OfPeriod):
    """What a person saw of a table not yet signed, when last looked at."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    looked_at = models.DateTimeField("xem lúc")
    figures = models.JSONField("số đã thấy")
    """Sector -> column -> number."""

    class Meta:
        verbose_name = "lượt xem số liệu chờ ký"
        verbose_name_plural = "các lượt xem số liệu chờ ký"
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "office", "period_key", "calendar"], name="last_look_only"
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.office_id} {self.period_key}"


class Reminder(OfPeriod):
    """An office was asked to sign: at most once a day for a period, by a person or by the timer."""

    day = models.DateField("ngày nhắc")
    reminded_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người nhắc"
    )
    reminded_at = models.DateTimeField("nhắc lúc")
    addresses = models.JSONField("gửi tới", default=list)
    sent_at = models.DateTimeField("gửi thư lúc", null=True)
    error = models.CharField("chưa gửi được vì", max_length=250, blank=True)

    class Meta:
        verbose_name = "lần nhắc ký số liệu"
        verbose_name_plural = "các lần nhắc ký số liệu"
        ordering = ["-reminded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "period_key", "calendar", "day"], name="one_reminder_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.period_key} {self.day:%d/%m/%Y}"


class ReportDeadline(models.Model):
    """Hạn gửi: by how many days after the end of a period an office of the level signs."""

    level = models.CharField("cấp", max_length=10, choices=Level.choices, unique=True)
    days = models.PositiveSmallIntegerField(
        "hạn gửi (số ngày sau ngày cuối kỳ)",
        validators=[MaxValueValidator(90, "Hạn gửi không quá 90 ngày sau ngày cuối kỳ.")],
        help_text="Ngày thường, kể cả ngày nghỉ. Theo văn bản của cấp trên từng năm.",
    )

    class Meta:
        verbose_name = "hạn gửi số liệu"
        verbose_name_plural = "hạn gửi số liệu"
        ordering = ["level"]

    def __str__(self) -> str:
        return f"{self.get_level_display()}: {self.days} ngày sau kỳ"
