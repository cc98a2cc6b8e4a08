"""The dossiers past their due date, by name, with the working days they are past it."""

from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.db.models import DurationField, ExpressionWrapper, F

from dossiers.models import Dossier
from motcua.models import Office
from procedures.models import CalendarDay, OfficeClosure, WorkSession
from procedures.workdays import (
    DEFAULT_SESSIONS,
    DayKind,
    NoCalendarData,
    SpecialDay,
    WeeklySession,
    WorkingCalendar,
)
from reports.figures import dossiers_behind, overdue_parts
from reports.periods import Period
from reports.scopes import Scope

# How many a page names; the whole list is one press away.
NAMED = 20


@dataclass(frozen=True)
class LateDossier:
    """A dossier resolved late, or open and overdue at the end of the period."""

    dossier: Dossier
    due_on: date
    until: date
    """The date by which its class was found, or the last day of the period."""
    working_days: int | None
    """Working days past the due date; None where a year has no calendar."""


def past_due(period: Period, scope: Scope) -> tuple[list[LateDossier], list[LateDossier]]:
    """The dossiers resolved late in the period, and those open and overdue at its end; of each
    the longest past due, at most NAMED."""
    resolved = dossiers_behind("resolved_late", period, scope).annotate(
        past=ExpressionWrapper(F("timed_on") - F("due_on"), output_field=DurationField())
    )
    late = list(resolved.select_related("procedure", "office").order_by("-past", "pk")[:NAMED])
    parts = [
        part.select_related("procedure", "office").order_by("due_then", "pk")[:NAMED]
        for part in overdue_parts(period, scope)
    ]
    overdue = sorted(chain(*parts), key=lambda d: (d.due_then, d.pk))[:NAMED]
    calendars = calendars_for({d.office for d in (*late, *overdue)})
    return (
        [_past(d, d.due_on, d.timed_on, calendars) for d in late],
        [_past(d, d.due_then, period.end, calendars) for d in overdue],
    )


def _past(
    dossier: Dossier, due_on: date, until: date, calendars: dict[int, WorkingCalendar]
) -> LateDossier:
    try:
        days = calendars[dossier.office_id].working_days_between(due_on, until)
    except NoCalendarData:
        days = None
    return LateDossier(dossier, due_on, until, days)


def calendars_for(offices: set[Office]) -> dict[int, WorkingCalendar]:
    """The working calendars of several offices in three queries, however many they are."""
    special = {
        day: SpecialDay(DayKind(kind), name, estimate)
        for day, kind, name, estimate in CalendarDay.objects.values_list(
            "date", "kind", "name", "is_estimate"
        )
    }
    sessions: dict[int, list[WeeklySession]] = {}
    for s in WorkSession.objects.filter(office__in=offices):
        sessions.setdefault(s.office_id, []).append(
            WeeklySession(s.weekday, s.opens, s.closes, s.valid_from, s.valid_to)
        )
    closures: dict[int, dict[date, str]] = {}
    for office, day, reason in OfficeClosure.objects.filter(office__in=offices).values_list(
        "office_id", "date", "reason"
    ):
        closures.setdefault(office, {})[day] = reason
    return {
        office.pk: WorkingCalendar(
            special,
            sessions=sessions.get(office.pk) or DEFAULT_SESSIONS,
            closures=closures.get(office.pk, {}),
        )
        for office in offices
    }
