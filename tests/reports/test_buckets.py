"""A range of days is covered by buckets, each day once, as few as there can be."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reports.terms.buckets import Grain, bucket_end, bucket_start, cover
from reports.terms.periods import parse_period

DAYS = st.dates(date(2015, 6, 1), date(2020, 3, 31))
ONE_DAY = timedelta(days=1)


def days_of(grain: Grain, first: date, last: date) -> list[tuple[date, date]]:
    """The buckets that begin from the first day to the last."""
    found, day = [], first
    while day <= last:
        assert day == bucket_start(grain, day)
        found.append((day, bucket_end(grain, day)))
        day = bucket_end(grain, day) + ONE_DAY
    return found


@given(first=DAYS, length=st.integers(-3, 1500))
def test_buckets_every_day_of_a_range_is_covered_once_and_no_other(
    first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    counted: Counter[date] = Counter()
    for stretch in cover(first, last):
        for start, end in days_of(stretch.grain, stretch.first, stretch.last):
            counted.update(start + timedelta(days=n) for n in range((end - start).days + 1))
    assert counted == Counter(first + timedelta(days=n) for n in range(length + 1))


# From the 16th of a month of 31 days to the 30th of another.
@example(first=date(2015, 7, 16), length=(date(2016, 3, 30) - date(2015, 7, 16)).days)
@given(first=DAYS, length=st.integers(0, 1500))
def test_range_needs_few_buckets_however_long_it_is(first: date, length: int) -> None:
    stretches = list(cover(first, first + timedelta(days=length)))
    assert len(stretches) <= 5
    counted: Counter[Grain] = Counter()
    for stretch in stretches:
        counted[stretch.grain] += len(days_of(stretch.grain, stretch.first, stretch.last))
    assert counted[Grain.DAY] <= 32
    assert counted[Grain.HALF_MONTH] <= 46


@pytest.mark.parametrize("calendar", ["calendar", "nd09"])
@pytest.mark.parametrize("key", ["2016-02", "2016-Q1", "2017-6M", "2016-9M", "2016"])
def test_named_periods_of_both_calendars_need_no_days(key: str, calendar: str) -> None:
    period = parse_period(key, calendar)
    before = cover(date(1900, 1, 1), period.start - ONE_DAY)
    for stretch in (*before, *cover(period.start, period.end)):
        assert stretch.grain is not Grain.DAY


def test_buckets_half_month_ends_on_the_14th_or_with_the_month() -> None:
    half = Grain.HALF_MONTH
    assert [bucket_start(half, date(2016, 2, n)).day for n in (1, 14, 15, 29)] == [1, 1, 15, 15]
    assert [bucket_end(half, date(2016, 2, n)).day for n in (1, 14, 15, 29)] == [14, 14, 29, 29]
    assert bucket_end(half, date(2015, 2, 20)) == date(2015, 2, 28)
