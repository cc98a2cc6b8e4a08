"""A table between being looked at and being confirmed: kept by the page itself, signed, so that
nothing of it lies on the disk and what is confirmed is exactly what was looked at."""

from collections.abc import Sequence
from typing import Any

from django.core import signing
from django.core.signing import BadSignature

from motcua.tables.lines import Line, Template

KEPT_FOR = 60 * 60  # seconds


class NotLookedAtLately(Exception):
    """What was confirmed is not what this person looked at within the hour."""


def sealed(lines: Sequence[Line], owner: int, purpose: str) -> str:
    """The lines as text for a hidden field, of the person with this key. Cells are kept as text:
    what is no text was refused, or means what is written."""
    rows = [
        [line.number, line.hidden, line.struck, line.extra, [_text(line, c) for c in line.columns]]
        for line in lines
    ]
    return signing.dumps([owner, rows], salt=_salt(purpose), compress=True)


def opened(text: str, owner: int, purpose: str, template: Template) -> list[Line]:
    """The lines that `sealed` wrote for this person and purpose. Raises NotLookedAtLately."""
    try:
        of, rows = signing.loads(text, salt=_salt(purpose), max_age=KEPT_FOR)
    except BadSignature:
        raise NotLookedAtLately from None
    if of != owner:
        raise NotLookedAtLately
    return [_line(template, *row) for row in rows]


def _text(line: Line, column: str) -> str:
    """A cell of text keeps its lines, which may part what it lists."""
    cell = line.cells.get(column)
    return cell if isinstance(cell, str) else line.text(column)


def _line(
    template: Template, number: int, hidden: bool, struck: bool, extra: bool, texts: list[Any]
) -> Line:
    cells = dict(zip(template.columns, texts, strict=True))
    return Line(number, cells, extra, hidden, struck, template.columns)


def _salt(purpose: str) -> str:
    return f"{__name__}.{purpose}"
