"""Which days off does a kept library expect of a year? An estimate, to be confirmed by a person.

python-holidays reckons Tết and Giỗ Tổ from the lunar calendar, knows what the Labour Code gives
(BLLĐ 2019 Điều 112, and Điều 111 khoản 3 for a day off that falls on one of rest), and, of years
already announced, which days were swapped. It reads nothing but its own files.
"""

from dataclasses import dataclass
from datetime import date

from procedures.models import CalendarDay
from procedures.workdays import WEEKDAYS

Kind = CalendarDay.Kind
_SWAPPED = "Ngày nghỉ (thay cho"


@dataclass(frozen=True)
class ProposedDay:
    """A day off or a make-up day that the library expects, with the day that is there already."""

    date: date
    kind: Kind
    name: str
    existing: CalendarDay | None = None

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.date.weekday()]

    @property
    def agrees(self) -> bool:
        """Whether the day that is there says the same: worked, or not."""
        is_worked = self.kind == Kind.MAKEUP_WORK
        return self.existing is not None and is_worked == (self.existing.kind == Kind.MAKEUP_WORK)


def proposed(year: int) -> list[ProposedDay]:
    """The days of the year in their order, beside those that are kept."""
    kept = {day.date: day for day in CalendarDay.objects.filter(date__year=year)}
    return [
        ProposedDay(day, kind, name, kept.get(day)) for day, (kind, name) in expected(year).items()
    ]


def source() -> str:
    """Where an estimate comes from, as it is kept with the day."""
    from holidays.version import __version__

    return f"Ước tính theo thư viện python-holidays {__version__} (VN)"


def expected(year: int) -> dict[date, tuple[Kind, str]]:
    """What the library says of the year, by day."""
    import holidays  # a tenth of a second, which no other page or command pays

    # Days that a day of this year is swapped for may be among those of the years beside it.
    known = holidays.country_holidays("VN", years=[year - 1, year, year + 1], language="vi")
    days = {
        day: (Kind.BRIDGE_OFF if name.startswith(_SWAPPED) else Kind.HOLIDAY, name)
        for day, name in known.items()
        if day.year == year
    }
    for day in known.weekend_workdays:
        if day.year == year:
            days[day] = (Kind.MAKEUP_WORK, "Làm bù")
    return dict(sorted(days.items()))
