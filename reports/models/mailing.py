"""Who has the meeting paper by mail, and what was sent."""

from django.db import models

from motcua.models import Staff
from reports.terms.mailing import Every


class PaperChoice(models.Model):
    """A leader chose to have the verdict and the meeting paper by mail; no row: chose nothing."""

    staff = models.OneToOneField(
        Staff, on_delete=models.CASCADE, related_name="paper_choice", verbose_name="người nhận"
    )
    every = models.CharField(
        "gửi khi nào",
        max_length=5,
        choices=[
            (Every.WEEK.value, "thứ Hai hằng tuần"),
            (Every.MONTH.value, "ngày 01 hằng tháng"),
        ],
    )
    chosen_at = models.DateTimeField("chọn lúc")

    class Meta:
        verbose_name = "lựa chọn nhận số liệu qua thư"
        verbose_name_plural = "lựa chọn nhận số liệu qua thư"

    def __str__(self) -> str:
        return f"{self.staff}: {self.get_every_display()}"


class PaperMail(models.Model):
    """The mail of a due day to a person: at most one. `claimed_at` without `sent_at`: handed to the
    mail server, whose answer is not known; it is not sent again."""

    staff = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="paper_mails", verbose_name="người nhận"
    )
    due_on = models.DateField("của ngày")
    claimed_at = models.DateTimeField("bắt đầu gửi lúc", null=True)
    sent_at = models.DateTimeField("gửi lúc", null=True)
    error = models.CharField("chưa gửi được vì", max_length=250, blank=True)

    class Meta:
        verbose_name = "thư số liệu"
        verbose_name_plural = "thư số liệu"
        ordering = ["-due_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "due_on"], name="one_paper_mail_a_due_day")
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.due_on:%d/%m/%Y}"
