"""Opening figures: totals that an office brings from before it used this program."""

from django.db import models

from motcua.models import Office, Staff
from procedures.models import Sector
from reports.models.sign_off import REMARK_LENGTH, KeptForGood, KeptForGoodQuerySet
from reports.terms.columns import BASE, BY_NAME


class OpeningFiguresQuerySet(KeptForGoodQuerySet):
    def in_force(self) -> "OpeningFiguresQuerySet":
        """The last word on every period and sector, where it is not a withdrawal."""
        later = OpeningFigures.objects.filter(
            office=models.OuterRef("office"),
            sector=models.OuterRef("sector"),
            starts_on=models.OuterRef("starts_on"),
            ends_on=models.OuterRef("ends_on"),
            version__gt=models.OuterRef("version"),
        )
        return self.filter(~models.Exists(later), is_withdrawn=False)


class OpeningFigures(KeptForGood):
    """The totals of one sector of an office for a period. Append-only: a change or a withdrawal
    is a further version with a reason, and the ones before stay readable."""

    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị"
    )
    sector = models.ForeignKey(
        Sector, on_delete=models.PROTECT, related_name="+", verbose_name="lĩnh vực"
    )
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến ngày")
    version = models.PositiveSmallIntegerField("lần nhập")
    figures = models.JSONField("các số")
    """Column -> number, for the columns that are not sums of others (`columns.BASE`)."""
    is_withdrawn = models.BooleanField("đã bỏ", default=False)
    reason = models.CharField("lý do", max_length=REMARK_LENGTH, blank=True)
    entered_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", verbose_name="người nhập"
    )
    entered_at = models.DateTimeField("nhập lúc")

    # The plugin takes the manager of the abstract model for a class variable, this one not.
    objects = OpeningFiguresQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "số đầu kỳ"
        verbose_name_plural = "số đầu kỳ"
        ordering = ["office", "starts_on", "sector", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "sector", "starts_on", "ends_on", "version"],
                name="opening_version_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="opening_ends_after_its_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office}, {self.sector}, {self.starts_on:%d/%m/%Y} - {self.ends_on:%d/%m/%Y}"

    @property
    def words(self) -> list[str]:
        """The numbers in words, without the zeros."""
        said = [
            f"{BY_NAME[name].full_heading.lower()} {self.figures[name]}"
            for name in BASE
            if self.figures[name]
        ]
        return said or ["toàn số 0"]
