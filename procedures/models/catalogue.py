"""What may be asked for: sectors, events of a life, procedures."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from simple_history.models import HistoricalRecords

from motcua.models import Level, Office
from motcua.text import alphabetical, fold

if TYPE_CHECKING:
    from procedures.models.versions import ProcedureVersion


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
        """The active procedures that this office's desk receives."""
        return self.filter(is_active=True, level__in=office.levels_received)

    def search(self, text: str) -> "ProcedureQuerySet":
        """Every word of the text stands in name, sector or code, whatever case and diacritics."""
        found = self
        for word in fold(text).split():
            found = found.filter(search_key__contains=word)
        return found


class Procedure(models.Model):
    """Thủ tục hành chính: its lasting identity. What may change has versions."""

    key = models.CharField("mã trong danh mục", max_length=10, unique=True)
    national_code = models.CharField("mã TTHC quốc gia", max_length=30, blank=True)
    name = models.CharField("tên thủ tục", max_length=500)
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
        return fold(f"{self.key} {self.national_code} {self.name} {self.sector.name}")

    def version_on(self, day: date) -> "ProcedureVersion | None":
        """The version in force on the day, or none; this object asks the database once a day."""
        known: dict[date, ProcedureVersion | None] = self.__dict__.setdefault("_versions_on", {})
        if day not in known:
            # Versions do not overlap, so one at most; without an order there is nothing to join.
            known[day] = self.versions.in_force(day).order_by().first()
        return known[day]
