"""The working calendars of offices, read from the database into the pure room `workdays`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from motcua.models import Office
from procedures.models import CalendarDay, OfficeClosure, WorkSession
from procedures.workdays import (
    DEFAULT_SESSIONS,
    SATURDAY,
    DayKind,
    SpecialDay,
    WeeklySession,
    WorkingCalendar,
)


def calendar_for(office: Office | None) -> WorkingCalendar:
    """The country's calendar with this office's own sessions and closures.

    Without an office: the usual hours (Monday to Friday, 07:00-11:00 and 13:00-17:00).
    """
    if office is None:
        return WorkingCalendar(_special_days())
    return calendars_for([office.pk])[office.pk]


def calendars_for(offices: Iterable[int]) -> dict[int, WorkingCalendar]:
    """The calendars of the offices with these keys, in three queries however many they are."""
    keys = set(offices)
    if not keys:
        return {}
    special = _special_days()
    sessions = sessions_of(keys)
    closures: dict[int, dict[date, str]] = defaultdict(dict)
    for key, day, reason in OfficeClosure.objects.filter(office__in=keys).values_list(
        "office", "date", "reason"
    ):
        closures[key][day] = reason
    usual = WorkingCalendar(special)  # shared: it remembers the days it has reckoned
    return {
        key: (
            WorkingCalendar(special, sessions=sessions[key], closures=closures[key])
            if key in closures or sessions[key] is not DEFAULT_SESSIONS
            else usual
        )
        for key in keys
    }


def sessions_of(offices: Iterable[int]) -> dict[int, Sequence[WeeklySession]]:
    """The weekly sessions of the offices with these keys: their own, otherwise the usual ones.

    Rows for a Saturday or Sunday counter alone leave the usual weekdays as they are.
    """
    own: dict[int, list[WeeklySession]] = defaultdict(list)
    keys = set(offices)
    for s in WorkSession.objects.filter(office__in=keys):
        own[s.office_id].append(
            WeeklySession(s.weekday, s.opens, s.closes, s.valid_from, s.valid_to)
        )
    return {key: _with_weekdays(own[key]) for key in keys}


def _with_weekdays(own: list[WeeklySession]) -> Sequence[WeeklySession]:
    if not own:
        return DEFAULT_SESSIONS
    if any(session.weekday < SATURDAY for session in own):
        return own
    return [*DEFAULT_SESSIONS, *own]


def _special_days() -> dict[date, SpecialDay]:
    return {
        day: SpecialDay(DayKind(kind), name, estimate)
        for day, kind, name, estimate in CalendarDay.objects.values_list(
            "date", "kind", "name", "is_estimate"
        )
    }
