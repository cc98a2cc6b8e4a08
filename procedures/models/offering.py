"""What an office offers and who solves it there. An office without rows offers what its level
does, solved by the division that bears the name of the version's department."""

from datetime import date

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from motcua.models import Division, Office
from procedures.models.catalogue import Procedure, Sector

ALWAYS = date(1900, 1, 1)
"""The first day of what has no first day: a rule of days alone needs no empty one."""


class OfficeOffer(models.Model):
    """What an office began from, and what it says of its offer in public."""

    office = models.OneToOneField(
        Office, on_delete=models.CASCADE, related_name="offer", verbose_name="đơn vị"
    )
    template = models.CharField("mẫu ban đầu", max_length=20, blank=True)
    catalogue = models.CharField(
        "danh mục tiếp nhận",
        max_length=10,
        choices=Procedure.Catalogue.choices,
        default=Procedure.Catalogue.OF_2016,
        help_text="Cùng với những thủ tục mà người quản trị tự ghi.",
    )
    shows_counters = models.BooleanField(
        "công bố số quầy",
        default=False,
        help_text="Trang công khai của đơn vị ghi lĩnh vực nào nộp ở quầy nào.",
    )

    history = HistoricalRecords(verbose_name="lịch sử cách tiếp nhận")

    class Meta:
        verbose_name = "cách tiếp nhận của đơn vị"
        verbose_name_plural = "cách tiếp nhận của đơn vị"

    def __str__(self) -> str:
        return f"{self.office}"


class OfferedSector(models.Model):
    """Whether an office receives the procedures of a sector, and at which counter."""

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="offered_sectors", verbose_name="đơn vị"
    )
    sector = models.ForeignKey(
        Sector, on_delete=models.PROTECT, related_name="offered_at", verbose_name="lĩnh vực"
    )
    is_offered = models.BooleanField("tiếp nhận", default=True)
    counter = models.CharField("quầy số", max_length=20, blank=True)

    history = HistoricalRecords(verbose_name="lịch sử lĩnh vực tiếp nhận")

    class Meta:
        verbose_name = "lĩnh vực tiếp nhận"
        verbose_name_plural = "lĩnh vực tiếp nhận"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "sector"], name="one_row_per_office_and_sector"
            )
        ]

    def __str__(self) -> str:
        return f"{self.office}: {self.sector}"


class OfferedProcedure(models.Model):
    """An exception: a procedure that an office receives, or does not, whatever its sector says."""

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="offered_procedures", verbose_name="đơn vị"
    )
    procedure = models.ForeignKey(
        Procedure, on_delete=models.CASCADE, related_name="offered_at", verbose_name="thủ tục"
    )
    is_offered = models.BooleanField("tiếp nhận")

    history = HistoricalRecords(verbose_name="lịch sử thủ tục tiếp nhận riêng")

    class Meta:
        verbose_name = "thủ tục tiếp nhận riêng"
        verbose_name_plural = "thủ tục tiếp nhận riêng"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "procedure"], name="one_row_per_office_and_procedure"
            )
        ]

    def __str__(self) -> str:
        return f"{self.office}: {self.procedure}"


class SolvingDivision(models.Model):
    """From a day on, the dossiers of a sector, or of one procedure, are solved by this division;
    without a division again by the one that the catalogue names."""

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="solving_divisions", verbose_name="đơn vị"
    )
    sector = models.ForeignKey(
        Sector,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="solved_by",
        verbose_name="lĩnh vực",
    )
    procedure = models.ForeignKey(
        Procedure,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="solved_by",
        verbose_name="thủ tục",
    )
    division = models.ForeignKey(
        Division,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="solves",
        verbose_name="phòng giải quyết",
    )
    since = models.DateField("từ ngày", default=ALWAYS)

    history = HistoricalRecords(verbose_name="lịch sử phòng giải quyết")

    class Meta:
        verbose_name = "phòng giải quyết"
        verbose_name_plural = "phòng giải quyết"
        constraints = [
            models.CheckConstraint(
                condition=Q(sector__isnull=True, procedure__isnull=False)
                | Q(sector__isnull=False, procedure__isnull=True),
                name="solves_a_sector_or_a_procedure",
            ),
            models.UniqueConstraint(
                fields=["office", "sector", "since"], name="one_solver_of_a_sector_per_day"
            ),
            models.UniqueConstraint(
                fields=["office", "procedure", "since"], name="one_solver_of_a_procedure_per_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sector or self.procedure}: {self.division}"
