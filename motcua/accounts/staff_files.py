"""A list of staff between being looked at and being confirmed: kept by the page itself, signed,
so that nothing of it lies on the disk and what is confirmed is exactly what was looked at."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from django.core import signing
from django.core.signing import BadSignature
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from motcua.accounts.staff_table import MEANINGS, TEMPLATE, TITLES
from motcua.models import Staff
from motcua.tables.lines import Line

KEPT_FOR = 60 * 60  # seconds
_SALT = "motcua.accounts.staff_files"


class NotLookedAtLately(Exception):
    """What was confirmed is not what this person looked at within the hour."""


def sealed(lines: Sequence[Line], by: Staff) -> str:
    """The lines as text for a hidden field. Cells are kept as text: what is no text was refused,
    or means what is written."""
    rows = [
        [line.number, line.hidden, line.struck, line.extra, [line.text(c) for c in line.columns]]
        for line in lines
    ]
    return signing.dumps([by.pk, rows], salt=_SALT, compress=True)


def opened(text: str, by: Staff) -> list[Line]:
    """The lines that `sealed` wrote for this person. Raises NotLookedAtLately."""
    try:
        owner, rows = signing.loads(text, salt=_SALT, max_age=KEPT_FOR)
    except BadSignature:
        raise NotLookedAtLately from None
    if owner != by.pk:
        raise NotLookedAtLately
    return [_line(*row) for row in rows]


def _line(number: int, hidden: bool, struck: bool, extra: bool, texts: list[Any]) -> Line:
    cells = dict(zip(TEMPLATE.columns, texts, strict=True))
    return Line(number, cells, extra, hidden, struck, TEMPLATE.columns)


def template_as_csv() -> bytes:
    file = io.StringIO()
    csv.writer(file).writerow([titles[0] for titles in TITLES.values()])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def template_as_xlsx() -> bytes:
    """The columns, each with what it says as the note of its cell: a further sheet would be taken
    for a second list."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Cán bộ"
    sheet.append([titles[0] for titles in TITLES.values()])
    for cell, meaning in zip(sheet[1], MEANINGS.values(), strict=True):
        cell.font = Font(bold=True)
        cell.comment = Comment(meaning, "Một cửa", height=120, width=280)
        sheet.column_dimensions[cell.column_letter].width = 26
    sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
