"""Working days and working hours: pure Python, no Django.

A working day is Monday to Friday unless it is a holiday, a day swapped off, or a day on which
the office is closed; and a make-up day, whatever its weekday. A Saturday counter is open but
its Saturday is no working day. A year without calendar data is an error, never a guess.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum


class DayKind(StrEnum):
    HOLIDAY = "holiday"
    BRIDGE_OFF = "bridge_off"
    MAKEUP_WORK = "makeup_work"


@dataclass(frozen=True)
class SpecialDay:
    """A date that differs from its weekday, with the words that explain it."""

    kind: DayKind
    name: str
    estimated: bool = False


@dataclass(frozen=True)
class WeeklySession:
    """A session of a weekday (0 = Monday), from the first to the last date inclusive."""

    weekday: int
    opens: time
    closes: time
    valid_from: date | None = None
    valid_to: date | None = None

    def is_in_force(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


Hours = tuple[tuple[time, time], ...]

DEFAULT_SESSIONS: tuple[WeeklySession, ...] = tuple(
    WeeklySession(weekday, opens, closes)
    for weekday in range(5)
    for opens, closes in ((time(7), time(11)), (time(13), time(17)))
)
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
SATURDAY = 5
ONE_DAY = timedelta(days=1)


class NoCalendarData(LookupError):
    """The calendar has no rows for a year that was asked about."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"Chưa có lịch nghỉ, làm bù của năm {year}. Người quản trị cần nhập lịch năm {year} "
            "trước khi tính ngày hẹn."
        )
        self.year = year


class WorkingCalendar:
    """When one office works. Every question about a year without data raises NoCalendarData."""

    def __init__(
        self,
        special: Mapping[date, SpecialDay],
        *,
        sessions: Sequence[WeeklySession] = DEFAULT_SESSIONS,
        closures: Mapping[date, str] | None = None,
    ) -> None:
        self._special = dict(special)
        self._sessions = tuple(sessions)
        self._closures = dict(closures or {})
        self._years = frozenset(day.year for day in special)
        self._hours: dict[date, Hours] = {}

    def is_working(self, day: date) -> bool:
        return bool(self.working_hours(day))

    def working_hours(self, day: date) -> Hours:
        """The sessions of a working day in order; none on a day off."""
        hours = self._hours.get(day)
        if hours is None:
            hours = self._hours[day] = self._reckon_hours(day)
        return hours

    def sessions_on(self, day: date) -> Hours:
        """The sessions in which the counter is open: a working day's, or a Saturday counter's."""
        hours = self.working_hours(day)
        special = self._special.get(day)
        if hours or day in self._closures or special is not None:
            return hours
        return self._weekly(day.weekday(), day) if day.weekday() >= SATURDAY else ()

    def opening(self, day: date) -> time:
        """When a working day's first session opens."""
        return self.working_hours(day)[0][0]

    def closing(self, day: date) -> time:
        """When a working day's last session closes."""
        return self.working_hours(day)[-1][1]

    def why(self, day: date) -> str:
        """Why the day is worked or not, in Vietnamese."""
        working = self.is_working(day)
        special = self._special.get(day)
        if day in self._closures:
            return f"đơn vị nghỉ: {self._closures[day]}"
        if special is not None and special.kind is DayKind.MAKEUP_WORK:
            return f"làm bù: {special.name}"
        if special is not None:
            return f"nghỉ: {special.name}"
        if working:
            return "ngày làm việc"
        if day.weekday() >= SATURDAY:
            return WEEKDAYS[day.weekday()]
        return f"{WEEKDAYS[day.weekday()]}, đơn vị không làm việc"

    def is_estimated(self, day: date) -> bool:
        """Whether what is known of the day is an estimate, not yet an official notice."""
        special = self._special.get(day)
        return special is not None and special.estimated

    def next_working_day(self, day: date) -> date:
        """The first working day strictly after the day."""
        return next(self._working_days_from(day + ONE_DAY))

    def working_day_on_or_after(self, day: date) -> date:
        return next(self._working_days_from(day))

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after the day; the day itself is not counted."""
        if n < 1:
            raise ValueError("Số ngày làm việc phải từ 1 trở lên.")
        days = self._working_days_from(day + ONE_DAY)
        for _ in range(n - 1):
            next(days)
        return next(days)

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`."""
        return sum(
            self.is_working(start + timedelta(days=i)) for i in range(1, (end - start).days + 1)
        )

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """How much session time lies between two local moments."""
        total = timedelta()
        day = start.date()
        while day <= end.date():
            for opens, closes in self.working_hours(day):
                begins = max(start, datetime.combine(day, opens))
                ends = min(end, datetime.combine(day, closes))
                total += max(ends - begins, timedelta())
            day += ONE_DAY
        return total

    def add_working_time(self, start: datetime, amount: timedelta) -> datetime:
        """The local moment at which that much session time has passed.

        Time that is used up exactly at a close ends there, not at the next opening.
        """
        for day in self._working_days_from(start.date()):
            for opens, closes in self.working_hours(day):
                begins = max(start, datetime.combine(day, opens))
                room = datetime.combine(day, closes) - begins
                if room <= timedelta():
                    continue
                if amount <= room:
                    return begins + amount
                amount -= room
        raise AssertionError("a calendar has no last working day")

    def _working_days_from(self, day: date) -> Iterator[date]:
        while True:
            if self.is_working(day):
                yield day
            day += ONE_DAY

    def _reckon_hours(self, day: date) -> Hours:
        if day.year not in self._years:
            raise NoCalendarData(day.year)
        if day in self._closures:
            return ()
        special = self._special.get(day)
        if special is not None and special.kind is DayKind.MAKEUP_WORK:
            return self._weekly(0, day)
        if special is not None or day.weekday() >= SATURDAY:
            return ()
        return self._weekly(day.weekday(), day)

    def _weekly(self, weekday: int, day: date) -> Hours:
        return tuple(
            sorted(
                (s.opens, s.closes)
                for s in self._sessions
                if s.weekday == weekday and s.is_in_force(day)
            )
        )
