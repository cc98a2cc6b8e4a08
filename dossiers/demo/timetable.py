"""Days and hours at which things happen at a desk. Pure Python; moments are local and naive."""

import random
from datetime import date, datetime, time, timedelta
from itertools import accumulate

from procedures.workdays import SATURDAY, WorkingCalendar

ONE_DAY = timedelta(days=1)
MONDAY_TO_FRIDAY = (1.2, 1.05, 1.0, 0.95, 0.9)
ON_A_SATURDAY = 0.012  # against a working day: a counter that opened for somebody
AROUND_A_LONG_HOLIDAY = 0.6
AFTER_HOURS = 0.004
IN_THE_NOON_BREAK = 0.003
MORNING = 0.58
ROUGH_HOURS = ((7, 4, 10, 55), (13, 4, 16, 50))


class Days:
    """Days of receipt with weights: by month, by weekday, thinner around Tết."""

    def __init__(
        self,
        calendar: WorkingCalendar,
        first: date,
        last: date,
        months: dict[int, float] | None = None,
    ) -> None:
        self.days: list[date] = []
        weights = []
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            weight = (months or {}).get(day.month, 1.0) * self._weight(calendar, day)
            if weight:
                self.days.append(day)
                weights.append(weight)
        self._sums = list(accumulate(weights))

    def draw(self, rng: random.Random) -> date:
        return rng.choices(self.days, cum_weights=self._sums)[0]

    def _weight(self, calendar: WorkingCalendar, day: date) -> float:
        if not calendar.is_working(day):
            off = calendar.why(day).startswith("nghỉ")
            return ON_A_SATURDAY if day.weekday() == SATURDAY and not off else 0
        weight = MONDAY_TO_FRIDAY[min(day.weekday(), 4)]
        near = (day + timedelta(days=n) for n in (-4, -3, -2, -1, 1, 2, 3, 4))
        holidays = [d for d in near if d.weekday() < SATURDAY and not calendar.is_working(d)]
        return weight * (AROUND_A_LONG_HOLIDAY if len(holidays) >= 3 else 1)


def receipt_on(day: date, calendar: WorkingCalendar, rng: random.Random) -> datetime:
    """A moment at which somebody comes: mostly around 8:30 and 14:00, now and then too late."""
    chance = rng.random()
    if not calendar.is_working(day):
        hour = rng.triangular(7.5, 10.5, 8.5)
    elif chance < AFTER_HOURS:
        hour = rng.uniform(17.05, 17.7)
    elif chance < AFTER_HOURS + IN_THE_NOON_BREAK:
        hour = rng.uniform(11.1, 12.4)
    elif rng.random() < MORNING:
        hour = rng.triangular(7.05, 10.95, 8.4)
    else:
        hour = rng.triangular(13.05, 16.8, 14.0)
    return at_hour(day, hour)


def at_hour(day: date, hour: float) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=int(hour * 60))


def moment_on(
    day: date, rng: random.Random, *, after: datetime, before: datetime | None = None
) -> datetime:
    """A moment of the day in office hours, after another one, and before a third if there is
    room; when the office is about to close or has closed, a few minutes after the first."""
    windows = []
    for opens_hour, opens_minute, closes_hour, closes_minute in ROUGH_HOURS:
        opens = datetime.combine(day, time(opens_hour, opens_minute))
        closes = datetime.combine(day, time(closes_hour, closes_minute))
        first = max(opens, after + timedelta(minutes=2))
        last = min(closes, before) if before is not None else closes
        if first < last:
            windows.append((first, last))
    if not windows:
        soon = max(after, datetime.combine(day, time(7, 4))) + timedelta(minutes=rng.randint(1, 4))
        return min(soon, datetime.combine(day, time(23, 58)))
    lengths = [(last - first).total_seconds() for first, last in windows]
    first, last = rng.choices(windows, weights=lengths)[0]
    return first + timedelta(minutes=rng.randint(0, int((last - first).total_seconds()) // 60))


def working_days(calendar: WorkingCalendar, first: date, last: date) -> list[date]:
    """The working days from first to last, both included."""
    span = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in span if calendar.is_working(day)]
