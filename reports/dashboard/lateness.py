"""The dossiers past their due date: by name, with the working days they are past it, and which
sectors and procedures keep citizens waiting longest."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import accumulate, chain
from typing import Any

from django.db.models import (
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Min,
    QuerySet,
    prefetch_related_objects,
)

from dossiers.models import Dossier, DossierQuerySet
from procedures.calendar import calendars_for
from procedures.workdays import NoCalendarData
from reports.figures.recount import dossiers_behind, overdue_parts, replaced_since
from reports.terms.periods import Period
from reports.terms.scopes import Scope

# How many a page names; the whole list is one press away.
NAMED = 10
GROUPS_NAMED = 10

WorkingDays = Callable[[int, date, date], int | None]
"""Office, first and last day -> working days after the first up to the last; None where a year has
no calendar."""
_SAID = (
    *("code", "due_on", "timed_on", "procedure_id", "sector_id"),
    *("office_id", "assigned_from_id"),
)


@dataclass(frozen=True)
class LateDossier:
    """A dossier resolved late, or open and overdue at the end of the period."""

    dossier: Dossier
    due_on: date
    until: date
    """The date by which its class was found, or the last day of the period."""
    working_days: int | None
    """Working days past the due date; None where a year has no calendar."""


@dataclass(frozen=True)
class LongestOverdue:
    """Of a sector or procedure: how many are open and overdue, and the one that is longest."""

    key: str
    name: str
    count: int
    longest: LateDossier


@dataclass(frozen=True)
class Alike:
    """Open and overdue dossiers that differ in nothing that is told of them here."""

    sector_id: int
    procedure_id: int
    office_id: int
    due_then: date
    first: int
    count: int


@dataclass(frozen=True)
class PastDue:
    late: list[LateDossier]
    """Resolved late in the period, the longest past due first, at most NAMED."""
    overdue: list[LateDossier]
    """Open and overdue at its end, the longest first, at most NAMED."""
    sectors: list[LongestOverdue]
    procedures: list[LongestOverdue]
    """Those with open overdue dossiers, the longest first, at most GROUPS_NAMED."""


def past_due(period: Period, scope: Scope) -> PastDue:
    """Who is past due in the period and at its end, in at most a fixed number of queries."""
    resolved = dossiers_behind("resolved_late", period, scope).annotate(
        past=ExpressionWrapper(F("timed_on") - F("due_on"), output_field=DurationField())
    )
    # Their keys first, which an index holds with all that orders them.
    latest = list(resolved.order_by("-past", "pk").values_list("pk", flat=True)[:NAMED])
    replaced = replaced_since(period.as_of)
    first, *others = map(_alike, overdue_parts(period.as_of, scope, replaced))
    alike = [Alike(*row) for row in first.union(*others, all=True)]
    overdue = _longest_overdue(period.as_of, scope, replaced, alike)
    working_days = _counting(scope.office_ids)
    sectors = _longest(alike, "sector_id", period.as_of, working_days)
    procedures = _longest(alike, "procedure_id", period.as_of, working_days)
    keys = {*latest, *(key for _, key in overdue)}
    keys |= {group.first for _, group in (*sectors, *procedures)}
    named = Dossier.objects.only(*_SAID).order_by().in_bulk(keys)
    # Joined before the cut, the names would be looked up for every late dossier.
    prefetch_related_objects([*named.values()], "procedure", "sector")
    offices = {office.pk: office for office in scope.offices}
    for dossier in named.values():
        row = scope.row_of.get(dossier.office_id) or scope.row_of[dossier.assigned_from_id or 0]
        dossier.office = offices[row]

    def line(group: Alike) -> LateDossier:
        return _past(named[group.first], group.due_then, period.as_of, working_days)

    return PastDue(
        late=[
            _past(d, d.due_on, d.timed_on, working_days)
            for d in (named[key] for key in latest)
            if d.due_on and d.timed_on
        ],
        overdue=[_past(named[key], due, period.as_of, working_days) for due, key in overdue],
        sectors=[
            LongestOverdue(shown.dossier.sector.name, shown.dossier.sector.name, count, shown)
            for count, shown in ((count, line(group)) for count, group in sectors)
        ],
        procedures=[
            LongestOverdue(shown.dossier.procedure.key, shown.dossier.procedure.name, count, shown)
            for count, shown in ((count, line(group)) for count, group in procedures)
        ],
    )


def _alike(overdue: DossierQuerySet) -> QuerySet[Dossier, Any]:
    """The rows of `Alike`: as many as there are places and days, however many dossiers."""
    keys = ("sector_id", "procedure_id", "office_id", "due_then")
    return overdue.order_by().values_list(*keys).annotate(first=Min("pk"), count=Count("pk"))


def _longest_overdue(
    day: date, scope: Scope, replaced: list[int], alike: Iterable[Alike]
) -> list[tuple[date, int]]:
    """Due date and key of the NAMED that are longest overdue. How many there are of each day says
    how far back they lie; only where some of those are alike are the dossiers themselves asked."""
    days = Counter[date]()
    for group in alike:
        days[group.due_then] += group.count
    if not days:
        return []
    in_order = sorted(days)
    so_far = accumulate(days[due] for due in in_order)
    due_by = next((d for d, n in zip(in_order, so_far, strict=True) if n >= NAMED), in_order[-1])
    oldest = [group for group in alike if group.due_then <= due_by]
    if all(group.count == 1 for group in oldest):
        return sorted((group.due_then, group.first) for group in oldest)[:NAMED]
    parts = overdue_parts(day, scope, replaced, due_by=due_by)
    order = ("due_then", "pk")
    found = (part.order_by(*order).values_list(*order)[:NAMED] for part in parts)
    return sorted(chain.from_iterable(found))[:NAMED]


def _longest(
    alike: Iterable[Alike], field: str, until: date, working_days: WorkingDays
) -> list[tuple[int, Alike]]:
    """How many of each group there are and the longest overdue, those of the longest first."""

    def length(group: Alike) -> tuple[int, int, int]:
        days = working_days(group.office_id, group.due_then, until)
        return (days or 0, (until - group.due_then).days, -group.first)

    groups: dict[int, list[Alike]] = defaultdict(list)
    for group in alike:
        groups[getattr(group, field)].append(group)
    found = [(sum(a.count for a in group), max(group, key=length)) for group in groups.values()]
    return sorted(found, key=lambda item: (length(item[1]), item[0]), reverse=True)[:GROUPS_NAMED]


def _past(dossier: Dossier, due_on: date, until: date, working_days: WorkingDays) -> LateDossier:
    days = working_days(dossier.office_id, due_on, until)
    return LateDossier(dossier, due_on, until, days)


def _counting(offices: Iterable[int]) -> WorkingDays:
    """Counts the working days between two dates at one of the offices, each stretch once: many
    dossiers share their due date."""
    calendars = calendars_for(offices)

    @cache
    def working_days(office: int, first: date, last: date) -> int | None:
        try:
            return calendars[office].working_days_between(first, last)
        except NoCalendarData:
            return None

    return working_days
