"""The dossiers past their due date, by name, with the working days they are past it."""

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
NAMED = 20
_SAID = ("code", "due_on", "timed_on", "procedure_id", "office_id")


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
    late = list(resolved.only(*_SAID).order_by("-past", "pk")[:NAMED])
    parts = [
        part.only(*_SAID).order_by("due_then", "pk")[:NAMED]
        for part in overdue_parts(period, scope)
    ]
    overdue = sorted(chain(*parts), key=lambda d: (d.due_then, d.pk))[:NAMED]
    # Joined before the cut, the names would be looked up for every late dossier.
    prefetch_related_objects([*late, *overdue], "procedure", "office")
    calendars = calendars_for(d.office_id for d in (*late, *overdue))
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
