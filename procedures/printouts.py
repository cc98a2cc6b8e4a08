"""What hangs on the notice board: one procedure with all its parts, or the list of a sector."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.cache import cache
from django.template.loader import render_to_string

from motcua.printing.pdf import print_apart
from motcua.templatetags.motcua_tags import vn_date_short
from procedures.models import Procedure, ProcedureVersion
from procedures.offering import ProcedureOnDay
from procedures.offices.solving import SolvedAt
from procedures.parts import parts_of

SIZES = {"a4": "A4", "a3": "A3"}
KEPT_SECONDS = 60 * 60


def procedure_board(procedure: Procedure, version: ProcedureVersion, solved: SolvedAt) -> bytes:
    """One procedure on A4: its parts under this version, and where to complain. Raises
    PrintingBusy."""
    return _board(
        "paper/board_procedure.html",
        {
            "procedure": procedure,
            "version": version,
            "parts": parts_of(procedure, version, solved),
            "offices": [desk.office for desk in solved.desks],
            "in_force": in_force_words([version]),
        },
    )


def list_board(procedures: Iterable[ProcedureOnDay], heading: str, size: str) -> bytes:
    """A list of procedures with limit and fee, A4 or A3 landscape: those in force on their day.
    Raises KeyError for another size, and PrintingBusy."""
    rows = [(one.procedure, one.version) for one in procedures if one.version is not None]
    return _board(
        "paper/board_list.html",
        {
            "rows": rows,
            "heading": heading,
            "in_force": in_force_words([version for _, version in rows]),
            "size": SIZES[size].lower(),
        },
    )


def in_force_words(versions: Iterable[ProcedureVersion]) -> str:
    """From when to when all these versions are in force: "áp dụng từ 01/07/2016". Whatever day
    is asked for, the same versions make the same paper, and are drawn once."""
    spans = [(v.in_force_from, v.in_force_to) for v in versions]
    first = max((start for start, _ in spans if start), default=None)
    last = min((end for _, end in spans if end), default=None)
    words = [f"từ {vn_date_short(first)}"] if first else []
    words += [f"đến hết {vn_date_short(last)}"] if last else []
    return " ".join(["áp dụng", *words]) if words else "đang áp dụng"


def _board(template: str, context: Mapping[str, Any]) -> bytes:
    """The page as PDF. The same page is drawn once an hour however many ask for it, and apart
    from the papers of the desk: a clerk's slip does not wait for strangers."""
    html = render_to_string(template, dict(context))
    key = f"board.{hashlib.sha256(html.encode()).hexdigest()}"
    drawn: bytes | None = cache.get(key)
    if drawn is None:
        drawn = print_apart(html, stylesheet="board.css")
        cache.set(key, drawn, KEPT_SECONDS)
    return drawn
