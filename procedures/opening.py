"""When a desk is open, said as on the board at its door."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.core.cache import cache

from motcua.models import Office
from procedures.calendar import sessions_of
from procedures.models import WorkSession
from procedures.workdays import SATURDAY, NoCalendarData, WorkingCalendar, in_force

WEEKDAYS = tuple(label for _, label in WorkSession.Weekday.choices)

# "Tết Nguyên đán (mùng 2)": which of several days it is.
_NUMBERED = re.compile(r" \((?!ước tính)[^)]*\)")
MOST_DAYS_SHUT = 31  # nobody is told of an opening farther ahead

Sessions = tuple[tuple[time, time], ...]


@dataclass(frozen=True)
class OpenHours:
    """Some weekdays in a row that share their sessions: "thứ Hai - thứ Sáu", "07:00 - 11:00"."""

    days: str
    hours: str

    @property
    def sessions(self) -> list[str]:
        """Each session by itself, for a line of its own."""
        return self.hours.split(", ")


def opening_hours(office: Office, day: date) -> list[OpenHours]:
    """The weekly hours in force on the day: the office's own, otherwise the usual ones."""
    week: dict[int, list[tuple[time, time]]] = {}
    for session in in_force(sessions_of([office.pk])[office.pk], day):
        week.setdefault(session.weekday, []).append((session.opens, session.closes))
    return in_words({weekday: tuple(sorted(hours)) for weekday, hours in week.items()})


def days_shut(lines: Iterable[OpenHours]) -> str:
    """The weekdays that none of these lines tells of: "thứ Bảy, Chủ nhật"."""
    told: set[str] = set()
    for line in lines:
        first, _, last = line.days.partition(" - ")
        told.update(WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last or first) + 1])
    return ", ".join(day for day in WEEKDAYS if day not in told)


def hours_on_the_board(office: Office, day: date) -> list[OpenHours]:
    """As `opening_hours`, kept in the process for a minute: asked with every look-up."""
    name = f"opening-hours.{office.pk}.{day.isoformat()}"
    kept: list[OpenHours] | None = cache.get_or_set(name, lambda: opening_hours(office, day), 60)
    return kept or []


def in_words(week: dict[int, Sessions]) -> list[OpenHours]:
    """Weekdays that follow each other with the same sessions become one line."""
    lines = []
    in_order = sorted(week)
    runs = groupby(enumerate(in_order), key=lambda pair: (pair[1] - pair[0], week[pair[1]]))
    for (_, sessions), run in runs:
        days = [WEEKDAYS[weekday] for _, weekday in run]
        words = days[0] if len(days) == 1 else f"{days[0]} - {days[-1]}"
        hours = ", ".join(f"{opens:%H:%M} - {closes:%H:%M}" for opens, closes in sessions)
        lines.append(OpenHours(words, hours))
    return lines


@dataclass(frozen=True)
class OpenNow:
    """Whether a desk is open at a moment, as a board at its door would say it."""

    is_open: bool
    words: str
    """ "Đang mở đến 11:00", "Đang đóng cửa"."""
    more: str
    """When it opens again; why it is closed on a day that is usually worked."""


@dataclass(frozen=True)
class DaysOff:
    """Days off in a row, both included; weekends between them are passed over."""

    first: date
    last: date
    why: str


def open_now(calendar: WorkingCalendar, now: datetime) -> OpenNow:
    """Of the moment, local and naive. Raises NoCalendarData where the year is not known."""
    today = now.date()
    sessions = calendar.sessions_on(today)
    later = [session for session in sessions if session[0] > now.time()]
    for opens, closes in sessions:
        if opens <= now.time() < closes:
            return OpenNow(True, f"Đang mở đến {closes:%H:%M}", _again(today, later))
    if later:
        words = "Chưa mở cửa" if later == list(sessions) else "Đang nghỉ giữa buổi"
        return OpenNow(False, words, _again(today, later))
    why = "" if sessions or today.weekday() >= SATURDAY else f"Hôm nay {calendar.why(today)}. "
    return OpenNow(False, "Đang đóng cửa", why + _next_day(calendar, today))


def _again(today: date, later: list[tuple[time, time]]) -> str:
    hours = ", ".join(f"{opens:%H:%M} - {closes:%H:%M}" for opens, closes in later)
    return f"Mở lại {hours} hôm nay." if later else ""


def _next_day(calendar: WorkingCalendar, today: date) -> str:
    for days in range(1, MOST_DAYS_SHUT):
        day = today + timedelta(days=days)
        try:
            sessions = calendar.sessions_on(day)
        except NoCalendarData:  # next year's calendar has not come yet
            break
        if sessions:
            return f"Mở lại {sessions[0][0]:%H:%M} {WEEKDAYS[day.weekday()]}, {day:%d/%m/%Y}."
    return ""


def days_off(calendar: WorkingCalendar, today: date, within: int = 90) -> list[DaysOff]:
    """The days off from today on among those usually worked, as far as the calendar knows."""
    found: list[DaysOff] = []
    for days in range(within):
        day = today + timedelta(days=days)
        try:
            is_off, why = not calendar.is_working(day), calendar.why(day)
        except NoCalendarData:
            break
        if not is_off or day.weekday() >= SATURDAY:
            continue
        why = _NUMBERED.sub("", why.removeprefix("nghỉ: "))
        last = found[-1] if found else None
        if last is not None and last.why == why and _follows(last.last, day):
            found[-1] = DaysOff(last.first, day, why)
        else:
            found.append(DaysOff(day, day, why))
    return found


def _follows(last: date, day: date) -> bool:
    """Whether no weekday lies between the two."""
    between = ((last + timedelta(days=n)).weekday() for n in range(1, (day - last).days))
    return all(weekday >= SATURDAY for weekday in between)
