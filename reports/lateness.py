"""The dossiers past their due date: by name, with the working days they are past it, and which
sectors and procedures keep citizens waiting longest."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.db.models import DurationField, ExpressionWrapper, F, prefetch_related_objects

from dossiers.models import Dossier
from procedures.calendar import calendars_for
from procedures.workdays import NoCalendarData, WorkingCalendar
from reports.figures import dossiers_behind, overdue_parts
from reports.periods import Period
from reports.scopes import Scope

# How many a page names; the whole list is one press away.
NAMED = 10
GROUPS_NAMED = 10
_SAID = ("code", "due_on", "timed_on", "procedure_id", "sector_id", "office_id")


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
class PastDue:
    late: list[LateDossier]
    """Resolved late in the period, the longest past due first, at most NAMED."""
    overdue: list[LateDossier]
    """Open and overdue at its end, the longest first, at most NAMED."""
    sectors: list[LongestOverdue]
    procedures: list[LongestOverdue]
    """Those with open overdue dossiers, the longest first, at most GROUPS_NAMED."""


def past_due(period: Period, scope: Scope) -> PastDue:
    """Who is past due in the period and at its end, in a fixed number of queries."""
    resolved = dossiers_behind("resolved_late", period, scope).annotate(
        past=ExpressionWrapper(F("timed_on") - F("due_on"), output_field=DurationField())
    )
    late = list(resolved.only(*_SAID).order_by("-past", "pk")[:NAMED])
    overdue = sorted(
        chain.from_iterable(part.only(*_SAID) for part in overdue_parts(period, scope)),
        key=lambda d: (d.due_then, d.pk),
    )
    calendars = calendars_for(d.office_id for d in (*late, *overdue))
    waiting = [_past(d, d.due_then, period.end, calendars) for d in overdue]
    sectors, procedures = _longest(waiting, "sector_id"), _longest(waiting, "procedure_id")
    shown = [*waiting[:NAMED], *(line for _, line in (*sectors, *procedures))]
    # Joined before the cut, the names would be looked up for every late dossier.
    prefetch_related_objects(
        [*late, *{line.dossier.pk: line.dossier for line in shown}.values()],
        "procedure",
        "office",
        "sector",
    )
    return PastDue(
        late=[_past(d, d.due_on, d.timed_on, calendars) for d in late],
        overdue=waiting[:NAMED],
        sectors=[
            LongestOverdue(line.dossier.sector.name, line.dossier.sector.name, count, line)
            for count, line in sectors
        ],
        procedures=[
            LongestOverdue(line.dossier.procedure.key, line.dossier.procedure.name, count, line)
            for count, line in procedures
        ],
    )


def _longest(lines: Iterable[LateDossier], field: str) -> list[tuple[int, LateDossier]]:
    """How many of each group there are and the longest overdue, those of the longest first."""
    groups: dict[int, list[LateDossier]] = defaultdict(list)
    for line in lines:
        groups[getattr(line.dossier, field)].append(line)
    found = [(len(group), max(group, key=_length)) for group in groups.values()]
    return sorted(found, key=lambda item: (_length(item[1]), item[0]), reverse=True)[:GROUPS_NAMED]


def _length(line: LateDossier) -> tuple[int, int, int]:
    return (line.working_days or 0, (line.until - line.due_on).days, -line.dossier.pk)


def _past(
    dossier: Dossier, due_on: date, until: date, calendars: dict[int, WorkingCalendar]
) -> LateDossier:
    try:
        days = calendars[dossier.office_id].working_days_between(due_on, until)
    except NoCalendarData:
        days = None
    return LateDossier(dossier, due_on, until, days)
