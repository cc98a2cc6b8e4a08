"""The clock that goes on after a supplement (QĐ 09/2015): literal dates worked out by hand."""

from datetime import datetime

import pytest

from dossiers.rules.deadlines import Due, Limit, LimitUnit, continued
from procedures.workdays import NoCalendarData
from tests.procedures.shipped_calendar import shipped_calendar


def lines(found: Due) -> list[tuple[str, bool, str]]:
    return [(line.date.isoformat(), line.counted, line.why) for line in found.days]


def moved(value: int, unit: str, old: str, asked: str, arrived: str) -> Due:
    return continued(
        shipped_calendar(),
        Limit(value, LimitUnit(unit)),
        *(datetime.fromisoformat(moment) for moment in (old, asked, arrived)),
    )


@pytest.mark.parametrize(
    ("unit", "old", "asked", "arrived", "new"),
    [
        # Working days after the request up to and including the arrival.
        ("working_day", "2016-03-11", "2016-03-07T09:00", "2016-03-09T16:00", "2016-03-15"),
        ("working_day", "2016-03-11", "2016-03-04T09:00", "2016-03-07T09:00", "2016-03-14"),
        ("working_day", "2016-03-11", "2016-03-03T09:00", "2016-03-05T10:00", "2016-03-14"),
        ("working_day", "2016-03-11", "2016-03-07T09:00", "2016-03-09T18:00", "2016-03-15"),
        ("working_day", "2016-02-17", "2016-02-04T09:00", "2016-02-15T09:00", "2016-02-19"),
        ("working_day", "2015-04-24", "2015-04-24T09:00", "2015-04-25T09:00", "2015-04-25"),
        # The papers came after the old due date.
        ("working_day", "2016-03-08", "2016-03-07T09:00", "2016-03-14T09:00", "2016-03-15"),
        # Asked on a day off: the days after it count.
        ("working_day", "2016-03-11", "2016-03-05T09:00", "2016-03-07T09:00", "2016-03-14"),
        # Calendar days; a day off goes on to the next working day.
        ("calendar_day", "2016-03-08", "2016-03-01T09:00", "2016-03-04T09:00", "2016-03-11"),
        ("calendar_day", "2016-03-11", "2016-03-04T09:00", "2016-03-07T09:00", "2016-03-14"),
        ("calendar_day", "2016-03-11", "2016-03-03T09:00", "2016-03-05T10:00", "2016-03-14"),
        ("calendar_day", "2016-02-17", "2016-02-04T09:00", "2016-02-15T09:00", "2016-02-29"),
        ("calendar_day", "2016-02-03", "2016-01-29T09:00", "2016-02-02T18:00", "2016-02-15"),
        # Months move by calendar days too.
        ("month", "2016-04-06", "2016-03-07T09:00", "2016-03-17T09:00", "2016-04-19"),
        ("month", "2016-04-06", "2016-03-07T09:00", "2016-03-09T09:00", "2016-04-08"),
        # Same day moves by working days.
        ("same_day", "2016-03-10", "2016-03-10T10:00", "2016-03-11T09:00", "2016-03-11"),
        ("same_day", "2016-03-10", "2016-03-10T10:00", "2016-03-14T09:00", "2016-03-14"),
    ],
)
def test_deadlines_continued_due_day_moves_on_by_the_days_waited(
    unit: str, old: str, asked: str, arrived: str, new: str
) -> None:
    found = moved(5, unit, f"{old}T17:00", asked, arrived)
    assert found.due_at == datetime.fromisoformat(f"{new}T17:00")
    assert found.received_at == found.effective_at == datetime.fromisoformat(arrived)


@pytest.mark.parametrize(
    ("old", "asked", "arrived", "new"),
    [
        ("2016-03-10T10:00", "2016-03-09T16:00", "2016-03-10T08:30", "2016-03-10T14:30"),
        ("2016-03-10T15:00", "2016-03-10T08:00", "2016-03-10T10:00", "2016-03-10T17:00"),
        ("2016-03-10T17:00", "2016-03-10T08:00", "2016-03-10T09:00", "2016-03-11T08:00"),
        ("2016-02-05T16:00", "2016-02-05T15:00", "2016-02-15T08:00", "2016-02-15T09:00"),
    ],
)
def test_deadlines_continued_due_hour_moves_on_by_the_working_time_waited(
    old: str, asked: str, arrived: str, new: str
) -> None:
    assert moved(5, "working_hour", old, asked, arrived).due_at == datetime.fromisoformat(new)


@pytest.mark.parametrize(
    ("unit", "asked", "arrived"),
    [
        ("working_day", "2016-03-07T09:00", "2016-03-07T16:00"),
        ("working_day", "2016-03-04T09:00", "2016-03-06T16:00"),
        ("same_day", "2016-03-07T09:00", "2016-03-07T16:00"),
        ("calendar_day", "2016-03-07T09:00", "2016-03-07T16:00"),
        ("month", "2016-03-07T09:00", "2016-03-07T16:00"),
        ("working_hour", "2016-03-07T11:00", "2016-03-07T13:00"),
        ("working_hour", "2016-03-04T17:00", "2016-03-07T07:00"),
        ("working_day", "2016-03-09T09:00", "2016-03-07T16:00"),
    ],
)
def test_papers_that_took_no_time_leave_the_due_moment_as_it_is(
    unit: str, asked: str, arrived: str
) -> None:
    found = moved(5, unit, "2016-03-11T10:20:30", asked, arrived)
    assert found.due_at == datetime(2016, 3, 11, 10, 20, 30)


def test_deadlines_continued_days_waited_and_the_days_added_are_listed() -> None:
    found = moved(5, "working_day", "2016-03-11T17:00", "2016-03-03T09:00", "2016-03-07T09:00")
    assert lines(found) == [
        ("2016-03-03", False, "ngày yêu cầu bổ sung, không tính"),
        ("2016-03-04", True, "chờ bổ sung: ngày thứ 1"),
        ("2016-03-05", False, "thứ Bảy"),
        ("2016-03-06", False, "Chủ nhật"),
        ("2016-03-07", True, "chờ bổ sung: ngày thứ 2"),
        ("2016-03-11", False, "hạn cũ"),
        ("2016-03-12", False, "thứ Bảy"),
        ("2016-03-13", False, "Chủ nhật"),
        ("2016-03-14", True, "cộng thêm: ngày thứ 1"),
        ("2016-03-15", True, "cộng thêm: ngày thứ 2"),
    ]


def test_calendar_days_waited_and_added_are_listed() -> None:
    found = moved(15, "calendar_day", "2016-03-11T17:00", "2016-03-04T09:00", "2016-03-05T09:00")
    assert lines(found) == [
        ("2016-03-04", False, "ngày yêu cầu bổ sung, không tính"),
        ("2016-03-05", True, "chờ bổ sung: ngày thứ 1"),
        ("2016-03-11", False, "hạn cũ"),
        ("2016-03-12", True, "cộng thêm: ngày thứ 1 (thứ Bảy)"),
        ("2016-03-13", False, "Chủ nhật"),
        ("2016-03-14", False, "ngày làm việc tiếp theo, hạn dời đến đây"),
    ]


def test_hours_waited_and_added_are_listed() -> None:
    found = moved(8, "working_hour", "2016-03-10T16:00", "2016-03-09T16:00", "2016-03-10T08:30")
    assert lines(found) == [
        ("2016-03-09", True, "chờ bổ sung: 1 giờ"),
        ("2016-03-10", True, "chờ bổ sung: 1 giờ 30 phút"),
        ("2016-03-10", True, "cộng thêm: 1 giờ"),
        ("2016-03-11", True, "cộng thêm: 1 giờ 30 phút"),
    ]


@pytest.mark.parametrize("unit", list(LimitUnit))
def test_waiting_into_a_year_without_data_is_refused(unit: LimitUnit) -> None:
    with pytest.raises(NoCalendarData, match="năm 2028"):
        moved(5, unit, "2027-12-30T17:00", "2027-12-29T09:00", "2028-01-05T09:00")
    with pytest.raises(NoCalendarData, match="năm 2028"):
        moved(5, unit, "2027-12-31T17:00", "2027-12-01T09:00", "2027-12-03T09:00")


def test_deadlines_continued_move_over_an_estimate_says_so() -> None:
    args = ("2027-02-03T17:00", "2027-01-28T09:00", "2027-01-29T09:00")
    assert moved(5, "working_day", *args).estimated
    args = ("2027-01-20T17:00", "2027-01-18T09:00", "2027-01-19T09:00")
    assert not moved(5, "working_day", *args).estimated
