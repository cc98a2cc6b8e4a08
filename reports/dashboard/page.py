"""The tables of figures: the sentence over them, the rows with their links, those that matter
first. What they say comes from `overview.dashboard_data`."""

from dataclasses import dataclass, replace
from typing import Any

from motcua.templatetags.motcua_tags import LEAST_OF_A_RATE, vn_number, vn_percent
from reports.dashboard.comparison import COMPARED, change_of
from reports.dashboard.lateness import LongestOverdue
from reports.dashboard.overview import Dashboard, LevelRow
from reports.dashboard.ranking import MATTERS, ranked, with_and_without
from reports.figures.tables import By, Row
from reports.output.links import Cell, cells, dossiers_address
from reports.terms.columns import BY_NAME, ON_TIME_RATE, Column, Figures, Rate
from reports.terms.periods import Period

SHOWN = (
    "carried_over",
    "received",
    "resolved_early",
    "resolved_on_time",
    "resolved_late",
    "resolved_total",
    "pending_total",
    "pending_overdue",
)
BY_MONTH = ("received", "resolved_early", "resolved_on_time", "resolved_late")
SPELT_OUT = {"6 tháng": "sáu tháng", "9 tháng": "chín tháng"}


@dataclass(frozen=True)
class DashboardLine:
    """A row of a table of the page."""

    name: str
    cells: list[Cell]
    rate: tuple[int, int]
    before: list[Cell] | None = None
    before_rate: tuple[int, int] = (0, 0)
    is_total: bool = False


@dataclass(frozen=True)
class Compared:
    """A measure in one period: its number with its address, or its rate; and in an earlier
    period how this one stands to it, in words."""

    cell: Cell | None
    rate: tuple[int, int] | None
    words: str = ""


@dataclass(frozen=True)
class ComparedLine:
    """A row of the comparison: a measure now and in each earlier period."""

    heading: str
    now: Compared
    earlier: list[Compared]


@dataclass(frozen=True)
class LongestLine:
    """A sector or procedure with open overdue dossiers, and the address of those."""

    group: LongestOverdue
    address: str


def page_of(data: Dashboard, query: dict[str, str], order: str = MATTERS) -> dict[str, Any]:
    """The context of the page; `query` is the choice as the words of an address, `order` that of
    the offices side by side."""
    levels = [*data.levels, data.total]
    offices, idle = with_and_without(data.offices)
    return {
        "data": data,
        "sentence": sentence(data),
        "shown": [BY_NAME[name] for name in SHOWN],
        "by_month": [BY_NAME[name] for name in BY_MONTH],
        "levels": [_level_line(row, data, query) for row in levels],
        "months": [
            DashboardLine(
                month_name(row.period, data.period),
                cells({**query, "ky": row.period.key}, row.figures, BY_MONTH),
                _rate_of_month(row.figures),
            )
            for row in data.months
        ],
        "compared": compared(data, query),
        "offices": _lines(ranked(offices, order), lambda row: {**query, "pham-vi": row.key}),
        "idle": [row.name for row in idle],
        "order": order,
        "longest": [
            ("Lĩnh vực", _longest(data.past_due.sectors, By.SECTOR, query)),
            ("Thủ tục", _longest(data.past_due.procedures, By.PROCEDURE, query)),
        ],
        "sectors": _lines(ranked(data.sectors), lambda row: query, grouped=True),
        "late_address": dossiers_address(query, "resolved_late"),
        "overdue_address": dossiers_address(query, "pending_overdue"),
    }


def compared(data: Dashboard, query: dict[str, str]) -> list[ComparedLine]:
    """The whole choice beside its earlier periods, measure by measure; empty without any."""
    if not data.earlier:
        return []
    now = data.total.figures
    return [
        ComparedLine(
            measure.heading if isinstance(measure, Rate) else measure.full_heading,
            _measured(measure, now, query),
            [
                replace(
                    _measured(measure, one.figures, {**query, "ky": one.period.key}),
                    words=change_of(measure, now, one.figures),
                )
                for one in data.earlier
            ],
        )
        for measure in COMPARED
    ]


def sentence(data: Dashboard) -> str:
    """The figures as a person would say them."""
    figures, label = data.total.figures, data.period.told_label
    for figure, word in SPELT_OUT.items():
        label = label.replace(figure, word)
    begin = f"{label[:1].upper()}{label[1:]}, {data.scope.words}"
    total = figures["resolved_total"]
    if not total:
        return f"{begin} chưa giải quyết xong hồ sơ nào."
    in_time, _ = ON_TIME_RATE.of(figures)
    late = figures["resolved_late"]
    tail = f"{vn_number(late)} hồ sơ trễ" if late else "không có hồ sơ trễ"
    share = vn_percent(in_time, total) if total >= LEAST_OF_A_RATE else vn_number(in_time)
    return f"{begin} giải quyết {vn_number(total)} hồ sơ, {share} sớm hoặc đúng hạn; {tail}."


def month_name(month: Period, whole: Period) -> str:
    """A month inside its period: "Tháng 2", or its dates where the period cuts it short or may
    cross years."""
    if ".." in month.key or ".." in whole.key:
        return f"{month.start:%d/%m} - {month.end:%d/%m/%y}"
    return month.label.partition(" năm ")[0]


def _rate_of_month(figures: Figures) -> tuple[int, int]:
    """A month has no sum of its own."""
    total = sum(figures[name] for name in BY_MONTH if name != "received")
    return ON_TIME_RATE.of(figures | {"resolved_total": total})


def _level_line(row: LevelRow, data: Dashboard, query: dict[str, str]) -> DashboardLine:
    here = {**query, "pham-vi": row.scope.key}
    line = DashboardLine(
        row.scope.name,
        cells(here, row.figures, SHOWN),
        ON_TIME_RATE.of(row.figures),
        is_total=row is data.total and bool(data.levels),
    )
    if row.before is None or data.previous is None:
        return line
    earlier = cells({**here, "ky": data.previous.key}, row.before, SHOWN)
    return replace(line, before=earlier, before_rate=ON_TIME_RATE.of(row.before))


def _measured(measure: Column | Rate, figures: Figures, query: dict[str, str]) -> Compared:
    if isinstance(measure, Rate):
        return Compared(None, measure.of(figures))
    return Compared(cells(query, figures, (measure.name,))[0], None)


def _longest(groups: list[LongestOverdue], by: By, query: dict[str, str]) -> list[LongestLine]:
    here = {**query, "theo": by.word}
    return [
        LongestLine(group, dossiers_address(here, "pending_overdue", group.key)) for group in groups
    ]


def _lines(rows: list[Row], query_of: Any, *, grouped: bool = False) -> list[DashboardLine]:
    return [
        DashboardLine(
            row.name,
            cells(query_of(row), row.figures, SHOWN, row.key if grouped else None),
            ON_TIME_RATE.of(row.figures),
        )
        for row in rows
    ]
