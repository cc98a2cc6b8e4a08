"""The stock at each month's end as columns with its overdue part as their foot, and under them what
came in and what was resolved. Pure Python.

A few overdue ones among many are drawn FOOT high, so that they are seen: the row of numbers below
is the truth.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from motcua.templatetags.motcua_tags import vn_number
from reports.drawing.words import pushed_apart, width_of
from reports.leaders.facts import MonthEnd

TYPE = 12.0
FOOT = 1.6
TOP = 18.0
SIDE = 56.0
"""Right of the columns, at least: what the rows of numbers are."""
COLUMNS_HIGH, FLOW_HIGH = 104.0, 58.0
APART = 15.0
MOST = 13
ROW = 17.0


@dataclass(frozen=True)
class StockColumn:
    month: MonthEnd
    x: float
    y: float
    width: float
    height: float
    foot_y: float
    foot: float
    """How high the overdue part is; 0 without any."""
    middle: float
    label: str
    overdue_label: str
    is_last: bool

    @property
    def label_y(self) -> float:
        return round(self.y - 4, 1)

    @property
    def words(self) -> str:
        when = f"Hết ngày {self.month.day:%d/%m/%Y}"
        return (
            f"{when}: tồn {vn_number(self.month.pending)}, quá hạn "
            f"{vn_number(self.month.overdue)}, nhận {vn_number(self.month.received)}, xong "
            f"{vn_number(self.month.resolved)}"
        )


@dataclass(frozen=True)
class FlowEnd:
    """The words at the right end of a line of the flow."""

    y: float
    words: str


@dataclass(frozen=True)
class Backlog:
    width: float
    height: float
    ground: float
    right: float
    """Where the columns end."""
    columns: tuple[StockColumn, ...]
    upright: bool
    """Whether the numbers over the columns stand on end, for want of width."""
    overdue_upright: bool
    months_y: float
    overdue_y: float
    flow_title_y: float
    flow_ground: float
    received: str
    resolved: str
    """The points of the two lines, as SVG wants them; empty for a single month."""
    received_end: FlowEnd
    resolved_end: FlowEnd
    description: str


def backlog_columns(
    months: Sequence[MonthEnd], *, width: float = 340.0, flow_from: date = date.min
) -> Backlog | None:
    """The last MOST months, at the right; None without any. Columns are to the highest of them; the
    flow is drawn of the months that begin on `flow_from` or later."""
    months = months[-MOST:]
    if not months:
        return None
    last = months[-1]
    received_words, resolved_words = (
        f"nhận {vn_number(last.received)}",
        f"xong {vn_number(last.resolved)}",
    )
    side = 6 + 1.06 * max(width_of(words, TYPE) for words in (received_words, resolved_words))
    right = width - max(SIDE, side)
    step = min((right - 4) / len(months), 44.0 if width < 500 else 60.0)
    labels = [vn_number(month.pending) for month in months]
    overdue = [vn_number(month.overdue) for month in months]
    upright = _too_wide(labels, step)
    overdue_upright = _too_wide(overdue, step)
    longest = max(width_of(label, TYPE) for label in labels)
    top = longest + 8 if upright else TOP
    ground = top + COLUMNS_HIGH
    highest = max(month.pending for month in months)
    left = right - step * len(months)
    columns = tuple(
        _column(month, left + at * step, step, highest, ground, is_last=at == len(months) - 1)
        for at, month in enumerate(months)
    )
    months_y = ground + 15
    overdue_room = max(width_of(label, TYPE) for label in overdue) + 4 if overdue_upright else ROW
    title_y = months_y + overdue_room + 20
    flow_top = title_y + 12
    flow_ground = flow_top + FLOW_HIGH
    flow = [column for column in columns if column.month.month >= flow_from] or [columns[-1]]
    most = max(max(column.month.received, column.month.resolved) for column in flow)

    def point(column: StockColumn, value: int) -> tuple[float, float]:
        share = value / most if most else 0
        return (column.middle, round(flow_ground - FLOW_HIGH * share, 1))

    received = [point(column, column.month.received) for column in flow]
    resolved = [point(column, column.month.resolved) for column in flow]
    ends = pushed_apart([received[-1][1], resolved[-1][1]], APART, flow_ground)
    return Backlog(
        width=width,
        height=round(flow_ground + 10, 1),
        ground=ground,
        right=right,
        columns=columns,
        upright=upright,
        overdue_upright=overdue_upright,
        months_y=months_y,
        overdue_y=months_y + (6 if overdue_upright else ROW),
        flow_title_y=title_y,
        flow_ground=flow_ground,
        received=_line(received),
        resolved=_line(resolved),
        received_end=FlowEnd(ends[0] + 4, received_words),
        resolved_end=FlowEnd(ends[1] + 4, resolved_words),
        description="; ".join(column.words for column in columns),
    )


def _column(
    month: MonthEnd, x: float, step: float, highest: int, ground: float, *, is_last: bool
) -> StockColumn:
    gap = step * 0.18
    tall = round(COLUMNS_HIGH * month.pending / highest, 1) if highest else 0.0
    foot = 0.0
    if month.overdue:
        foot = max(round(COLUMNS_HIGH * month.overdue / highest, 1) if highest else 0.0, FOOT)
    return StockColumn(
        month=month,
        x=round(x + gap / 2, 1),
        y=round(ground - max(tall, foot), 1),
        width=round(step - gap, 1),
        height=max(tall, foot),
        foot_y=round(ground - foot, 1),
        foot=foot,
        middle=round(x + step / 2, 1),
        label=vn_number(month.pending),
        overdue_label=vn_number(month.overdue),
        is_last=is_last,
    )


def _too_wide(labels: Sequence[str], step: float) -> bool:
    """Whether two neighbours would touch."""
    widths = [width_of(label, TYPE) for label in labels]
    return any((one + two) / 2 + 2 > step for one, two in pairwise(widths))


def _line(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points) if len(points) > 1 else ""
