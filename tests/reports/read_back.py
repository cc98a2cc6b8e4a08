"""Exports read back: each as the rows of values that it holds."""

import csv
import io
import subprocess
from datetime import date, datetime
from typing import Any

import openpyxl

from reports.output.sheets import Sheet
from reports.output.xlsx import DATA


def shown(sheet: Sheet) -> list[list[Any]]:
    """The rows as the page shows them: name, then the values."""
    return [[row.name, *(cell.value for cell in row.cells)] for row in sheet.lines]


def csv_rows(text: str) -> list[list[str]]:
    """The lines of the table, with their heading."""
    assert text.startswith("\ufeff")
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    return lines[: lines.index([])]


def xlsx_rows(content: bytes) -> list[list[Any]]:
    """The rows under the frozen headings, down to the first without a name or a code; dates as
    dates, of formulas the numbers that are kept with them."""
    sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=True)[DATA]
    first = int("".join(filter(str.isdigit, sheet.freeze_panes)))
    rows = []
    for row in sheet.iter_rows(min_row=first, values_only=True):
        if not any(row[1:]):
            break
        rows.append([cell.date() if isinstance(cell, datetime) else cell for cell in row])
    return rows


def pdf_text(document: bytes) -> str:
    """What is printed, laid out as on the pages; a form feed ends each page."""
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=document, capture_output=True, check=True
    )
    return done.stdout.decode()


def on_paper(value: Any) -> str:
    """A value as papers and pages write it."""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else str(value or "")
