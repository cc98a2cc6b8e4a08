"""What is kept of the accounts of staff beside the accounts themselves: the log of log-ins, and
the second factor of those who have one."""

from typing import ClassVar

from django.db import models


class LoginEvent(models.Model):
    """One line of the log of log-ins. Append-only, in the database itself (migrations 0002 and
    0005): only what is older than a year may go, by `manage.py prune_logins`.

    No password stands here, nor a name that was typed and belongs to nobody: people type their
    password into the wrong field.
    """

    class Kind(models.TextChoices):
        IN = "in", "đăng nhập"
        OUT = "out", "đăng xuất"
        WRONG_PASSWORD = "wrong_password", "sai mật khẩu"
        WRONG_CODE = "wrong_code", "sai mã xác thực"
        LOCKED = "locked", "tạm khóa vì sai nhiều lần"
        UNLOCKED = "unlocked", "mở khóa"
        PASSWORD_CHANGED = "password_changed", "đổi mật khẩu"
        PASSWORD_RESET = "password_reset", "được đặt lại mật khẩu"
        FACTOR_ON = "factor_on", "bật xác thực hai lớp"
        FACTOR_OFF = "factor_off", "tắt xác thực hai lớp"
        CLOSED = "closed", "đóng tài khoản"
        OPENED = "opened", "mở lại tài khoản"

    at = models.DateTimeField("lúc", db_index=True)
    kind = models.CharField("việc", max_length=20, choices=Kind.choices)
    staff = models.ForeignKey(
        "motcua.Staff",
        on_delete=models.PROTECT,
        null=True,
        related_name="login_events",
        verbose_name="tài khoản",
    )
    office = models.ForeignKey(
        "motcua.Office",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="đơn vị lúc đó",
    )
    address = models.CharField("địa chỉ mạng", max_length=45)
    by = models.ForeignKey(
        "motcua.Staff",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="người làm",
    )
    note = models.CharField("ghi chú", max_length=80, blank=True)

    class Meta:
        verbose_name = "lần đăng nhập"
        verbose_name_plural = "nhật ký đăng nhập"
        ordering: ClassVar[list[str]] = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.staff or 'tài khoản không có'})"


class SecondFactor(models.Model):
    """The secret that a person's telephone shares, and the codes kept for the day it is lost."""

    staff = models.OneToOneField(
        "motcua.Staff",
        on_delete=models.PROTECT,
        related_name="second_factor",
        verbose_name="tài khoản",
    )
    secret = models.CharField(max_length=64)
    since = models.DateTimeField("từ lúc")
    last_step = models.BigIntegerField(default=0)
    """The half minute of the last code that was taken: no code is good twice."""
    recovery = models.JSONField(default=list)
    """Digests of the codes that are still good, each once."""

    class Meta:
        verbose_name = "xác thực hai lớp"
        verbose_name_plural = "xác thực hai lớp"

    def __str__(self) -> str:
        return f"xác thực hai lớp của {self.staff}"
