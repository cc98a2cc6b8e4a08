"""The days of a due date laid out as weeks from Monday to Sunday: pure Python, no Django.

What a day is stands in its `DayLine`, in a sentence; a cell of a calendar has room for a word.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

LONGEST = 8
"""Weeks shown whole; of more the middle is folded away."""
ENDS = 2
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
COUNTED, PAUSE, OFF, OTHER, OUTSIDE = "counted", "pause", "off", "other", "outside"

# How a sentence of `deadlines` begins -> the word in the cell.
_OTHER_DAYS = {
    "ngày tiếp nhận": "nhận",
    "coi là ngày tiếp nhận": "nhận",
    "tiếp nhận ": "nhận",
    "nộp ": "nộp",
    "ngày yêu cầu bổ sung": "yêu cầu",
    "hạn cũ": "hạn cũ",
    "ngày làm việc tiếp theo": "hạn",
}
_NUMBER = re.compile(r"thứ (\d+)")
_BRACKETS = re.compile(r" \((.+)\)$")


@dataclass(frozen=True)
class DayLine:
    """One day between receipt and due date: counted or skipped, and why."""

    date: date
    counted: bool
    why: str


@dataclass(frozen=True)
class Cell:
    """A day of a week; one before the first or after the last line has none. `short` is its word,
    `kind` one of the constants of this module."""

    day: date
    lines: tuple[DayLine, ...]
    short: str
    kind: str
    shows_month: bool = False
    is_first: bool = False
    is_last: bool = False


Week = tuple[Cell, ...]


@dataclass(frozen=True)
class NamedDays:
    """A day, or several in a row, that are no ordinary ones: a holiday, work made up for."""

    first: date
    last: date
    words: str


@dataclass(frozen=True)
class Weeks:
    """`middle` is empty unless there are more than `LONGEST`."""

    head: tuple[Week, ...]
    middle: tuple[Week, ...]
    tail: tuple[Week, ...]
    remarks: tuple[NamedDays, ...]

    @property
    def has_pause(self) -> bool:
        weeks = (*self.head, *self.middle, *self.tail)
        return any(cell.kind == PAUSE for week in weeks for cell in week)

    @property
    def counted_in_middle(self) -> int:
        lines = (line for week in self.middle for cell in week for line in cell.lines)
        return sum(line.counted for line in lines)


Stop = tuple[date, date | None]
"""The day on which the clock was stopped and that on which it went on, None while it stands."""


def weeks_of(lines: Sequence[DayLine], stops: Iterable[Stop] = ()) -> Weeks:
    """The weeks from the first day to the last, at least one line given. Days of the `stops` that
    begin among them, the day of each beginning left out, are marked: the clock stood still, though
    what was promised before counts them."""
    first, last = min(line.date for line in lines), max(line.date for line in lines)
    stops = [(begin, end) for begin, end in stops if begin >= first]
    of_day: dict[date, list[DayLine]] = {}
    for line in lines:
        of_day.setdefault(line.date, []).append(line)
    monday = first - timedelta(days=first.weekday())
    count = (last - monday).days // 7 + 1

    def cell(day: date) -> Cell:
        of_this = tuple(of_day.get(day, ()))
        stopped = any(begin < day and (end is None or day <= end) for begin, end in stops)
        kind, short = _look(of_this[-1]) if of_this else (OUTSIDE, "")
        if stopped and of_this:
            kind = PAUSE
        shows_month = day.day == 1 or (day - monday).days in begins
        return Cell(day, of_this, short, kind, shows_month, day == first, day == last)

    # Of each piece the first day says its month.
    begins = (0,) if count <= LONGEST else (0, 7 * ENDS, 7 * (count - ENDS))
    weeks = tuple(
        tuple(cell(monday + timedelta(days=7 * week + place)) for place in range(7))
        for week in range(count)
    )
    if count <= LONGEST:
        return Weeks(weeks, (), (), tuple(_remarks(lines)))
    return Weeks(weeks[:ENDS], weeks[ENDS:-ENDS], weeks[-ENDS:], tuple(_remarks(lines)))


def _look(line: DayLine) -> tuple[str, str]:
    """Kind and word of a day."""
    if line.why.startswith("chờ bổ sung"):
        return PAUSE, "chờ"
    number = _NUMBER.search(line.why)
    if line.counted and number:
        return COUNTED, f"+{number[1]}" if line.why.startswith("cộng thêm") else number[1]
    if line.counted:
        words = line.why.removeprefix("cộng thêm: ").removeprefix("tính ").removesuffix(" làm việc")
        return COUNTED, "trả" if words.startswith("ngày trả") else words
    for begins, short in _OTHER_DAYS.items():
        if line.why.startswith(begins):
            return OTHER, short
    return OFF, "nghỉ"


def _remarks(lines: Iterable[DayLine]) -> Iterator[NamedDays]:
    """Days off that have a name, and counted days with something particular, in runs."""
    run: NamedDays | None = None
    for line in lines:
        words = _named(line)
        follows = run is not None and line.date - run.last <= timedelta(days=1)
        if run is not None and follows and words == run.words:
            run = NamedDays(run.first, line.date, words)
            continue
        if run is not None:
            yield run
        run = NamedDays(line.date, line.date, words) if words else None
    if run is not None:
        yield run


def _named(line: DayLine) -> str:
    """What a day is called that is no ordinary one; of the days of Tết the name without which."""
    brackets = _BRACKETS.search(line.why)
    if line.counted:
        words = brackets[1] if brackets else ""
    else:
        kind, _ = _look(line)
        words = _BRACKETS.sub("", line.why) if kind == OFF else ""
    return "" if words in WEEKDAYS else words
