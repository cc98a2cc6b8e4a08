"""What the leaders' page reads of the database, in a fixed number of statements: everything is
counted here, what is said of it is made from the counts elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from motcua.models import Division, Level
from procedures.calendar import calendars_for
from procedures.models import Procedure, ProcedureVersion, Sector
from procedures.offices.solving import Solvers
from procedures.workdays import NoCalendarData, WorkingCalendar
from reports.figures.month_ends import OfOffices, cut_by_openings, month_ends, months_until
from reports.figures.opening_figures import Added, Remainder, added_to, counted, remainders_in
from reports.figures.recount import replaced_since
from reports.figures.summaries import tally
from reports.leaders.counts import Due, due_between, resolved_of, targets_on
from reports.leaders.facts import SLOTS
from reports.leaders.late_groups import DESK, LateGroup, late_groups
from reports.leaders.tiles import SOON
from reports.models import Target
from reports.terms.columns import Figures, nothing, total_of
from reports.terms.periods import Period
from reports.terms.scopes import Scope, scope_of_level

HOLDS = 0.4
DESK_NAME = "Bộ phận một cửa"
NOBODY = "Chưa rõ nơi giải quyết"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Read:
    """The counts of a period and scope; keys of offices are rows of the scope."""

    period: Period
    scope: Scope
    levels: list[Scope]
    """The widest first."""
    remainders: list[Remainder]
    added: Added
    figures: dict[tuple[int, ...], Figures]
    """By office and sector."""
    months: list[Period]
    ends: list[OfOffices]
    groups: list[LateGroup]
    due: Due
    due_until: date | None
    targets: Sequence[Target]
    calendar: WorkingCalendar
    sectors: dict[int, str]
    procedures: dict[int, Procedure]
    """Those of the groups, and of a scope of one office all that have figures."""
    places: dict[tuple[int, int, int, int | None], str]
    """By office, procedure, version and division of a group: the name of where it lay."""
    by_procedure: dict[int, Figures]
    """Of a scope of one office."""
    division_of: dict[int, str]
    """Of a scope of one office: who solves, by procedure."""

    @cached_property
    def by_office(self) -> dict[int, Figures]:
        found: dict[int, list[Figures]] = {}
        for (office, _), figures in self.figures.items():
            found.setdefault(office, []).append(figures)
        return {office: total_of(many) for office, many in found.items()}

    def figures_of(self, level: Scope) -> Figures:
        return total_of(self.by_office.get(office.pk, nothing()) for office in level.offices)

    def place_of(self, group: LateGroup) -> str:
        return self.places[group.office, group.procedure, group.version, group.division]

    def groups_of(self, level: Scope) -> list[LateGroup]:
        rows = {office.pk for office in level.offices}
        return [group for group in self.groups if group.office in rows]

    def working_days(self, month: Period) -> int | None:
        try:
            return self.calendar.working_days_between(month.start - ONE_DAY, month.as_of)
        except NoCalendarData:
            return None

    def cut(self, month: Period, level: Scope) -> bool:
        """Whether what there was in the month is not known, for opening figures."""
        rows = {office.pk for office in level.offices}
        return bool(rows & cut_by_openings(month, self.scope, self.remainders))


def read(period: Period, scope: Scope, today: date) -> Read:
    """All counts at once."""
    day = period.as_of
    remainders = remainders_in(scope)
    added = added_to(period, scope, remainders)
    figures = counted(period, scope, "office_id", "sector_id", added=added)
    months = months_until(period, SLOTS)
    groups = late_groups(period, scope, replaced_since(day))
    calendar = calendars_for([scope.offices[0].pk])[scope.offices[0].pk]
    until = _after(calendar, day)
    due = due_between(day, until, scope, is_today=day >= today) if until else {}
    single = scope.single is not None
    by_procedure: dict[int, Figures] = {}
    if single:
        by_procedure = {key: f for (key,), f in tally(period, scope, "procedure_id").items()}
    procedures = Procedure.objects.in_bulk({g.procedure for g in groups} | by_procedure.keys())
    versions = ProcedureVersion.objects.only("department", "procedure_id").in_bulk(
        {group.version for group in groups}
    )
    solvers = Solvers(scope.offices)
    division_of = {}
    if single:
        division_of = _divisions(procedures, solvers, scope, day)
    return Read(
        period=period,
        scope=scope,
        levels=_levels_of(scope),
        remainders=remainders,
        added=added,
        figures=figures,
        months=months,
        ends=month_ends(months, scope, remainders),
        groups=groups,
        due=due,
        due_until=until,
        targets=targets_on(day),
        calendar=calendar,
        sectors=dict(Sector.objects.values_list("pk", "name")),
        procedures=procedures,
        places=_places(groups, procedures, versions, solvers, day),
        by_procedure=by_procedure,
        division_of=division_of,
    )


def rates_of(
    found: Read, level: Scope, divisions: Sequence[str], procedures: Sequence[int]
) -> tuple[dict[str, tuple[int, int]], dict[int, tuple[int, int]]]:
    """Resolved and late of these divisions, by the procedures that the catalogue gives them, and of
    these procedures; of a level, in two statements."""
    rows = {office.pk for office in level.offices}
    departments: dict[str, set[int]] = {name: set() for name in divisions}
    if found.division_of:
        for procedure, name in found.division_of.items():
            departments.setdefault(name, set()).add(procedure)
    elif divisions:
        of_versions = ProcedureVersion.objects.filter(department__in=divisions)
        for procedure, name in of_versions.values_list("procedure_id", "department"):
            departments[name].add(procedure)
    asked = {*procedures, *(key for name in divisions for key in departments[name])}
    counts = resolved_of(found.period, level, asked)

    def total(keys: set[int]) -> tuple[int, int]:
        mine = [count for (row, key), count in counts.items() if row in rows and key in keys]
        return sum(resolved for resolved, _ in mine), sum(late for _, late in mine)

    return (
        {name: total(departments[name]) for name in divisions},
        {key: total({key}) for key in procedures},
    )


def same_day_of(found: Read) -> dict[int, tuple[int, int]]:
    """By office: resolved and late of the procedures that are answered on the same day."""
    same_day = ProcedureVersion.objects.filter(limit_unit=ProcedureVersion.Unit.SAME_DAY)
    keys = set(same_day.order_by().values_list("procedure_id", flat=True))
    counts: dict[int, tuple[int, int]] = {}
    for (office, _), (resolved, late) in resolved_of(found.period, found.scope, keys).items():
        before = counts.get(office, (0, 0))
        counts[office] = (before[0] + resolved, before[1] + late)
    return counts


def declared_steps(levels: Sequence[str]) -> Mapping[str, tuple[int, int]]:
    """By level: how many of its procedures say how long each step may take, of how many."""
    every = Procedure.objects.filter(is_active=True, level__in=levels).order_by()
    found = dict.fromkeys(levels, (0, 0))
    with_steps = set(
        ProcedureVersion.objects.filter(steps__isnull=False)
        .order_by()
        .values_list("procedure_id", flat=True)
    )
    for key, level in every.values_list("pk", "level"):
        said, of = found[level]
        found[level] = (said + (key in with_steps), of + 1)
    return found


def _levels_of(scope: Scope) -> list[Scope]:
    levels = [level for level in Level if any(o.level == level for o in scope.offices)]
    if len(levels) < 2:
        return [scope]
    return [scope_of_level(level, scope.of_day) for level in levels]


def _after(calendar: WorkingCalendar, day: date) -> date | None:
    try:
        return calendar.add_working_days(day, SOON)
    except NoCalendarData:
        return None


def _places(
    groups: Sequence[LateGroup],
    procedures: Mapping[int, Procedure],
    versions: Mapping[int, ProcedureVersion],
    solvers: Solvers,
    day: date,
) -> dict[tuple[int, int, int, int | None], str]:
    divisions = dict(
        Division.objects.filter(pk__in={g.division for g in groups if g.division}).values_list(
            "pk", "name"
        )
    )
    found = {}
    for group in groups:
        key = (group.office, group.procedure, group.version, group.division)
        if group.division == DESK:
            found[key] = DESK_NAME
        elif group.division is not None:
            found[key] = divisions[group.division]
        else:
            procedure, version = procedures[group.procedure], versions.get(group.version)
            solver = solvers.of(procedure, version, group.office, day)
            found[key] = solver.words or NOBODY
    return found


def _divisions(
    procedures: Mapping[int, Procedure], solvers: Solvers, scope: Scope, day: date
) -> dict[int, str]:
    """Who solves each procedure at the one office, by the version of the day or the last before."""
    versions: dict[int, ProcedureVersion] = {}
    of_all = ProcedureVersion.objects.filter(procedure__in=procedures).only(
        "department", "procedure_id", "in_force_from"
    )
    for version in of_all:
        begun = version.in_force_from
        kept = versions.get(version.procedure_id)
        if (begun is None or begun <= day) and (
            kept is None or (begun or date.min) >= (kept.in_force_from or date.min)
        ):
            versions[version.procedure_id] = version
    return {
        key: solvers.of(procedure, versions.get(key), scope.offices[0].pk, day).words or NOBODY
        for key, procedure in procedures.items()
    }
