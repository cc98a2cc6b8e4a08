"""What the leaders' page reads of the database, in a fixed number of statements: everything is
counted here, what is said of it is made from the counts elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q

from motcua.models import Level
from procedures.calendar import calendars_for
from procedures.models import Procedure, ProcedureStep, ProcedureVersion, Sector
from procedures.offices.solving import Solvers
from procedures.workdays import NoCalendarData, WorkingCalendar
from reports.figures.month_ends import OfOffices, cut_by_openings, month_ends, months_until
from reports.figures.opening_figures import Added, Remainder, added_to, counted, remainders_in
from reports.figures.recount import replaced_since
from reports.figures.summaries import tally
from reports.leaders.counts import Due, due_between, resolved_of, targets_on
from reports.leaders.facts import SLOTS
from reports.leaders.late_groups import LateGroup, late_groups
from reports.leaders.thresholds import SOON
from reports.models import Target
from reports.terms.buckets import ONE_DAY
from reports.terms.columns import Figures, nothing, total_of
from reports.terms.periods import Period
from reports.terms.scopes import Scope, scope_of_level

NOBODY = "Chưa rõ nơi giải quyết"
NAMES = ("key", "name", "sector_id", "level")


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
    replaced: list[int]
    due: Due
    due_until: date | None
    targets: Sequence[Target]
    calendar: WorkingCalendar
    sectors: dict[int, str]
    procedures: dict[int, Procedure]
    """Those of the groups, and of a scope of one office all that have figures."""
    places: dict[LateGroup, str]
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
        """Where the dossiers of the group lay when they became late."""
        return self.places[group]

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
    replaced = replaced_since(day)
    groups = late_groups(period, scope, replaced)
    calendar = calendars_for([scope.offices[0].pk])[scope.offices[0].pk]
    until = _after(calendar, day)
    due = due_between(day, until, scope, is_today=day >= today) if until else {}
    single = scope.single is not None
    by_procedure: dict[int, Figures] = {}
    if single:
        by_procedure = {key: f for (key,), f in tally(period, scope, "procedure_id").items()}
    of_groups = ProcedureVersion.objects.select_related("procedure").only(
        "department", *(f"procedure__{name}" for name in NAMES)
    )
    versions = of_groups.order_by().in_bulk({group.version for group in groups})
    procedures = {version.procedure_id: version.procedure for version in versions.values()}
    division_of = {}
    if single:
        procedures |= Procedure.objects.only(*NAMES).order_by().in_bulk(by_procedure)
        division_of = _divisions(procedures, Solvers(scope.offices), scope, day)
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
        replaced=replaced,
        due=due,
        due_until=until,
        targets=targets_on(day),
        calendar=calendar,
        sectors=dict(Sector.objects.order_by().values_list("pk", "name")),
        procedures=procedures,
        places=_places(groups, versions, scope, day),
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
    said = Exists(ProcedureStep.objects.filter(version__procedure=OuterRef("pk")).order_by())
    rows = every.values_list("level").annotate(said=Count("pk", filter=Q(said)), n=Count("pk"))
    return dict.fromkeys(levels, (0, 0)) | {level: (some, n) for level, some, n in rows}


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
    versions: Mapping[int, ProcedureVersion],
    scope: Scope,
    day: date,
) -> dict[LateGroup, str]:
    """Where each group lay; without a hand-over, with who solves the procedure."""
    found = {group: group.place for group in groups if group.place}
    left = [group for group in groups if not group.place]
    solvers = Solvers({group.office for group in left}) if left else None
    for group in left:
        version = versions[group.version]
        words = solvers.of(version.procedure, version, group.office, day).words if solvers else ""
        found[group] = words or NOBODY
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
