"""What a leader looks at: the figures of a period by level, month, office and sector, beside
the period before and the same period a year before, and the late dossiers by name.

`dashboard_data` reads the database in a fixed number of queries: one pass over the period for
levels, offices and sectors, which are summed up here, one over each earlier period, and one each
for what is shown by day or by dossier.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from dossiers.models import Dossier
from motcua import clock
from motcua.models import Installation, Level
from reports.dashboard.comparison import Earlier
from reports.dashboard.lateness import PastDue, past_due
from reports.figures.offices import OfficesInTime
from reports.figures.opening_figures import Added, Remainder, added_to, counted, remainders_in
from reports.figures.summaries import flows_by_bucket
from reports.figures.tables import Row, office_rows, sector_rows
from reports.terms.columns import Figures, faults, nothing, total_of
from reports.terms.periods import Period
from reports.terms.scopes import Scope, scope_of_level

DEMO_PERIOD = "2016-9M"
RIGHT_BEFORE, SAME_LAST_YEAR = "Kỳ liền trước", "Cùng kỳ năm trước"


Key = TypeVar("Key", bound=tuple[int, ...])


@dataclass(frozen=True)
class LevelRow:
    """A row of the first table: a level, or all together; `before` is the year before, if any."""

    scope: Scope
    figures: Figures
    before: Figures | None


@dataclass(frozen=True)
class MonthRow:
    """A month of the period: what came in and what was resolved; `figures` has only those."""

    period: Period
    figures: dict[str, int]


@dataclass(frozen=True)
class Dashboard:
    period: Period
    scope: Scope
    previous: Period | None
    """The same period a year before, when it has any figure."""
    levels: list[LevelRow]
    total: LevelRow
    earlier: list[Earlier]
    """The period before and the year before, where such a period is and has any figure; beside a
    period that has not ended, as many days of them."""
    months: list[MonthRow]
    offices: list[Row]
    sectors: list[Row]
    past_due: PastDue
    problems: list[str]
    added: Added
    """The opening figures that are in the period; months have none, totals have no days."""


def dashboard_data(period: Period, scope: Scope) -> Dashboard:
    """Everything that the page shows for this period and scope."""
    remainders = remainders_in(scope)
    added = added_to(period, scope, remainders)
    found = counted(period, scope, "office_id", "sector_id", added=added)
    by_office = rolled_up(found, 0)
    before_period = period.previous_year()
    before = _by_office(before_period, scope, remainders) if before_period else {}
    preceding = period.preceding()
    levels = [_level_row(level_scope, by_office, before) for level_scope in _levels_of(scope)]
    total = _level_row(scope, by_office, before)
    earlier = []
    if preceding:
        figures = total_of(_by_office(preceding, scope, remainders).values())
        earlier.append(Earlier(RIGHT_BEFORE, preceding, figures))
    if before_period:
        earlier.append(Earlier(SAME_LAST_YEAR, before_period, total_of(before.values())))
    return Dashboard(
        period=period,
        scope=scope,
        previous=before_period if total.before else None,
        levels=levels,
        total=total,
        earlier=[one for one in earlier if any(one.figures.values())],
        months=_months(period, scope),
        offices=office_rows(scope, by_office, rolled_up(added.figures, 0)),
        sectors=sector_rows(scope, rolled_up(found, 1), rolled_up(added.figures, 1)),
        past_due=past_due(period, scope),
        problems=_problems([*levels, total], total, found.values()),
        added=added,
    )


def rolled_up(found: Mapping[Key, Figures], position: int) -> dict[int, Figures]:
    """The figures summed over all keys but the one at this position."""
    groups: dict[int, list[Figures]] = {}
    for key, figures in found.items():
        groups.setdefault(key[position], []).append(figures)
    return {key: total_of(group) for key, group in groups.items()}


def default_period(offices: OfficesInTime) -> str:
    """The nine months that the page opens with.

    In a demonstration those of 2016, the published figures. Otherwise the nine months of the
    last year in which these offices received anything; with nothing yet, of this year.
    """
    today = clock.today()
    mine = Dossier.objects.filter(office__in=[office.pk for office in offices.offices])
    if Installation.is_demonstration() and mine.filter(received_on__year=2016).exists():
        return DEMO_PERIOD
    last = (
        mine.filter(received_on__lte=today)
        .order_by("-received_on")
        .values_list("received_on", flat=True)
        .first()
    )
    return f"{(last or today).year}-9M"


def _by_office(period: Period, scope: Scope, remainders: Iterable[Remainder]) -> dict[int, Figures]:
    added = added_to(period, scope, remainders)
    found = counted(period, scope, "office_id", added=added)
    return {office: figures for (office,), figures in found.items()}


def _levels_of(scope: Scope) -> list[Scope]:
    levels = [level for level in Level if any(o.level == level for o in scope.offices)]
    return [scope_of_level(level, scope.of_day) for level in levels] if len(levels) > 1 else []


def _level_row(scope: Scope, by_office: dict[int, Figures], before: dict[int, Figures]) -> LevelRow:
    def of(found: dict[int, Figures]) -> Figures:
        return total_of(found.get(office, nothing()) for office in scope.office_ids)

    earlier = of(before)
    return LevelRow(scope, of(by_office), earlier if any(earlier.values()) else None)


def _months(period: Period, scope: Scope) -> list[MonthRow]:
    buckets = flows_by_bucket(period, scope)
    rows = []
    for month in period.months():
        if month.start > period.as_of:
            break
        figures = {"received": 0, "resolved_early": 0, "resolved_on_time": 0, "resolved_late": 0}
        for start, counts in buckets.items():
            if month.start <= start <= month.end:
                figures["received"] += counts["received_online"] + counts["received_direct"]
                for name in ("resolved_early", "resolved_on_time", "resolved_late"):
                    figures[name] += counts[name]
        rows.append(MonthRow(month, figures))
    return rows


def _problems(rows: list[LevelRow], total: LevelRow, counted: Iterable[Figures]) -> list[str]:
    problems = [f"{row.scope.name}: {fault}." for row in rows for fault in faults(row.figures)]
    if total.figures != total_of(counted):
        problems.append("Tổng số khác tổng của tất cả hồ sơ đã đếm.")
    return problems
