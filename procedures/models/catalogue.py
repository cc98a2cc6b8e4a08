"""What may be asked for: sectors, events of a life, procedures and their versions."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q, Subquery, Value
from django.db.models.functions import Coalesce
from simple_history.models import HistoricalRecords

from motcua.models import Level, Office
from motcua.text import alphabetical, fold
from procedures.models.concerns import Concerns
from procedures.national_codes import short, shortened

KEY = RegexValidator(
    r"^[0-9A-Za-z](?:[0-9A-Za-z_.-]*[0-9A-Za-z])?$",
    "Mã gồm chữ cái không dấu, chữ số, dấu chấm, gạch nối, không có dấu cách.",
)


class Sector(models.Model):
    """Lĩnh vực."""

    name = models.CharField("tên lĩnh vực", max_length=120, unique=True)
    sort_key = models.TextField(editable=False)

    class Meta:
        verbose_name = "lĩnh vực"
        verbose_name_plural = "lĩnh vực"
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = alphabetical(self.name)
        super().save(*args, **kwargs)


class LifeEvent(models.Model):
    """Sự kiện trong đời, by which citizens look for a procedure: a birth, a wedding, a house."""

    key = models.SlugField("mã", max_length=30, unique=True)
    name = models.CharField("tên sự kiện", max_length=80)
    position = models.PositiveSmallIntegerField("thứ tự", default=100)

    class Meta:
        verbose_name = "sự kiện trong đời"
        verbose_name_plural = "sự kiện trong đời"
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class ProcedureQuerySet(models.QuerySet["Procedure"]):
    def offered_by(self, office: Office) -> "ProcedureQuerySet":
        """The active procedures that this office's desk receives: those of its levels and of its
        catalogue but for the sectors that it does not take, and its exceptions; none that has no
        limit yet. In Python: `procedures.offering.Offer`."""
        kept = Office.objects.filter(pk=office.pk).order_by().values("offer__catalogue")
        catalogue = Coalesce(Subquery(kept), Value(Procedure.Catalogue.OF_2016.value))
        exceptions = office.offered_procedures.values("procedure")
        closed_sectors = office.offered_sectors.filter(is_offered=False).values("sector")
        by_sector = (
            Q(level__in=office.levels_received)
            & (Q(catalogue=Procedure.Catalogue.OWN) | Q(catalogue=catalogue))
            & ~Q(sector__in=closed_sectors)
        )
        without_limit = ProcedureVersion.objects.without_limit().values("procedure")
        return (
            self.filter(is_active=True)
            .filter(
                Q(pk__in=exceptions.filter(is_offered=True))
                | (by_sector & ~Q(pk__in=exceptions.filter(is_offered=False)))
            )
            .exclude(pk__in=without_limit)
        )

    def to_complete(self) -> "ProcedureQuerySet":
        """The active procedures that no desk can receive, since no limit is known to promise by."""
        missing = ProcedureVersion.objects.without_limit()
        return self.filter(is_active=True, pk__in=missing.values("procedure"))

    def coded(self, code: str) -> "ProcedureQuerySet":
        """The procedures that bear or bore this national code, in either way to write it."""
        begins = short(code)
        own = Q(national_code__startswith=begins)
        return self.filter(own | Q(codes__code__startswith=begins)).distinct()

    def search(self, text: str) -> "ProcedureQuerySet":
        """Every word of the text stands in name, sector or code, whatever case and diacritics; a
        national code in any of its ways to be written, and any that the procedure ever had."""
        found = self
        words = fold(shortened(text.replace("\0", " ")))  # PostgreSQL knows no such character
        for word in words.split():
            found = found.filter(search_key__contains=word)
        return found


class Procedure(models.Model):
    """Thủ tục hành chính: its lasting identity. What may change has versions."""

    class Catalogue(models.TextChoices):
        OF_2016 = "2016", "danh mục năm 2016"
        OF_2026 = "2026", "danh mục cấp xã năm 2026"
        OWN = "own", "người quản trị ghi"

    key = models.CharField(
        "mã trong danh mục",
        max_length=30,
        unique=True,
        validators=[KEY],
        help_text="Ví dụ H001; với thủ tục của danh mục năm 2026 là mã TTHC, ví dụ 1.001193.",
    )
    catalogue = models.CharField(
        "danh mục", max_length=10, choices=Catalogue.choices, default=Catalogue.OWN
    )
    national_code = models.CharField("mã TTHC quốc gia", max_length=30, blank=True)
    name = models.CharField("tên thủ tục", max_length=1000)
    level = models.CharField("cấp tiếp nhận", max_length=10, choices=Level.choices)
    sector = models.ForeignKey(
        Sector, on_delete=models.PROTECT, related_name="procedures", verbose_name="lĩnh vực"
    )
    life_events = models.ManyToManyField(
        LifeEvent, related_name="procedures", blank=True, verbose_name="sự kiện trong đời"
    )
    is_active = models.BooleanField("đang áp dụng", default=True)
    files_online = models.BooleanField(
        "nhận hồ sơ trực tuyến",
        default=True,
        help_text="Thủ tục giải quyết trong ngày luôn nộp tại quầy.",
    )
    concerns = models.CharField(
        "kết quả về",
        max_length=10,
        choices=Concerns.choices,
        blank=True,
        help_text="Của ai, của thửa nào: hỏi khi tiếp nhận, ghi trên phiếu và trong sổ.",
    )
    search_key = models.TextField(editable=False)
    sort_key = models.TextField(editable=False)

    history = HistoricalRecords(
        verbose_name="lịch sử thủ tục", excluded_fields=["search_key", "sort_key"]
    )
    objects = ProcedureQuerySet.as_manager()

    class Meta:
        verbose_name = "thủ tục hành chính"
        verbose_name_plural = "thủ tục hành chính"
        ordering = ["level", "sector__sort_key", "sort_key"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = self.make_search_key()
        self.sort_key = alphabetical(self.name)
        super().save(*args, **kwargs)

    def make_search_key(self) -> str:
        codes = {self.national_code}
        if self.pk is not None:
            codes |= {row.code for row in self.codes.all()}
        known = " ".join(sorted(codes))
        return fold(f"{self.key} {known} {self.name} {self.sector.name}")

    def renew_search_key(self) -> None:
        """After a code was added or taken away."""
        fresh = Procedure.objects.select_related("sector").get(pk=self.pk)
        Procedure.objects.filter(pk=self.pk).update(search_key=fresh.make_search_key())

    def code_on(self, day: date) -> str:
        """The national code on the day: the one whose days say so, otherwise the procedure's own.
        Reads the rows of codes once if they were prefetched."""
        held = (row.code for row in self.codes.all() if row.holds_on(day))
        return next(held, self.national_code)

    def version_on(self, day: date) -> "ProcedureVersion | None":
        """The version in force on the day, or none; this object asks the database once a day."""
        known: dict[date, ProcedureVersion | None] = self.__dict__.setdefault("_versions_on", {})
        if day not in known:
            # Versions do not overlap, so one at most; without an order there is nothing to join.
            known[day] = self.versions.in_force(day).order_by().first()
        return known[day]


class LifeEventStep(models.Model):
    """What is to be done in an event of a life, in its order: here, or at another agency."""

    event = models.ForeignKey(
        LifeEvent, on_delete=models.CASCADE, related_name="steps", verbose_name="sự kiện"
    )
    position = models.PositiveSmallIntegerField("thứ tự", default=100)
    name = models.CharField("việc cần làm", max_length=120)
    when = models.CharField("khi nào", max_length=160, blank=True)
    procedures = models.ManyToManyField(
        Procedure, related_name="+", blank=True, verbose_name="thủ tục"
    )
    elsewhere = models.CharField(
        "nơi khác làm",
        max_length=300,
        blank=True,
        help_text="Nơi nào, làm gì; để trống: làm ở đây.",
    )

    class Meta:
        verbose_name = "bước của sự kiện"
        verbose_name_plural = "bước của sự kiện"
        ordering = ["event", "position", "pk"]

    def __str__(self) -> str:
        return self.name


class ProcedureVersionQuerySet(models.QuerySet["ProcedureVersion"]):
    def in_force(self, day: date) -> "ProcedureVersionQuerySet":
        return self.filter(
            Q(in_force_from__isnull=True) | Q(in_force_from__lte=day),
            Q(in_force_to__isnull=True) | Q(in_force_to__gte=day),
        )

    def without_limit(self) -> "ProcedureVersionQuerySet":
        """The open versions of which the limit, or its unit, is not known."""
        return self.filter(limit_unit="", in_force_to__isnull=True)


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
    limit_unit = models.CharField(
        "đơn vị tính",
        max_length=12,
        choices=Unit.choices,
        blank=True,
        help_text="Để trống: chưa rõ thời hạn. Thủ tục như thế chưa nơi nào tiếp nhận được.",
    )
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
        indexes = [
            models.Index(
                fields=["procedure"], condition=Q(limit_unit=""), name="version_without_limit"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(limit_unit__in=["same_day", ""]) | Q(limit_value__gte=1),
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

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on the day: `ProcedureVersionQuerySet.in_force` in Python."""
        begun = self.in_force_from is None or self.in_force_from <= day
        return begun and (self.in_force_to is None or day <= self.in_force_to)

    @property
    def has_limit(self) -> bool:
        """Whether a date can be promised by it."""
        return bool(self.limit_unit)

    @property
    def limit_words(self) -> str:
        if not self.has_limit:
            return "chưa rõ"
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
