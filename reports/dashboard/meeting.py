"""The leaders' page on paper for the meeting: exactly two A4 pages, in black and white, whatever
the period and scope; nothing later than the period's end, nor of another period.

On the first the verdict, the measures, where the late ones lie, and the backlog; on the second
every unit, the level above first, and where time is lost. No personal data. Where names are long or
units many, tables keep to so many rows, and say what they leave to the screen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from motcua import clock
from motcua.models import Level as Tier
from motcua.printing.pdf import Paper, render_document
from motcua.templatetags.motcua_tags import vn_number
from reports.dashboard.board import WIDE, board_of
from reports.drawing.funnel import units_chart
from reports.leaders.facts import LeaderFacts, Level, Unit
from reports.leaders.fair import per_1000
from reports.leaders.thresholds import ENOUGH
from reports.output.drift import drifts, sentence
from reports.terms.scopes import Scope

PAGES = 2
SHOWN = ("received", "resolved_total", "resolved_late", "pending_total", "pending_overdue")


class RowLimits(NamedTuple):
    """How many rows the tables may have."""

    divisions: int
    procedures: int
    units: int


# The first is what a district with ordinary names needs; long names make the tables shorter.
LIMITS = (
    RowLimits(8, 5, 18),
    RowLimits(8, 5, 15),
    RowLimits(7, 4, 13),
    RowLimits(5, 3, 10),
    RowLimits(2, 1, 5),
)
PANEL_HIGH = 150.0
"""Of the panel of units: less than on the screen, so that all of them have a row."""


@dataclass(frozen=True)
class UnitLine:
    """A row of the table of units."""

    name: str
    figures: tuple[int, ...]
    """Those of SHOWN."""
    rate: str
    """Late per 1,000; empty of too few."""
    is_strong: bool


def meeting_paper(facts: LeaderFacts, scope: Scope) -> Paper:
    """The two pages as a PDF."""
    context = meeting_context(facts, scope)
    for limits in LIMITS:
        paper = render_document(
            "reports/paper_meeting.html",
            context | _tables(context, facts, scope, limits),
            stylesheet="reports-meeting.css",
        )
        if paper.pages <= PAGES:
            break
    return paper


def meeting_context(facts: LeaderFacts, scope: Scope) -> dict[str, Any]:
    """What the pages print, before the tables are cut to the rows that fit."""
    return {
        **board_of(facts),
        "units_wide": units_chart(
            [level.funnel for level in facts.levels], width=WIDE, panel_high=PANEL_HIGH
        ),
        "plain": True,
        "drift": sentence(drifts(facts.period, scope)),
        "now": clock.now(),
        "author": scope.head.authority,
        "superior": scope.head.authority.upper(),
    }


def unit_lines(facts: LeaderFacts, scope: Scope, most: int) -> tuple[list[UnitLine], int]:
    """Every unit, level by level from above, each level of several with its sum; and how many units
    with the least that is late or overdue were left out."""
    tiers = {office.code: list(Tier).index(Tier(office.level)) for office in scope.offices}
    levels = sorted(facts.levels, key=lambda level: _tier(level, tiers))
    units = [unit for level in levels for unit in level.units]
    kept = {id(unit) for unit in sorted(units, key=_trouble)[:most]}
    lines = []
    for level in levels:
        alone = len(level.units) == 1
        lines += [
            _line(unit.name, unit.figures, is_strong=alone)
            for unit in level.units
            if id(unit) in kept
        ]
        if not alone:
            lines.append(_line(level.name, level.figures, is_strong=True))
    return lines, len(units) - len(kept)


def _tables(
    context: dict[str, Any], facts: LeaderFacts, scope: Scope, limits: RowLimits
) -> dict[str, Any]:
    lines, left = unit_lines(facts, scope, limits.units)
    parts = []
    for part in context["pareto"]:
        most = limits.procedures if part.rest else limits.divisions
        parts.append((part, part.bars[:most]))
    return {
        "pareto_parts": parts,
        "unit_lines": lines,
        "units_left": f"Còn {vn_number(left)} đơn vị khác, xem Bảng số liệu." if left else "",
    }


def _line(name: str, figures: Mapping[str, int], *, is_strong: bool) -> UnitLine:
    late, resolved = figures["resolved_late"], figures["resolved_total"]
    return UnitLine(
        name,
        tuple(figures[column] for column in SHOWN),
        per_1000(late, resolved) if resolved >= ENOUGH else "",
        is_strong,
    )


def _tier(level: Level, tiers: dict[str, int]) -> int:
    return min((tiers.get(unit.key, 0) for unit in level.units), default=0)


def _trouble(unit: Unit) -> tuple[int, int]:
    figures = unit.figures
    return (
        -figures["resolved_late"] - figures["pending_overdue"],
        -figures["resolved_total"],
    )
