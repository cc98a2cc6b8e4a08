"""Working days and working hours of one office: pure Python, no Django.

A working day is Monday to Friday unless it is a holiday, a day swapped off, or a day on which
the office is closed; and a make-up day, whatever its weekday. A Saturday counter is open but
its Saturday is no working day. A year without calendar data is an error, never a guess.

Dates and moments are local (Asia/Ho_Chi_Minh) and naive. Sources: Bộ luật Lao động 2012 Điều
115, 2019 Điều 112, the yearly notices on swapped days; QĐ 14/2010/QĐ-TTg (Saturday counters).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    """No official notice yet: whoever shows the day says so."""

    @property
    def words(self) -> str:
        lead = "làm bù" if self.kind is DayKind.MAKEUP_WORK else "nghỉ"
        # Notices name many of these days "Làm bù ...", "Nghỉ hoán đổi ..." themselves.
        says_so = self.name.casefold().startswith(lead)
        words = lead + self.name[len(lead) :] if says_so else f"{lead}: {self.name}"
        return f"{words} (ước tính)" if self.estimated else words


@dataclass(frozen=True)
class WeeklySession:
    """A session of a weekday (0 = Monday), from the first to the last date inclusive.

    Raises ValueError when it does not close after it opens or the weekday is none.
    """

    weekday: int
    opens: time
    closes: time
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if self.weekday not in range(7):
            raise ValueError("Thứ trong tuần phải từ 0 (thứ Hai) đến 6 (Chủ nhật).")
        if self.closes <= self.opens:
            raise ValueError("Giờ kết thúc phải sau giờ bắt đầu.")

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
MONDAY, SATURDAY = 0, 5
ONE_DAY = timedelta(days=1)


class NoCalendarData(LookupError):
    """The calendar has no rows for a year that was asked about."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"Chưa có lịch nghỉ, làm bù của năm {year}. Người quản trị cần nhập lịch năm {year} "
            "trước khi tính ngày hẹn."
        )
        self.year = year


def in_force(sessions: Iterable[WeeklySession], day: date) -> list[WeeklySession]:
    """The sessions that hold on the day. Where none of these is for a weekday, a Saturday or
    Sunday counter alone being open, the usual weekdays hold beside it."""
    hold = [session for session in sessions if session.is_in_force(day)]
    if any(session.weekday < SATURDAY for session in hold):
        return hold
    return [*DEFAULT_SESSIONS, *hold]


class WorkingCalendar:
    """When one office works. Every question about a year without data raises NoCalendarData.

    `special` holds the country's days off and make-up days; the years in it are the years with
    data. `sessions` are the office's weekly hours; on a date on which none of them holds for a
    weekday the usual ones apply. `closures` are days on which this office alone is closed.
    """

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
        self._estimates = tuple(day for day, known in self._special.items() if known.estimated)
        self._hours: dict[date, Hours] = {}
        self._words: dict[date, str] = {}

    def demand_years(self, first: int, last: int) -> None:
        """Raises NoCalendarData for the first of these years that has no data."""
        for year in range(first, last + 1):
            if year not in self._years:
                raise NoCalendarData(year)

    def is_working(self, day: date) -> bool:
        return bool(self.working_hours(day))

    def working_hours(self, day: date) -> Hours:
        """The sessions of a working day in order; none on a day off.

        A make-up day has Monday's sessions. Sessions that overlap are one.
        """
        hours = self._hours.get(day)
        if hours is None:
            hours = self._hours[day] = self._reckon_hours(day)
        return hours

    def sessions_on(self, day: date) -> Hours:
        """The sessions in which the counter is open: a working day's, or a Saturday counter's."""
        hours = self.working_hours(day)
        if hours or day.weekday() < SATURDAY or day in self._closures or day in self._special:
            return hours
        return self._weekly(day.weekday(), day)

    def opening(self, day: date) -> time:
        """When the first session of the day opens. Raises ValueError when there is none."""
        return self._open_sessions(day)[0][0]

    def closing(self, day: date) -> time:
        """When the last session of the day closes. Raises ValueError when there is none."""
        return self._open_sessions(day)[-1][1]

    def why(self, day: date) -> str:
        """Why the day is worked or not, in Vietnamese; an estimate says that it is one."""
        words = self._words.get(day)
        if words is None:
            words = self._words[day] = self._explain(day)
        return words

    def is_estimated(self, day: date) -> bool:
        """Whether what is known of the day is an estimate, not yet an official notice."""
        self.demand_years(day.year, day.year)
        special = self._special.get(day)
        return special is not None and special.estimated

    def touches_estimate(self, first: date, last: date) -> bool:
        """Whether some day from the first to the last, both included, is an estimate."""
        self.demand_years(first.year, last.year)
        return any(first <= day <= last for day in self._estimates)

    def next_working_day(self, day: date) -> date:
        """The first working day strictly after the day."""
        return self.working_day_on_or_after(day + ONE_DAY)

    def working_day_on_or_after(self, day: date) -> date:
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after the day, which itself is not counted.

        Raises ValueError when n is below 1.
        """
        if n < 1:
            raise ValueError("Số ngày làm việc phải từ 1 trở lên.")
        for _ in range(n):
            day = self.next_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`; 0 if end <= start."""
        return sum(
            self.is_working(start + timedelta(days=i)) for i in range(1, (end - start).days + 1)
        )

    def working_days_left(self, today: date, due: date) -> int:
        """Working days from today to the due date: "còn n ngày làm việc"; 0 on the due date,
        below 0 the working days past it: "quá hạn n ngày làm việc"."""
        if due < today:
            return -self.working_days_between(due, today)
        return self.working_days_between(today, due)

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """How much session time lies between two moments; none if end <= start."""
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
        """The moment at which that much session time has passed.

        Time that is used up exactly at a close ends there, not at the next opening; no time at
        all ends where it starts. Raises ValueError for a negative amount.
        """
        if amount < timedelta():
            raise ValueError("Thời gian cộng thêm không được âm.")
        if not amount:
            return start
        for begins, ends in self._sessions_from(start):
            if amount <= ends - begins:
                return begins + amount
            amount -= ends - begins
        raise AssertionError("a calendar that ends raises NoCalendarData")

    def _sessions_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is left of each working session, from the moment on."""
        day = start.date()
        while True:
            for opens, closes in self.working_hours(day):
                begins = max(start, datetime.combine(day, opens))
                ends = datetime.combine(day, closes)
                if begins < ends:
                    yield begins, ends
            day += ONE_DAY

    def _open_sessions(self, day: date) -> Hours:
        hours = self.sessions_on(day)
        if not hours:
            raise ValueError(f"Ngày {day:%d/%m/%Y} không có buổi làm việc ({self.why(day)}).")
        return hours

    def _reckon_hours(self, day: date) -> Hours:
        self.demand_years(day.year, day.year)
        special = self._special.get(day)
        if day in self._closures:
            return ()
        if special is not None:
            makeup = special.kind is DayKind.MAKEUP_WORK
            return self._weekly(MONDAY, day) if makeup else ()
        return self._weekly(day.weekday(), day) if day.weekday() < SATURDAY else ()

    def _weekly(self, weekday: int, day: date) -> Hours:
        merged: list[tuple[time, time]] = []
        hold = in_force(self._sessions, day)
        for opens, closes in sorted((s.opens, s.closes) for s in hold if s.weekday == weekday):
            if merged and opens < merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
            else:
                merged.append((opens, closes))
        return tuple(merged)

    def _explain(self, day: date) -> str:
        working = self.is_working(day)
        special = self._special.get(day)
        if special is not None and special.kind is not DayKind.MAKEUP_WORK:
            return special.words
        if day in self._closures:
            return f"đơn vị nghỉ: {self._closures[day]}"
        if special is not None and working:
            return special.words
        if working:
            return "ngày làm việc"
        if day.weekday() >= SATURDAY:
            return WEEKDAYS[day.weekday()]
        return f"{WEEKDAYS[day.weekday()]}, đơn vị không làm việc"
