"""The periods of reports, by calendar quarters and by NĐ 09/2019."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.terms.periods import Period, Span, containing, parse_period

DAYS = st.dates(date(1901, 1, 1), date(2998, 12, 31))
CALENDARS = st.sampled_from(["calendar", "nd09"])
NAMES = st.builds(
    "{}{}".format,
    st.integers(1901, 2999),
    st.sampled_from(["", "-Q1", "-Q2", "-Q3", "-Q4", "-6M", "-9M", "-01", "-07", "-12"]),
)
FREE = st.tuples(DAYS, DAYS).map(lambda ends: f"{min(ends)}..{max(ends)}")


def bounds(period: Period) -> tuple[str, str]:
    return period.start.isoformat(), period.end.isoformat()


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("2016-Q1", "2016-01-01", "2016-03-31", "Quý I năm 2016"),
        ("2016-Q2", "2016-04-01", "2016-06-30", "Quý II năm 2016"),
        ("2016-Q3", "2016-07-01", "2016-09-30", "Quý III năm 2016"),
        ("2016-Q4", "2016-10-01", "2016-12-31", "Quý IV năm 2016"),
        ("2016-6M", "2016-01-01", "2016-06-30", "6 tháng đầu năm 2016"),
        ("2016-9M", "2016-01-01", "2016-09-30", "9 tháng năm 2016"),
        ("2016", "2016-01-01", "2016-12-31", "Năm 2016"),
        ("2016-02", "2016-02-01", "2016-02-29", "Tháng 2 năm 2016"),
        (
            "2016-01-01..2016-09-30",
            "2016-01-01",
            "2016-09-30",
            "từ 01/01/2016 đến 30/09/2016",
        ),
        ("2016-02-29..2016-02-29", "2016-02-29", "2016-02-29", "từ 29/02/2016 đến 29/02/2016"),
    ],
)
def test_periods_of_the_calendar(text: str, start: str, end: str, label: str) -> None:
    period = parse_period(text)
    assert bounds(period) == (start, end)
    assert (period.key, period.calendar, period.label) == (text, "calendar", label)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2016-Q1", "2015-12-15", "2016-03-14"),
        ("2016-Q2", "2016-03-15", "2016-06-14"),
        ("2016-Q3", "2016-06-15", "2016-09-14"),
        ("2016-Q4", "2016-09-15", "2016-12-14"),
        ("2016-6M", "2015-12-15", "2016-06-14"),
        ("2016-9M", "2015-12-15", "2016-09-14"),
        ("2016", "2015-12-15", "2016-12-14"),
        ("2016-01", "2015-12-15", "2016-01-14"),
        ("2016-03", "2016-02-15", "2016-03-14"),
        ("2016-12", "2016-11-15", "2016-12-14"),
        ("2016-01-01..2016-09-30", "2016-01-01", "2016-09-30"),
    ],
)
def test_periods_of_nd09_begin_on_the_fifteenth(text: str, start: str, end: str) -> None:
    period = parse_period(text, "nd09")
    assert bounds(period) == (start, end)
    assert (period.key, period.calendar) == (text, "nd09")


def test_periods_name_may_be_lower_case_and_stand_in_spaces() -> None:
    assert parse_period(" 2016-q1 ") == parse_period("2016-Q1")
    assert parse_period("2016-9m").key == "2016-9M"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Không hiểu kỳ báo cáo “”"),
        ("2016-Q5", "Không hiểu kỳ báo cáo “2016-Q5”"),
        ("2016-Q0", "Không hiểu"),
        ("2016-3M", "Không hiểu"),
        ("2016-13", "Không hiểu"),
        ("16-Q1", "Không hiểu"),
        ("2016Q1", "Không hiểu"),
        ("quý 1", "Không hiểu"),
        ("2016-Q1\n2017", "Không hiểu"),
        ("２０１６", "Không hiểu"),
        ("2016-01-01", "Không hiểu"),
        ("2016-01-01..", "Không hiểu"),
        ("2016-01-01..2016-02-30", "Không có ngày 2016-02-30"),
        ("2016-13-01..2016-12-30", "Không có ngày 2016-13-01"),
        ("2016-09-30..2016-01-01", "Ngày cuối 01/01/2016 nằm trước ngày đầu 30/09/2016"),
        ("0000", "từ 1900 đến 2999"),
        ("0001-Q1", "từ 1900 đến 2999"),
        ("9999", "từ 1900 đến 2999"),
        ("0001-01-01..2016-01-01", "từ 1900 đến 2999"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    for calendar in ("calendar", "nd09"):
        with pytest.raises(ValueError, match=re.escape(sentence)):
            parse_period(text, calendar)


def test_periods_unknown_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="Không có lịch kỳ báo cáo “lunar”"):
        parse_period("2016", "lunar")


def test_quarter_falls_into_its_months() -> None:
    months = parse_period("2016-Q1").months()
    assert [(month.key, *bounds(month), month.label) for month in months] == [
        ("2016-01", "2016-01-01", "2016-01-31", "Tháng 1 năm 2016"),
        ("2016-02", "2016-02-01", "2016-02-29", "Tháng 2 năm 2016"),
        ("2016-03", "2016-03-01", "2016-03-31", "Tháng 3 năm 2016"),
    ]
    assert [bounds(month) for month in parse_period("2016-Q1", "nd09").months()] == [
        ("2015-12-15", "2016-01-14"),
        ("2016-01-15", "2016-02-14"),
        ("2016-02-15", "2016-03-14"),
    ]


def test_periods_free_range_cuts_its_first_and_last_month_short() -> None:
    months = parse_period("2016-01-20..2016-03-05").months()
    assert [(month.key, month.label) for month in months] == [
        ("2016-01-20..2016-01-31", "từ 20/01/2016 đến 31/01/2016"),
        ("2016-02", "Tháng 2 năm 2016"),
        ("2016-03-01..2016-03-05", "từ 01/03/2016 đến 05/03/2016"),
    ]
    assert [month.key for month in parse_period("2016-01-14..2016-02-14", "nd09").months()] == [
        "2016-01-14..2016-01-14",
        "2016-02",
    ]
    (day,) = parse_period("2016-01-20..2016-01-20").months()
    assert bounds(day) == ("2016-01-20", "2016-01-20")


def test_periods_year_has_twelve_months_and_four_quarters_in_both_calendars() -> None:
    for calendar in ("calendar", "nd09"):
        year = parse_period("2016", calendar)
        assert [month.key for month in year.months()] == [f"2016-{m:02}" for m in range(1, 13)]
        assert [quarter.key for quarter in year.quarters()] == [
            "2016-Q1",
            "2016-Q2",
            "2016-Q3",
            "2016-Q4",
        ]


def test_periods_nine_months_are_three_quarters() -> None:
    for calendar in ("calendar", "nd09"):
        quarters = parse_period("2016-9M", calendar).quarters()
        assert quarters == tuple(parse_period(f"2016-Q{n}", calendar) for n in (1, 2, 3))


def test_periods_free_range_cuts_its_quarters_short() -> None:
    quarters = parse_period("2016-02-01..2016-09-30").quarters()
    assert [quarter.key for quarter in quarters] == [
        "2016-02-01..2016-03-31",
        "2016-Q2",
        "2016-Q3",
    ]


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("2016-Q1", "2015-Q1"),
        ("2016-6M", "2015-6M"),
        ("2016-9M", "2015-9M"),
        ("2016", "2015"),
        ("2016-02", "2015-02"),
        ("2016-01-01..2016-09-30", "2015-01-01..2015-09-30"),
        ("2016-02-29..2016-03-31", "2015-02-28..2015-03-31"),
        ("2016-01-15..2016-02-29", "2015-01-15..2015-02-28"),
        ("2017-02-28..2017-03-01", "2016-02-28..2016-03-01"),
    ],
)
@pytest.mark.parametrize("calendar", ["calendar", "nd09"])
def test_periods_same_period_a_year_before(text: str, before: str, calendar: str) -> None:
    assert parse_period(text, calendar).previous_year() == parse_period(before, calendar)


def test_quarter_that_a_day_lies_in() -> None:
    assert containing(date(2016, 3, 31)) == parse_period("2016-Q1")
    assert containing(date(2016, 4, 1)) == parse_period("2016-Q2")
    assert containing(date(2016, 3, 14), calendar="nd09") == parse_period("2016-Q1", "nd09")
    assert containing(date(2016, 3, 15), calendar="nd09") == parse_period("2016-Q2", "nd09")
    assert containing(date(2016, 12, 14), calendar="nd09") == parse_period("2016-Q4", "nd09")
    assert containing(date(2016, 12, 15), calendar="nd09") == parse_period("2017-Q1", "nd09")


def test_period_month_and_the_year_that_a_day_lies_in() -> None:
    day = date(2016, 12, 31)
    assert containing(day, Span.MONTH) == parse_period("2016-12")
    assert containing(day, Span.YEAR) == parse_period("2016")
    assert containing(day, Span.MONTH, "nd09") == parse_period("2017-01", "nd09")
    assert containing(day, Span.YEAR, "nd09") == parse_period("2017", "nd09")


@given(NAMES | FREE, CALENDARS)
def test_periods_key_gives_its_period_again(text: str, calendar: str) -> None:
    period = parse_period(text, calendar)
    assert period.key == text
    assert parse_period(period.key, calendar) == period


@given(NAMES, CALENDARS)
def test_months_and_quarters_cover_a_period_without_gap_or_overlap(
    text: str, calendar: str
) -> None:
    period = parse_period(text, calendar)
    for pieces in (period.months(), period.quarters()):
        assert pieces[0].start == period.start
        assert pieces[-1].end == period.end
        for first, second in pairwise(pieces):
            assert second.start == first.end + timedelta(days=1)
        assert all(parse_period(piece.key, calendar) == piece for piece in pieces)


@given(DAYS, CALENDARS, st.sampled_from(Span))
def test_periods_day_lies_in_the_period_that_contains_it(
    day: date, calendar: str, span: Span
) -> None:
    period = containing(day, span, calendar)
    assert period.start <= day <= period.end
    assert containing(period.start, span, calendar) == period
    assert containing(period.end, span, calendar) == period


@pytest.mark.parametrize(
    ("text", "calendar", "before"),
    [
        ("2016-Q3", "calendar", "2016-Q2"),
        ("2016-Q1", "calendar", "2015-Q4"),
        ("2016-Q1", "nd09", "2015-Q4"),
        ("2016-01", "nd09", "2015-12"),
        ("2016-03", "calendar", "2016-02"),
        ("2016-6M", "calendar", "2015-07-01..2015-12-31"),
        ("2016-6M", "nd09", "2015-06-15..2015-12-14"),
        ("2016-9M", "calendar", None),
        ("2016", "nd09", None),
        ("2016-03-10..2016-03-16", "calendar", "2016-03-03..2016-03-09"),
        ("2016-03-01..2016-03-01", "calendar", "2016-02-29..2016-02-29"),
    ],
)
def test_periods_what_lies_right_before_a_period_is_of_its_kind_or_none(
    text: str, calendar: str, before: str | None
) -> None:
    found = parse_period(text, calendar).preceding()
    assert (found.key if found else None) == before
    assert found is None or found.end + timedelta(days=1) == parse_period(text, calendar).start
