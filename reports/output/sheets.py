"""A report filled in: a layout with its rows, total, checks and addresses.

Everything that shows or gives out a report (page, CSV, XLSX, PDF) takes a sheet, so that none of
them can differ from another. A sheet whose identities do not hold carries `problems`, and nobody
may show it as if it added up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.urls import reverse

from motcua.models import Level
from reports.figures.tables import By, Row, Table
from reports.output.links import dossiers_address
from reports.terms.columns import LATE, total_of
from reports.terms.layouts import HasHeading, Kind, Layout, LayoutColumn, Values
from reports.terms.periods import Period
from reports.terms.scopes import LEVEL_KEYS, Scope, scope_of_level

TOTAL = "Tổng số"
DRAFT, SIGNED = "BẢN NHÁP", "ĐÃ KÝ CHỐT"
"""How the first line of the status of a table begins."""
Value = int | str | date | None
Address = Callable[[str, str | None], str]
_ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True)
class SheetCell:
    """A cell; `address` opens the dossiers behind a number, or the dossier of a code. `opening` is
    the part of a number that are opening figures, with no dossiers behind them."""

    column: LayoutColumn
    value: Value
    address: str = ""
    opening: int = 0

    @property
    def is_late(self) -> bool:
        """A number that should be none."""
        return self.column.name in LATE and bool(self.value)

    @property
    def opening_address(self) -> str:
        return reverse("openings")


@dataclass(frozen=True)
class SheetRow:
    """A row. `order` is what stands under STT; a section carries the sum of the rows under it
    and is in no total."""

    key: str
    name: str
    order: str
    cells: tuple[SheetCell, ...]
    is_section: bool = False
    is_total: bool = False

    @property
    def said(self) -> dict[str, Value]:
        """The values by the names of their columns."""
        return {cell.column.name: cell.value for cell in self.cells}


@dataclass(frozen=True)
class Memo:
    """A figure that is only printed under the table: inside some column of it."""

    heading: str
    value: int
    address: str = ""


@dataclass(frozen=True)
class Signed:
    """By whom and when a table was signed; `at` is local."""

    by: str
    title: str
    at: datetime
    version: int
    digest: str
    note: str

    @property
    def lines(self) -> list[str]:
        """What stands over a signed table."""
        who = f"{self.by}, {self.title}" if self.title else self.by
        note = [f"Ghi chú của người ký: {self.note}"] if self.note else []
        return [
            f"SỐ LIỆU ĐÃ KÝ CHỐT (lần {self.version}): {who}, ký lúc {self.at:%H:%M} ngày "
            f"{self.at:%d/%m/%Y}",
            f"Chuỗi kiểm tra SHA-256: {self.digest}",
            *note,
        ]


@dataclass(frozen=True)
class Sheet:
    """A report for a period and a scope. `heading` is that of the column of names; empty in a
    list of dossiers, whose rows have no name. `checked` says what was checked and holds."""

    layout: Layout
    period: Period
    scope: Scope
    heading: str
    rows: Sequence[SheetRow]
    total: SheetRow | None
    problems: Sequence[str]
    checked: str
    memos: tuple[Memo, ...] = ()
    remarks: tuple[str, ...] = ()
    """What a reader must know of the opening figures in it."""
    signed: Signed | None = None
    """Only on what was signed: such a sheet tells nothing of the day on which it is made."""
    status: tuple[str, ...] = ()
    """Of a table that is counted now: draft or signed, by whom, and which offices are missing."""

    @property
    def adds_up(self) -> bool:
        return not self.problems

    @property
    def is_signed(self) -> bool:
        """Whether all whose figures are in it have signed them as they are here."""
        return self.signed is not None or bool(self.status and self.status[0].startswith(SIGNED))

    @property
    def standing(self) -> Sequence[str]:
        """What stands over the table of its signature, or of its lack."""
        return self.signed.lines if self.signed else self.status

    @property
    def check(self) -> str:
        """Whether the identities hold, as a sentence for under the table."""
        if self.adds_up:
            return self.checked
        return "KHÔNG KHỚP, chưa dùng được: " + " ".join(self.problems)

    @property
    def lines(self) -> list[SheetRow]:
        """The rows and, where there is one, the total."""
        return [*self.rows, *([self.total] if self.total else [])]

    @property
    def leads(self) -> tuple[LayoutColumn, ...]:
        """The columns before those of the layout: number of the row and name."""
        order = LayoutColumn("order", "STT", "Số thứ tự.", kind=Kind.TEXT, number=1)
        name = LayoutColumn("name", self.heading, "", kind=Kind.TEXT, number=2)
        return (order, name) if self.heading else (order,)

    @property
    def reporter(self) -> str:
        """Đơn vị báo cáo."""
        return self.scope.head.authority

    @property
    def receiver(self) -> str:
        """Đơn vị nhận báo cáo: the authority above; empty where none is known."""
        above = self.scope.head.parent
        return above.authority if above else ""

    @property
    def caption(self) -> str:
        """What a reader of the page is told over the table."""
        layout = self.layout
        form = f"{layout.form}: " if layout.form else ""
        return (
            f"{form}{layout.title}. Đơn vị tính: {layout.unit[:1].lower()}{layout.unit[1:]}. "
            "Bấm vào một số để xem các hồ sơ."
        )

    @property
    def named_rows(self) -> list[tuple[str, tuple[SheetCell, ...]]]:
        """The rows as the table of the page takes them."""
        return [(row.name, row.cells) for row in self.rows]

    @property
    def sections(self) -> set[str]:
        """The names of the rows that are sums of the rows under them."""
        return {row.name for row in self.rows if row.is_section}

    @property
    def all_columns(self) -> tuple[HasHeading, ...]:
        return (*self.leads, *self.layout.columns)


def figures_sheet(table: Table, layout: Layout, query: Mapping[str, str] | None = None) -> Sheet:
    """The table of figures in this layout; with the `query` of an address, every number opens its
    dossiers. The identities of the layout are checked on top of those of the table."""

    def address(column: str, key: str | None, of: Mapping[str, str] | None = None) -> str:
        return dossiers_address({**(query or {}), **(of or {})}, column, key) if query else ""

    values = [layout.values(row.figures) for row in table.rows]
    total = layout.values(table.total)
    return Sheet(
        layout=layout,
        period=table.period,
        scope=table.scope,
        heading=heading_of(table.by, layout),
        rows=_rows(table, layout, values, address),
        total=sheet_row(
            layout,
            total,
            "",
            TOTAL,
            "",
            lambda column, _: address(column, None),
            layout.values(table.opening),
        ),
        problems=[
            *table.problems,
            *layout_problems(layout, [row.name for row in table.rows], values, total),
        ],
        checked=checked(layout),
        memos=tuple(
            Memo(
                column.heading,
                table.total[column.name],
                address(column.name, None) if table.total[column.name] else "",
            )
            for column in layout.memos
        ),
        remarks=table.remarks,
    )


def counted_sheet(
    layout: Layout,
    period: Period,
    scope: Scope,
    heading: str,
    rows: Sequence[tuple[str, str, Values]],
    *,
    figures: Mapping[str, int],
    compared: Sequence[str],
    query: Mapping[str, str] | None,
) -> Sheet:
    """A report that counted for itself: rows of (key, name, values), and what does not add up in
    them or, in the columns `compared`, differs from the figures of the period."""

    def address(column: str, key: str | None) -> str:
        path = reverse("further_dossiers", args=[layout.name])
        return dossiers_address(query, column, key, path=path) if query else ""

    values = [of for *_, of in rows]
    total = {c.name: sum(of[c.name] for of in values) for c in layout.columns}
    problems = layout_problems(layout, [name for _, name, _ in rows], values, total)
    problems += [
        f"{TOTAL}: {column.full_heading.lower()} là {total[column.name]}, số liệu tổng hợp là "
        f"{figures[column.name]}."
        for column in layout.columns
        if column.name in compared and total[column.name] != figures[column.name]
    ]
    return Sheet(
        layout=layout,
        period=period,
        scope=scope,
        heading=heading,
        rows=[
            sheet_row(layout, of, key, name, str(at), address)
            for at, (key, name, of) in enumerate(rows, start=1)
        ],
        total=sheet_row(layout, total, "", TOTAL, "", address),
        problems=problems,
        checked=f"Đã kiểm tra với số liệu tổng hợp của kỳ, và ở mọi dòng: {layout.identities}.",
    )


def heading_of(by: By, layout: Layout) -> str:
    """The heading of the column of names, as the form of the ministry words it."""
    if by is By.SECTOR and layout.form:
        return "Lĩnh vực, công việc giải quyết theo cấp"
    return by.heading


def checked(layout: Layout) -> str:
    """The sentence of a layout of figures that adds up."""
    words = (
        "Đã kiểm tra: tổng tiếp nhận = đã giải quyết + đang giải quyết, ở mọi dòng và dòng tổng số."
    )
    return f"{words} {layout.identities}." if layout.identities else words


def layout_problems(
    layout: Layout, names: Sequence[str], values: Sequence[Values], total: Values
) -> list[str]:
    """What of the layout does not add up: in a row, in the total, or between them."""
    problems = [
        f"{name}: {fault}."
        for name, row in zip(names, values, strict=True)
        for fault in layout.faults(row)
    ]
    problems += [f"{TOTAL}: {fault}." for fault in layout.faults(total)]
    problems += [
        f"{TOTAL} của cột {column.full_heading.lower()} khác tổng các dòng."
        for column in layout.columns
        if total[column.name] != sum(row[column.name] for row in values)
    ]
    return problems


def sheet_row(
    layout: Layout,
    values: Values,
    key: str,
    name: str,
    order: str,
    address: Address,
    opening: Mapping[str, int] | None = None,
) -> SheetRow:
    """A row of numbers; a zero has nothing behind it and no address, nor has what is only opening
    figures. Without a key: the total."""
    parts = opening or {}
    cells = tuple(
        SheetCell(
            column,
            values[column.name],
            address(column.name, key or None)
            if values[column.name] != parts.get(column.name, 0)
            else "",
            parts.get(column.name, 0),
        )
        for column in layout.columns
    )
    return SheetRow(key, name, order, cells, is_total=not key)


def _without_row(
    address: Callable[..., str], scope: Mapping[str, str], column: str, key: str | None
) -> str:
    """What stands behind a number of a whole section."""
    return address(column, None, scope)


def _rows(
    table: Table, layout: Layout, values: list[Values], address: Callable[..., str]
) -> list[SheetRow]:
    def row(at: int, source: Row, of: Values) -> SheetRow:
        opening = layout.values(source.opening)
        return sheet_row(layout, of, source.key, source.name, str(at), address, opening)

    pairs = list(zip(table.rows, values, strict=True))
    levels = {Level(office.level) for office in table.scope.offices}
    if not (layout.has_sections and table.by is By.OFFICE and len(levels) > 1):
        return [row(at, *pair) for at, pair in enumerate(pairs, start=1)]
    rows: list[SheetRow] = []
    for order, level in zip(_ROMAN, (level for level in Level if level in levels), strict=False):
        codes = {office.code for office in scope_of_level(level, table.scope.of_day).offices}
        mine = [pair for pair in pairs if pair[0].key in codes]
        total = {c.name: sum(of[c.name] for _, of in mine) for c in layout.columns}
        opening = layout.values(total_of(source.opening for source, _ in mine))
        scope = {"pham-vi": LEVEL_KEYS[level]}
        section = sheet_row(
            layout,
            total,
            LEVEL_KEYS[level],
            level.label[:1].upper() + level.label[1:],
            order,
            partial(_without_row, address, scope),
            opening,
        )
        rows.append(SheetRow(section.key, section.name, order, section.cells, is_section=True))
        rows += [row(at, *pair) for at, pair in enumerate(mine, start=1)]
    return rows
