"""The empty table that people fill in: the titles of a template's columns, as CSV or workbook."""

import csv
import io
from collections.abc import Mapping

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from motcua.tables.lines import Template

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def blank(template: Template, kind: str, meanings: Mapping[str, str], name: str) -> bytes:
    """The file; in a workbook the sheet has this name, and each title says in the note of its cell
    what is meant: a further sheet would be taken for a second table."""
    titles = [template.titles[column][0] for column in template.columns]
    if kind == "csv":
        out = io.StringIO()
        csv.writer(out).writerow(titles)
        return b"\xef\xbb\xbf" + out.getvalue().encode()
    book = Workbook()
    sheet = book.active
    sheet.title = name
    sheet.append(titles)
    for cell, column in zip(sheet[1], template.columns, strict=True):
        cell.font = Font(bold=True)
        cell.comment = Comment(meanings[column], "Một cửa", height=120, width=280)
        sheet.column_dimensions[cell.column_letter].width = 26
    sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
