"""Working days and hours of an office."""

from datetime import date, datetime, time, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.workdays import (
    DEFAULT_SESSIONS,
    DayKind,
    NoCalendarData,
    SpecialDay,
    WeeklySession,
    WorkingCalendar,
)
from tests.procedures.shipped_calendar import shipped_calendar, shipped_days

MORNING, AFTERNOON = (time(7), time(11)), (time(13), time(17))
FIRST, LAST = date(2015, 1, 1), date(2027, 12, 31)
# Far enough from the end of the data for what the properties add.
days = st.dates(FIRST, date(2027, 6, 30))
moments = st.datetimes(datetime(2015, 1, 1), datetime(2027, 6, 30))

YEARS_WITHOUT_SWAPS = (2016, 2017, 2020, 2021, 2022, 2023)


def working_list() -> list[date]:
    """Every working day of the shipped years, by sets of ordinals instead of rules per day."""
    kinds = {kind: {d for d, s in shipped_days().items() if s.kind is kind} for kind in DayKind}
    every = {date.fromordinal(i) for i in range(FIRST.toordinal(), LAST.toordinal() + 1)}
    weekends = {d for d in every if d.isoweekday() in (6, 7)}
    off = weekends | kinds[DayKind.HOLIDAY] | kinds[DayKind.BRIDGE_OFF]
    return sorted((every - off) | kinds[DayKind.MAKEUP_WORK])


WORKING = working_list()
NUMPY = np.busdaycalendar(
    weekmask="1111111",
    holidays=sorted(
        {date.fromordinal(i) for i in range(FIRST.toordinal(), LAST.toordinal() + 1)} - set(WORKING)
    ),
)


# Which days


@pytest.mark.parametrize(
    ("day", "working", "why"),
    [
        ("2016-03-10", True, "ngày làm việc"),
        ("2016-03-12", False, "thứ Bảy"),
        ("2016-03-13", False, "Chủ nhật"),
        ("2016-02-08", False, "nghỉ: Tết Nguyên đán (mùng 1)"),
        ("2016-04-18", False, "nghỉ: Giỗ Tổ Hùng Vương (nghỉ bù)"),
        ("2018-12-31", False, "nghỉ hoán đổi: trước Tết Dương lịch 2019 (làm bù 05/01/2019)"),
        ("2019-01-05", True, "làm bù cho ngày 31/12/2018"),
        ("2027-02-04", False, "nghỉ: Tết Nguyên đán (2 ngày trước mùng 1) (ước tính)"),
    ],
)
def test_workdays_day_is_worked_or_not_and_says_why(day: str, working: bool, why: str) -> None:
    asked = date.fromisoformat(day)
    assert shipped_calendar().is_working(asked) is working
    assert shipped_calendar().why(asked) == why


def test_workdays_day_named_freely_gets_its_lead() -> None:
    calendar = WorkingCalendar(
        {
            date(2016, 3, 5): SpecialDay(DayKind.MAKEUP_WORK, "thay ngày 04/03"),
            date(2016, 3, 4): SpecialDay(DayKind.BRIDGE_OFF, "Bầu cử"),
        }
    )
    assert calendar.why(date(2016, 3, 5)) == "làm bù: thay ngày 04/03"
    assert calendar.why(date(2016, 3, 4)) == "nghỉ: Bầu cử"


def test_workdays_estimated_day_is_known_as_one() -> None:
    calendar = shipped_calendar()
    assert calendar.is_estimated(date(2027, 2, 6))
    assert not calendar.is_estimated(date(2027, 1, 1))
    assert not calendar.is_estimated(date(2026, 2, 17))
    assert calendar.touches_estimate(date(2027, 2, 3), date(2027, 2, 11))
    assert not calendar.touches_estimate(date(2026, 12, 1), date(2027, 2, 3))


def test_workdays_days_around_each_swap() -> None:
    swaps = {
        "2015-02-16": "2015-02-14",
        "2015-04-29": "2015-04-25",
        "2018-12-31": "2019-01-05",
        "2019-04-29": "2019-05-04",
        "2024-04-29": "2024-05-04",
        "2025-05-02": "2025-04-26",
        "2026-01-02": "2026-01-10",
        "2026-08-31": "2026-08-22",
    }
    for off, worked in swaps.items():
        assert not shipped_calendar().is_working(date.fromisoformat(off)), off
        assert shipped_calendar().is_working(date.fromisoformat(worked)), worked


# Counting


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        # The counts of docs/domain.md, working time; the day before each, since it is not counted.
        ("2015-12-31", "2016-09-30", 186),
        ("2015-12-14", "2016-09-14", 187),
        ("2016-06-30", "2016-09-30", 65),
        ("2016-02-04", "2016-02-16", 3),
        ("2016-02-05", "2016-02-14", 0),
        ("2016-03-10", "2016-03-10", 0),
        ("2016-03-10", "2016-03-07", 0),
    ],
)
def test_working_days_lie_after_the_start_up_to_the_end(start: str, end: str, count: int) -> None:
    calendar = shipped_calendar()
    days_between = calendar.working_days_between(date.fromisoformat(start), date.fromisoformat(end))
    assert days_between == count


@pytest.mark.parametrize(
    ("today", "left"),
    [("2016-02-04", 3), ("2016-02-15", 1), ("2016-02-16", 0), ("2016-02-17", -1)],
)
def test_days_left_fall_below_nothing_when_overdue(today: str, left: int) -> None:
    due = date(2016, 2, 16)
    assert shipped_calendar().working_days_left(date.fromisoformat(today), due) == left


def test_workdays_day_off_after_the_due_date_is_no_day_overdue() -> None:
    assert shipped_calendar().working_days_left(date(2016, 2, 14), date(2016, 2, 5)) == 0


def test_next_working_day_is_strictly_later() -> None:
    calendar = shipped_calendar()
    assert calendar.next_working_day(date(2016, 2, 5)) == date(2016, 2, 15)
    assert calendar.working_day_on_or_after(date(2016, 2, 5)) == date(2016, 2, 5)
    assert calendar.working_day_on_or_after(date(2016, 2, 6)) == date(2016, 2, 15)
    assert calendar.next_working_day(date(2015, 2, 13)) == date(2015, 2, 14)


@pytest.mark.parametrize("n", [0, -1])
def test_workdays_fewer_than_one_day_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match="từ 1 trở lên"):
        shipped_calendar().add_working_days(date(2016, 3, 10), n)


# Years without data


@pytest.mark.parametrize(
    ("ask", "year"),
    [
        (lambda c: c.is_working(date(2014, 12, 27)), 2014),
        (lambda c: c.why(date(2028, 1, 1)), 2028),
        (lambda c: c.sessions_on(date(2028, 1, 1)), 2028),
        (lambda c: c.opening(date(2028, 1, 3)), 2028),
        (lambda c: c.closing(date(2028, 1, 3)), 2028),
        (lambda c: c.is_estimated(date(2028, 1, 3)), 2028),
        (lambda c: c.touches_estimate(date(2027, 12, 1), date(2029, 1, 3)), 2028),
        (lambda c: c.next_working_day(date(2027, 12, 31)), 2028),
        (lambda c: c.add_working_days(date(2027, 12, 30), 2), 2028),
        (lambda c: c.working_days_between(date(2027, 12, 30), date(2028, 1, 1)), 2028),
        (lambda c: c.working_days_left(date(2028, 1, 5), date(2027, 12, 30)), 2028),
        (
            lambda c: c.working_time_between(datetime(2014, 12, 31, 8), datetime(2015, 1, 5, 8)),
            2014,
        ),
        (lambda c: c.add_working_time(datetime(2027, 12, 31, 16), timedelta(hours=2)), 2028),
    ],
)
def test_workdays_year_without_data_is_named_never_guessed(ask, year: int) -> None:
    with pytest.raises(NoCalendarData, match=f"năm {year}") as refusal:
        ask(shipped_calendar())
    assert refusal.value.year == year


def test_workdays_last_day_with_data_can_still_be_reached() -> None:
    assert shipped_calendar().add_working_days(date(2027, 12, 30), 1) == date(2027, 12, 31)


# Sessions


def test_usual_hours() -> None:
    calendar = shipped_calendar()
    assert calendar.sessions_on(date(2016, 3, 10)) == (MORNING, AFTERNOON)
    assert calendar.opening(date(2016, 3, 10)) == time(7)
    assert calendar.closing(date(2016, 3, 10)) == time(17)
    assert calendar.sessions_on(date(2016, 3, 12)) == ()


def test_workdays_day_without_sessions_has_no_opening() -> None:
    with pytest.raises(ValueError, match=r"12/03/2016 không có buổi làm việc \(thứ Bảy\)"):
        shipped_calendar().opening(date(2016, 3, 12))
    with pytest.raises(ValueError, match="08/02/2016"):
        shipped_calendar().closing(date(2016, 2, 8))


def office_with(*sessions: WeeklySession, **closures: str) -> WorkingCalendar:
    return WorkingCalendar(
        shipped_days(),
        sessions=sessions or DEFAULT_SESSIONS,
        closures={date.fromisoformat(day[1:].replace("_", "-")): w for day, w in closures.items()},
    )


def test_workdays_saturday_counter_is_open_but_no_working_day() -> None:
    office = office_with(*DEFAULT_SESSIONS, WeeklySession(5, time(7, 30), time(10)))
    saturday = date(2016, 3, 12)
    assert office.sessions_on(saturday) == ((time(7, 30), time(10)),)
    assert (office.opening(saturday), office.closing(saturday)) == (time(7, 30), time(10))
    assert not office.is_working(saturday)
    assert office.working_hours(saturday) == ()
    assert office.why(saturday) == "thứ Bảy"
    assert office.next_working_day(date(2016, 3, 11)) == date(2016, 3, 14)
    assert office.working_time_between(datetime(2016, 3, 12), datetime(2016, 3, 14)) == timedelta()


def test_workdays_saturday_counter_stays_shut_on_a_holiday() -> None:
    office = office_with(*DEFAULT_SESSIONS, WeeklySession(5, time(7, 30), time(10)))
    assert office.sessions_on(date(2016, 4, 16)) == ()


def test_workdays_makeup_day_keeps_the_hours_of_monday() -> None:
    office = office_with(
        WeeklySession(0, time(8), time(12)),
        WeeklySession(1, time(7), time(11)),
        WeeklySession(5, time(7, 30), time(10)),
    )
    assert office.sessions_on(date(2019, 1, 5)) == ((time(8), time(12)),)
    assert office.is_working(date(2019, 1, 5))


def test_weekday_without_a_session_of_the_office_is_no_working_day() -> None:
    office = office_with(*(s for s in DEFAULT_SESSIONS if s.weekday != 2))
    wednesday = date(2016, 3, 9)
    assert not office.is_working(wednesday)
    assert office.why(wednesday) == "thứ Tư, đơn vị không làm việc"
    assert office.next_working_day(date(2016, 3, 8)) == date(2016, 3, 10)


def test_sessions_change_on_the_date_they_come_into_force() -> None:
    office = office_with(
        *(WeeklySession(w, time(7), time(17), None, date(2016, 6, 30)) for w in range(5)),
        *(WeeklySession(w, time(7, 30), time(16, 30), date(2016, 7, 1)) for w in range(5)),
    )
    assert office.sessions_on(date(2016, 6, 30)) == ((time(7), time(17)),)
    assert office.sessions_on(date(2016, 7, 1)) == ((time(7, 30), time(16, 30)),)


def test_workdays_where_no_session_is_in_force_the_usual_hours_apply() -> None:
    office = office_with(WeeklySession(0, time(8), time(12), date(2016, 7, 1)))
    assert office.sessions_on(date(2016, 6, 28)) == (MORNING, AFTERNOON)
    assert office.sessions_on(date(2016, 7, 5)) == ()
    assert office.sessions_on(date(2016, 7, 4)) == ((time(8), time(12)),)


def test_sessions_come_sorted_and_an_overlap_counts_once() -> None:
    office = office_with(
        WeeklySession(3, time(13), time(17)),
        WeeklySession(3, time(7), time(11)),
        WeeklySession(3, time(10), time(11, 30)),
        WeeklySession(3, time(8), time(9)),
    )
    thursday = date(2016, 3, 10)
    assert office.sessions_on(thursday) == ((time(7), time(11, 30)), AFTERNOON)


@pytest.mark.parametrize(
    ("weekday", "opens", "closes"),
    [(7, time(7), time(8)), (-1, time(7), time(8)), (0, time(8), time(8))],
)
def test_workdays_session_that_cannot_be_is_refused(
    weekday: int, opens: time, closes: time
) -> None:
    with pytest.raises(ValueError, match="phải"):
        WeeklySession(weekday, opens, closes)


def test_office_closes_on_its_own_days_make_up_days_too() -> None:
    office = office_with(_2016_03_11="Mất điện", _2019_01_05="Bão", _2016_02_08="Bão")
    assert not office.is_working(date(2016, 3, 11))
    assert office.sessions_on(date(2016, 3, 11)) == ()
    assert office.why(date(2016, 3, 11)) == "đơn vị nghỉ: Mất điện"
    assert not office.is_working(date(2019, 1, 5))
    assert office.why(date(2019, 1, 5)) == "đơn vị nghỉ: Bão"
    assert office.why(date(2016, 2, 8)) == "nghỉ: Tết Nguyên đán (mùng 1)"
    assert shipped_calendar().is_working(date(2016, 3, 11))


# Working time


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2016-03-10T07:00", "2016-03-10T17:00", 480),
        ("2016-03-10T10:30", "2016-03-10T13:15", 45),
        ("2016-03-10T11:15", "2016-03-10T12:45", 0),
        ("2016-03-10T16:00", "2016-03-11T08:00", 120),
        ("2016-03-11T16:00", "2016-03-14T08:00", 120),
        ("2016-02-05T16:00", "2016-02-15T08:00", 120),
        ("2016-03-10T09:00", "2016-03-10T08:00", 0),
        ("2016-03-11T09:00", "2016-03-10T08:00", 0),
    ],
)
def test_working_time_lies_inside_sessions(start: str, end: str, minutes: int) -> None:
    passed = shipped_calendar().working_time_between(
        datetime.fromisoformat(start), datetime.fromisoformat(end)
    )
    assert passed == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2016-03-10T08:00", 60, "2016-03-10T09:00"),
        ("2016-03-10T10:00", 60, "2016-03-10T11:00"),
        ("2016-03-10T10:00", 61, "2016-03-10T13:01"),
        ("2016-03-10T11:00", 1, "2016-03-10T13:01"),
        ("2016-03-10T12:00", 30, "2016-03-10T13:30"),
        ("2016-03-10T16:00", 60, "2016-03-10T17:00"),
        ("2016-03-10T16:00", 90, "2016-03-11T07:30"),
        ("2016-03-11T17:00", 480, "2016-03-14T17:00"),
        ("2016-03-12T10:00", 1, "2016-03-14T07:01"),
        ("2016-03-12T10:00", 0, "2016-03-12T10:00"),
    ],
)
def test_added_time_ends_at_a_close_not_at_the_next_opening(
    start: str, minutes: int, end: str
) -> None:
    reached = shipped_calendar().add_working_time(
        datetime.fromisoformat(start), timedelta(minutes=minutes)
    )
    assert reached == datetime.fromisoformat(end)


def test_workdays_time_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="không được âm"):
        shipped_calendar().add_working_time(datetime(2016, 3, 10, 8), timedelta(seconds=-1))


# Properties


@given(days, st.integers(1, 90))
def test_workdays_adding_working_days_is_the_nth_later_entry_of_the_list(day: date, n: int) -> None:
    later = [worked for worked in WORKING if worked > day]
    assert shipped_calendar().add_working_days(day, n) == later[n - 1]


@given(days, days)
def test_counting_is_the_length_of_the_list_between(start: date, end: date) -> None:
    count = len([worked for worked in WORKING if start < worked <= end])
    assert shipped_calendar().working_days_between(start, end) == count


@given(days, st.integers(1, 90))
def test_counting_undoes_adding(day: date, n: int) -> None:
    calendar = shipped_calendar()
    assert calendar.working_days_between(day, calendar.add_working_days(day, n)) == n


@given(days, st.integers(1, 120))
def test_workdays_numpy_adds_the_same_days_over_swaps_too(day: date, n: int) -> None:
    # From a day off, "backward" takes the working day before it as the start.
    expected = np.busday_offset(day, n, "backward", busdaycal=NUMPY)
    assert shipped_calendar().add_working_days(day, n) == expected.astype(date)


@given(days, days)
def test_workdays_numpy_counts_the_same_days(start: date, end: date) -> None:
    if start > end:
        start, end = end, start
    one = timedelta(days=1)
    expected = np.busday_count(start + one, end + one, busdaycal=NUMPY)
    assert shipped_calendar().working_days_between(start, end) == expected


@pytest.mark.parametrize("year", YEARS_WITHOUT_SWAPS)
def test_workdays_numpy_agrees_on_weekends_and_holidays_where_no_day_was_swapped(year: int) -> None:
    holidays = [day for day in shipped_days() if day.year == year]
    for i in range((date(year, 12, 31) - date(year, 1, 1)).days + 1):
        day = date(year, 1, 1) + timedelta(days=i)
        expected = bool(np.is_busday(day, weekmask="1111100", holidays=holidays))
        assert shipped_calendar().is_working(day) == expected, day


@given(moments, st.integers(0, 60 * 60), st.integers(0, 60 * 60))
def test_workdays_time_added_in_two_parts_is_time_added_at_once(
    start: datetime, first: int, second: int
) -> None:
    calendar = shipped_calendar()
    a, b = timedelta(minutes=first), timedelta(minutes=second)
    in_parts = calendar.add_working_time(calendar.add_working_time(start, a), b)
    assert in_parts == calendar.add_working_time(start, a + b)
    assert calendar.working_time_between(start, in_parts) == a + b


@given(moments.map(lambda m: m.replace(second=0, microsecond=0)), st.integers(1, 20 * 60))
def test_added_time_is_that_many_working_minutes(start: datetime, minutes: int) -> None:
    calendar, one = shipped_calendar(), timedelta(minutes=1)
    moment, left = start, minutes
    working = set(WORKING)
    while left:
        hour = moment.hour
        left -= moment.date() in working and (7 <= hour < 11 or 13 <= hour < 17)
        moment += one
    assert calendar.add_working_time(start, timedelta(minutes=minutes)) == moment
