"""The register book as a spreadsheet and on paper, a portion at a time.

A table of 2,000 rows lifts WeasyPrint's process by half a gigabyte and keeps it, so paper is
made in parts of PART rows, each its own document, and joined; page numbers run on.
"""

import gc
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

import xlsxwriter
from pypdf import PdfReader, PdfWriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from motcua import clock
from motcua.printing.pdf import Paper, render_document
from reports.output.fit import lines_of, row_height
from reports.register.book import COLUMNS, RETURN, TITLE, Book, Line

PART = 300
SHEET = "Sổ theo dõi"
SIZE = 11  # points, of the words in a spreadsheet

Told = Callable[[int], None]


def _silent(done: int) -> None:
    """Nobody waits for progress."""


def write_xlsx(book: Book, path: Path, told: Told = _silent) -> int:
    """Write the part as XLSX: real dates, frozen headings with filters, rows as high as their
    words, set up for A4 landscape. Returns the number of rows; `told` hears of every thousandth.

    Texts are written as texts, so that a name that begins with "=" is no formula.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "tmpdir": str(path.parent),
    }
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties({"title": f"{TITLE}: {book.title}"})
        base = {"font_name": "Times New Roman", "font_size": SIZE, "valign": "top"}
        bold = workbook.add_format({**base, "bold": True, "font_size": 13})
        cell = {**base, "border": 1, "text_wrap": True}
        head = workbook.add_format({**cell, "bold": True, "align": "center", "valign": "vcenter"})
        formats = {
            str: workbook.add_format(cell),
            int: workbook.add_format({**cell, "num_format": "0", "align": "center"}),
            datetime: workbook.add_format(
                {**cell, "num_format": "dd/mm/yyyy hh:mm", "align": "center"}
            ),
        }
        sheet = workbook.add_worksheet(SHEET)
        _set_up_page(sheet)
        sheet.write_string(0, 0, TITLE.upper(), bold)
        sheet.write_string(1, 0, book.title, bold)
        headings = (lines_of(c.full_heading, c.width, SIZE, bold=True) for c in COLUMNS)
        sheet.set_row(3, row_height(max(headings), SIZE))
        for at, column in enumerate(COLUMNS):
            sheet.write_string(3, at, column.full_heading, head)
        rows = 0
        for rows, line in enumerate(book.lines(), start=1):
            _write_line(sheet, 3 + rows, line, formats)
            if rows % 1000 == 0:
                told(rows)
        sheet.autofilter(3, 0, 3 + max(rows, 1), len(COLUMNS) - 1)
    return rows


def _set_up_page(sheet: Worksheet) -> None:
    for at, column in enumerate(COLUMNS):
        sheet.set_column(at, at, column.width)
    sheet.freeze_panes(4, 2)
    sheet.repeat_rows(3)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L" + SHEET + "&RTrang &P / &N")


def _write_line(sheet: Worksheet, row: int, line: Line, formats: dict[type, Format]) -> None:
    values = [getattr(line, column.name) for column in COLUMNS]
    lines = (
        lines_of(value, column.width, SIZE)
        for value, column in zip(values, COLUMNS, strict=True)
        if isinstance(value, str)
    )
    sheet.set_row(row, row_height(max(lines), SIZE))
    for at, value in enumerate(values):
        if value is None:
            sheet.write_blank(row, at, None, formats[str])
        elif isinstance(value, datetime):
            # A spreadsheet knows no time zones: the wall clock of the desk is written.
            sheet.write_datetime(row, at, value.replace(tzinfo=None), formats[datetime])
        elif isinstance(value, int):
            sheet.write_number(row, at, value, formats[int])
        else:
            sheet.write_string(row, at, value, formats[str])


def write_pdf(book: Book, path: Path, told: Told = _silent, part: int = PART) -> int:
    """Write the part as PDF, A4 landscape, headings repeated on each page. Returns the number
    of rows; `told` hears of every part of `part` rows. A book of one part keeps its PDF/UA tags;
    joining loses them."""
    total = book.dossiers().count()
    rows, pages = 0, 0
    with PdfWriter() as whole:
        for lines in portions(book.lines(), part):
            paper = part_on_paper(book, lines, rows, pages, total)
            rows += len(lines)
            pages += paper.pages
            if total <= part:
                path.write_bytes(paper.pdf)
                return rows
            add_pages(whole, paper.pdf)
            told(rows)
        whole.add_metadata({"/Title": f"{TITLE}: {book.title}"})
        whole.write(path)
    return rows


def part_on_paper(book: Book, lines: list[Line], rows: int, pages: int, total: int) -> Paper:
    """Some rows of the book, after `rows` rows on `pages` pages before them."""
    context = {
        "book": book,
        "lines": lines,
        "is_first": rows == 0,
        "is_last": rows + len(lines) >= total,
        "first_page": pages + 1,
        "total": total,
        "title": TITLE,
        "group": RETURN,
        "printed_at": clock.now(),
    }
    return render_document("reports/paper_register.html", context)


def add_pages(whole: PdfWriter, pdf: bytes) -> None:
    """Append a part and let go of it: what pypdf parsed of the part, and the layout that made it,
    would otherwise stay until the whole is written, 50 MB for each part."""
    part = PdfReader(io.BytesIO(pdf))
    whole.append(part, import_outline=False)
    part.resolved_objects.clear()
    gc.collect()


def portions(lines: Iterable[Line], size: int) -> Iterator[list[Line]]:
    """The rows in lists of `size`; a book without rows is one empty list."""
    rest = iter(lines)
    portion = list(islice(rest, size))
    yield portion
    while portion := list(islice(rest, size)):
        yield portion
