"""How working days were counted when migration 0005 was released. It stays as it is, whatever the
program counts by later; Python and the models of that time alone."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

MONDAY, SATURDAY = 0, 5
Session = tuple[int, date | None, date | None]
"""Weekday, first and last day on which the session holds."""


class NoCalendarData(LookupError):
    """The calendar has no rows for a year that was asked about."""


class WorkingCalendar:
    """On which days one office works; `special` says of a day whether it is a make-up day."""

    def __init__(
        self, special: dict[date, bool], sessions: list[Session], closures: set[date]
    ) -> None:
        self._special, self._sessions, self._closures = special, sessions, closures
        self._years = {day.year for day in special}
        self._known: dict[date, bool] = {}

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`."""
        days = range(1, (end - start).days + 1)
        return sum(self._is_working(start + timedelta(days=n)) for n in days)

    def _is_working(self, day: date) -> bool:
        if day not in self._known:
            self._known[day] = self._reckon(day)
        return self._known[day]

    def _reckon(self, day: date) -> bool:
        if day.year not in self._years:
            raise NoCalendarData(day.year)
        makeup = self._special.get(day)
        if day in self._closures or makeup is False:
            return False
        weekday = MONDAY if makeup else day.weekday()
        return weekday < SATURDAY and self._has_session(weekday, day)

    def _has_session(self, weekday: int, day: date) -> bool:
        """Where no session of a weekday holds, the usual ones do: Monday to Friday."""
        weekdays = {
            each
            for each, first, last in self._sessions
            if each < SATURDAY and (first is None or first <= day) and (last is None or day <= last)
        }
        return not weekdays or weekday in weekdays


def calendars_of(apps: Any, offices: set[int]) -> dict[int, WorkingCalendar]:
    def rows(name: str, *columns: str) -> Any:
        return apps.get_model("procedures", name).objects.order_by().values_list(*columns)

    special = {day: kind == "makeup_work" for day, kind in rows("CalendarDay", "date", "kind")}
    sessions: dict[int, list[Session]] = defaultdict(list)
    for office, *session in rows("WorkSession", "office_id", "weekday", "valid_from", "valid_to"):
        sessions[office].append(tuple(session))
    closures: dict[int, set[date]] = defaultdict(set)
    for office, day in rows("OfficeClosure", "office_id", "date"):
        closures[office].add(day)
    return {key: WorkingCalendar(special, sessions[key], closures[key]) for key in offices}


def days_spent(
    calendar: WorkingCalendar,
    effective_on: date,
    timed_on: date,
    pauses: Iterable[tuple[date, date | None]],
) -> int:
    """The working days from the effective receipt to `timed_on`, less those waited."""
    waited = sum(
        calendar.between(
            max(since, effective_on), timed_on if until is None else min(until, timed_on)
        )
        for since, until in pauses
    )
    return calendar.between(effective_on, timed_on) - waited
