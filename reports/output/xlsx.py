"""A report as a workbook that opens in Excel and LibreOffice: in the face of the form, with real
numbers and dates, sums as formulas, ready to print.

Texts are written as texts, so that what an applicant typed is never a formula. Each formula carries
the number that the program counted: a reader that does not recalculate sees the same.
"""

import io
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from reports.output.csv_files import definitions
from reports.output.face import Face, write_foot, write_top
from reports.output.fit import lines_of, row_height
from reports.output.sheets import Sheet, SheetRow, Value
from reports.terms.layouts import Kind, LayoutColumn, head_rows

DATA, NOTES = "Số liệu", "Định nghĩa các cột"
A4 = 9
_BASE = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter", "text_wrap": True}
_GRID = {**_BASE, "border": 1}
_NUMBERS_SIZE = 10
_STYLES: dict[str, dict[str, Any]] = {
    "line": {**_BASE, "valign": "top"},
    "bold": {**_BASE, "valign": "top", "bold": True},
    "title": {**_BASE, "valign": "top", "bold": True, "font_size": 14, "align": "center"},
    "centre": {**_BASE, "valign": "top", "align": "center"},
    "unit": {**_BASE, "italic": True, "align": "right"},
    "sign": {**_BASE, "bold": True, "align": "center"},
    "note": {**_BASE, "italic": True, "align": "center"},
    "head": {**_GRID, "bold": True, "align": "center"},
    "numbers": {**_GRID, "italic": True, "align": "center", "font_size": _NUMBERS_SIZE},
    "order": {**_GRID, "align": "center"},
    "text": _GRID,
    "number": {
        **_GRID,
        "num_format": "#,##0",
        "text_wrap": False,
        "align": "right",
        "indent": 1,
    },
    "date": {**_GRID, "num_format": "dd/mm/yyyy", "align": "center", "text_wrap": False},
}
_STYLES |= {
    f"{name} bold": {**_STYLES[name], "bold": True} for name in ("order", "text", "number", "date")
}
_KINDS = {Kind.DATE: 12, Kind.TEXT: 22}
_NARROW, _NUMBER, _WIDE = 9, 11, 18
_FEW, _MANY = 8, 14
_ROWS_OF_A_PAGE = 18  # a form of no more, with its signatures, is legible on one page
_WIDTHS = {
    "order": 6,
    "name": 38,
    "code": 29,
    "procedure": 52,
    "office": 16,
    "standing": 11,
    "step": 16,
    "later": 10,
    "apology": 13,
}
"""In characters, by name or else by kind; the more numbers in a row, the narrower they are."""


def sheet_xlsx(sheet: Sheet) -> bytes:
    """The report as XLSX: the head of the form, grouped headings with the numbers of the columns,
    frozen and repeated on each printed page, A4 landscape, one page wide; a list can be filtered;
    a second sheet with the definitions."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        made = {"created": sheet.signed.at} if sheet.signed else {}
        book.set_properties({"title": sheet.layout.title, "comments": sheet.check, **made})
        styles = {name: book.add_format(style) for name, style in _STYLES.items()}
        page = book.add_worksheet(DATA)
        columns = (*sheet.leads, *sheet.layout.columns)
        widths = _widths(columns)
        for at, width in enumerate(widths):
            page.set_column(at, at, width)
        face = Face(page, widths, styles)
        write_top(face, sheet)
        first = face.row
        top = _write_head(page, columns, widths, first, styles)
        for at, row in enumerate(sheet.lines):
            _write_row(page, sheet, row, top + at, widths, styles)
        _write_sums(page, sheet, top, styles)
        write_foot(Face(page, widths, styles, top + len(sheet.lines)), sheet)
        _set_up(page, sheet, first, top)
        _write_definitions(book.add_worksheet(NOTES), sheet, styles)
    return stream.getvalue()


def _widths(columns: Sequence[LayoutColumn]) -> list[float]:
    numbers = sum(column.kind == Kind.NUMBER for column in columns)
    is_list = any(column.kind == Kind.DATE for column in columns)
    width = _NARROW if numbers > _MANY else _NUMBER if is_list or numbers >= _FEW else _WIDE
    kinds = _KINDS | {Kind.NUMBER: width}
    return [_WIDTHS.get(column.name, kinds[column.kind]) for column in columns]


def _write_head(
    page: Worksheet,
    columns: Sequence[LayoutColumn],
    widths: Sequence[float],
    first: int,
    styles: dict[str, Format],
) -> int:
    """The headings from this line on; returns the line of the first row."""
    rows = head_rows(columns)
    heights = [row_height(1)] * len(rows)
    for at, row in enumerate(rows):
        for cell in row:
            _write_over(page, first + at, cell.at, cell.height, cell.width, cell.words, styles)
            room = sum(widths[cell.at : cell.at + cell.width])
            end = at + cell.height
            lacking = row_height(lines_of(cell.words, room, bold=True)) - sum(heights[at:end])
            heights[end - 1] += max(lacking, 0)
    for at, height in enumerate(heights, start=first):
        page.set_row(at, height)
    numbers = first + len(rows)
    lines = 1
    for at, (column, width) in enumerate(zip(columns, widths, strict=True)):
        page.write_string(numbers, at, column.numbered, styles["numbers"])
        lines = max(lines, lines_of(column.numbered, width, _NUMBERS_SIZE))
    page.set_row(numbers, row_height(lines, _NUMBERS_SIZE))
    return numbers + 1


def _write_over(
    page: Worksheet,
    row: int,
    column: int,
    height: int,
    width: int,
    words: str,
    styles: dict[str, Format],
) -> None:
    if height * width == 1:
        page.write_string(row, column, words, styles["head"])
    else:
        end = (row + height - 1, column + width - 1)
        page.merge_range(row, column, *end, words, styles["head"])


def _write_row(
    page: Worksheet,
    sheet: Sheet,
    row: SheetRow,
    at: int,
    widths: Sequence[float],
    styles: dict[str, Format],
) -> None:
    bold = _bold(row)
    order: Value = int(row.order) if row.order.isdecimal() else row.order
    lead: list[Value] = [order, row.name] if sheet.heading else [order]
    values = [*lead, *(cell.value for cell in row.cells)]
    for column, value in enumerate(values):
        _write(page, at, column, value, styles, bold)
    lines = (
        lines_of(value, width, bold=bool(bold))
        for value, width in zip(values, widths, strict=True)
        if isinstance(value, str)
    )
    page.set_row(at, row_height(max(lines, default=1)))


def _bold(row: SheetRow) -> str:
    return " bold" if row.is_total or row.is_section else ""


def _write(
    page: Worksheet, row: int, column: int, value: Value, styles: dict[str, Format], bold: str
) -> None:
    text = styles["text" + bold if column else "order" + bold]
    if isinstance(value, int):
        page.write_number(row, column, value, styles["number" + bold] if column else text)
    elif isinstance(value, date):
        moment = datetime.combine(value, time())
        page.write_datetime(row, column, moment, styles["date" + bold])
    elif value:
        page.write_string(row, column, value, text)
    else:
        page.write_blank(row, column, None, text)


def _write_sums(page: Worksheet, sheet: Sheet, top: int, styles: dict[str, Format]) -> None:
    """Over the numbers that are sums of others, the formula with the number. Nothing in a table
    that does not add up, and whose numbers a formula would hide."""
    if not sheet.adds_up:
        return
    leads = len(sheet.leads)
    places = {column.name: leads + at for at, column in enumerate(sheet.layout.columns)}
    # Of several identities of a column the first, which is written over it on the form.
    across = dict(reversed(sheet.layout.sums))
    sections = [at for at, row in enumerate(sheet.lines) if row.is_section]
    for at, row in enumerate(sheet.lines):
        for column, cell in enumerate(row.cells, start=leads):
            if not isinstance(cell.value, int):
                continue
            if row.is_total:
                terms = _down(sheet, sections, at, top, column)
            elif row.is_section:
                last = next((n for n in sections if n > at), len(sheet.rows)) - 1
                terms = _sum(top + at + 1, top + last, column)
            elif cell.column.name in across:
                parts = [places[name] for name in across[cell.column.name]]
                terms = "+".join(xl_rowcol_to_cell(top + at, place) for place in parts)
            else:
                continue
            style = styles["number" + _bold(row)]
            page.write_formula(top + at, column, f"={terms}", style, cell.value)


def _down(sheet: Sheet, sections: Sequence[int], at: int, top: int, column: int) -> str:
    """The rows that the total adds up: its sections or, without any, all before it."""
    if sections:
        return "+".join(xl_rowcol_to_cell(top + row, column) for row in sections)
    if not at:
        return "0"
    return _sum(top, top + at - 1, column)


def _sum(first: int, last: int, column: int) -> str:
    return f"SUM({xl_rowcol_to_cell(first, column)}:{xl_rowcol_to_cell(last, column)})"


def _set_up(page: Worksheet, sheet: Sheet, first: int, top: int) -> None:
    page.freeze_panes(top, len(sheet.leads))
    page.repeat_rows(first, top - 1)
    if not sheet.heading and sheet.rows:
        page.autofilter(top - 1, 0, top + len(sheet.rows) - 1, len(sheet.all_columns) - 1)
    page.set_landscape()
    page.set_paper(A4)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    is_one_page = sheet.layout.form and len(sheet.rows) <= _ROWS_OF_A_PAGE
    page.fit_to_pages(1, 1 if is_one_page else 0)
    said = sheet.layout.form or sheet.layout.label
    page.set_footer(f"&L{_footer_text(f'{said}, {sheet.period.told_label}')}&RTrang &P / &N")


def _footer_text(words: str) -> str:
    """In a footer of Excel an ampersand begins a command."""
    return words.replace("&", "&&")


def _write_definitions(page: Worksheet, sheet: Sheet, styles: dict[str, Format]) -> None:
    widths = (40, 90)
    for at, width in enumerate(widths):
        page.set_column(at, at, width)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.freeze_panes(1, 0)
    for at, line in enumerate([["Cột", "Định nghĩa"], *definitions(sheet)]):
        for column, words in enumerate(line):
            page.write_string(at, column, words, styles["text" if at else "head"])
        page.set_row(at, row_height(max(map(lines_of, line, widths))))
