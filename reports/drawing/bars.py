"""Bars of what was resolved late and what is overdue, all to one scale. Pure Python.

Lengths are per cent of the bar's own room, so that it is as wide as the screen lets it be.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.drawing.words import short_names
from reports.leaders.facts import ParetoRow

LEAST = 1.0
"""Per cent: a part that exists is never invisible."""


@dataclass(frozen=True)
class ParetoBar:
    row: ParetoRow
    name: str
    """As it is drawn; the whole name is the row's."""
    late: float
    overdue: float

    @property
    def words(self) -> str:
        return f"{self.row.name}: {self.row.late} trả trễ, {self.row.overdue} đang quá hạn"


def pareto_bars(rows: Sequence[ParetoRow], scale: int) -> list[ParetoBar]:
    """The rows as bars; `scale` is how many dossiers fill the room."""
    names = short_names([row.name for row in rows])
    return [
        ParetoBar(row, name, _length(row.late, scale), _length(row.overdue, scale))
        for row, name in zip(rows, names, strict=True)
    ]


def _length(value: int, scale: int) -> float:
    if not value or not scale:
        return 0.0
    return max(round(100 * value / scale, 2), LEAST)
