"""What was signed, read back: the table, and the dossiers behind each of its numbers."""

from collections import defaultdict
from collections.abc import Iterable

from motcua.text import alphabetical
from reports.figures.tables import By, Row, Table, problems_of
from reports.models import Closing, ClosingCell
from reports.terms.columns import BASE, BY_NAME, SUMS, Figures, add_sums, nothing, total_of
from reports.terms.scopes import scope_of_office


def signed_table(closing: Closing, cells: Iterable[ClosingCell] | None = None) -> Table:
    """The signed numbers as a table by sector, sums filled in; `cells` while they are not yet
    kept. A number may be more than its dossiers: the rest are opening figures."""
    numbers: dict[str, Figures] = defaultdict(nothing)
    opening: dict[str, Figures] = defaultdict(nothing)
    for cell in closing.cells.all() if cells is None else cells:
        numbers[cell.sector][cell.column] = cell.value
        opening[cell.sector][cell.column] = cell.value - len(cell.dossiers)
    rows = [
        Row(sector, sector, add_sums(numbers[sector]), add_sums(opening[sector]))
        for sector in sorted(numbers, key=alphabetical)
    ]
    total = total_of(row.figures for row in rows)
    problems = problems_of(rows, total, {at: row.figures for at, row in enumerate(rows)})
    return Table(closing.period, scope_of_office(closing.office), By.SECTOR, rows, total, problems)


def signed_dossiers(closing: Closing, column: str, sector: str | None = None) -> list[int]:
    """The keys of the dossiers behind a signed number, of one sector or of the total.
    Raises KeyError for a column that is none."""
    cells = closing.cells.filter(column__in=_kept_parts(BY_NAME[column].name))
    if sector is not None:
        cells = cells.filter(sector=sector)
    return sorted(key for keys in cells.values_list("dossiers", flat=True) for key in keys)


def _kept_parts(name: str) -> list[str]:
    """The kept columns that a column is the sum of, or itself."""
    if name in BASE:
        return [name]
    return [kept for part in SUMS[name] for kept in _kept_parts(part)]
