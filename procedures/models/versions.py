"""What a procedure asks for and promises during a time: limit, fee, papers, steps."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from motcua.models import Division, Level, Office
from procedures.models.catalogue import Procedure


class ProcedureVersionQuerySet(models.QuerySet["ProcedureVersion"]):
    def in_force(self, day: date) -> "ProcedureVersionQuerySet":
        return self.filter(
            Q(in_force_from__isnull=True) | Q(in_force_from__lte=day),
            Q(in_force_to__isnull=True) | Q(in_force_to__gte=day),
        )


class ProcedureVersion(models.Model):
    """What a procedure asks and promises during a time. A dossier keeps its own version."""

    class Unit(models.TextChoices):
        WORKING_DAY = "working_day", "ngày làm việc"
        CALENDAR_DAY = "calendar_day", "ngày"
        WORKING_HOUR = "working_hour", "giờ làm việc"
        MONTH = "month", "tháng"
        SAME_DAY = "same_day", "trong ngày"

    class Confidence(models.TextChoices):
        FOUND = "found", "đã đối chiếu nguồn"
        PARTLY = "partly", "cần kiểm tra lại"
        DECIDED = "decided", "theo quyết định của tỉnh"

    class Supplement(models.TextChoices):
        BY_REGIME = "", "theo quy định chung"
        RESTART = "restart", "tính lại từ đầu"
        CONTINUE = "continue", "cộng thời gian chờ"

    procedure = models.ForeignKey(
        Procedure, on_delete=models.PROTECT, related_name="versions", verbose_name="thủ tục"
    )
    in_force_from = models.DateField("áp dụng từ", null=True, blank=True)
    in_force_to = models.DateField("đến hết", null=True, blank=True)
    limit_value = models.PositiveSmallIntegerField("thời hạn giải quyết", default=0)
    limit_unit = models.CharField("đơn vị tính", max_length=12, choices=Unit.choices)
    limit_note = models.TextField("ghi chú về thời hạn", blank=True)
    fee_vnd = models.PositiveIntegerField(
        "phí, lệ phí (đồng)", null=True, blank=True, help_text="Để trống: chưa rõ. 0: miễn phí."
    )
    fee_note = models.TextField("ghi chú về phí, lệ phí", blank=True)
    department = models.CharField("bộ phận giải quyết", max_length=120, blank=True)
    result = models.TextField("kết quả", blank=True)
    legal_basis = models.TextField("căn cứ pháp lý", blank=True, help_text="Mỗi văn bản một dòng.")
    sequence = models.TextField(
        "trình tự thực hiện", blank=True, help_text="Mỗi bước một dòng. Để trống: trình tự chung."
    )
    ways = models.TextField(
        "cách thức thực hiện", blank=True, help_text="Mỗi cách một dòng. Để trống: cách chung."
    )
    sets = models.PositiveSmallIntegerField("số lượng hồ sơ (bộ)", null=True, blank=True)
    applicants = models.TextField("đối tượng thực hiện", blank=True)
    form_names = models.TextField(
        "mẫu đơn, tờ khai",
        blank=True,
        help_text="Mỗi mẫu một dòng. Để trống: các đơn, tờ khai trong thành phần hồ sơ.",
    )
    conditions = models.TextField("yêu cầu, điều kiện", blank=True)
    source = models.TextField("nguồn", blank=True)
    unverified = models.TextField(
        "chưa kiểm chứng",
        blank=True,
        help_text="Những phần chưa đối chiếu với văn bản, mỗi phần một dòng: thời hạn; phí, lệ "
        "phí; mã TTHC; thành phần hồ sơ. Công dân không đọc ô này.",
    )
    confidence = models.CharField("độ tin cậy", max_length=10, choices=Confidence.choices)
    supplement_policy = models.CharField(
        "tính hạn khi bổ sung",
        max_length=10,
        choices=Supplement.choices,
        default=Supplement.BY_REGIME,
        blank=True,
    )
    max_supplements = models.PositiveSmallIntegerField(
        "số lần yêu cầu bổ sung tối đa",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Để trống: theo quy định chung (từ 2018: một lần).",
    )
    payment_stops_clock = models.BooleanField(
        "không tính thời gian chờ nghĩa vụ tài chính",
        default=False,
        help_text="Hồ sơ đất đai: Điều 61 NĐ 43/2014/NĐ-CP.",
    )

    history = HistoricalRecords(verbose_name="lịch sử phiên bản")
    objects = ProcedureVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "phiên bản thủ tục"
        verbose_name_plural = "phiên bản thủ tục"
        ordering = ["procedure", F("in_force_from").desc(nulls_last=True)]
        constraints = [
            models.CheckConstraint(
                condition=Q(limit_unit="same_day") | Q(limit_value__gte=1),
                name="limit_has_a_length",
                violation_error_message="Thời hạn phải từ 1 trở lên, trừ thủ tục giải quyết trong "
                "ngày.",
            ),
            models.CheckConstraint(
                condition=Q(in_force_to__isnull=True)
                | Q(in_force_from__isnull=True)
                | Q(in_force_to__gte=F("in_force_from")),
                name="version_ends_after_it_begins",
                violation_error_message="Ngày hết áp dụng phải sau ngày bắt đầu áp dụng.",
            ),
            models.UniqueConstraint(
                fields=["procedure"],
                condition=Q(in_force_to__isnull=True),
                name="one_open_version_per_procedure",
                violation_error_message="Thủ tục này đã có một phiên bản đang áp dụng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure} ({self.limit_words})"

    @property
    def limit_words(self) -> str:
        if self.limit_unit == self.Unit.SAME_DAY:
            return "trong ngày"
        return f"{self.limit_value} {self.get_limit_unit_display()}"

    @property
    def is_uncertain(self) -> bool:
        """The limit was not read in a source: the screen says so."""
        return self.confidence == self.Confidence.PARTLY or self.doubts("thời hạn")

    def doubts(self, part: str) -> bool:
        """Whether this part ("thời hạn", "phí, lệ phí", "mã TTHC") was not read in a source."""
        return part in self.unverified.splitlines()

    @property
    def legal_acts(self) -> list[str]:
        return [line for line in self.legal_basis.splitlines() if line.strip()]

    def clean(self) -> None:
        overlapping = self.procedure.versions.exclude(pk=self.pk)
        if self.in_force_from:
            overlapping = overlapping.filter(
                Q(in_force_to__isnull=True) | Q(in_force_to__gte=self.in_force_from)
            )
        if self.in_force_to:
            overlapping = overlapping.filter(
                Q(in_force_from__isnull=True) | Q(in_force_from__lte=self.in_force_to)
            )
        if overlapping.exists():
            raise ValidationError("Thời gian áp dụng trùng với một phiên bản khác của thủ tục.")


class RequiredPaper(models.Model):
    """Thành phần hồ sơ: a paper that the version asks for."""

    class Kind(models.TextChoices):
        ORIGINAL = "original", "bản chính"
        COPY = "copy", "bản sao"
        SHOWN = "shown", "xuất trình"

    version = models.ForeignKey(
        ProcedureVersion, on_delete=models.CASCADE, related_name="papers", verbose_name="phiên bản"
    )
    position = models.PositiveSmallIntegerField("thứ tự")
    name = models.CharField("tên giấy tờ", max_length=500)
    kind = models.CharField("loại", max_length=10, choices=Kind.choices, default=Kind.ORIGINAL)
    copies = models.PositiveSmallIntegerField("số lượng", default=1)
    is_required = models.BooleanField("bắt buộc", default=True)

    class Meta:
        verbose_name = "giấy tờ phải nộp"
        verbose_name_plural = "thành phần hồ sơ"
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="one_paper_per_position")
        ]

    def __str__(self) -> str:
        return self.name


class ProcedureStep(models.Model):
    """A step that the version names, with its share of the limit (NĐ 61/2018 Điều 19.6)."""

    version = models.ForeignKey(
        ProcedureVersion, on_delete=models.CASCADE, related_name="steps", verbose_name="phiên bản"
    )
    position = models.PositiveSmallIntegerField("thứ tự")
    level = models.CharField("cấp thực hiện", max_length=10, choices=Level.choices)
    department = models.CharField("bộ phận thực hiện", max_length=120)
    task = models.CharField("nội dung công việc", max_length=250, blank=True)
    share_value = models.PositiveSmallIntegerField("thời gian của bước")
    share_unit = models.CharField(
        "đơn vị tính", max_length=12, choices=ProcedureVersion.Unit.choices
    )

    class Meta:
        verbose_name = "bước giải quyết"
        verbose_name_plural = "quy trình giải quyết"
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="one_step_per_position")
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.department}"


def division_for(version: ProcedureVersion, office: Office) -> Division | None:
    """The division of the office that solves this version's dossiers, by name, or none."""
    if not version.department:
        return None
    return Division.objects.filter(office=office, name=version.department, is_active=True).first()
