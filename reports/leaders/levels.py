"""A level made from the counts: its units, months, Pareto, funnel, and what the verdict and the
tiles need to know of it."""

from dataclasses import replace
from datetime import date
from functools import partial

from reports.figures.tables import By
from reports.leaders.addresses import Lists
from reports.leaders.counts import targets_of
from reports.leaders.facts import Funnel, Level, MonthEnd, Pareto, Unit
from reports.leaders.fair import funnel_of
from reports.leaders.late_groups import LateGroup
from reports.leaders.pareto import counted_by, pareto_of
from reports.leaders.read import Read, rates_of
from reports.leaders.steps import late_ones, steps_of
from reports.leaders.thresholds import ENOUGH, HOLDS
from reports.leaders.tiles import TileCase
from reports.leaders.verdict import Case, Work
from reports.leaders.words import LevelWords, level_words, month_label
from reports.terms.buckets import ONE_DAY
from reports.terms.columns import LATE, ON_TIME_RATE, Figures, nothing, total_of
from reports.terms.periods import Period, Span, containing
from reports.terms.scopes import Scope

WITHOUT = ", không kể thủ tục trả trong ngày"
OPENED_BY = ("pending_total", "pending_overdue", "received", "resolved_total")


def words_of(level: Scope) -> LevelWords:
    kinds = [(office.name, office.kind) for office in level.offices]
    return level_words(str(level.offices[0].level), kinds)


def level_of(
    found: Read,
    level: Scope,
    same_day: dict[int, tuple[int, int]],
    declared: tuple[int, int],
) -> Level:
    """Everything that the page shows of the level; up to three statements for its steps."""
    words = words_of(level)
    figures = found.figures_of(level)
    lists = Lists(found.period, level.key)
    slots = slots_of(found, level)
    single = len(level.offices) == 1
    by_division = single and bool(found.division_of)
    units = _divisions(found) if by_division else _offices(found, level)
    compared = _without(_offices(found, level), same_day, level)
    late = late_ones(found.period, level) if figures["resolved_late"] >= ENOUGH else []
    addresses = lists.columns(figures)
    return Level(
        key=level.key,
        name=words.name,
        short=words.short,
        inside=words.inside,
        figures=figures,
        units=units,
        by_division=by_division,
        slots=slots,
        backlog=tuple(slot for slot in slots if slot and slot.day >= first_bar(found.period)),
        pareto=_pareto(found, level, words, figures),
        funnel=funnel_of(level.key, f"{words.name}{WITHOUT if same_day else ''}", compared),
        steps=steps_of(
            level.key,
            words.name,
            late,
            figures["resolved_late"],
            found.calendar,
            addresses["resolved_late"],
            declared,
        ),
        single=single,
        addresses=addresses,
    )


def slots_of(found: Read, level: Scope) -> tuple[MonthEnd | None, ...]:
    """The months of the level; none before its first figure, nor where opening figures hide it."""
    slots: list[MonthEnd | None] = []
    for month, ends in zip(found.months, found.ends, strict=True):
        figures = total_of(ends.get(office.pk, nothing()) for office in level.offices)
        known = bool(any(slots)) or figures["total_in"] > 0
        if not known or found.cut(month, level):
            slots.append(None)
            continue
        slots.append(_month_end(found.period, month, figures, level))
    if slots[-1] is not None:
        due = sum(found.due.get(office.pk, (0, 0))[0] for office in level.offices)
        slots[-1] = replace(slots[-1], due_soon=due)
    return tuple(slots)


def tile_case(found: Read, scope: Scope, level: Level) -> TileCase:
    figures = level.figures
    due = [found.due.get(office.pk, (0, 0)) for office in scope.offices]
    last = found.months[-1]
    good, resolved = ON_TIME_RATE.of(figures)
    return TileCase(
        key=level.key,
        label=level.short,
        in_time=good,
        resolved=resolved,
        pending=figures["pending_total"],
        overdue=figures["pending_overdue"],
        due_soon=sum(soon for soon, _ in due),
        due_today=sum(today for _, today in due),
        slots=level.slots,
        working=tuple(found.working_days(month) for month in found.months),
        last_is_whole=last.as_of == containing(last.as_of, Span.MONTH, last.calendar).end
        and not found.period.told_until,
        addresses=dict(level.addresses),
        targets=targets_of(found.targets, str(scope.offices[0].level)),
        due_address=Lists(found.period, level.key).workload() if found.period.told_until else "",
    )


def case_of(found: Read, scope: Scope, level: Level, *, with_rates: bool) -> Case:
    """What the verdict needs; the rates of what holds most, in two statements, where asked."""
    words = words_of(scope)
    months = []
    for slot in reversed(level.slots):
        if slot is None:
            break
        months.append(slot)
    lists = Lists(found.period, level.key)
    return Case(
        name=level.name,
        inside=level.inside,
        resolved=level.figures["resolved_total"],
        late=level.figures["resolved_late"],
        overdue=level.figures["pending_overdue"],
        work=_works(found, scope, level, lists) if with_rates else (),
        months=tuple(reversed(months)),
        funnel=None if level.single else whole_funnel(found, scope, level),
        units_head=words.head,
        unit_word=words.unit,
        resolved_by_unit=tuple(unit.figures["resolved_total"] for unit in level.units),
        address=lists.page(),
        addresses=level.addresses,
    )


def whole_funnel(found: Read, scope: Scope, level: Level) -> Funnel:
    """The comparison with every procedure in it, which the verdict speaks of."""
    if not level.funnel.heading.endswith(WITHOUT):
        return level.funnel
    return funnel_of(level.key, level.name, _offices(found, scope))


def _works(found: Read, scope: Scope, level: Level, lists: Lists) -> tuple[Work, ...]:
    """The sectors with their rates, and the divisions and procedures that hold most."""
    rows = {office.pk for office in scope.offices}
    groups = found.groups_of(scope)
    works: list[Work] = []
    by_sector: dict[int, list[Figures]] = {}
    for (office, sector), figures in found.figures.items():
        if office in rows:
            by_sector.setdefault(sector, []).append(figures)
    for sector, many in by_sector.items():
        figures = total_of(many)
        late, overdue = figures["resolved_late"], figures["pending_overdue"]
        name = found.sectors[sector]
        address = lists.late(By.SECTOR, name) if late + overdue else ""
        works.append(Work("sector", name, late, overdue, late, figures["resolved_total"], address))
    least = HOLDS * level.late_or_overdue
    divisions = {
        name: counts
        for name, counts in counted_by(groups, found.place_of, _counts).items()
        if sum(counts) >= least
    }
    procedures = {
        int(key): counts
        for key, counts in counted_by(groups, lambda g: str(g.procedure), _counts).items()
        if sum(counts) >= least
    }
    of_divisions, of_procedures = rates_of(found, scope, list(divisions), list(procedures))
    for name, (late, overdue) in divisions.items():
        resolved, late_of = of_divisions[name]
        address = lists.late_list()
        works.append(Work("division", name, late, overdue, late_of, resolved, address))
    for key, (late, overdue) in procedures.items():
        resolved, late_of = of_procedures[key]
        procedure = found.procedures[key]
        address = lists.late(By.PROCEDURE, procedure.key)
        works.append(Work("procedure", procedure.name, late, overdue, late_of, resolved, address))
    return tuple(works)


def _pareto(found: Read, level: Scope, words: LevelWords, figures: Figures) -> Pareto:
    lists = Lists(found.period, level.key)
    groups = found.groups_of(level)
    places = counted_by(groups, found.place_of, _counts)
    by_key = counted_by(groups, lambda g: found.procedures[g.procedure].key, _counts)
    names = {p.key: p.name for p in found.procedures.values()}
    late_list = lists.late_list()
    return pareto_of(
        level.key,
        f"{words.short}, {words.by_division}",
        [((name, name, lambda: late_list), counts) for name, counts in places.items()],
        [
            ((key, names[key], partial(lists.late, By.PROCEDURE, key)), counts)
            for key, counts in by_key.items()
        ],
        (
            (level.key, f"{words.name} cộng lại", lists.late()),
            (figures["resolved_late"], figures["pending_overdue"]),
        ),
    )


def _counts(group: LateGroup) -> tuple[int, int]:
    return (group.count, 0) if group.is_resolved else (0, group.count)


def _offices(found: Read, level: Scope) -> tuple[Unit, ...]:
    units = []
    for office in level.offices:
        figures = found.by_office.get(office.pk) or nothing()
        lists = Lists(found.period, office.code)
        columns = lists.columns(figures, LATE)
        units.append(
            Unit(
                key=office.code,
                name=office.name,
                figures=figures,
                address=lists.page(),
                late_address=columns["resolved_late"],
                overdue_address=columns["pending_overdue"],
            )
        )
    return tuple(units)


def _divisions(found: Read) -> tuple[Unit, ...]:
    """The divisions of the one office, by who solves each procedure."""
    many: dict[str, list[Figures]] = {}
    for procedure, figures in found.by_procedure.items():
        many.setdefault(found.division_of[procedure], []).append(figures)
    units = [Unit(name, name, total_of(figures)) for name, figures in many.items()]
    return tuple(
        sorted(
            units,
            key=lambda unit: (
                -unit.figures["resolved_late"] - unit.figures["pending_overdue"],
                -unit.figures["resolved_total"],
                unit.name,
            ),
        )
    )


def _without(
    units: tuple[Unit, ...], same_day: dict[int, tuple[int, int]], level: Scope
) -> tuple[Unit, ...]:
    """The units without what is answered on the same day."""
    if not same_day:
        return units
    found = []
    for unit, office in zip(units, level.offices, strict=True):
        resolved, late = same_day.get(office.pk, (0, 0))
        figures = dict(unit.figures)
        figures["resolved_total"] -= resolved
        figures["resolved_late"] -= late
        found.append(replace(unit, figures=figures))
    return tuple(found)


def first_bar(period: Period) -> date:
    """The first day of the month before the period, whose end begins the chart."""
    first = containing(period.start, Span.MONTH, period.calendar)
    return containing(first.start - ONE_DAY, Span.MONTH, period.calendar).start


def _month_end(whole: Period, month: Period, figures: Figures, level: Scope) -> MonthEnd:
    addresses = Lists(month, level.key).columns(figures, OPENED_BY)
    in_time, resolved = ON_TIME_RATE.of(figures)
    return MonthEnd(
        month=month.start,
        day=month.as_of,
        label=month_label(month.as_of, whole.calendar),
        pending=figures["pending_total"],
        overdue=figures["pending_overdue"],
        received=figures["received"],
        resolved=resolved,
        in_time=in_time,
        due_soon=None,
        pending_address=addresses["pending_total"],
        overdue_address=addresses["pending_overdue"],
        received_address=addresses["received"],
        resolved_address=addresses["resolved_total"],
    )
