"""The table of figures for a period and a scope, by sector, office or procedure.

A table knows whether it adds up: `problems` is empty, or says in Vietnamese what does not, and
nobody may show the table as if it did.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from motcua.models import Level
from procedures.models import Procedure, Sector
from reports.figures.opening_figures import NO_PROCEDURE, added_to, counted
from reports.terms.columns import Figures, faults, nothing, total_of
from reports.terms.periods import Period
from reports.terms.scopes import Scope

# The key of the row is one that no procedure has.
NO_KEY = "so-dau-ky"
OPENING_ROW = "Số đầu kỳ nhập tay, không chia theo thủ tục"


class By(StrEnum):
    """What the rows of a table are."""

    SECTOR = "sector"
    OFFICE = "office"
    PROCEDURE = "procedure"

    @property
    def heading(self) -> str:
        """The heading of the first column."""
        return {"sector": "Lĩnh vực", "office": "Đơn vị", "procedure": "Thủ tục"}[self.value]

    @property
    def word(self) -> str:
        """How it stands in an address."""
        return {"sector": "linh-vuc", "office": "don-vi", "procedure": "thu-tuc"}[self.value]

    @property
    def field(self) -> str:
        return f"{self.value}_id"

    def narrow(self, scope: Scope, key: str) -> tuple[Scope, dict[str, str]]:
        """What a row's key stands for: one row of the scope, or a filter on dossiers."""
        if self is By.OFFICE:
            return scope.row(key), {}
        return scope, {"sector__name" if self is By.SECTOR else "procedure__key": key}


@dataclass(frozen=True)
class Row:
    """A row: the key is an office's code, a procedure's key in the catalogue, a sector's name."""

    key: str
    name: str
    figures: Figures
    opening: Figures = field(default_factory=nothing)
    """What of the figures are opening figures, with no dossiers behind them."""


@dataclass(frozen=True)
class Table:
    period: Period
    scope: Scope
    by: By
    rows: list[Row]
    total: Figures
    problems: list[str]
    notices: list[str] = field(default_factory=list)
    """What a reader must know of the opening figures in it."""

    @cached_property
    def opening(self) -> Figures:
        """What of the total are opening figures."""
        return total_of(row.opening for row in self.rows)

    @property
    def of_dossiers(self) -> Figures:
        """The total without opening figures: what has dossiers behind it."""
        return {name: value - self.opening[name] for name, value in self.total.items()}

    @property
    def adds_up(self) -> bool:
        return not self.problems

    @property
    def remarks(self) -> tuple[str, ...]:
        """What stands under the table on paper: how much of it are opening figures."""
        opening = self.opening
        if not any(opening.values()):
            return tuple(self.notices)
        words = (
            f"Trong đó số đầu kỳ nhập tay, không có hồ sơ trong chương trình: tiếp nhận trong kỳ "
            f"{opening['received']}, từ kỳ trước {opening['carried_over']}, đã giải quyết "
            f"{opening['resolved_total']}, đang giải quyết {opening['pending_total']}."
        )
        return (words, *self.notices)


def table(period: Period, scope: Scope, by: By = By.SECTOR) -> Table:
    """The figures of the period (docs/domain.md), opening figures included, in a fixed number of
    queries whatever the data.

    By sector and procedure: the rows that have any figure; opening figures have no procedure and
    stand in a row of their own. By office: every office of the scope, also with nothing.
    """
    added = added_to(period, scope)
    found = _by_key(counted(period, scope, by.field, added=added))
    rows = _rows(by, scope, found, _by_key(added.by(by.field)))
    total = total_of(row.figures for row in rows)
    return Table(period, scope, by, rows, total, problems_of(rows, total, found), added.notices)


def _by_key(found: dict[tuple[int, ...], Figures]) -> dict[int, Figures]:
    return {key: figures for (key,), figures in found.items()}


def problems_of(rows: list[Row], total: Figures, found: dict[int, Figures]) -> list[str]:
    """What does not add up: in a row, in the total, or because a row was lost on the way."""
    problems = [f"{row.name}: {fault}." for row in rows for fault in faults(row.figures)]
    problems += [f"Tổng số: {fault}." for fault in faults(total)]
    if total != total_of(found.values()):
        problems.append("Tổng số khác tổng của tất cả hồ sơ đã đếm.")
    return problems


def ordered(by: By, scope: Scope, found: Collection[int]) -> list[tuple[int, str, str]]:
    """The rows of a table as (primary key, key, name), in their order. By office: every office of
    the scope; otherwise those that were found."""
    if by is By.OFFICE:
        return [(office.pk, office.code, office.name) for office in scope.offices]
    if by is By.SECTOR:
        return _sectors(found)
    procedures = (
        Procedure.objects.filter(pk__in=found)
        .order_by("sector__sort_key", "sort_key")
        .values_list("pk", "key", "name", "level")
    )
    levels = [level.value for level in Level]
    in_order = sorted(procedures, key=lambda p: levels.index(p[3]))
    return [
        *((pk, key, name) for pk, key, name, *_ in in_order),
        *([(NO_PROCEDURE, NO_KEY, OPENING_ROW)] if NO_PROCEDURE in found else []),
    ]


def _rows(
    by: By, scope: Scope, found: dict[int, Figures], opening: dict[int, Figures] | None
) -> list[Row]:
    parts = opening or {}
    return [
        Row(key, name, found.get(pk) or nothing(), parts.get(pk) or nothing())
        for pk, key, name in ordered(by, scope, found)
    ]


def office_rows(
    scope: Scope, found: dict[int, Figures], opening: dict[int, Figures] | None = None
) -> list[Row]:
    """A row for every office of the scope, in the scope's order."""
    return _rows(By.OFFICE, scope, found, opening)


def sector_rows(
    scope: Scope, found: dict[int, Figures], opening: dict[int, Figures] | None = None
) -> list[Row]:
    """A row for every sector that was counted, by name."""
    return _rows(By.SECTOR, scope, found, opening)


def _sectors(found: Collection[int]) -> list[tuple[int, str, str]]:
    sectors = Sector.objects.filter(pk__in=found).values_list("pk", "name")
    return [(pk, name, name) for pk, name in sectors]
