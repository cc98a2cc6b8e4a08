"""What the reports keep: who took personal data out of the register book, long print jobs, and
(in `sign_off`, `opening`, `summaries`) signed figures, totals from before the
program, and sums that are kept current."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q

from motcua import clock
from motcua.models import Staff

KEPT_FOR = timedelta(days=1)
# A part of a print takes about two seconds; a job silent for this long has died.
SILENCE = timedelta(minutes=3)


def _just_now() -> tuple[datetime, datetime]:
    """When a job that lives was last heard of; not in the future, where a clock that ran ahead
    may have put one that died."""
    now = clock.now()
    return now - SILENCE, now + clock.TOLERANCE


class RegisterExportQuerySet(models.QuerySet["RegisterExport"]):
    def of(self, staff: Staff) -> "RegisterExportQuerySet":
        """An export belongs to the person who made it, and to nobody else."""
        return self.filter(made_by=staff)

    def running(self) -> "RegisterExportQuerySet":
        return self.filter(
            state__in=[RegisterExport.State.QUEUED, RegisterExport.State.RUNNING],
            touched_at__range=_just_now(),
        )

    def expired(self) -> "RegisterExportQuerySet":
        """Files older than a day, or dated by a clock that ran ahead, and what jobs that died may
        have left."""
        unfinished = [RegisterExport.State.QUEUED, RegisterExport.State.RUNNING]
        now = clock.now()
        over = Q(made_at__lt=now - KEPT_FOR) | Q(made_at__gt=now + clock.TOLERANCE)
        return self.filter(over).filter(~Q(file="") | Q(state__in=unfinished))


class RegisterExport(models.Model):
    """One taking of the register book, or of a report too long for a page to wait for, out of the
    program, as XLSX or PDF.

    The row stays as a record of who took what; the file of a long job is removed after a day.
    """

    class What(models.TextChoices):
        REGISTER = "so-theo-doi", "sổ theo dõi"
        FIGURES = "bao-cao", "báo cáo theo kỳ"
        LATE = "tre-han", "danh sách hồ sơ trễ hạn"
        AGES = "ton-dong", "báo cáo hồ sơ tồn theo tuổi"
        CAUSES = "nguyen-nhan", "báo cáo nguyên nhân trễ hạn"
        CHANNELS = "hinh-thuc", "báo cáo theo hình thức nộp"
        RECEIVERS = "noi-nhan", "báo cáo theo nơi tiếp nhận"

    class Kind(models.TextChoices):
        XLSX = "xlsx", "bảng tính XLSX"
        PDF = "pdf", "bản in PDF"

    class State(models.TextChoices):
        QUEUED = "queued", "chờ làm"
        RUNNING = "running", "đang làm"
        DONE = "done", "đã xong"
        FAILED = "failed", "không thành công"

    made_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name="người lấy"
    )
    made_at = models.DateTimeField("lúc")
    what = models.CharField("lấy gì", max_length=20, choices=What.choices, default=What.REGISTER)
    kind = models.CharField("dạng tệp", max_length=4, choices=Kind.choices)
    selection = models.JSONField("phần được lấy")
    """The choice as the query of the address of the book or report."""
    title = models.CharField("tên phần được lấy", max_length=300)
    total = models.PositiveIntegerField("số dòng")
    done = models.PositiveIntegerField("đã làm", default=0)
    state = models.CharField(
        "tình trạng", max_length=8, choices=State.choices, default=State.QUEUED
    )
    touched_at = models.DateTimeField("cập nhật lúc")
    file = models.CharField("tệp", max_length=120, blank=True)

    objects = RegisterExportQuerySet.as_manager()

    class Meta:
        verbose_name = "lượt lấy sổ theo dõi"
        verbose_name_plural = "các lượt lấy sổ theo dõi"
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["made_by", "made_at"], name="export_by_maker")]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_kind_display()})"

    @property
    def path(self) -> Path:
        """Where the file of the job lies: outside what the web server serves."""
        return exports_folder() / (self.file or f"{self.what}-{self.pk}.{self.kind}")

    @property
    def is_of_register(self) -> bool:
        return self.what == self.What.REGISTER

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.DONE and bool(self.file) and self.path.exists()

    @property
    def is_interrupted(self) -> bool:
        """Its process was killed, or the machine restarted."""
        unfinished = self.state in (self.State.QUEUED, self.State.RUNNING)
        since, until = _just_now()
        return unfinished and not since <= self.touched_at <= until

    @property
    def is_broken_off(self) -> bool:
        """It ended without a file."""
        return self.state == self.State.FAILED or self.is_interrupted

    @property
    def is_gone(self) -> bool:
        """It was made, and the file is kept no longer."""
        return self.state == self.State.DONE and not self.is_ready

    @property
    def expires_at(self) -> datetime:
        return self.made_at + KEPT_FOR


def exports_folder() -> Path:
    """The folder of finished files, for the server's own account only."""
    folder = Path(settings.VAR) / "exports"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
