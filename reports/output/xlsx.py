"""A report as a workbook that opens in Excel: real numbers and dates, ready to print.

Texts are written as texts, so that what an applicant typed is never a formula.
"""

import io
from datetime import date, datetime, time
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.output.csv_files import definitions, foot_lines, title_lines
from reports.output.sheets import Sheet, SheetRow, Value
from reports.terms.layouts import Kind, LayoutColumn, head_rows

DATA, NOTES = "Số liệu", "Định nghĩa các cột"
A4 = 9
_BASE = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
_GRID = {**_BASE, "border": 1}
_STYLES: dict[str, dict[str, Any]] = {
    "line": _BASE,
    "title": {**_BASE, "bold": True, "font_size": 13},
    "sign": {**_BASE, "bold": True, "align": "center"},
    "head": {**_GRID, "bold": True, "text_wrap": True, "align": "center"},
    "numbers": {**_GRID, "italic": True, "align": "center", "font_size": 10},
    "text": {**_GRID, "text_wrap": True},
    "number": {**_GRID, "num_format": "#,##0"},
    "date": {**_GRID, "num_format": "dd/mm/yyyy", "align": "center"},
}
_STYLES |= {f"{name} bold": {**_STYLES[name], "bold": True} for name in ("text", "number", "date")}
_WIDTHS = {Kind.NUMBER: 11, Kind.DATE: 12, Kind.TEXT: 24}


def sheet_xlsx(sheet: Sheet) -> bytes:
    """The report as XLSX: grouped headings with the numbers of the columns, frozen and repeated
    on each printed page, A4 landscape, one page wide; a second sheet with the definitions."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        made = {"created": sheet.signed.at} if sheet.signed else {}
        book.set_properties({"title": sheet.layout.title, "comments": sheet.check, **made})
        styles = {name: book.add_format(style) for name, style in _STYLES.items()}
        page = book.add_worksheet(DATA)
        titles = title_lines(sheet)
        for at, words in enumerate(titles):
            page.write_string(at, 0, words, styles["title" if words in titles[:2] else "line"])
        first = len(titles) + 1
        top = _write_head(page, sheet, first, styles)
        for at, row in enumerate(sheet.lines, start=top):
            _write_row(page, sheet, at, row, styles)
        _write_foot(page, sheet, top + len(sheet.lines) + 1, styles)
        _set_up(page, sheet, first, top)
        _write_definitions(book.add_worksheet(NOTES), sheet, styles)
    return stream.getvalue()


def _write_head(page: Worksheet, sheet: Sheet, first: int, styles: dict[str, Format]) -> int:
    """The headings from this line on; returns the line of the first row."""
    rows = head_rows(sheet.all_columns)
    for at, row in enumerate(rows, start=first):
        for cell in row:
            if cell.width * cell.height == 1:
                page.write_string(at, cell.at, cell.words, styles["head"])
            else:
                end = (at + cell.height - 1, cell.at + cell.width - 1)
                page.merge_range(at, cell.at, *end, cell.words, styles["head"])
    columns = [*sheet.leads, *sheet.layout.columns]
    page.set_row(first + len(rows) - 1, 48)
    for at, column in enumerate(columns):
        page.write_string(first + len(rows), at, column.numbered, styles["numbers"])
    return first + len(rows) + 1


def _write_row(
    page: Worksheet, sheet: Sheet, at: int, row: SheetRow, styles: dict[str, Format]
) -> None:
    bold = " bold" if row.is_total or row.is_section else ""
    lead = [row.order, row.name] if sheet.heading else [row.order]
    for column, words in enumerate(lead):
        _write(page, at, column, int(words) if words.isdecimal() else words, styles, bold)
    for column, cell in enumerate(row.cells, start=len(lead)):
        _write(page, at, column, cell.value, styles, bold)


def _write(
    page: Worksheet, row: int, column: int, value: Value, styles: dict[str, Format], bold: str
) -> None:
    if isinstance(value, int):
        page.write_number(row, column, value, styles["number" + bold])
    elif isinstance(value, date):
        moment = datetime.combine(value, time())
        page.write_datetime(row, column, moment, styles["date" + bold])
    elif value:
        page.write_string(row, column, value, styles["text" + bold])
    else:
        page.write_blank(row, column, None, styles["text" + bold])


def _write_foot(page: Worksheet, sheet: Sheet, at: int, styles: dict[str, Format]) -> None:
    lines = foot_lines(sheet)
    for line, words in enumerate(lines, start=at):
        page.write_string(line, 0, words, styles["line"])
    signs = at + len(lines) + 1
    page.write_string(signs, 1, "NGƯỜI LÀM BÁO CÁO", styles["sign"])
    last = len(sheet.all_columns) - 1
    page.merge_range(signs, last - 3, signs, last, "THỦ TRƯỞNG ĐƠN VỊ", styles["sign"])
    if sheet.signed:
        page.merge_range(signs + 1, last - 3, signs + 1, last, sheet.signed.by, styles["sign"])


def _set_up(page: Worksheet, sheet: Sheet, first: int, top: int) -> None:
    columns: list[LayoutColumn] = [*sheet.leads, *sheet.layout.columns]
    for at, column in enumerate(columns):
        page.set_column(at, at, _WIDTHS[column.kind])
    page.set_column(0, 0, 6)
    if sheet.heading:
        page.set_column(1, 1, 38)
    page.freeze_panes(top, len(sheet.leads))
    page.repeat_rows(first, top - 1)
    page.set_landscape()
    page.set_paper(A4)
    page.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.set_header(f"&L{_header_text(sheet.layout.form)}&R{_header_text(sheet.period.told_label)}")
    page.set_footer("&LMột cửa điện tử&RTrang &P / &N")


def _header_text(words: str) -> str:
    """In a header of Excel an ampersand begins a command."""
    return words.replace("&", "&&")


def _write_definitions(page: Worksheet, sheet: Sheet, styles: dict[str, Format]) -> None:
    page.set_column(0, 0, 40)
    page.set_column(1, 1, 90)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.freeze_panes(1, 0)
    for at, (name, words) in enumerate([["Cột", "Định nghĩa"], *definitions(sheet)]):
        page.write_string(at, 0, name, styles["text" if at else "head"])
        page.write_string(at, 1, words, styles["text" if at else "head"])
