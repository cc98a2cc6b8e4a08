"""How long a dossier still has, in the words of a desk: "còn 2 ngày làm việc", "quá hạn 3 ngày
làm việc". Working days are those of the office that received the dossier."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dossiers.desk.later_entries import LaterEntry, later_entries
from dossiers.models import Dossier
from dossiers.rules.class_words import between
from dossiers.rules.timeliness import is_overdue
from motcua import clock
from procedures.calendar import calendars_for
from procedures.workdays import WorkingCalendar


@dataclass(frozen=True)
class TimeLeft:
    """`kind` is one of the look's marks: open, today, late, waiting."""

    kind: str
    words: str


def time_left(
    dossier: Dossier, calendar: WorkingCalendar, today: date, *, apologised: bool = False
) -> TimeLeft | None:
    """What is left of the time of an open dossier; None for one that has ended, was never
    accepted, or has no due date.

    While the clock stands still it says how long already, in calendar days. A year without calendar
    is counted in calendar days too, and says so.
    """
    if dossier.paused_on is not None:
        return TimeLeft("waiting", waited(dossier.paused_on, today))
    if not dossier.is_open or dossier.due_on is None:
        return None
    if dossier.due_on == today:
        return TimeLeft("today", "đến hạn hôm nay")
    days = between(calendar, *sorted([dossier.due_on, today]))
    if not is_overdue(dossier.due_on, today):
        return TimeLeft("open", f"còn {days}")
    return TimeLeft("late", f"quá hạn {days}, đã xin lỗi" if apologised else f"quá hạn {days}")


@dataclass(frozen=True)
class DossierWithTime:
    """A line of a list: a dossier, how long it still has, whether somebody has apologised, and
    which acts were entered later and changed how it stands."""

    dossier: Dossier
    left: TimeLeft | None
    apologised: bool
    later: Sequence[LaterEntry] = ()


def tell_time_left(dossiers: Iterable[Dossier], today: date | None = None) -> list[DossierWithTime]:
    """The dossiers of a page with the time that each has, in a constant number of queries.

    An annotation `apologised`, where the query has it, is told too.
    """
    dossiers = list(dossiers)
    day = today or clock.today()
    calendars = calendars_for(dossier.office_id for dossier in dossiers)
    later = later_entries(dossiers)
    return [
        _told(dossier, calendars[dossier.office_id], day, later.get(dossier.pk, ()))
        for dossier in dossiers
    ]


def _told(
    dossier: Dossier, calendar: WorkingCalendar, day: date, later: Sequence[LaterEntry]
) -> DossierWithTime:
    apologised: bool = vars(dossier).get("apologised", False)
    left = time_left(dossier, calendar, day, apologised=apologised)
    return DossierWithTime(dossier, left, apologised, later)


def waited(since: date, today: date) -> str:
    """How long somebody has been waiting, in calendar days."""
    days = (today - since).days
    return f"đã chờ {days} ngày" if days else "chờ từ hôm nay"
