"""When a dossier is due, and why: literal dates worked out by hand from the calendar."""

from datetime import date, datetime, time

import pytest

from dossiers.rules.deadlines import Due, Limit, LimitUnit, due, effective_receipt
from procedures.workdays import (
    DEFAULT_SESSIONS,
    NoCalendarData,
    WeeklySession,
    WorkingCalendar,
)
from tests.procedures.shipped_calendar import shipped_calendar, shipped_days


def due_of(received: str, value: int, unit: str, calendar: WorkingCalendar | None = None) -> Due:
    return due(
        calendar or shipped_calendar(),
        datetime.fromisoformat(received),
        Limit(value, LimitUnit(unit)),
    )


def due_at(received: str, value: int, unit: str, calendar: WorkingCalendar | None = None) -> str:
    return due_of(received, value, unit, calendar).due_at.isoformat(timespec="minutes")


def lines(found: Due) -> list[tuple[str, bool, str]]:
    return [(line.date.isoformat(), line.counted, line.why) for line in found.days]


# Limits


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (15, "working_day", "15 ngày làm việc"),
        (30, "calendar_day", "30 ngày"),
        (12, "working_hour", "12 giờ làm việc"),
        (2, "month", "2 tháng"),
        (0, "same_day", "trong ngày"),
        (1, "same_day", "trong ngày"),
    ],
)
def test_limit_says_itself(value: int, unit: str, words: str) -> None:
    assert str(Limit(value, LimitUnit(unit))) == words


@pytest.mark.parametrize("unit", [unit for unit in LimitUnit if unit is not LimitUnit.SAME_DAY])
@pytest.mark.parametrize(
    ("value", "words"), [(0, "từ 1 trở lên"), (-3, "từ 1 trở lên"), (100_000, "không được quá")]
)
def test_limit_has_a_length(unit: LimitUnit, value: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Limit(value, unit)


# Effective receipt


@pytest.mark.parametrize(
    ("received", "effective"),
    [
        ("2016-03-10T09:00:00", "2016-03-10T09:00:00"),
        ("2016-03-10T06:15:00", "2016-03-10T06:15:00"),
        ("2016-03-10T11:45:00", "2016-03-10T11:45:00"),
        ("2016-03-10T17:00:00", "2016-03-10T17:00:00"),
        ("2016-03-10T17:00:01", "2016-03-11T07:00:00"),
        ("2016-03-10T23:59:59", "2016-03-11T07:00:00"),
        ("2016-03-11T17:30:00", "2016-03-14T07:00:00"),
        ("2016-03-12T09:00:00", "2016-03-14T07:00:00"),
        ("2016-03-13T09:00:00", "2016-03-14T07:00:00"),
        ("2016-02-05T17:01:00", "2016-02-15T07:00:00"),
        ("2016-02-08T09:00:00", "2016-02-15T07:00:00"),
        # A make-up Saturday is a working day; the day swapped for it is not.
        ("2015-04-25T10:00:00", "2015-04-25T10:00:00"),
        ("2015-04-24T18:00:00", "2015-04-25T07:00:00"),
        ("2015-04-29T10:00:00", "2015-05-04T07:00:00"),
        # From one year's last day to the next year.
        ("2018-12-29T10:00:00", "2019-01-02T07:00:00"),
    ],
)
def test_deadlines_what_arrives_after_the_close_or_on_a_day_off_counts_from_the_next_opening(
    received: str, effective: str
) -> None:
    found = effective_receipt(shipped_calendar(), datetime.fromisoformat(received))
    assert found == datetime.fromisoformat(effective)


# Working days: the table of Bộ luật Dân sự 2015 Điều 147-148 worked through the calendar


@pytest.mark.parametrize(
    ("received", "value", "expected"),
    [
        ("2015-04-24T09:00", 1, "2015-04-25T17:00"),
        ("2015-04-24T09:00", 3, "2015-05-04T17:00"),
        ("2016-02-04T09:00", 3, "2016-02-16T17:00"),
        ("2016-04-15T09:00", 2, "2016-04-20T17:00"),
        ("2016-04-29T09:00", 1, "2016-05-04T17:00"),
        ("2016-04-29T09:00", 10, "2016-05-17T17:00"),
        ("2016-08-31T09:00", 3, "2016-09-06T17:00"),
        ("2016-09-01T09:00", 1, "2016-09-05T17:00"),
        ("2018-12-28T09:00", 5, "2019-01-07T17:00"),
        ("2023-04-28T09:00", 1, "2023-05-04T17:00"),
        ("2025-04-25T09:00", 2, "2025-04-28T17:00"),
        ("2025-12-31T09:00", 1, "2026-01-05T17:00"),
        ("2026-08-21T09:00", 1, "2026-08-22T17:00"),
        ("2026-11-23T09:00", 1, "2026-11-25T17:00"),
    ],
)
def test_deadlines_worked_table_of_working_days(received: str, value: int, expected: str) -> None:
    assert due_at(received, value, "working_day") == expected


@pytest.mark.parametrize(
    ("received", "value", "expected"),
    [
        # 2015: off 15-23/2, Saturday 14/2 worked.
        ("2015-02-13T09:00", 1, "2015-02-14T17:00"),
        ("2015-02-13T09:00", 2, "2015-02-24T17:00"),
        ("2015-02-14T09:00", 1, "2015-02-24T17:00"),
        # 2016: off 6-14/2.
        ("2016-02-05T09:00", 1, "2016-02-15T17:00"),
        ("2016-02-03T09:00", 5, "2016-02-17T17:00"),
        # 2017: off 26/1-1/2.
        ("2017-01-25T09:00", 1, "2017-02-02T17:00"),
        ("2017-01-24T09:00", 5, "2017-02-07T17:00"),
        # 2018: off 14-20/2.
        ("2018-02-13T09:00", 1, "2018-02-21T17:00"),
        ("2018-02-12T09:00", 3, "2018-02-22T17:00"),
        # 2019: off 2-10/2.
        ("2019-02-01T09:00", 1, "2019-02-11T17:00"),
        ("2019-01-31T09:00", 3, "2019-02-12T17:00"),
        # 2020: off 23-29/1.
        ("2020-01-22T09:00", 1, "2020-01-30T17:00"),
        ("2020-01-21T09:00", 4, "2020-02-03T17:00"),
        # 2021: off 10-16/2.
        ("2021-02-09T09:00", 1, "2021-02-17T17:00"),
        ("2021-02-08T09:00", 3, "2021-02-18T17:00"),
        # 2022: off 29/1-6/2.
        ("2022-01-28T09:00", 1, "2022-02-07T17:00"),
        ("2022-01-27T09:00", 3, "2022-02-08T17:00"),
        # 2023: off 20-26/1.
        ("2023-01-19T09:00", 1, "2023-01-27T17:00"),
        ("2023-01-18T09:00", 3, "2023-01-30T17:00"),
        # 2024: off 8-14/2.
        ("2024-02-07T09:00", 1, "2024-02-15T17:00"),
        ("2024-02-06T09:00", 4, "2024-02-19T17:00"),
        # 2025: off 25/1-2/2.
        ("2025-01-24T09:00", 1, "2025-02-03T17:00"),
        ("2025-01-23T09:00", 3, "2025-02-04T17:00"),
        # 2026: off 14-22/2.
        ("2026-02-13T09:00", 1, "2026-02-23T17:00"),
        ("2026-02-12T09:00", 3, "2026-02-24T17:00"),
    ],
)
def test_working_days_step_over_every_tet(received: str, value: int, expected: str) -> None:
    assert due_at(received, value, "working_day") == expected


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2016-03-10T06:00", "2016-03-11T17:00"),
        ("2016-03-10T11:30", "2016-03-11T17:00"),
        ("2016-03-10T15:01", "2016-03-11T17:00"),
        ("2016-03-10T17:00:00", "2016-03-11T17:00"),
        ("2016-03-10T17:00:01", "2016-03-14T17:00"),
        ("2016-03-12T09:00", "2016-03-15T17:00"),
        ("2015-04-25T10:00", "2015-04-27T17:00"),
    ],
)
def test_deadlines_hour_of_receipt_moves_one_working_day_only_past_the_close(
    received: str, expected: str
) -> None:
    assert due_at(received, 1, "working_day") == expected


# Calendar days and months


@pytest.mark.parametrize(
    ("received", "value", "expected"),
    [
        ("2016-03-10T09:00", 1, "2016-03-11T17:00"),
        ("2016-03-10T09:00", 2, "2016-03-14T17:00"),
        ("2016-03-10T09:00", 5, "2016-03-15T17:00"),
        ("2016-03-10T17:30", 1, "2016-03-14T17:00"),
        ("2016-03-12T09:00", 1, "2016-03-15T17:00"),
        # 8/2/2016 is mùng 1.
        ("2016-02-01T09:00", 7, "2016-02-15T17:00"),
        ("2020-01-16T09:00", 10, "2020-01-30T17:00"),
        # 16/2/2015 was swapped off, Saturday 14/2/2015 worked.
        ("2015-02-06T09:00", 10, "2015-02-24T17:00"),
        ("2015-02-09T09:00", 5, "2015-02-14T17:00"),
        # 16/4/2016 a Saturday, 18/4 the day off in lieu of it.
        ("2016-04-01T09:00", 15, "2016-04-19T17:00"),
    ],
)
def test_calendar_days_count_days_off_but_do_not_end_on_one(
    received: str, value: int, expected: str
) -> None:
    assert due_at(received, value, "calendar_day") == expected


@pytest.mark.parametrize(
    ("received", "value", "expected"),
    [
        ("2016-03-10T09:00", 1, "2016-04-11T17:00"),
        ("2016-05-31T09:00", 1, "2016-06-30T17:00"),
        ("2016-01-29T09:00", 1, "2016-02-29T17:00"),
        ("2015-08-31T09:00", 6, "2016-02-29T17:00"),
        ("2015-12-31T09:00", 2, "2016-02-29T17:00"),
        # 28/2/2015 is a Saturday.
        ("2015-01-30T09:00", 1, "2015-03-02T17:00"),
        ("2016-01-07T09:00", 1, "2016-02-15T17:00"),
        ("2016-03-10T09:00", 12, "2017-03-10T17:00"),
        # Received on Sunday 31/1, that is Monday 1/2.
        ("2016-01-31T09:00", 1, "2016-03-01T17:00"),
    ],
)
def test_month_ends_on_the_same_day_number_or_the_months_last(
    received: str, value: int, expected: str
) -> None:
    assert due_at(received, value, "month") == expected


# Working hours


@pytest.mark.parametrize(
    ("received", "value", "expected"),
    [
        ("2016-03-10T08:15", 2, "2016-03-10T10:15"),
        ("2016-03-10T06:30", 1, "2016-03-10T08:00"),
        ("2016-03-10T10:00", 1, "2016-03-10T11:00"),
        ("2016-03-10T10:30", 1, "2016-03-10T13:30"),
        ("2016-03-10T11:00", 1, "2016-03-10T14:00"),
        ("2016-03-10T11:30", 2, "2016-03-10T15:00"),
        ("2016-03-10T15:01", 2, "2016-03-11T07:01"),
        ("2016-03-10T16:00", 1, "2016-03-10T17:00"),
        ("2016-03-10T17:00", 1, "2016-03-11T08:00"),
        ("2016-03-10T17:30", 8, "2016-03-11T17:00"),
        ("2016-03-12T09:00", 4, "2016-03-14T11:00"),
        ("2016-02-05T16:00", 2, "2016-02-15T08:00"),
        ("2015-04-24T16:00", 2, "2015-04-25T08:00"),
        ("2016-03-10T08:00", 24, "2016-03-15T08:00"),
    ],
)
def test_hours_run_inside_sessions(received: str, value: int, expected: str) -> None:
    assert due_at(received, value, "working_hour") == expected


def test_hours_keep_the_seconds_of_the_receipt() -> None:
    found = due_of("2016-03-10T10:30:20", 1, "working_hour")
    assert found.due_at == datetime(2016, 3, 10, 13, 30, 20)
    assert lines(due_of("2016-03-10T16:59:30", 1, "working_hour")) == [
        ("2016-03-10", True, "tính 30 giây làm việc"),
        ("2016-03-11", True, "tính 59 phút 30 giây làm việc"),
    ]


# Same day


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2016-03-10T06:30", "2016-03-10T17:00"),
        ("2016-03-10T12:00", "2016-03-10T17:00"),
        ("2016-03-10T15:00:00", "2016-03-10T17:00"),
        ("2016-03-10T15:00:01", "2016-03-11T17:00"),
        ("2016-03-10T15:01", "2016-03-11T17:00"),
        ("2016-03-10T17:00", "2016-03-11T17:00"),
        # After the close it is received on the next morning, and due on that day.
        ("2016-03-10T17:01", "2016-03-11T17:00"),
        ("2016-03-11T15:01", "2016-03-14T17:00"),
        ("2016-03-13T16:00", "2016-03-14T17:00"),
        ("2016-02-05T15:00", "2016-02-05T17:00"),
        ("2016-02-05T15:01", "2016-02-15T17:00"),
        ("2015-04-24T15:01", "2015-04-25T17:00"),
        ("2015-04-25T14:00", "2015-04-25T17:00"),
    ],
)
def test_same_day_means_the_next_day_only_after_three_in_the_afternoon(
    received: str, expected: str
) -> None:
    assert due_at(received, 0, "same_day") == expected


# The office's own days and hours


def test_deadlines_closure_of_the_office_moves_its_dates() -> None:
    office = WorkingCalendar(shipped_days(), closures={date(2016, 3, 11): "Mất điện"})
    assert due_at("2016-03-10T09:00", 1, "working_day", office) == "2016-03-14T17:00"
    assert due_at("2016-03-10T09:00", 1, "calendar_day", office) == "2016-03-14T17:00"
    assert due_at("2016-03-10T15:01", 0, "same_day", office) == "2016-03-14T17:00"
    assert due_at("2016-03-11T09:00", 1, "working_day", office) == "2016-03-15T17:00"
    assert lines(due_of("2016-03-10T09:00", 1, "working_day", office))[1] == (
        "2016-03-11",
        False,
        "đơn vị nghỉ: Mất điện",
    )


def test_deadlines_saturday_counter_receives_but_does_not_count() -> None:
    office = WorkingCalendar(
        shipped_days(), sessions=[*DEFAULT_SESSIONS, WeeklySession(5, time(7), time(11))]
    )
    found = due_of("2016-03-12T09:00", 1, "working_day", office)
    assert found.received_at == datetime(2016, 3, 12, 9)
    assert found.effective_at == datetime(2016, 3, 14, 7)
    assert found.due_at == datetime(2016, 3, 15, 17)
    assert due_at("2016-03-11T09:00", 1, "working_day", office) == "2016-03-14T17:00"


def test_hours_that_change_in_force_decide_close_and_opening() -> None:
    old = [WeeklySession(w, time(7), time(17), None, date(2016, 6, 30)) for w in range(5)]
    new = [WeeklySession(w, time(7, 30), time(16, 30), date(2016, 7, 1)) for w in range(5)]
    office = WorkingCalendar(shipped_days(), sessions=[*old, *new])
    assert due_at("2016-06-30T16:45", 1, "working_day", office) == "2016-07-01T16:30"
    assert due_at("2016-07-01T16:45", 1, "working_day", office) == "2016-07-05T16:30"
    assert due_at("2016-06-30T16:30", 1, "working_hour", office) == "2016-07-01T08:00"


# Years without data


@pytest.mark.parametrize(
    ("received", "value", "unit", "year"),
    [
        ("2014-12-27T09:00", 1, "working_day", 2014),
        ("2014-12-31T18:00", 0, "same_day", 2014),
        ("2028-01-03T09:00", 1, "working_day", 2028),
        ("2027-12-31T09:00", 1, "working_day", 2028),
        ("2027-12-31T18:00", 0, "same_day", 2028),
        ("2027-12-31T15:01", 0, "same_day", 2028),
        ("2027-12-31T16:00", 2, "working_hour", 2028),
        ("2027-12-20T09:00", 30, "calendar_day", 2028),
        ("2027-10-15T09:00", 3, "month", 2028),
        ("2016-03-10T09:00", 99_999, "month", 2028),
        ("2016-03-10T09:00", 99_999, "calendar_day", 2028),
        ("2016-03-10T09:00", 99_999, "working_hour", 2028),
        ("2016-03-10T09:00", 99_999, "working_day", 2028),
        ("9999-12-31T09:00", 1, "month", 9999),
    ],
)
def test_deadlines_year_without_data_is_named(
    received: str, value: int, unit: str, year: int
) -> None:
    with pytest.raises(NoCalendarData, match=f"năm {year}"):
        due_of(received, value, unit)


def test_deadlines_year_missing_on_the_way_is_named_too() -> None:
    with_a_gap = WorkingCalendar({d: s for d, s in shipped_days().items() if d.year != 2017})
    for value, unit in ((24, "month"), (730, "calendar_day"), (300, "working_day")):
        with pytest.raises(NoCalendarData, match="năm 2017"):
            due_of("2016-03-10T09:00", value, unit, with_a_gap)


# Explanations


def test_deadlines_each_day_from_receipt_to_due_is_counted_or_skipped_with_its_reason() -> None:
    assert lines(due_of("2016-02-04T09:00", 3, "working_day")) == [
        ("2016-02-04", False, "ngày tiếp nhận, không tính"),
        ("2016-02-05", True, "ngày làm việc thứ 1"),
        ("2016-02-06", False, "thứ Bảy"),
        ("2016-02-07", False, "nghỉ: Tết Nguyên đán (giao thừa, ngày cuối tháng Chạp)"),
        ("2016-02-08", False, "nghỉ: Tết Nguyên đán (mùng 1)"),
        ("2016-02-09", False, "nghỉ: Tết Nguyên đán (mùng 2)"),
        ("2016-02-10", False, "nghỉ: Tết Nguyên đán (mùng 3)"),
        ("2016-02-11", False, "nghỉ: Tết Nguyên đán (mùng 4)"),
        ("2016-02-12", False, "nghỉ: Tết Nguyên đán (nghỉ bù)"),
        ("2016-02-13", False, "thứ Bảy"),
        ("2016-02-14", False, "Chủ nhật"),
        ("2016-02-15", True, "ngày làm việc thứ 2"),
        ("2016-02-16", True, "ngày làm việc thứ 3"),
    ]


def test_receipt_on_a_day_off_is_explained() -> None:
    assert lines(due_of("2015-04-24T17:01", 1, "working_day")) == [
        ("2015-04-24", False, "nộp sau giờ làm việc, tính từ ngày làm việc tiếp theo"),
        ("2015-04-25", False, "coi là ngày tiếp nhận, không tính"),
        ("2015-04-26", False, "Chủ nhật"),
        ("2015-04-27", True, "ngày làm việc thứ 1"),
    ]
    assert lines(due_of("2016-03-12T09:00", 0, "same_day")) == [
        (
            "2016-03-12",
            False,
            "nộp vào ngày nghỉ (thứ Bảy), tính từ ngày làm việc tiếp theo",
        ),
        ("2016-03-13", False, "Chủ nhật"),
        ("2016-03-14", True, "ngày trả kết quả"),
    ]


def test_deadlines_make_up_day_says_what_it_makes_up_for() -> None:
    assert lines(due_of("2015-04-24T09:00", 1, "working_day"))[1] == (
        "2015-04-25",
        True,
        "ngày làm việc thứ 1 (làm bù cho ngày 29/04/2015)",
    )


def test_deadlines_last_day_that_is_off_says_where_it_moved() -> None:
    assert lines(due_of("2016-03-10T09:00", 2, "calendar_day")) == [
        ("2016-03-10", False, "ngày tiếp nhận, không tính"),
        ("2016-03-11", True, "ngày thứ 1"),
        ("2016-03-12", True, "ngày thứ 2 (thứ Bảy), hạn dời sang ngày làm việc tiếp theo"),
        ("2016-03-13", False, "Chủ nhật"),
        ("2016-03-14", False, "ngày làm việc tiếp theo, hạn dời đến đây"),
    ]


def test_hours_say_how_many_each_day_gives() -> None:
    assert lines(due_of("2016-03-10T15:30", 12, "working_hour")) == [
        ("2016-03-10", True, "tính 1 giờ 30 phút làm việc"),
        ("2016-03-11", True, "tính 8 giờ làm việc"),
        ("2016-03-12", False, "thứ Bảy"),
        ("2016-03-13", False, "Chủ nhật"),
        ("2016-03-14", True, "tính 2 giờ 30 phút làm việc"),
    ]
    assert lines(due_of("2016-03-10T17:00", 1, "working_hour")) == [
        ("2016-03-10", False, "tiếp nhận lúc hết giờ làm việc, tính từ ngày làm việc tiếp theo"),
        ("2016-03-11", True, "tính 1 giờ làm việc"),
    ]


def test_receipt_after_fifteen_hours_is_explained() -> None:
    assert lines(due_of("2016-03-10T15:01", 0, "same_day")) == [
        ("2016-03-10", False, "tiếp nhận sau 15 giờ, trả trong ngày làm việc tiếp theo"),
        ("2016-03-11", True, "ngày trả kết quả"),
    ]


def test_deadlines_date_that_rests_on_an_estimate_says_so() -> None:
    assert due_of("2027-02-03T09:00", 1, "working_day").estimated
    assert due_of("2027-02-01T09:00", 6, "calendar_day").estimated
    assert not due_of("2027-01-04T09:00", 5, "working_day").estimated
    assert not due_of("2026-02-12T09:00", 3, "working_day").estimated
