"""The working calendars of offices, read from the database into the pure module `workdays`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from motcua.models import Office
from motcua.operations import replica
from procedures.workdays import (
    DEFAULT_SESSIONS,
    DayKind,
    SpecialDay,
    WeeklySession,
    WorkingCalendar,
)


def calendar_for(office: Office | None) -> WorkingCalendar:
    """The country's calendar with this office's own sessions and closures.

    Of an office that has ended: from then on its successor's. Without an office: the usual
    hours (Monday to Friday, 07:00-11:00 and 13:00-17:00).
    """
    if office is None:
        return WorkingCalendar(_special_days())
    if office.successor_id is not None:
        return _going_on(office)
    return calendars_for([office.pk])[office.pk]


def _going_on(office: Office) -> WorkingCalendar:
    """That of an office which has ended: from the day after, its successor's hours and closures."""
    line = [office]
    while line[-1].successor is not None:
        line.append(line[-1].successor)
    sessions: list[WeeklySession] = []
    closures: dict[date, str] = {}
    begin: date | None = None
    known = sessions_of(each.pk for each in line)
    shut = _closures({each.pk for each in line})
    for each in line:
        end = each.exists_until
        sessions += [clipped for own in known[each.pk] if (clipped := _within(own, begin, end))]
        closures |= {
            day: reason
            for day, reason in shut[each.pk].items()
            if (begin is None or begin <= day) and (end is None or day <= end)
        }
        begin = end + timedelta(days=1) if end is not None else None
    return WorkingCalendar(_special_days(), sessions=sessions, closures=closures)


def _within(session: WeeklySession, begin: date | None, end: date | None) -> WeeklySession | None:
    """The session as far as it lies in this time; None where it does not."""
    start = max(filter(None, (session.valid_from, begin)), default=None)
    stop = min(filter(None, (session.valid_to, end)), default=None)
    if start is not None and stop is not None and stop < start:
        return None
    return replace(session, valid_from=start, valid_to=stop)


def calendars_for(offices: Iterable[int]) -> dict[int, WorkingCalendar]:
    """The calendars of the offices with these keys, in three queries however many they are."""
    keys = set(offices)
    special = _special_days()
    sessions = sessions_of(keys)
    closures = _closures(keys)
    usual = WorkingCalendar(special)  # shared: it remembers the days it has reckoned
    return {
        key: (
            WorkingCalendar(special, sessions=sessions[key], closures=closures[key])
            if key in closures or sessions[key] is not DEFAULT_SESSIONS
            else usual
        )
        for key in keys
    }


def _closures(offices: set[int]) -> dict[int, dict[date, str]]:
    found: dict[int, dict[date, str]] = defaultdict(dict)
    for key, day, reason in _read(
        "SELECT office_id, date, reason FROM procedures_officeclosure WHERE office_id IN", offices
    ):
        found[key][day] = reason
    return found


def sessions_of(offices: Iterable[int]) -> dict[int, Sequence[WeeklySession]]:
    """The weekly sessions of the offices with these keys: their own, otherwise the usual ones."""
    own: dict[int, list[WeeklySession]] = defaultdict(list)
    keys = set(offices)
    for key, *session in _read(
        "SELECT office_id, weekday, opens, closes, valid_from, valid_to"
        " FROM procedures_worksession WHERE office_id IN",
        keys,
    ):
        own[key].append(WeeklySession(*session))
    return {key: own[key] or DEFAULT_SESSIONS for key in keys}


def _special_days() -> dict[date, SpecialDay]:
    rows = _read("SELECT date, kind, name, is_estimate FROM procedures_calendarday")
    return {
        day: SpecialDay(DayKind(kind), name, bool(estimate)) for day, kind, name, estimate in rows
    }


def _read(select: str, keys: set[int] | None = None) -> list[tuple[Any, ...]]:
    """The rows of a fixed statement. Every receipt asks for a calendar, and making these three
    through the ORM took four times as long as running them."""
    if keys is not None:
        if not keys:
            return []
        select += f" ({', '.join(['%s'] * len(keys))})"
    with replica.reading().cursor() as cursor:
        cursor.execute(select, sorted(keys) if keys is not None else None)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
