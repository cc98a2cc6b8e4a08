"""An act that is entered on a later day than it happened, where that changes how its dossier
stands: a pause dated before the due date keeps it from having been overdue, a result dated back is
no longer late. Such an act needs a reason and is marked. Pure Python, no Django.

Only days count, as in `timeliness`. An act of today, or one that leaves class and in-time state
what they would be by the day of entry, needs nothing.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from dossiers.rules.timeliness import Timeliness, classify, is_overdue

OVERDUE, IN_TIME = "overdue", "in_time"
DETAIL = "entered_later"
"""Under which the event of the act keeps it."""
NOT_ASKED = "late_reason"
"""Under which the event keeps a reason that was typed though nothing needed one."""
_BAD = (OVERDUE, Timeliness.LATE.value)
_WORDS = {
    OVERDUE: "đang quá hạn",
    IN_TIME: "trong hạn",
    **{kind.value: kind.label for kind in Timeliness},
}


@dataclass(frozen=True)
class Difference:
    """How the dossier stands by the stated day, and how by the day of entry: a class of
    `Timeliness`, OVERDUE or IN_TIME."""

    stated: str
    typed: str

    @property
    def words(self) -> str:
        """Of an act with a day of its own."""
        return f"theo ngày làm là {_WORDS[self.stated]}, theo ngày nhập là {_WORDS[self.typed]}"

    @property
    def change(self) -> str:
        """Of one that puts right what was known."""
        return f"trước đó là {_WORDS[self.typed]}, nay là {_WORDS[self.stated]}"

    def question(self, stated_on: date, typed_on: date) -> str:
        """Why the act is refused without a reason."""
        return (
            f"Việc làm ngày {stated_on:%d/%m/%Y}, nay {typed_on:%d/%m/%Y} mới nhập, làm thay đổi "
            f"xét hạn của hồ sơ: {self.words}. Hãy ghi lý do nhập muộn."
        )

    def kept(self, reason: str) -> dict[str, Any]:
        """What the event keeps of it."""
        return {DETAIL: {"stated": self.stated, "typed": self.typed, "reason": reason}}

    @classmethod
    def read(cls, details: dict[str, Any]) -> Self | None:
        """What the details of an event say of it; None of an act that needed no reason."""
        kept = details.get(DETAIL)
        return cls(kept["stated"], kept["typed"]) if kept else None


def of_end(
    stated_on: date, typed_on: date, due_on: date | None, *, stopped_on: date | None = None
) -> Difference | None:
    """Of a result, a withdrawal or a stop; `stopped_on` is since when the clock stands still."""
    stated, typed = (
        classify(min(stopped_on or day, day), due_on).value for day in (stated_on, typed_on)
    )
    return _between(stated, typed) if stated_on < typed_on else None


def of_pause(stated_on: date, typed_on: date, due_on: date | None) -> Difference | None:
    """Of an act that stops the clock."""
    return _between(_standing(due_on, stated_on), _standing(due_on, typed_on))


def of_resumption(
    typed_on: date, due_if_stated: date | None, due_if_typed: date | None
) -> Difference | None:
    """Of an act that lets the clock run again, by the due dates that it gives."""
    return _between(_standing(due_if_stated, typed_on), _standing(due_if_typed, typed_on))


@dataclass(frozen=True)
class Times:
    """What the time of a dossier hangs on: the due date in force, the day by which it is
    classified once it has ended, and since when the clock stands still."""

    due_on: date | None
    timed_on: date | None = None
    paused_on: date | None = None


def of_correction(typed_on: date, before: Times, after: Times) -> Difference | None:
    """Of another receipt or procedure. While the clock stands still the day on which it stopped
    counts: a dossier that was late by then has its lateness still when it ends or goes on."""
    is_stopped = before.paused_on is not None and after.paused_on is not None
    stated, typed = (_stands(times, typed_on, is_stopped=is_stopped) for times in (after, before))
    return _between(stated, typed)


def of_undoing(typed_on: date, before: Times, after: Times) -> Difference | None:
    """Of the last act undone: marked where the dossier is late before it and not after it. The
    other way round the undone act had brought the difference, and its mark goes with it."""
    found = of_correction(typed_on, before, after)
    return found if found and found.typed in _BAD and found.stated not in _BAD else None


def _stands(times: Times, typed_on: date, *, is_stopped: bool) -> str:
    if times.timed_on is not None:
        return classify(times.timed_on, times.due_on).value
    if times.paused_on is None:
        return _standing(times.due_on, typed_on)
    return _standing(times.due_on, min(times.paused_on, typed_on)) if is_stopped else IN_TIME


def _standing(due_on: date | None, day: date) -> str:
    return OVERDUE if is_overdue(due_on, day) else IN_TIME


def _between(stated: str, typed: str) -> Difference | None:
    return Difference(stated, typed) if stated != typed else None
