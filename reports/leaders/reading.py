"""The leaders' page: what is wrong, where, since when, with whom. One entry, `leader_facts`, in a
fixed number of statements."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse

from dossiers.models import Dossier, Transfer
from motcua import clock
from motcua.models import Staff
from procedures.workdays import NoCalendarData
from reports.figures.opening_figures import added_to, counted, offices_with_dossiers
from reports.leaders.addresses import OVERDUE_ONES, Lists
from reports.leaders.counts import signed_offices
from reports.leaders.facts import Forecast, LeaderFacts, Level, Oldest, SignedUnits, ToDo
from reports.leaders.late_groups import DESK_NAME, LateGroup, longest_overdue
from reports.leaders.levels import case_of, first_bar, level_of, tile_case, words_of
from reports.leaders.read import Read, declared_steps, read, same_day_of
from reports.leaders.tiles import TileCase, tiles_of
from reports.leaders.todo import todo_of
from reports.leaders.verdict import verdict
from reports.leaders.words import before_words
from reports.output.running import AT_ITS_END
from reports.terms.buckets import ONE_DAY
from reports.terms.columns import faults, nothing, total_of
from reports.terms.periods import Period, Span, containing
from reports.terms.scopes import Scope

NAMED = 4
"""Dossiers that are overdue longest."""


def leader_facts(
    period: Period, scope: Scope, staff: Staff, today: date, *, without_same_day: bool = False
) -> LeaderFacts:
    """Everything that the page shows of the period and scope, as it stood at the end of
    `period.as_of`. `without_same_day` leaves procedures that are answered on the same day out of
    the comparison of units."""
    found = read(period, scope, today)
    running = period.told_until is not None
    same_day = same_day_of(found) if without_same_day else {}
    declared = declared_steps([_tier(where) for where in found.levels])
    pairs = [
        (where, level_of(found, where, same_day, declared[_tier(where)])) for where in found.levels
    ]
    levels = sorted((level for _, level in pairs), key=lambda level: -level.late_or_overdue)
    worst = max(levels, key=lambda level: (level.late_or_overdue, level.figures["resolved_late"]))
    cases = [tile_case(found, where, level) for where, level in pairs]
    told = [case_of(found, where, level, with_rates=level is worst) for where, level in pairs]
    signed = _signed(found, running=running)
    lists = Lists(period, scope.key)
    return LeaderFacts(
        period=period,
        scope_key=scope.key,
        scope_name=scope.name,
        as_of=period.as_of,
        today=today,
        running=running,
        empty=not any(level.figures["total_in"] for level in levels),
        verdict=verdict(told, running=running),
        tiles=tiles_of(cases, period.as_of, found.due_until, running=running),
        levels=tuple(levels),
        pareto_scale=_scale(levels),
        before_months=_before(found, levels),
        todo=_todo(found, pairs, cases, signed, today, running=running),
        oldest=tuple(oldest(found, staff)),
        overdue_address=lists.column("pending_overdue"),
        forecast=_forecast(found) if running and period.has_begun else None,
        signed=signed,
        without_same_day=without_same_day,
        problems=_problems(found, pairs),
        notices=tuple(found.added.notices),
        entered=found.added.total if found.added.figures else {},
    )


def oldest(found: Read, staff: Staff) -> list[Oldest]:
    """The open dossiers that are overdue longest, and who held them at the end of the day."""
    period, day = found.period, found.period.as_of
    ranked = longest_overdue(period, found.scope, found.replaced, found.groups, NAMED)
    if not ranked:
        return []
    mine = Dossier.objects.visible_to(staff).select_related("procedure").order_by()
    named = mine.only("code", "office_id", "procedure__name")
    dossiers = named.in_bulk([key for _, key in ranked])
    holders = _holders(list(dossiers), day)
    rows = {office.pk: office for office in found.scope.offices}
    lines = []
    for due_on, key in ranked:
        if key not in dossiers:
            continue
        dossier = dossiers[key]
        office = rows.get(found.scope.row_of.get(dossier.office_id, 0))
        place = holders.get(key, DESK_NAME)
        try:
            days = found.calendar.working_days_between(due_on, day)
        except NoCalendarData:
            days = None
        lines.append(
            Oldest(
                code=dossier.code or "",
                procedure=dossier.procedure.name,
                where=f"{office.name}: {place}" if office else place,
                due_on=due_on,
                days=days,
                address=reverse("dossier_detail", args=[dossier.code]),
            )
        )
    return lines


def _holders(keys: Sequence[int], day: date) -> dict[int, str]:
    """Where each lay at the end of the day, by the hand-overs; none at its desk."""
    found: dict[int, str] = {}
    moves = Transfer.objects.filter(dossier__in=keys, is_void=False).order_by("number")
    names = ("to_division__name", "to_office__name", "sent_at", "ended_at")
    for key, division, office, sent_at, ended_at in moves.values_list("dossier_id", *names):
        ended = ended_at is not None and clock.local(ended_at).date() <= day
        if clock.local(sent_at).date() <= day and not ended:
            found[key] = division or office
    return found


def _todo(
    found: Read,
    pairs: Sequence[tuple[Scope, Level]],
    cases: Sequence[TileCase],
    signed: SignedUnits | None,
    today: date,
    *,
    running: bool,
) -> tuple[ToDo, ...]:
    lists = Lists(found.period, found.scope.key)
    due_today = [
        (level.inside, case.due_today) for (_, level), case in zip(pairs, cases, strict=True)
    ]
    first = min(found.period.as_of + ONE_DAY, found.due_until or date.max)
    return todo_of(
        due_today=due_today if running else (),
        today=today,
        no_apology=[
            (level.inside, _without_apology(found.groups_of(where), is_resolved=False))
            for where, level in pairs
        ],
        no_cause=(
            _without_apology(found.groups, is_resolved=True),
            _without_apology(found.groups, is_resolved=False),
        ),
        signed=signed,
        cases=cases,
        due=(_working_day(found, first), found.due_until),
        insides={level.key: level.inside for _, level in pairs},
        addresses={
            "due_today": lists.workload(),
            "no_apology": lists.late_list(**OVERDUE_ONES),
            "no_cause": lists.no_cause(),
        },
    )


def _without_apology(groups: Sequence[LateGroup], *, is_resolved: bool) -> int:
    return sum(g.count - g.apologised for g in groups if g.is_resolved is is_resolved)


def _working_day(found: Read, day: date) -> date:
    try:
        return found.calendar.working_day_on_or_after(day)
    except NoCalendarData:
        return day


def _signed(found: Read, *, running: bool) -> SignedUnits | None:
    """Who has signed the period; beside one that runs the last quarter that has ended. A range of
    days of one's own is not signed."""
    period, label = found.period, ""
    if ".." in period.key:
        return None
    if running:
        now = containing(period.as_of, Span.QUARTER, period.calendar)
        period = containing(now.start - ONE_DAY, Span.QUARTER, period.calendar)
        label = f"{period.label[:1].lower()}{period.label[1:]}".replace(" năm ", "/")
        busy = offices_with_dossiers(period, found.scope, found.remainders)
    else:
        busy = {key for key, figures in found.by_office.items() if figures["total_in"]}
    signed = signed_offices(period, found.scope)
    unsigned = [o.name for o in found.scope.offices if o.pk in busy and o.pk not in signed]
    return SignedUnits(
        len(signed), len(signed) + len(unsigned), label, tuple(unsigned), reverse("closings")
    )


def _forecast(found: Read) -> Forecast:
    whole = found.period.whole
    added = added_to(whole, found.scope, found.remainders)
    by_office = counted(whole, found.scope, "office_id", added=added)
    overdue = {key: figures["pending_overdue"] for (key,), figures in by_office.items()}
    by_level = tuple(
        (words_of(level).inside, sum(overdue.get(office.pk, 0) for office in level.offices))
        for level in found.levels
    )
    total = sum(overdue.values())
    lists = Lists(found.period, found.scope.key)
    address = lists.column("pending_overdue", **{"tinh-den": AT_ITS_END}) if total else ""
    return Forecast(found.period.end, total, by_level, address)


def _before(found: Read, levels: Sequence[Level]) -> str:
    """Of the months that the charts begin before any figure."""
    first = min((level.backlog[0].day for level in levels if level.backlog), default=None)
    chart = [month.as_of for month in found.months if month.as_of >= first_bar(found.period)]
    if first is None or not chart:
        return ""
    return before_words(chart, sum(day < first for day in chart), found.period)


def _scale(levels: Sequence[Level]) -> int:
    rows = [row for level in levels for row in (*level.pareto.divisions, *level.pareto.procedures)]
    # Of the first level the divisions are drawn, its sum is no bar.
    rows += [level.pareto.total for level in levels[1:]]
    return max((row.total for row in rows), default=0)


def _problems(found: Read, pairs: Sequence[tuple[Scope, Level]]) -> tuple[str, ...]:
    """What does not add up: in a level, or between its figures and its last month end. Opening
    figures have no dossiers, so none of them is listed."""
    problems = [f"{level.name}: {fault}." for _, level in pairs for fault in faults(level.figures)]
    entered = found.added.by("office_id")
    for where, level in pairs:
        last = level.slots[-1]
        stock = (level.figures["pending_total"], level.figures["pending_overdue"])
        if last is not None and (last.pending, last.overdue) != stock:
            problems.append(f"{level.name}: tồn cuối tháng khác số đang giải quyết của kỳ.")
        listed = sum(row.total for row in level.pareto.divisions)
        unlisted = total_of(entered.get((office.pk,), nothing()) for office in where.offices)
        listed += unlisted["resolved_late"] + unlisted["pending_overdue"]
        if listed != level.late_or_overdue:
            problems.append(f"{level.name}: hồ sơ trễ, quá hạn theo nơi khác số của kỳ.")
    return tuple(problems)


def _tier(scope: Scope) -> str:
    return str(scope.offices[0].level)
