"""The periods that figures are made for: pure Python, no Django.

Two calendars of periods. "calendar": months and quarters of the calendar. "nd09" (NĐ 09/2019/
NĐ-CP, TT 01/2020/TT-VPCP): a month runs from the 15th of the one before to its own 14th, so the
year 2016 runs from 15/12/2015 to 14/12/2016. Bounds are inclusive local dates. A period that has
not ended is told as of today (`told_on`).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

CALENDARS = ("calendar", "nd09")
FIRST_YEAR, LAST_YEAR = 1900, 2999
ONE_DAY = timedelta(days=1)
_ROMAN = ("I", "II", "III", "IV")
_NAMED = re.compile(r"([0-9]{4})(?:-(Q[1-4]|6M|9M|0[1-9]|1[0-2]))?")
_FREE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.\.([0-9]{4}-[0-9]{2}-[0-9]{2})")


class Span(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True)
class Period:
    """From `start` to `end`, both included. `parse_period(key, calendar)` gives it again.

    Raises ValueError when the end lies before the start or the calendar is unknown.
    """

    start: date
    end: date
    key: str
    calendar: str = "calendar"
    told_until: date | None = None
    """The day to whose end the figures go, of a period that has not ended by then."""

    def __post_init__(self) -> None:
        if self.calendar not in CALENDARS:
            raise ValueError(
                f"Không có lịch kỳ báo cáo “{self.calendar}”. Hãy dùng {' hoặc '.join(CALENDARS)}."
            )
        if self.end < self.start:
            raise ValueError(
                f"Ngày cuối {self.end:%d/%m/%Y} nằm trước ngày đầu {self.start:%d/%m/%Y}."
            )

    def told_on(self, today: date) -> "Period":
        """The period as it is told on this day: until its end, or until today while it runs; it
        has ended the day after its last."""
        return replace(self, told_until=today if today <= self.end else None)

    @property
    def whole(self) -> "Period":
        """The period as it will be told at its end, if nothing happens any more."""
        return replace(self, told_until=None)

    @property
    def as_of(self) -> date:
        """The day to whose end everything of the period is counted; before its start where it
        has not begun."""
        return self.told_until or self.end

    @property
    def has_begun(self) -> bool:
        return self.start <= self.as_of

    @property
    def so_far(self) -> str:
        """What is said wherever figures of a period stand that has not ended; otherwise empty."""
        return f"tính đến hết {self.told_until:%d/%m/%Y}" if self.told_until else ""

    @property
    def told_label(self) -> str:
        """The name, with the day to which it is told while it runs."""
        return f"{self.label}, {self.so_far}" if self.so_far else self.label

    @property
    def label(self) -> str:
        """The name as in a report's heading; a free range has no name but its dates."""
        named = _NAMED.fullmatch(self.key)
        if named is None:
            return f"từ {self.start:%d/%m/%Y} đến {self.end:%d/%m/%Y}"
        year, part = named[1], named[2]
        if part is None:
            return f"Năm {year}"
        if part == "6M":
            return f"6 tháng đầu năm {year}"
        if part == "9M":
            return f"9 tháng năm {year}"
        if part.startswith("Q"):
            return f"Quý {_ROMAN[int(part[1]) - 1]} năm {year}"
        return f"Tháng {int(part)} năm {year}"

    def months(self) -> tuple["Period", ...]:
        """The period month by month of its calendar; the first and last may be cut short."""
        return tuple(self._pieces(Span.MONTH))

    def quarters(self) -> tuple["Period", ...]:
        """The period quarter by quarter of its calendar; the first and last may be cut short."""
        return tuple(self._pieces(Span.QUARTER))

    def previous_year(self) -> "Period | None":
        """The same period a year before; a free range has its ends moved, 29/2 to 28/2. Of one
        that has not ended, its days so far a year before; of one that has not begun none."""
        if not self.has_begun:
            return None
        if self.told_until and self.told_until < self.end:
            return _free(_year_before(self.start), _year_before(self.told_until), self.calendar)
        named = _NAMED.fullmatch(self.key)
        if named is None:
            return _free(_year_before(self.start), _year_before(self.end), self.calendar)
        return _named(int(named[1]) - 1, named[2], self.calendar)

    def preceding(self) -> "Period | None":
        """The period right before this one, where it is one that can be laid beside it.

        A month or quarter has the one before it; the first six months have the last six of the
        year before; a free range as many days right before it. Nine months have none: what lies
        before them is a quarter. Nor has a year: the one before is `previous_year` already.
        Beside one that has not ended stand as many days of the earlier one, beside one that has
        not begun nothing.
        """
        earlier = self.whole._preceding() if self.has_begun else None
        if earlier is None or self.told_until in (None, self.end):
            return earlier
        last = earlier.start + (self.as_of - self.start)
        return _free(earlier.start, min(last, earlier.end), self.calendar)

    def _preceding(self) -> "Period | None":
        named = _NAMED.fullmatch(self.key)
        before = self.start - ONE_DAY
        if named is None:
            return _free(before - (self.end - self.start), before, self.calendar)
        if named[2] in (None, "9M"):
            return None
        if named[2] == "6M":
            return _free(_month_start(int(named[1]) - 1, 7, self.calendar), before, self.calendar)
        span = Span.QUARTER if named[2].startswith("Q") else Span.MONTH
        return containing(before, span, self.calendar)

    def _pieces(self, span: Span) -> Iterator["Period"]:
        day = self.start
        while day <= self.end:
            whole = containing(day, span, self.calendar)
            if self.start <= whole.start and whole.end <= self.end:
                yield whole
            else:
                yield _free(max(self.start, whole.start), min(self.end, whole.end), self.calendar)
            day = whole.end + ONE_DAY


def parse_period(text: str, calendar: str = "calendar") -> Period:
    """The period that the text names: 2016-Q1, 2016-6M, 2016-9M, 2016, 2016-01-01..2016-09-30;
    also a month, 2016-02. Capitals and spaces around it do not matter.

    Raises ValueError with a Vietnamese sentence for anything else.
    """
    word = text.strip().upper()
    if named := _NAMED.fullmatch(word):
        _check_year(int(named[1]))
        return _named(int(named[1]), named[2], calendar)
    if free := _FREE.fullmatch(word):
        return _free(_day(free[1]), _day(free[2]), calendar)
    raise ValueError(
        f"Không hiểu kỳ báo cáo “{text.strip()}”. Hãy viết như 2016-Q1, 2016-6M, 2016-9M, 2016 "
        "hoặc 2016-01-01..2016-09-30."
    )


def containing(day: date, span: Span = Span.QUARTER, calendar: str = "calendar") -> Period:
    """The month, quarter or year of that calendar in which the day lies."""
    year, month = day.year, day.month
    if calendar == "nd09" and day.day >= 15:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return _named(year, _PART_OF[Span(span)](month), calendar)


_PART_OF: dict[Span, Callable[[int], str | None]] = {
    Span.MONTH: lambda month: f"{month:02}",
    Span.QUARTER: lambda month: f"Q{(month + 2) // 3}",
    Span.YEAR: lambda month: None,
}


def _named(year: int, part: str | None, calendar: str) -> Period:
    """A whole year, or the part of it that a key names."""
    first, last = _months_of(part)
    start = _month_start(year, first, calendar)
    end = _month_start(year, last + 1, calendar) - ONE_DAY
    return Period(start, end, f"{year:04}-{part}" if part else f"{year:04}", calendar)


def _months_of(part: str | None) -> tuple[int, int]:
    if part is None:
        return 1, 12
    if part.startswith("Q"):
        return int(part[1]) * 3 - 2, int(part[1]) * 3
    if part.endswith("M"):
        return 1, int(part[0])
    return int(part), int(part)


def _month_start(year: int, month: int, calendar: str) -> date:
    """The first day of a month; month 13 is January of the next year."""
    if calendar == "nd09":
        return date(year - 1, 12, 15) if month == 1 else date(year, month - 1, 15)
    return date(year + 1, 1, 1) if month == 13 else date(year, month, 1)


def _free(start: date, end: date, calendar: str) -> Period:
    return Period(start, end, f"{start.isoformat()}..{end.isoformat()}", calendar)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"Không có ngày {text}. Hãy viết ngày theo thứ tự năm-tháng-ngày, như 2016-09-30."
        ) from None
    _check_year(day.year)
    return day


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"Năm của kỳ báo cáo phải từ {FIRST_YEAR} đến {LAST_YEAR}.")


def _year_before(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)
