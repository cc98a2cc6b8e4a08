"""The working calendar of an office, read from the database into the pure room `workdays`."""

from motcua.models import Office
from procedures.models import CalendarDay, OfficeClosure, WorkSession
from procedures.workdays import (
    DEFAULT_SESSIONS,
    DayKind,
    SpecialDay,
    WeeklySession,
    WorkingCalendar,
)


def calendar_for(office: Office | None) -> WorkingCalendar:
    """The country's calendar with this office's own sessions and closures.

    Without an office: the usual hours (Monday to Friday, 07:00-11:00 and 13:00-17:00).
    """
    special = {
        day: SpecialDay(DayKind(kind), name, estimate)
        for day, kind, name, estimate in CalendarDay.objects.values_list(
            "date", "kind", "name", "is_estimate"
        )
    }
    if office is None:
        return WorkingCalendar(special)
    sessions = [
        WeeklySession(s.weekday, s.opens, s.closes, s.valid_from, s.valid_to)
        for s in WorkSession.objects.filter(office=office)
    ]
    closures = dict(OfficeClosure.objects.filter(office=office).values_list("date", "reason"))
    return WorkingCalendar(special, sessions=sessions or DEFAULT_SESSIONS, closures=closures)
