"""When a dossier is due, and why: pure Python, no Django.

Moments are local (Asia/Ho_Chi_Minh) and naive, and nothing of them is rounded: seconds decide
whether a receipt lies after the close or after 15:00, and a limit in working hours is due with
the seconds of its receipt. Only the words of a DayLine leave out fractions of a second.

Sources: Bộ luật Dân sự 2015 Điều 147-148; NĐ 61/2018 Điều 18, 19; NĐ 23/2015 Điều 7 and Luật
Hộ tịch 2014 Điều 5 (received after 15:00); QĐ 09/2015 for the clock that goes on.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from dossiers.rules.weeks import DayLine, Weeks, weeks_of
from procedures.workdays import WorkingCalendar

SAME_DAY_CUT_OFF = time(15)
LONGEST_LIMIT = 99_999
ONE_DAY = timedelta(days=1)


class LimitUnit(StrEnum):
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    WORKING_HOUR = "working_hour"
    MONTH = "month"
    SAME_DAY = "same_day"


_WORDS = {
    LimitUnit.WORKING_DAY: "ngày làm việc",
    LimitUnit.CALENDAR_DAY: "ngày",
    LimitUnit.WORKING_HOUR: "giờ làm việc",
    LimitUnit.MONTH: "tháng",
}


@dataclass(frozen=True)
class Limit:
    """How long a procedure may take. The value of `same_day` has no meaning.

    Raises ValueError for a value that is no length of time.
    """

    value: int
    unit: LimitUnit

    def __post_init__(self) -> None:
        if self.unit is LimitUnit.SAME_DAY:
            return
        if self.value < 1:
            raise ValueError("Thời hạn phải từ 1 trở lên.")
        if self.value > LONGEST_LIMIT:
            raise ValueError(f"Thời hạn không được quá {LONGEST_LIMIT}.")

    def __str__(self) -> str:
        if self.unit is LimitUnit.SAME_DAY:
            return "trong ngày"
        return f"{self.value} {_WORDS[self.unit]}"


@dataclass(frozen=True)
class Due:
    """A due moment with its explanation, a line for each day from the receipt on."""

    received_at: datetime
    effective_at: datetime
    due_at: datetime
    days: tuple[DayLine, ...]
    estimated: bool = False
    """Some day on the way is known by estimate only."""

    @property
    def weeks(self) -> Weeks:
        """The days as a calendar."""
        return weeks_of(self.days)


def effective_receipt(calendar: WorkingCalendar, received_at: datetime) -> datetime:
    """The moment from which the limit runs.

    A working day's arrivals count at once up to the close of its last session, that moment
    included; later ones, and those on a day off, at the opening of the next working day.
    """
    day = received_at.date()
    if calendar.is_working(day) and received_at.time() <= calendar.closing(day):
        return received_at
    following = calendar.next_working_day(day)
    return datetime.combine(following, calendar.opening(following))


def due(
    calendar: WorkingCalendar,
    received_at: datetime,
    limit: Limit,
    *,
    desk: WorkingCalendar | None = None,
) -> Due:
    """The due moment of a dossier received at this moment.

    `calendar` is that of who solves it; `desk` that of whose desk received it, if that is
    another: by its hours it counts as received, all else is counted by the solver's.

    Working days count from the day after the effective receipt; so do calendar days and
    months, whose last day moves off a day off to the next working day. Working hours run inside
    sessions. All but hours are due at the close of the last session. Raises NoCalendarData when
    a year on the way has no calendar.
    """
    effective = effective_receipt(desk or calendar, received_at)
    start = effective.date()
    counted: Mapping[date, str]
    if limit.unit is LimitUnit.WORKING_HOUR:
        begin = effective_receipt(calendar, effective)
        due_at = calendar.add_working_time(begin, timedelta(hours=limit.value))
        counted = {
            day: f"tính {amount} làm việc" for day, amount in _session_time(calendar, begin, due_at)
        }
    elif limit.unit is LimitUnit.SAME_DAY:
        begin = effective_receipt(calendar, effective)
        start, late = begin.date(), begin.time() > SAME_DAY_CUT_OFF
        last = calendar.next_working_day(start) if late else start
        due_at = _close_of(calendar, last)
        counted = {last: "ngày trả kết quả"}
    elif limit.unit is LimitUnit.WORKING_DAY:
        due_at = _close_of(calendar, calendar.add_working_days(start, limit.value))
        counted = _working_days_counted(calendar, start, due_at.date())
    else:
        nominal = _calendar_end(calendar, start, limit)
        due_at = _close_of(calendar, calendar.working_day_on_or_after(nominal))
        counted = _calendar_days_counted(calendar, start, nominal)
    lines = tuple(
        DayLine(day, True, counted[day])
        if day in counted
        else DayLine(day, False, _why_skipped(calendar, received_at, effective, limit, day, desk))
        for day in _span(received_at.date(), due_at.date())
    )
    estimated = calendar.touches_estimate(received_at.date(), due_at.date())
    return Due(received_at, effective, due_at, lines, estimated)


def continued(
    calendar: WorkingCalendar,
    limit: Limit,
    due_at: datetime,
    asked_at: datetime,
    arrived_at: datetime,
) -> Due:
    """The due moment moved on by the time that the citizen's papers took (QĐ 09/2015).

    Working-day and same-day limits move by the working days after the day of the request up to
    and including the day of arrival, to the close of as many working days after the old due
    date; calendar-day and month limits by the calendar days, a day off going on to the close of
    the next working day; working-hour limits by the working time between the two moments.
    Papers that took no such time leave the due moment as it is.

    `days` first lists request to arrival (counted: the time waited), then the days after the
    old due date up to the new one (counted: the time added); papers that come after the old due
    date make a date stand in both. Received and effective moments are that of the arrival.
    Raises NoCalendarData when a year on the way has no calendar.
    """
    asked, arrived = asked_at.date(), arrived_at.date()
    old = due_at.date()
    waited: dict[date, str]
    added: dict[date, str]
    moved = due_at
    calendar.demand_years(min(asked, old).year, max(arrived, old).year)
    if limit.unit is LimitUnit.WORKING_HOUR:
        moved = calendar.add_working_time(
            due_at, calendar.working_time_between(asked_at, arrived_at)
        )
        waited = dict(_session_time(calendar, asked_at, arrived_at))
        added = dict(_session_time(calendar, due_at, moved))
    elif limit.unit in (LimitUnit.CALENDAR_DAY, LimitUnit.MONTH):
        waited = _numbered(_span(asked + ONE_DAY, arrived))
        nominal = old + timedelta(days=len(waited))
        if waited:
            moved = _close_of(calendar, calendar.working_day_on_or_after(nominal))
        added = _numbered(_span(old + ONE_DAY, nominal))
    else:
        waited = _numbered(filter(calendar.is_working, _span(asked + ONE_DAY, arrived)))
        if waited:
            moved = _close_of(calendar, calendar.add_working_days(old, len(waited)))
        added = _numbered(filter(calendar.is_working, _span(old + ONE_DAY, moved.date())))
    lines = (
        *_waiting_lines(calendar, asked, arrived, waited),
        *_added_lines(calendar, old, moved.date(), added),
    )
    estimated = any(
        calendar.touches_estimate(first, last)
        for first, last in ((asked, arrived), (old, moved.date()))
    )
    return Due(arrived_at, arrived_at, moved, lines, estimated)


def _close_of(calendar: WorkingCalendar, day: date) -> datetime:
    return datetime.combine(day, calendar.closing(day))


def _calendar_end(calendar: WorkingCalendar, start: date, limit: Limit) -> date:
    """The day on which so many days or months end, be it a day off or not."""
    if limit.unit is LimitUnit.CALENDAR_DAY:
        end = start + timedelta(days=limit.value)
        calendar.demand_years(start.year, end.year)
        return end
    months = start.month - 1 + limit.value
    year, month = start.year + months // 12, months % 12 + 1
    calendar.demand_years(start.year, year)
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _working_days_counted(calendar: WorkingCalendar, start: date, last: date) -> dict[date, str]:
    days = filter(calendar.is_working, _span(start + ONE_DAY, last))
    return {
        day: f"ngày làm việc thứ {number}{_unless_ordinary(calendar, day)}"
        for number, day in enumerate(days, start=1)
    }


def _calendar_days_counted(
    calendar: WorkingCalendar, start: date, nominal: date
) -> dict[date, str]:
    counted = {
        day: f"ngày thứ {number}{_unless_ordinary(calendar, day)}"
        for number, day in enumerate(_span(start + ONE_DAY, nominal), start=1)
    }
    if not calendar.is_working(nominal):
        counted[nominal] += ", hạn dời sang ngày làm việc tiếp theo"
    return counted


def _unless_ordinary(calendar: WorkingCalendar, day: date) -> str:
    """What is particular about a counted day, in brackets."""
    why = calendar.why(day)
    return "" if why == "ngày làm việc" else f" ({why})"


def _why_skipped(
    calendar: WorkingCalendar,
    received_at: datetime,
    effective: datetime,
    limit: Limit,
    day: date,
    desk: WorkingCalendar | None = None,
) -> str:
    if day == received_at.date() < effective.date():
        of_desk = desk or calendar
        if of_desk.is_working(day):
            return "nộp sau giờ làm việc, tính từ ngày làm việc tiếp theo"
        return f"nộp vào ngày nghỉ ({of_desk.why(day)}), tính từ ngày làm việc tiếp theo"
    if day == effective.date():
        if limit.unit is LimitUnit.SAME_DAY:
            return "tiếp nhận sau 15 giờ, trả trong ngày làm việc tiếp theo"
        if limit.unit is LimitUnit.WORKING_HOUR:
            return "tiếp nhận lúc hết giờ làm việc, tính từ ngày làm việc tiếp theo"
        moved = received_at.date() < day
        return "coi là ngày tiếp nhận, không tính" if moved else "ngày tiếp nhận, không tính"
    if calendar.is_working(day):
        return "ngày làm việc tiếp theo, hạn dời đến đây"
    return calendar.why(day)


def _numbered(days: Iterator[date]) -> dict[date, str]:
    return {day: f"ngày thứ {number}" for number, day in enumerate(days, start=1)}


def _waiting_lines(
    calendar: WorkingCalendar, asked: date, arrived: date, waited: Mapping[date, str]
) -> Iterator[DayLine]:
    for day in _span(asked, arrived):
        if day in waited:
            yield DayLine(day, True, f"chờ bổ sung: {waited[day]}")
        elif day == asked:
            yield DayLine(day, False, "ngày yêu cầu bổ sung, không tính")
        else:
            yield DayLine(day, False, calendar.why(day))


def _added_lines(
    calendar: WorkingCalendar, old: date, new: date, added: Mapping[date, str]
) -> Iterator[DayLine]:
    for day in _span(old, new):
        if day in added:
            words = f"cộng thêm: {added[day]}{_unless_ordinary(calendar, day)}"
            yield DayLine(day, True, words)
        elif day == old:
            yield DayLine(day, False, "hạn cũ")
        elif calendar.is_working(day):
            yield DayLine(day, False, "ngày làm việc tiếp theo, hạn dời đến đây")
        else:
            yield DayLine(day, False, calendar.why(day))


def _session_time(
    calendar: WorkingCalendar, start: datetime, end: datetime
) -> Iterator[tuple[date, str]]:
    """Each day with session time between the moments, and how much of it in words."""
    for day in _span(start.date(), end.date()):
        worked = calendar.working_time_between(
            max(start, datetime.combine(day, time.min)), min(end, datetime.combine(day, time.max))
        )
        if worked:
            yield day, _amount_words(worked)


def _amount_words(amount: timedelta) -> str:
    minutes, seconds = divmod(int(amount.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "giờ"), (minutes, "phút"), (seconds, "giây"))
    return " ".join(f"{count} {word}" for count, word in parts if count) or "dưới 1 giây"


def _span(first: date, last: date) -> Iterator[date]:
    """Each day from the first to the last, both included; none if the last is earlier."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
