"""Notices to citizens: the words an administrator keeps, and the queue they are sent from."""

from django.db import models
from django.db.models import Q

from dossiers.models.dossier import Dossier
from dossiers.models.event import Event


class NoticeChannel(models.TextChoices):
    EMAIL = "email", "thư điện tử"
    SMS = "sms", "tin nhắn"


class NoticeTemplate(models.Model):
    """The words of a notice. Fields in braces are filled in: {ma}, {thu_tuc}, {ngay_hen},
    {noi_nhan}, {dia_chi}, {dien_thoai}, {tra_cuu}. No name, so that a wrong number learns
    nothing about a person."""

    kind = models.CharField(
        "khi nào",
        max_length=20,
        choices=[
            (Event.Kind.SUBMIT.value, "đã nhận hồ sơ nộp trực tuyến"),
            (Event.Kind.ACCEPT.value, "đã tiếp nhận hồ sơ"),
            (Event.Kind.DECLINE.value, "không tiếp nhận hồ sơ"),
            (Event.Kind.ASK_SUPPLEMENT.value, "cần bổ sung giấy tờ"),
            (Event.Kind.ASK_PAYMENT.value, "cần thực hiện nghĩa vụ tài chính"),
            (Event.Kind.APOLOGISE.value, "xin lỗi và hẹn lại"),
            (Event.Kind.RESOLVE.value, "đã có kết quả"),
            (Event.Kind.STOP.value, "dừng giải quyết"),
        ],
    )
    channel = models.CharField("gửi bằng", max_length=5, choices=NoticeChannel.choices)
    subject = models.CharField("tiêu đề", max_length=120, blank=True)
    body = models.TextField("nội dung")
    is_active = models.BooleanField("đang dùng", default=True)

    class Meta:
        verbose_name = "mẫu thông báo"
        verbose_name_plural = "mẫu thông báo cho công dân"
        ordering = ["kind", "channel"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "channel"],
                name="one_template_per_kind_and_channel",
                violation_error_message="Việc này đã có mẫu thông báo cho cách gửi này.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_channel_display()})"


class Notice(models.Model):
    """One message in the queue. It is claimed before it is sent, so that a crash in between
    leaves it SENDING: it is never sent a second time unless a person says so."""

    class State(models.TextChoices):
        QUEUED = "queued", "chờ gửi"
        SENDING = "sending", "đang gửi, chưa rõ kết quả"
        SENT = "sent", "đã gửi"
        FAILED = "failed", "không gửi được"
        DROPPED = "dropped", "thôi không gửi"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="notices")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="notices")
    channel = models.CharField("gửi bằng", max_length=5, choices=NoticeChannel.choices)
    address = models.CharField("gửi tới", max_length=254)
    subject = models.CharField("tiêu đề", max_length=120, blank=True)
    body = models.TextField("nội dung")
    state = models.CharField(
        "tình trạng", max_length=8, choices=State.choices, default=State.QUEUED
    )
    queued_at = models.DateTimeField("vào hàng đợi lúc")
    try_after = models.DateTimeField("gửi sau lúc")
    attempts = models.PositiveSmallIntegerField("số lần thử", default=0)
    claimed_at = models.DateTimeField("bắt đầu gửi lúc", null=True)
    sent_at = models.DateTimeField("gửi xong lúc", null=True)
    error = models.CharField("lỗi", max_length=250, blank=True)

    class Meta:
        verbose_name = "thông báo"
        verbose_name_plural = "thông báo cho công dân"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "channel"], name="one_notice_per_event_and_channel"
            )
        ]
        indexes = [
            models.Index(fields=["try_after"], condition=Q(state="queued"), name="notice_queue")
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.get_state_display()}"
