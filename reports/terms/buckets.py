"""The buckets that sums are kept in, and the fewest of them that make up a range of days.

Half months run from the 1st to the 14th and from the 15th to the month's end, so that the months
and quarters of both calendars of `periods` are whole halves. Pure Python, no Django.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

ONE_DAY = timedelta(days=1)
SECOND_HALF = 15


class Grain(IntEnum):
    """How long a bucket is; the numbers stand in the database."""

    DAY = 1
    HALF_MONTH = 2
    YEAR = 3


COARSE_TO_FINE = (Grain.YEAR, Grain.HALF_MONTH, Grain.DAY)


@dataclass(frozen=True)
class Stretch:
    """Whole buckets of one grain, side by side: those that begin from `first` to `last`."""

    grain: Grain
    first: date
    last: date


def bucket_start(grain: Grain, day: date) -> date:
    """The first day of the bucket in which the day lies."""
    if grain is Grain.YEAR:
        return day.replace(month=1, day=1)
    if grain is Grain.HALF_MONTH:
        return day.replace(day=SECOND_HALF if day.day >= SECOND_HALF else 1)
    return day


def bucket_end(grain: Grain, day: date) -> date:
    """The last day of the bucket in which the day lies."""
    if grain is Grain.YEAR:
        return day.replace(month=12, day=31)
    if grain is Grain.HALF_MONTH:
        whole = monthrange(day.year, day.month)[1]
        return day.replace(day=whole if day.day >= SECOND_HALF else SECOND_HALF - 1)
    return day


def cover(first: date, last: date, grains: Sequence[Grain] = COARSE_TO_FINE) -> Iterator[Stretch]:
    """The stretches of buckets that together are the days from `first` to `last`, each day once;
    the coarsest that fit, of these grains, of which the last must be DAY. Nothing when `last` is
    before `first`."""
    if last < first:
        return
    grain, *finer = grains
    start = first if first == bucket_start(grain, first) else bucket_end(grain, first) + ONE_DAY
    end = last if last == bucket_end(grain, last) else bucket_start(grain, last) - ONE_DAY
    if end < start:
        yield from cover(first, last, finer)
        return
    if first < start:
        yield from cover(first, start - ONE_DAY, finer)
    yield Stretch(grain, start, bucket_start(grain, end))
    if end < last:
        yield from cover(end + ONE_DAY, last, finer)
