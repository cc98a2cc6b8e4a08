"""How a choice of figures is written: in an address, in words, in the links of cells."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from motcua.models import Office
from reports.converters import FURTHER
from reports.terms.columns import BY_NAME, LATE, Column, Figures, nothing
from reports.terms.periods import ONE_DAY, Period, Span, containing

STRIP = (
    ("-Q1", "Quý I"),
    ("-Q2", "Quý II"),
    ("-6M", "6 tháng"),
    ("-Q3", "Quý III"),
    ("-9M", "9 tháng"),
    ("-Q4", "Quý IV"),
    ("", "Cả năm"),
)
# The word of an address -> the calendar of periods.
CALENDARS = {"duong-lich": "calendar", "nd09": "nd09"}
CALENDAR_WORD = {calendar: word for word, calendar in CALENDARS.items()}
NO_OPENING: Mapping[str, int] = nothing()


@dataclass(frozen=True)
class Cell:
    """A number of a table; a zero has nothing behind it and no address. `opening` is the part of
    it that are opening figures: that part opens the entered totals, not dossiers."""

    column: Column
    value: int
    address: str
    opening: int = 0

    @property
    def is_late(self) -> bool:
        """A number that should be none."""
        return self.column.name in LATE and self.value != 0

    @property
    def opening_address(self) -> str:
        return reverse("openings")


def dossiers_address(
    query: Mapping[str, str], column: str, group: str | None = None, *, path: str = ""
) -> str:
    """The list behind a column of the choice `query`, of one row where `group` is its key; the
    list of the standard figures, or the one at `path`."""
    words = {**query, "cot": column, **({"nhom": group} if group is not None else {})}
    return f"{path or reverse('figure_dossiers')}?{urlencode(words)}"


def cells(
    query: dict[str, str],
    figures: Figures,
    names: tuple[str, ...],
    group: str | None = None,
    opening: Mapping[str, int] = NO_OPENING,
) -> list[Cell]:
    """The cells of a row, for these columns in this order."""
    return [
        Cell(
            BY_NAME[name],
            figures[name],
            dossiers_address(query, name, group) if figures[name] != opening[name] else "",
            opening[name],
        )
        for name in names
    ]


def report_places(query: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """The reports as (word, title, address), each with the same choice."""
    words = f"?{urlencode(query)}" if query else ""
    return [
        ("bieu", "Biểu tổng hợp", reverse("report") + words),
        *(
            (word, title, reverse("further_report", args=[word]) + words)
            for word, title in FURTHER.items()
        ),
        ("danh-gia", "Người dân đánh giá", reverse("ratings") + words),
        ("chot", "Chốt số liệu", reverse("closings")),
        ("so-dau-ky", "Số đầu kỳ", reverse("openings")),
    ]


@dataclass(frozen=True)
class PeriodLink:
    """One press to another period of the same choice."""

    words: str
    address: str
    is_here: bool


def period_strip(period: Period, query: dict[str, str]) -> list[PeriodLink]:
    """The quarters, six and nine months and the whole of the period's year, and the years around
    it with the same period, as far as it has a name."""
    year = containing(period.end, Span.YEAR, period.calendar).key
    part = period.key.removeprefix(year) if ".." not in period.key else ""
    around = [(str(int(year) + step), f"{int(year) + step:04}{part}") for step in (-1, 1)]
    names = [(words, f"{year}{suffix}") for suffix, words in STRIP]
    return [
        PeriodLink(words, f"?{urlencode({**query, 'ky': key})}", key == period.key)
        for words, key in (around[0], *names, around[1])
    ]


def calendar_strip(period: Period, query: Mapping[str, str]) -> list[PeriodLink]:
    """The periods right before and after of a calendar month, quarter or year, then the quarters
    and the whole of its year."""
    before = containing(period.start - ONE_DAY, _span(period)).key
    after = containing(period.end + ONE_DAY, _span(period)).key
    year = f"{period.end.year:04}"
    whole = [(words, f"{year}{suffix}") for suffix, words in STRIP if "M" not in suffix]
    return [
        PeriodLink(words, f"?{urlencode({**query, 'ky': key})}", key == period.key)
        for words, key in (("Kỳ trước", before), *whole, ("Kỳ sau", after))
    ]


def month_strip(period: Period, query: Mapping[str, str]) -> list[PeriodLink]:
    """The months before and after this one, and this one between them."""
    before = containing(period.start - ONE_DAY, Span.MONTH)
    after = containing(period.end + ONE_DAY, Span.MONTH)
    return [
        PeriodLink(
            f"Tháng {month.end.month}/{month.end.year}",
            f"?{urlencode({**query, 'ky': month.key})}",
            month.key == period.key,
        )
        for month in (before, period, after)
    ]


def _span(period: Period) -> Span:
    part = period.key[5:]
    return Span.YEAR if not part else Span.QUARTER if part.startswith("Q") else Span.MONTH


def calendar_query(period: Period) -> dict[str, str]:
    """What an address says of the period's calendar: nothing of the usual one."""
    return {} if period.calendar == "calendar" else {"lich": CALENDAR_WORD[period.calendar]}


def closing_address(office: Office, period: Period, view: str = "closing", *more: str) -> str:
    """The page where the office's figures of a named period are signed, or an act or list of it."""
    query = urlencode(calendar_query(period))
    return reverse(view, args=[office.code, period.key, *more]) + (f"?{query}" if query else "")


def period_line(period: Period) -> str:
    """The period with its dates: "Quý I năm 2016 (từ 01/01/2016 đến 31/03/2016)"; of one that runs
    also the day to which it is told."""
    dates = f"từ {period.start:%d/%m/%Y} đến {period.end:%d/%m/%Y}"
    so_far = f", {period.so_far}" if period.so_far else ""
    if period.label == dates:
        return dates[:1].upper() + dates[1:] + so_far
    return f"{period.label} ({dates}{so_far})"


def report_address(word: str, query: Mapping[str, str]) -> str:
    """The page of a report: of the further one with this word, otherwise of the figures."""
    path = reverse("further_report", args=[word]) if word in FURTHER else reverse("report")
    return f"{path}?{urlencode(query)}"
