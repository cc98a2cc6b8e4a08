"""The working calendar of an office, read from the database into the pure room `workdays`."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

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
    special = _special_days()
    if office is None:
        return WorkingCalendar(special)
    sessions = [
        WeeklySession(s.weekday, s.opens, s.closes, s.valid_from, s.valid_to)
        for s in WorkSession.objects.filter(office=office)
    ]
    closures = dict(OfficeClosure.objects.filter(office=office).values_list("date", "reason"))
    return WorkingCalendar(special, sessions=sessions or DEFAULT_SESSIONS, closures=closures)


def calendars_for(offices: Iterable[int]) -> dict[int, WorkingCalendar]:
    """The calendars of the offices with these keys, in three queries however many they are."""
    keys = set(offices)
    if not keys:
        return {}
    special = _special_days()
    sessions = defaultdict(list)
    for s in WorkSession.objects.filter(office__in=keys):
        sessions[s.office_id].append(
            WeeklySession(s.weekday, s.opens, s.closes, s.valid_from, s.valid_to)
        )
    closures: dict[int, dict[date, str]] = defaultdict(dict)
    for key, day, reason in OfficeClosure.objects.filter(office__in=keys).values_list(
        "office", "date", "reason"
    ):
        closures[key][day] = reason
    return {
        key: WorkingCalendar(
            special, sessions=sessions[key] or DEFAULT_SESSIONS, closures=closures[key]
        )
        for key in keys
    }


def _special_days() -> dict[date, SpecialDay]:
    return {
        day: SpecialDay(DayKind(kind), name, estimate)
        for day, kind, name, estimate in CalendarDay.objects.values_list(
            "date", "kind", "name", "is_estimate"
        )
    }
