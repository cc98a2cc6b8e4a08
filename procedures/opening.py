"""When a desk is open, said as on the board at its door."""

from dataclasses import dataclass
from datetime import date, time
from itertools import groupby

from django.core.cache import cache

from motcua.models import Office
from procedures.calendar import sessions_of
from procedures.models import WorkSession
from procedures.workdays import in_force

WEEKDAYS = tuple(label for _, label in WorkSession.Weekday.choices)

Sessions = tuple[tuple[time, time], ...]


@dataclass(frozen=True)
class OpenHours:
    """Some weekdays in a row that share their sessions: "thứ Hai - thứ Sáu", "07:00 - 11:00"."""

    days: str
    hours: str


def opening_hours(office: Office, day: date) -> list[OpenHours]:
    """The weekly hours in force on the day: the office's own, otherwise the usual ones."""
    week: dict[int, list[tuple[time, time]]] = {}
    for session in in_force(sessions_of([office.pk])[office.pk], day):
        week.setdefault(session.weekday, []).append((session.opens, session.closes))
    return in_words({weekday: tuple(sorted(hours)) for weekday, hours in week.items()})


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
