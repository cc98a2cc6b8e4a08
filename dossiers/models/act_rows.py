"""What happens to a dossier over time: promises, pauses, supplements, apologies, hand-overs."""

from django.db import models
from django.db.models import Q

from dossiers.models.dossier import Dossier
from dossiers.models.event import ActRow
from dossiers.rules.timeliness import Timeliness, classify
from motcua import clock
from motcua.models import Division, Office, Staff
from procedures.models import ProcedureStep


class Deadline(ActRow):
    """A promise to the citizen. The first is the one on the slip and is never rewritten."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", "hẹn khi tiếp nhận"
        SUPPLEMENT = "supplement", "tính lại sau bổ sung"
        PAYMENT = "payment", "tính lại sau nghĩa vụ tài chính"
        CORRECTION = "correction", "sửa thông tin"
        CALENDAR = "calendar", "lịch làm việc thay đổi"
        APOLOGY = "apology", "hẹn lại khi xin lỗi"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="deadlines")
    kind = models.CharField("lý do", max_length=12, choices=Kind.choices)
    counts = models.BooleanField("dùng để xét hạn", default=True)
    due_at = models.DateTimeField("hạn")
    due_on = models.DateField("ngày hết hạn")
    from_on = models.DateField("có hiệu lực từ ngày")
    until_on = models.DateField("đến trước ngày", null=True)
    why = models.TextField("giải thích", blank=True)

    class Meta:
        verbose_name = "thời hạn"
        verbose_name_plural = "các thời hạn"
        ordering = ["dossier", "pk"]
        indexes = [
            models.Index(fields=["dossier", "from_on"], name="deadline_in_force"),
            # The few that another has replaced: what was promised then is asked of them alone.
            models.Index(
                fields=["until_on", "due_on", "dossier"],
                condition=Q(until_on__isnull=False),
                name="deadline_replaced",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due_on:%d/%m/%Y} ({self.get_kind_display()})"


class Pause(ActRow):
    """A time in which the clock stands still, for the citizen to act."""

    class Kind(models.TextChoices):
        SUPPLEMENT = "supplement", "chờ bổ sung"
        PAYMENT = "payment", "chờ nghĩa vụ tài chính"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="pauses")
    kind = models.CharField("lý do", max_length=12, choices=Kind.choices)
    from_at = models.DateTimeField("từ lúc")
    from_on = models.DateField("từ ngày")
    until_at = models.DateTimeField("đến lúc", null=True)
    until_on = models.DateField("đến ngày", null=True)

    class Meta:
        verbose_name = "thời gian dừng"
        verbose_name_plural = "thời gian dừng"
        ordering = ["dossier", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(until_on__isnull=True, is_void=False),
                name="one_pause_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} từ {self.from_on:%d/%m/%Y}"


class SupplementRequest(ActRow):
    """Form 02: what must be brought, and why."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="supplements")
    number = models.PositiveSmallIntegerField("lần")
    items = models.TextField("nội dung cần bổ sung", help_text="Mỗi nội dung một dòng.")
    reason = models.TextField("lý do")
    contact_name = models.CharField("người liên hệ", max_length=80, blank=True)
    contact_phone = models.CharField("điện thoại liên hệ", max_length=30, blank=True)
    asked_at = models.DateTimeField("yêu cầu lúc")
    before_acceptance = models.BooleanField("trước khi tiếp nhận", default=False)
    asked_late = models.BooleanField("yêu cầu quá 3 ngày làm việc", default=False)
    arrived_at = models.DateTimeField("bổ sung xong lúc", null=True)
    pause = models.OneToOneField(Pause, on_delete=models.PROTECT, null=True)

    class Meta:
        verbose_name = "yêu cầu bổ sung"
        verbose_name_plural = "yêu cầu bổ sung"
        ordering = ["dossier", "number"]

    def __str__(self) -> str:
        return f"Yêu cầu bổ sung lần {self.number}"

    @property
    def item_lines(self) -> list[str]:
        return [line.strip() for line in self.items.splitlines() if line.strip()]

    @property
    def gave_a_date(self) -> bool:
        """Whether the papers came after the receipt, so that a new date was promised."""
        return self.arrived_at is not None and self.pause_id is not None


class LateCause(models.Model):
    """A coded cause of lateness, kept by an administrator (TT 02/2017, biểu 07)."""

    code = models.CharField("mã", max_length=10, unique=True)
    name = models.CharField("nguyên nhân", max_length=200)
    is_active = models.BooleanField("đang dùng", default=True)

    class Meta:
        verbose_name = "nguyên nhân quá hạn"
        verbose_name_plural = "nguyên nhân quá hạn"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code}. {self.name}"


class Apology(ActRow):
    """Form 04: why it is late, when it will be ready, who signs, how the citizen was told."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="apologies")
    number = models.PositiveSmallIntegerField("lần")
    cause = models.ForeignKey(LateCause, on_delete=models.PROTECT, verbose_name="nguyên nhân")
    reason = models.TextField("lý do")
    promised_before = models.DateTimeField("hẹn trước đó")
    new_due_at = models.DateTimeField("hẹn lại")
    signer = models.CharField("người ký", max_length=80)
    signer_title = models.CharField("chức vụ người ký", max_length=80, blank=True)
    told_how = models.CharField("cách báo cho công dân", max_length=80, blank=True)
    told_late = models.BooleanField("xin lỗi muộn", default=False)
    apologised_at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = "xin lỗi"
        verbose_name_plural = "xin lỗi"
        ordering = ["dossier", "number"]

    def __str__(self) -> str:
        return f"Xin lỗi lần {self.number}"

    @property
    def is_early(self) -> bool:
        """Whether it was written before the promise that it gives up had passed."""
        return self.apologised_at <= self.promised_before


class Transfer(ActRow):
    """A hand-over between desk and divisions or offices, with its share of the time."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="transfers")
    number = models.PositiveSmallIntegerField("lần")
    from_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    from_division = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, related_name="+"
    )
    to_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    to_division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField("giao lúc")
    sent_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField("nhận lúc", null=True)
    taken_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    step = models.ForeignKey(
        ProcedureStep, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="bước"
    )
    due_at = models.DateTimeField("hạn của bước", null=True)
    ended_at = models.DateTimeField("xong lúc", null=True)
    note = models.TextField("nội dung giao", blank=True)

    class Meta:
        verbose_name = "giao nhận hồ sơ"
        verbose_name_plural = "giao nhận hồ sơ"
        ordering = ["dossier", "number"]
        indexes = [
            models.Index(
                fields=["to_office", "dossier"],
                condition=~Q(from_office=models.F("to_office")),
                name="transfer_between_offices",
            ),
            models.Index(
                fields=["to_office", "to_division"],
                condition=Q(taken_at__isnull=True, ended_at__isnull=True, is_void=False),
                name="transfer_not_taken",
            ),
        ]

    def __str__(self) -> str:
        return f"Giao nhận lần {self.number}"

    @property
    def timeliness(self) -> Timeliness | None:
        """Early, on time or late in this step; none while it runs or when it has no share."""
        if self.ended_at is None or self.due_at is None:
            return None
        return classify(clock.local(self.ended_at).date(), clock.local(self.due_at).date())

    @property
    def giver(self) -> str:
        return _place(self.from_office, self.from_division)

    @property
    def receiver(self) -> str:
        return _place(self.to_office, self.to_division)


def _place(office: Office, division: Division | None) -> str:
    return division.name if division is not None else office.desk_name
