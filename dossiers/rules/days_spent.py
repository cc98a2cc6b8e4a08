"""How many working days a dossier took of its office's time: pure Python, no Django.

Counted as the limits are counted (`deadlines`), so that the two can be laid side by side: the
day of the effective receipt is not counted, each working day after it is, up to and including
the day by which the dossier is classified. A dossier resolved on its due day, with a limit of
N working days and no pause, has spent N; one resolved on the day of its receipt has spent 0.

The citizen's time is not the office's: of a pause, the working days after the day of the
request up to and including the day of arrival are left out, as a clock that goes on leaves
them out. Where the regime gives a whole new limit after a supplement, the days before the
request still count here: the office has had them.
"""

from collections.abc import Iterable
from datetime import date

from procedures.workdays import WorkingCalendar


def days_spent(
    calendar: WorkingCalendar,
    effective_on: date,
    timed_on: date,
    pauses: Iterable[tuple[date, date | None]] = (),
) -> int:
    """The working days from the effective receipt to `timed_on`, less those waited.

    `pauses` are (from, until) and do not overlap; one without an end lasts to `timed_on`.
    Raises NoCalendarData when a year on the way has no calendar.
    """
    waited = sum(
        calendar.working_days_between(
            max(since, effective_on), timed_on if until is None else min(until, timed_on)
        )
        for since, until in pauses
    )
    return calendar.working_days_between(effective_on, timed_on) - waited
