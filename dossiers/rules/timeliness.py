"""Early, on time, late; and overdue while still open: the one definition of each, in Python and
as an SQL expression.

Dates are compared with dates, never hours: resolved on a date before the due date is early,
on it on time, after it late. A dossier without a due date is on time, and never overdue.
Django is imported where SQL is made alone, so that the rules stand without it.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import Case, Q
    from django.db.models.expressions import Combinable

ONE_DAY = timedelta(days=1)
MOST_SUPPLEMENTS = 1
"""How often papers may be asked for before the index of QĐ 766/QĐ-TTg takes a dossier for late."""


class Timeliness(StrEnum):
    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"

    @property
    def label(self) -> str:
        return {"early": "trước hạn", "on_time": "đúng hạn", "late": "quá hạn"}[self.value]


def classify(timed_on: date, due_on: date | None) -> Timeliness:
    """The class of a dossier that ended.

    `timed_on` is the date of its end, or the date on which the clock stopped if it ended
    while waiting for the citizen; `due_on` the date of the deadline in force.
    """
    if due_on is None or timed_on == due_on:
        return Timeliness.ON_TIME
    return Timeliness.EARLY if timed_on < due_on else Timeliness.LATE


def is_overdue(due_on: date | None, as_of: date, *, clock_stopped: bool = False) -> bool:
    """Whether a dossier still open at the end of the day `as_of` is overdue.

    A dossier whose clock stands still then is in time.
    """
    return due_on is not None and not clock_stopped and due_on < as_of


def is_late_in_index(day: date, due_on: date | None, supplements: int) -> bool:
    """Whether a dossier is late in the index of QĐ 766/QĐ-TTg, which is stricter than Biểu II.06a.

    `day` is that of its end, or on which its clock stopped; of one still worked on the last of
    the period. `supplements` is how often papers were asked for, before its receipt included:
    more than once makes it late, whatever its due date.
    """
    return supplements > MOST_SUPPLEMENTS or (due_on is not None and day > due_on)


def overdue_from(due_on: date) -> date:
    """The first day at whose end an open dossier that was due then is overdue."""
    return due_on + ONE_DAY


def overdue_sql(
    as_of: date, due_on: "Combinable | None" = None, clock_runs: "Q | None" = None
) -> "Q":
    """`is_overdue` for the database, of dossiers still open at the end of the day `as_of`.

    Left out, `due_on` and `clock_runs` are what holds now, for an `as_of` of today.
    """
    from django.db.models import F, Q
    from django.db.models.lookups import LessThan

    runs = Q(paused_on__isnull=True) if clock_runs is None else clock_runs
    return runs & Q(LessThan(F("due_on") if due_on is None else due_on, as_of))


def classify_sql(timed_on: str = "timed_on", due_on: str = "due_on") -> "Case":
    """`classify` for the database, over the two named columns."""
    from django.db.models import Case, F, Q, Value, When

    return Case(
        When(**{f"{due_on}__isnull": True}, then=Value(Timeliness.ON_TIME.value)),
        When(Q(**{f"{timed_on}__lt": F(due_on)}), then=Value(Timeliness.EARLY.value)),
        When(Q(**{f"{timed_on}__gt": F(due_on)}), then=Value(Timeliness.LATE.value)),
        default=Value(Timeliness.ON_TIME.value),
    )
