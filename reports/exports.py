"""A table of figures, and the list behind a figure, as CSV and XLSX."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

import xlsxwriter

from dossiers.models import Dossier
from dossiers.timeliness import Timeliness
from motcua.text import no_formula
from reports.columns import COLUMNS, Column
from reports.links import period_line
from reports.statistics import Table

# Excel takes a CSV for UTF-8 only when it begins with this mark.
BOM = "\ufeff"
TOTAL = "Tổng số"


def title_lines(table: Table) -> list[str]:
    """What the table is, over it: title, period, scope, and whether it adds up."""
    return [
        f"Tình hình, kết quả giải quyết thủ tục hành chính theo {table.by.heading.lower()}",
        f"Kỳ báo cáo: {period_line(table.period)}",
        f"Phạm vi: {table.scope.name}. Đơn vị tính: số hồ sơ TTHC",
        check_sentence(table),
    ]


def check_sentence(table: Table) -> str:
    """Whether the identities hold, as a sentence for under the table."""
    if table.adds_up:
        return (
            "Đã kiểm tra: tổng tiếp nhận = đã giải quyết + đang giải quyết, ở mọi dòng và dòng "
            "tổng số."
        )
    return "KHÔNG KHỚP, chưa dùng được: " + " ".join(table.problems)


def heading(column: Column) -> str:
    """A heading that stands alone: group, heading, number in Biểu II.06a."""
    return f"{column.full_heading} {column.number_words}".strip()


def grid(table: Table) -> list[list[Any]]:
    """Heading, rows and total, as the CSV and the XLSX print them."""
    return [
        ["Mã", table.by.heading, *(heading(column) for column in COLUMNS)],
        *(_line(row.key, row.name, row.figures) for row in table.rows),
        _line("", TOTAL, table.total),
    ]


def definitions() -> list[list[str]]:
    return [
        [heading(c), c.definition + (f" Công thức: {c.formula}." if c.formula else "")]
        for c in COLUMNS
    ]


def report_csv(table: Table) -> str:
    """The table as CSV with the mark that Excel needs; below it, period and definitions."""
    lines = [
        *grid(table),
        [],
        *([line] for line in title_lines(table)),
        [],
        ["Cột", "Định nghĩa"],
        *definitions(),
    ]
    return BOM + "".join(csv_line(line) for line in lines)


def report_xlsx(table: Table) -> bytes:
    """The table as a workbook: real numbers, frozen headings, ready to print on A4 landscape;
    a second sheet with the definitions."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": title_lines(table)[0], "comments": check_sentence(table)})
        base = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
        bold = book.add_format({**base, "bold": True})
        head = book.add_format(
            {**base, "bold": True, "text_wrap": True, "align": "center", "border": 1}
        )
        text = book.add_format({**base, "text_wrap": True, "border": 1})
        number = book.add_format({**base, "num_format": "#,##0", "border": 1})
        text_total = book.add_format({**base, "bold": True, "border": 1})
        number_total = book.add_format({**base, "bold": True, "num_format": "#,##0", "border": 1})

        sheet = book.add_worksheet("Số liệu")
        titles = title_lines(table)
        for line, words in enumerate(titles):
            sheet.write_string(line, 0, words, bold)
        first = len(titles) + 1
        lines = grid(table)
        for column, words in enumerate(lines[0]):
            sheet.write_string(first, column, words, head)
        for at, line in enumerate(lines[1:], start=first + 1):
            last = at == first + len(lines) - 1
            for column, value in enumerate(line):
                if isinstance(value, int):
                    sheet.write_number(at, column, value, number_total if last else number)
                else:
                    sheet.write_string(at, column, value, text_total if last else text)
        sheet.set_row(first, 80)
        sheet.set_column(0, 0, 12)
        sheet.set_column(1, 1, 38)
        sheet.set_column(2, 1 + len(COLUMNS), 11)
        sheet.freeze_panes(first + 1, 2)
        sheet.repeat_rows(first)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&LMột cửa điện tử&RTrang &P / &N")

        notes = book.add_worksheet("Định nghĩa các cột")
        notes.set_column(0, 0, 40)
        notes.set_column(1, 1, 90)
        for at, (name, words) in enumerate([["Cột", "Định nghĩa"], *definitions()]):
            notes.write_string(at, 0, name, head if at == 0 else text)
            notes.write_string(at, 1, words, head if at == 0 else text)
    return stream.getvalue()


LIST_HEADINGS = (
    "Mã hồ sơ",
    "Đơn vị tiếp nhận",
    "Lĩnh vực",
    "Thủ tục",
    "Người nộp",
    "Hình thức nộp",
    "Ngày tiếp nhận",
    "Ngày hẹn trả (tại ngày cuối kỳ)",
    "Ngày có kết quả",
    "Xét hạn",
    "Kết quả",
)


def dossiers_csv(dossiers: Iterable[Dossier]) -> Iterator[str]:
    """The dossiers behind a figure as CSV, a line at a time. Each carries `due_then`."""
    yield BOM + csv_line(LIST_HEADINGS)
    for d in dossiers:
        yield csv_line(
            [
                d.code,
                d.office.name,
                d.sector.name,
                d.procedure.name,
                d.applicant_name,
                d.get_channel_display(),
                _day(d.received_on),
                _day(d.due_then),
                _day(d.resolved_on),
                Timeliness(d.timeliness).label if d.timeliness else "",
                d.get_outcome_display(),
            ]
        )


def csv_line(values: Iterable[Any]) -> str:
    """One line, its texts safe to open in a spreadsheet."""
    line = io.StringIO()
    csv.writer(line).writerow(
        no_formula(value) if isinstance(value, str) else value for value in values
    )
    return line.getvalue()


def _line(key: str, name: str, figures: dict[str, int]) -> list[Any]:
    return [key, name, *(figures[column.name] for column in COLUMNS)]


def _day(day: Any) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
