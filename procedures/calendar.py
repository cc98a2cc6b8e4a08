"""The working calendars of offices, read from the database into the pure module `workdays`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
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

    Without an office: the usual hours (Monday to Friday, 07:00-11:00 and 13:00-17:00).
    """
    if office is None:
        return WorkingCalendar(_special_days())
    return calendars_for([office.pk])[office.pk]


def calendars_for(offices: Iterable[int]) -> dict[int, WorkingCalendar]:
    """The calendars of the offices with these keys, in three queries however many they are."""
    keys = set(offices)
    special = _special_days()
    sessions = sessions_of(keys)
    closures: dict[int, dict[date, str]] = defaultdict(dict)
    for key, day, reason in _read(
        "SELECT office_id, date, reason FROM procedures_officeclosure WHERE office_id IN", keys
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
