"""The working calendar, and the hours of each office."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from motcua.models import Office


class CalendarDay(models.Model):
    """A date that differs from its weekday, for the whole country."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", "ngày nghỉ lễ, tết"
        BRIDGE_OFF = "bridge_off", "ngày nghỉ hoán đổi"
        MAKEUP_WORK = "makeup_work", "ngày làm bù"

    date = models.DateField("ngày", unique=True)
    kind = models.CharField("loại", max_length=12, choices=Kind.choices)
    name = models.CharField("tên, lý do", max_length=120)
    source = models.CharField("nguồn", max_length=250, blank=True)
    is_estimate = models.BooleanField(
        "ước tính", default=False, help_text="Chưa có thông báo chính thức của năm đó."
    )

    history = HistoricalRecords(verbose_name="lịch sử ngày nghỉ")

    class Meta:
        verbose_name = "ngày nghỉ, ngày làm bù"
        verbose_name_plural = "lịch nghỉ và làm bù"
        ordering = ["-date"]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y}: {self.name}"


class WorkSession(models.Model):
    """An office's own session on a weekday. An office without rows keeps the usual hours."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, "thứ Hai"
        TUESDAY = 1, "thứ Ba"
        WEDNESDAY = 2, "thứ Tư"
        THURSDAY = 3, "thứ Năm"
        FRIDAY = 4, "thứ Sáu"
        SATURDAY = 5, "thứ Bảy"
        SUNDAY = 6, "Chủ nhật"

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="sessions", verbose_name="đơn vị"
    )
    weekday = models.PositiveSmallIntegerField("thứ", choices=Weekday.choices)
    opens = models.TimeField("từ giờ")
    closes = models.TimeField("đến giờ")
    valid_from = models.DateField("áp dụng từ", null=True, blank=True)
    valid_to = models.DateField("đến hết", null=True, blank=True)

    history = HistoricalRecords(verbose_name="lịch sử giờ làm việc")

    class Meta:
        verbose_name = "buổi làm việc"
        verbose_name_plural = "giờ làm việc riêng của đơn vị"
        ordering = ["office", "weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")),
                name="session_closes_after_it_opens",
                violation_error_message="Giờ kết thúc phải sau giờ bắt đầu.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M} - {self.closes:%H:%M}"


class OfficeClosure(models.Model):
    """A day on which one office is closed, though the country works."""

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="closures", verbose_name="đơn vị"
    )
    date = models.DateField("ngày")
    reason = models.CharField("lý do", max_length=120)

    history = HistoricalRecords(verbose_name="lịch sử ngày đóng cửa")

    class Meta:
        verbose_name = "ngày đơn vị nghỉ riêng"
        verbose_name_plural = "ngày đơn vị nghỉ riêng"
        ordering = ["-date"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "date"], name="one_closure_per_office_and_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y}: {self.reason}"
