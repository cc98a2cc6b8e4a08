"""How long late dossiers lay in each step: a dot where half were through, a bar to where nine of
ten were. Pure Python.

Lengths are per cent of the picture's own room.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.leaders.facts import StepRow


@dataclass(frozen=True)
class StepPlot:
    row: StepRow
    median: float
    ninety: float
    limit: float | None

    @property
    def width(self) -> float:
        """From the dot to the bar's end."""
        return round(self.ninety - self.median, 2)


def step_plots(rows: Sequence[StepRow], high: int) -> list[StepPlot]:
    """The rows on the scale from 0 to `high` working days."""

    def along(days: int) -> float:
        return round(100 * min(days, high) / high, 2) if high else 0.0

    return [
        StepPlot(
            row,
            along(row.median),
            along(row.ninety),
            None if row.limit is None else along(row.limit),
        )
        for row in rows
    ]
