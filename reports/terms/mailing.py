"""On which days a leader's paper is due by mail, and of which period it tells. Pure Python."""

from datetime import date, timedelta
from enum import StrEnum

from reports.terms.periods import Period, Span, containing

# A paper that could not be sent on its day is still sent this many days later, not after.
MOST_LATE = 6  # days


class Every(StrEnum):
    """How often a leader has the paper."""

    WEEK = "week"
    MONTH = "month"


def due_day(every: Every, today: date) -> date | None:
    """The last Monday, or the first of the month, up to today; None when it is more than MOST_LATE
    days ago."""
    days = today.weekday() if every is Every.WEEK else today.day - 1
    return today - timedelta(days=days) if days <= MOST_LATE else None


def month_before(due: date) -> Period:
    """The month that ended before the paper's day."""
    return containing(due - timedelta(days=1), Span.MONTH)
