"""What a desk may receive for another office ("phi địa giới", NĐ 118/2025 Điều 14), and until when
the papers follow: what the province decides, each with its source."""

from collections.abc import Callable
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from motcua.models import Level
from procedures.models.catalogue import Procedure, ProcedureVersion, Sector
from procedures.national_codes import short

RECEIVED_ELSEWHERE_SINCE = date(2025, 7, 1)
"""NĐ 118/2025: a desk receives for every office of its province."""
ONLY_AT_ITS_PLACE = frozenset({"2.001035"})
"""Certification of transactions: of rights to land only by the commune where the land lies (NĐ
23/2015 Điều 5 khoản 5, amended by NĐ 280/2025)."""
USUAL_PAPER_DAYS = 1
"""As QĐ 1490/QĐ-UBND of Bắc Ninh, 18/11/2025; other provinces say otherwise in `PaperHandOver`."""


class ElsewhereRuleQuerySet(models.QuerySet["ElsewhereRule"]):
    def allows(self, procedure: Procedure, version: ProcedureVersion | None, day: date) -> bool:
        """Whether dossiers of this procedure may be received on the day for another office."""
        return self.judge(day)(procedure, version)

    def any_on(self, day: date) -> bool:
        """Whether anything may be received on the day for another office."""
        rules = self.filter(since__lte=day, is_allowed=True)
        return day >= RECEIVED_ELSEWHERE_SINCE or rules.exists()

    def judge(self, day: date) -> Callable[[Procedure, ProcedureVersion | None], bool]:
        """As `allows`, of any number of procedures, in one statement.

        The closest rule decides: of the procedure, its sector, its level, all; of two, the
        younger. Without a rule, from 01/7/2025 on, all but what is solved while the citizen waits
        and what is done only where its object lies.
        """
        rules = list(self.filter(since__lte=day))

        def allows(procedure: Procedure, version: ProcedureVersion | None) -> bool:
            of_it = (rule for rule in rules if rule.speaks_of(procedure))
            closest = max(of_it, key=lambda r: (r.closeness, r.since, r.pk), default=None)
            if closest is not None:
                return closest.is_allowed
            at_once = version is None or version.limit_unit == ProcedureVersion.Unit.SAME_DAY
            bound = short(procedure.national_code) in ONLY_AT_ITS_PLACE
            return day >= RECEIVED_ELSEWHERE_SINCE and not at_once and not bound

        return allows


class ElsewhereRule(models.Model):
    """From a day on, dossiers of a procedure, of a sector, of a level or of all may or may not be
    received for another office."""

    level = models.CharField("cấp", max_length=10, choices=Level.choices, blank=True)
    sector = models.ForeignKey(
        Sector, on_delete=models.PROTECT, null=True, blank=True, verbose_name="lĩnh vực"
    )
    procedure = models.ForeignKey(
        Procedure, on_delete=models.CASCADE, null=True, blank=True, verbose_name="thủ tục"
    )
    is_allowed = models.BooleanField("được nhận thay")
    since = models.DateField("từ ngày", default=RECEIVED_ELSEWHERE_SINCE)
    source = models.CharField(
        "theo văn bản", max_length=200, help_text="Số, ngày của văn bản; ví dụ quyết định của tỉnh."
    )

    history = HistoricalRecords(verbose_name="lịch sử quy định nhận thay")
    objects = ElsewhereRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "quy định nhận thay đơn vị khác"
        verbose_name_plural = "quy định nhận thay đơn vị khác"
        ordering = ["level", "sector", "procedure", "since"]

    def __str__(self) -> str:
        words = "được nhận thay" if self.is_allowed else "không nhận thay"
        return f"{self.whose}: {words} từ {self.since:%d/%m/%Y}"

    def clean(self) -> None:
        if sum(map(bool, (self.level, self.sector_id, self.procedure_id))) > 1:
            raise ValidationError("Chỉ chọn một: cấp, lĩnh vực hoặc thủ tục; để trống là tất cả.")

    @property
    def whose(self) -> str:
        """What the rule speaks of, in words."""
        if self.procedure is not None:
            return str(self.procedure)
        if self.sector is not None:
            return f"Lĩnh vực {self.sector}"
        return f"Thủ tục {self.get_level_display()}" if self.level else "Tất cả thủ tục"

    def speaks_of(self, procedure: Procedure) -> bool:
        if self.procedure_id is not None:
            return self.procedure_id == procedure.pk
        if self.sector_id is not None:
            return self.sector_id == procedure.sector_id
        return self.level in ("", procedure.level)

    @property
    def closeness(self) -> int:
        """How close it speaks of a procedure: 3 of it alone, 0 of all."""
        return 3 * bool(self.procedure_id) or 2 * bool(self.sector_id) or bool(self.level)


class PaperHandOverQuerySet(models.QuerySet["PaperHandOver"]):
    def days_on(self, day: date) -> int:
        """The working days, after the receipt, by the end of which the papers reach the office
        that solves; those of the youngest rule of the day."""
        rule = self.filter(since__lte=day).order_by("-since", "-pk").first()
        return rule.working_days if rule is not None else USUAL_PAPER_DAYS


class PaperHandOver(models.Model):
    """From a day on, within how many working days papers follow the electronic file."""

    working_days = models.PositiveSmallIntegerField(
        "số ngày làm việc", default=USUAL_PAPER_DAYS, validators=[MinValueValidator(1)]
    )
    since = models.DateField("từ ngày", default=RECEIVED_ELSEWHERE_SINCE)
    source = models.CharField(
        "theo văn bản",
        max_length=200,
        help_text="Số, ngày của văn bản. Chưa ghi dòng nào: 1 ngày làm việc, như QĐ 1490/QĐ-UBND "
        "ngày 18/11/2025 của Bắc Ninh.",
    )

    history = HistoricalRecords(verbose_name="lịch sử hạn chuyển bản giấy")
    objects = PaperHandOverQuerySet.as_manager()

    class Meta:
        verbose_name = "hạn chuyển bản giấy"
        verbose_name_plural = "hạn chuyển bản giấy"
        ordering = ["since"]

    def __str__(self) -> str:
        return f"{self.working_days} ngày làm việc, từ {self.since:%d/%m/%Y}"
