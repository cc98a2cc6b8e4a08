"""The table of figures for a period and a scope, by sector, office or procedure.

A table knows whether it adds up: `problems` is empty, or says in Vietnamese what does not, and
nobody may show the table as if it did.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from motcua.models import Level
from motcua.text import fold
from procedures.models import Procedure, Sector
from reports.columns import Figures, faults, nothing, total_of
from reports.periods import Period
from reports.scopes import Scope
from reports.summaries import tally


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

    def narrow(self, key: str) -> dict[str, str]:
        """The filter on dossiers that a row's key stands for."""
        lookup = {"sector": "sector__name", "office": "office__code", "procedure": "procedure__key"}
        return {lookup[self.value]: key}


@dataclass(frozen=True)
class Row:
    """A row: the key is an office's code, a procedure's key in the catalogue, a sector's name."""

    key: str
    name: str
    figures: Figures


@dataclass(frozen=True)
class Table:
    period: Period
    scope: Scope
    by: By
    rows: list[Row]
    total: Figures
    problems: list[str]

    @property
    def adds_up(self) -> bool:
        return not self.problems


def table(period: Period, scope: Scope, by: By = By.SECTOR) -> Table:
    """The figures of the period (design: section 5), in two queries whatever the data.

    By sector and procedure: the rows that have any figure. By office: every office of the
    scope, also with nothing.
    """
    found = {key: figures for (key,), figures in tally(period, scope, by.field).items()}
    rows = _rows(by, scope, found)
    total = total_of(row.figures for row in rows)
    return Table(period, scope, by, rows, total, problems_of(rows, total, found))


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
    procedures = Procedure.objects.filter(pk__in=found).values_list(
        "pk", "key", "name", "level", "sector__name"
    )
    levels = [level.value for level in Level]
    in_order = sorted(procedures, key=lambda p: (levels.index(p[3]), fold(p[4]), fold(p[2])))
    return [(pk, key, name) for pk, key, name, *_ in in_order]


def _rows(by: By, scope: Scope, found: dict[int, Figures]) -> list[Row]:
    return [
        Row(key, name, found.get(pk) or nothing()) for pk, key, name in ordered(by, scope, found)
    ]


def office_rows(scope: Scope, found: dict[int, Figures]) -> list[Row]:
    """A row for every office of the scope, in the scope's order."""
    return _rows(By.OFFICE, scope, found)


def sector_rows(found: dict[int, Figures]) -> list[Row]:
    """A row for every sector that was counted, by name."""
    return [Row(key, name, found[pk]) for pk, key, name in _sectors(found)]


def _sectors(found: Collection[int]) -> list[tuple[int, str, str]]:
    sectors = Sector.objects.filter(pk__in=found).values_list("pk", "name")
    return [(pk, name, name) for pk, name in sorted(sectors, key=lambda sector: fold(sector[1]))]
