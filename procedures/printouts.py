"""What hangs on the notice board: one procedure with all its parts, or the list of a sector."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.cache import cache
from django.template.loader import render_to_string

from motcua.models import Office
from motcua.pdf import print_html
from procedures.models import Procedure, ProcedureVersion
from procedures.parts import parts_of

SIZES = {"a4": "A4", "a3": "A3"}
KEPT_SECONDS = 60 * 60


def procedure_board(
    procedure: Procedure, version: ProcedureVersion, offices: Iterable[Office], day: date
) -> bytes:
    """One procedure on A4: its parts as they are in force on the day, and where to complain."""
    return _board(
        "paper/board_procedure.html",
        {
            "procedure": procedure,
            "version": version,
            "parts": parts_of(procedure, version),
            "offices": list(offices),
            "day": day,
        },
    )


def list_board(procedures: Iterable[Procedure], heading: str, day: date, size: str) -> bytes:
    """A list of procedures with limit and fee, A4 or A3 landscape. Each procedure carries its
    version of the day in `now_in_force`. Raises KeyError for another size."""
    return _board(
        "paper/board_list.html",
        {
            "rows": [(p, p.now_in_force[0]) for p in procedures if p.now_in_force],
            "heading": heading,
            "day": day,
            "size": SIZES[size].lower(),
        },
    )


def _board(template: str, context: Mapping[str, Any]) -> bytes:
    """The page as PDF. The same page is drawn once an hour however many ask for it: the print
    room draws one paper at a time, and a clerk's slip should not wait for strangers."""
    html = render_to_string(template, dict(context))
    key = f"board.{hashlib.sha256(html.encode()).hexdigest()}"
    drawn: bytes | None = cache.get(key)
    if drawn is None:
        drawn = print_html(html, stylesheet="board.css").pdf
        cache.set(key, drawn, KEPT_SECONDS)
    return drawn
