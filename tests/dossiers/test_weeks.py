"""The days of a due date as weeks: what a cell says, what is named, what is folded."""

from datetime import date, datetime, timedelta

from dossiers.rules.deadlines import Limit, LimitUnit, due
from dossiers.rules.weeks import DayLine, weeks_of
from procedures.calendar import calendar_for
from tests.cast import Cast


def test_weeks_over_tet_name_the_days_off_and_mark_the_ends(cast: Cast) -> None:
    limit = Limit(5, LimitUnit.WORKING_DAY)
    weeks = due(calendar_for(cast.district), datetime(2016, 2, 4, 9), limit).weeks
    shown = [[f"{c.day.day}:{c.short}" for c in week if c.lines] for week in weeks.head]
    assert shown == [
        ["4:nhận", "5:1", "6:nghỉ", "7:nghỉ"],
        ["8:nghỉ", "9:nghỉ", "10:nghỉ", "11:nghỉ", "12:nghỉ", "13:nghỉ", "14:nghỉ"],
        ["15:2", "16:3", "17:4", "18:5"],
    ]
    assert all(len(week) == 7 and week[0].day.weekday() == 0 for week in weeks.head)
    cells = [cell for week in weeks.head for cell in week]
    assert [c.day.day for c in cells if c.is_first or c.is_last] == [4, 18]
    assert [c.kind for c in cells[:6]] == ["outside"] * 3 + ["other", "counted", "off"]
    assert "Tết Nguyên đán" in " ".join(remark.words for remark in weeks.remarks)
    assert not weeks.middle


def numbered(first: date, count: int) -> list[DayLine]:
    days = [first + timedelta(days=number) for number in range(count)]
    return [DayLine(day, True, f"ngày thứ {n}") for n, day in enumerate(days, start=1)]


def test_weeks_of_more_than_eight_fold_the_middle() -> None:
    eight = weeks_of(numbered(date(2016, 2, 29), 56))
    assert (len(eight.head), len(eight.middle), len(eight.tail)) == (8, 0, 0)
    nine = weeks_of(numbered(date(2016, 2, 29), 57))
    assert (len(nine.head), len(nine.middle), len(nine.tail)) == (2, 5, 2)
    assert nine.counted_in_middle == 35
    starts = [piece[0][0] for piece in (nine.head, nine.middle, nine.tail)]
    assert all(cell.shows_month for cell in starts)


def test_weeks_mark_the_days_on_which_the_clock_stood() -> None:
    lines = numbered(date(2016, 2, 29), 5)
    stop = (date(2016, 3, 1), date(2016, 3, 3))
    stopped = weeks_of(lines, [stop])
    assert [cell.kind for cell in stopped.head[0]] == [
        *("counted", "counted", "pause", "pause", "counted", "outside", "outside"),
    ]
    assert stopped.has_pause
    assert not weeks_of(lines[2:], [stop]).has_pause, "what began before is told before"
    waited = weeks_of([DayLine(date(2016, 3, 4), True, "chờ bổ sung: ngày thứ 1")]).head[0]
    assert (waited[4].kind, waited[4].short) == ("pause", "chờ")


def test_weeks_say_hours_and_work_made_up_for() -> None:
    lines = [
        DayLine(date(2015, 4, 25), True, "ngày làm việc thứ 1 (làm bù cho ngày 29/04/2015)"),
        DayLine(date(2015, 4, 26), True, "ngày thứ 2 (Chủ nhật)"),
        DayLine(date(2015, 4, 27), True, "tính 1 giờ 30 phút làm việc"),
    ]
    weeks = weeks_of(lines)
    assert [c.short for week in weeks.head for c in week if c.lines] == ["1", "2", "1 giờ 30 phút"]
    assert [remark.words for remark in weeks.remarks] == ["làm bù cho ngày 29/04/2015"]
