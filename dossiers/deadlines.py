"""When a dossier is due, and why: pure Python, no Django. Moments are local and naive.

Sources: Bộ luật Dân sự 2015 Điều 147-148; NĐ 61/2018 Điều 18, 19; NĐ 23/2015 Điều 7 and Luật
Hộ tịch 2014 Điều 5 (received after 15:00); QĐ 09/2015 for the clock that goes on.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from procedures.workdays import WorkingCalendar

SAME_DAY_CUT_OFF = time(15)
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
    """How long a procedure may take. The value of `same_day` has no meaning."""

    value: int
    unit: LimitUnit

    def __post_init__(self) -> None:
        if self.unit is not LimitUnit.SAME_DAY and self.value < 1:
            raise ValueError("Thời hạn phải từ 1 trở lên.")

    def __str__(self) -> str:
        if self.unit is LimitUnit.SAME_DAY:
            return "trong ngày"
        return f"{self.value} {_WORDS[self.unit]}"


@dataclass(frozen=True)
class DayLine:
    """One day between receipt and due date: counted or skipped, and why."""

    date: date
    counted: bool
    why: str


@dataclass(frozen=True)
class Due:
    """A due moment with its explanation, a line for each day from the receipt on."""

    received_at: datetime
    effective_at: datetime
    due_at: datetime
    days: tuple[DayLine, ...]
    estimated: bool = False
    """Some day on the way is known by estimate only."""


def effective_receipt(calendar: WorkingCalendar, received_at: datetime) -> datetime:
    """The moment from which the limit runs.

    A working day's arrivals count at once up to the close of its last session; later ones, and
    those on a day off, at the opening of the next working day.
    """
    day = received_at.date()
    if calendar.is_working(day) and received_at.time() <= calendar.closing(day):
        return received_at
    following = calendar.next_working_day(day)
    return datetime.combine(following, calendar.opening(following))


def due(calendar: WorkingCalendar, received_at: datetime, limit: Limit) -> Due:
    """The due moment of a dossier received at this moment.

    Raises NoCalendarData when a year on the way has no calendar.
    """
    effective = effective_receipt(calendar, received_at)
    start = effective.date()
    counted: dict[date, str] = {}
    if limit.unit is LimitUnit.SAME_DAY:
        last = start
        if effective.time() > SAME_DAY_CUT_OFF:
            last = calendar.next_working_day(start)
        due_at = datetime.combine(last, calendar.closing(last))
        counted[last] = "ngày trả kết quả"
    elif limit.unit is LimitUnit.WORKING_HOUR:
        due_at = calendar.add_working_time(effective, timedelta(hours=limit.value))
        counted = _hours_counted(calendar, effective, due_at)
    elif limit.unit is LimitUnit.WORKING_DAY:
        last = calendar.add_working_days(start, limit.value)
        due_at = datetime.combine(last, calendar.closing(last))
        counted = _working_days_counted(calendar, start, last)
    else:
        nominal = _calendar_end(start, limit)
        last = calendar.working_day_on_or_after(nominal)
        due_at = datetime.combine(last, calendar.closing(last))
        counted = _calendar_days_counted(start, nominal)
    return _explained(calendar, received_at, effective, due_at, limit, counted)


def continued(
    calendar: WorkingCalendar,
    limit: Limit,
    due_at: datetime,
    asked_at: datetime,
    arrived_at: datetime,
) -> Due:
    """The due moment moved on by the time that the citizen's papers took (QĐ 09/2015).

    Working-day and same-day limits move by the working days, calendar-day and month limits by
    the calendar days, after the day of the request up to and including the day of arrival;
    working-hour limits by the working time between. A date moved onto a day off goes on to the
    next working day.
    """
    asked, arrived = asked_at.date(), arrived_at.date()
    waited: dict[date, str] = {}
    if limit.unit is LimitUnit.WORKING_HOUR:
        time_waited = calendar.working_time_between(asked_at, arrived_at)
        moved = calendar.add_working_time(due_at, time_waited) if time_waited else due_at
    elif limit.unit in (LimitUnit.CALENDAR_DAY, LimitUnit.MONTH):
        n = max((arrived - asked).days, 0)
        last = due_at.date()
        if n:
            last = calendar.working_day_on_or_after(last + timedelta(days=n))
            waited = {asked + timedelta(days=i): "ngày chờ bổ sung" for i in range(1, n + 1)}
        moved = datetime.combine(last, calendar.closing(last)) if n else due_at
    else:
        n = calendar.working_days_between(asked, arrived)
        last = calendar.add_working_days(due_at.date(), n) if n else due_at.date()
        waited = {
            day: "ngày chờ bổ sung, cộng thêm vào thời hạn"
            for day in _span(asked + ONE_DAY, arrived)
            if calendar.is_working(day)
        }
        moved = datetime.combine(last, calendar.closing(last)) if n else due_at
    days = [
        DayLine(
            day,
            day in waited,
            waited.get(day) or calendar.why(day),
        )
        for day in _span(asked, arrived)
    ]
    days += [
        DayLine(day, calendar.is_working(day), f"sau hạn cũ: {calendar.why(day)}")
        for day in _span(due_at.date() + ONE_DAY, moved.date())
    ]
    return Due(
        received_at=arrived_at,
        effective_at=arrived_at,
        due_at=moved,
        days=tuple(days),
        estimated=any(calendar.is_estimated(line.date) for line in days),
    )


def _calendar_end(start: date, limit: Limit) -> date:
    if limit.unit is LimitUnit.CALENDAR_DAY:
        return start + timedelta(days=limit.value)
    months = start.month - 1 + limit.value
    year, month = start.year + months // 12, months % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _working_days_counted(calendar: WorkingCalendar, start: date, last: date) -> dict[date, str]:
    days = [day for day in _span(start + ONE_DAY, last) if calendar.is_working(day)]
    return {
        day: f"ngày làm việc thứ {number}{_makeup(calendar, day)}"
        for number, day in enumerate(days, start=1)
    }


def _calendar_days_counted(start: date, nominal: date) -> dict[date, str]:
    return {
        day: f"ngày thứ {number}"
        for number, day in enumerate(_span(start + ONE_DAY, nominal), start=1)
    }


def _hours_counted(
    calendar: WorkingCalendar, effective: datetime, due_at: datetime
) -> dict[date, str]:
    counted = {}
    for day in _span(effective.date(), due_at.date()):
        worked = calendar.working_time_between(
            max(effective, datetime.combine(day, time.min)),
            min(due_at, datetime.combine(day + ONE_DAY, time.min)),
        )
        if worked:
            hours, minutes = divmod(int(worked.total_seconds()) // 60, 60)
            amount = f"{hours} giờ" + (f" {minutes} phút" if minutes else "")
            counted[day] = f"tính {amount} làm việc"
    return counted


def _makeup(calendar: WorkingCalendar, day: date) -> str:
    words = calendar.why(day)
    return f" ({words})" if words.startswith("làm bù") else ""


def _explained(
    calendar: WorkingCalendar,
    received_at: datetime,
    effective: datetime,
    due_at: datetime,
    limit: Limit,
    counted: dict[date, str],
) -> Due:
    lines = []
    for day in _span(received_at.date(), due_at.date()):
        if day in counted:
            lines.append(DayLine(day, True, counted[day]))
        elif day < effective.date():
            lines.append(DayLine(day, False, _before(calendar, received_at, day)))
        elif day == effective.date():
            lines.append(DayLine(day, False, _first(limit)))
        elif limit.unit in (LimitUnit.CALENDAR_DAY, LimitUnit.MONTH) and calendar.is_working(day):
            lines.append(DayLine(day, False, "ngày làm việc tiếp theo, hạn dời đến đây"))
        else:
            lines.append(DayLine(day, False, calendar.why(day)))
    return Due(
        received_at=received_at,
        effective_at=effective,
        due_at=due_at,
        days=tuple(lines),
        estimated=any(calendar.is_estimated(line.date) for line in lines),
    )


def _before(calendar: WorkingCalendar, received_at: datetime, day: date) -> str:
    if day == received_at.date() and calendar.is_working(day):
        return "nộp sau giờ làm việc, tính từ ngày làm việc tiếp theo"
    return calendar.why(day)


def _first(limit: Limit) -> str:
    if limit.unit is LimitUnit.SAME_DAY:
        return "nhận sau 15 giờ, trả trong ngày làm việc tiếp theo"
    return "ngày tiếp nhận, không tính"


def _span(first: date, last: date) -> list[date]:
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]
