"""A change of the calendar shows the open dossiers whose date it would move, and moves those
that an officer confirms, each with an event. Nothing moves by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, prefetch_related_objects

from dossiers.lifecycle import due_dates
from dossiers.lifecycle.changes import Change, Facts, verb
from dossiers.models import Deadline, Dossier, Event, Pause
from dossiers.rules.states import MoveRefused, StalePage, Verb
from motcua import clock
from motcua.models import Office
from procedures.calendar import calendar_for, calendars_for
from procedures.workdays import WorkingCalendar


@dataclass(frozen=True)
class Shift:
    """An open dossier whose due date is another one by the calendar as it is now."""

    dossier: Dossier
    due_at: datetime
    new_due_at: datetime


def shifts(dossiers: Iterable[Dossier]) -> list[Shift]:
    """Those of the open dossiers whose date the present calendar would move, soonest first.

    A date written in an old register was not reckoned here and is left alone. A constant number
    of queries. Raises NoCalendarData when a year on the way has no calendar.
    """
    rows = [dossier for dossier in dossiers if dossier.is_open]
    pauses = Prefetch("pauses", Pause.objects.select_related("closed_by"))
    prefetch_related_objects(rows, pauses, "deadlines", "version")
    offices = {key for dossier in rows for key in (dossier.office_id, dossier.receiver_id)}
    calendars = calendars_for(offices)
    for ended in Office.objects.filter(pk__in=calendars, successor__isnull=False):
        calendars[ended.pk] = calendar_for(ended)
    found = []
    for dossier in rows:
        desk = due_dates.desk_calendar(dossier, calendars)
        calendar = calendars[dossier.office_id]
        new = _moved_to(dossier, dossier.deadlines.all(), dossier.pauses.all(), calendar, desk)
        if new is not None and dossier.due_at is not None:
            found.append(Shift(dossier, dossier.due_at, new))
    return sorted(found, key=lambda shift: shift.due_at)


def _moved_to(
    dossier: Dossier,
    deadlines: Iterable[Deadline],
    pauses: Iterable[Pause],
    calendar: WorkingCalendar,
    desk: WorkingCalendar | None = None,
) -> datetime | None:
    """The other date that the calendar gives to the open dossier; None where it gives none."""
    if dossier.due_at is None or due_dates.was_written(deadlines):
        return None
    new = clock.aware(due_dates.reckon_anew(dossier, pauses, calendar, desk).due_at)
    return new if new != dossier.due_at else None


@verb(Verb.CORRECT)
def reschedule(facts: Facts, *, reason: str, shown: datetime | None = None) -> Change:
    """Give the dossier the due date of the present calendar, as an officer confirmed.

    Refused when the dossier has ended or its date does not move, and as a stale page when the
    date is not the one that was `shown`.
    """
    dossier, new = facts.dossier, None
    if dossier.is_open:
        rows = (facts.rows(Deadline), facts.rows(Pause))
        new = _moved_to(dossier, *rows, facts.calendar())
    if new is None:
        raise MoveRefused("Ngày hẹn của hồ sơ này không thay đổi theo lịch hiện tại.")
    if shown is not None and shown != new:
        raise StalePage(
            "Lịch làm việc lại vừa thay đổi: ngày hẹn mới nay là "
            f"{clock.local(new):%d/%m/%Y}, không phải {clock.local(shown):%d/%m/%Y}."
        )
    return Change(
        {"due_at": new, "due_on": clock.local(new).date(), "due_since": facts.on},
        kind=Event.Kind.RESCHEDULE,
        note=reason,
        closes=(Deadline,),
        opens=[due_dates.promise(Deadline.Kind.CALENDAR, new, facts.on, reason)],
    )
