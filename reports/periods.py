"""Periods of reporting: pure Python, no Django. Dates are inclusive, in Asia/Ho_Chi_Minh.

Calendar B ("calendar") begins quarters on 1/1, 1/4, 1/7 and 1/10 and is the default; calendar
A ("nd09", NĐ 09/2019/NĐ-CP) begins them on the 15th of the month before.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

CALENDARS = {"calendar": "quý theo tháng dương lịch", "nd09": "kỳ báo cáo theo NĐ 09/2019/NĐ-CP"}
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
_NAMED = re.compile(r"(\d{4})(?:-(Q[1-4]|6M|9M|M(?:0[1-9]|1[0-2])))?", re.IGNORECASE)
_EXAMPLES = "2016-Q1, 2016-6M, 2016-9M, 2016 hoặc 2016-01-01..2016-09-30"
EARLIEST, LATEST = 2000, 2100


@dataclass(frozen=True)
class Period:
    """From `start` to `end`, both included; `key` is how it is asked for."""

    start: date
    end: date
    key: str
    calendar: str = "calendar"

    @property
    def label(self) -> str:
        """The period as a person says it: 'Quý I năm 2016', '9 tháng năm 2016'."""
        year, _, part = self.key.partition("-")
        if ".." in self.key:
            return f"từ {self.start:%d/%m/%Y} đến {self.end:%d/%m/%Y}"
        if part.startswith("Q"):
            return f"Quý {ROMAN[int(part[1])]} năm {year}"
        if part.startswith("M"):
            return f"Tháng {int(part[1:])} năm {year}"
        return {
            "": f"Năm {year}",
            "6M": f"6 tháng đầu năm {year}",
            "9M": f"9 tháng năm {year}",
        }[part]

    def months(self) -> list["Period"]:
        """The months of the period by its calendar, the first and last cut to its bounds."""
        found = []
        year, month = _month_of(self.start, self.calendar)
        while True:
            whole = _months(year, month, month, self.calendar, f"{year}-M{month:02}")
            found.append(
                Period(
                    max(whole.start, self.start), min(whole.end, self.end), whole.key, self.calendar
                )
            )
            if whole.end >= self.end:
                return found
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)

    def quarters(self) -> list["Period"]:
        """The quarters that begin in the period, whole."""
        years = range(self.start.year, self.end.year + 2)
        every = [parse_period(f"{y}-Q{q}", self.calendar) for y in years for q in range(1, 5)]
        return [quarter for quarter in every if self.start <= quarter.start <= self.end]

    def previous_year(self) -> "Period":
        """The same period a year before; 29 February becomes the 28th."""
        year, _, part = self.key.partition("-")
        if ".." not in self.key:
            return parse_period(f"{int(year) - 1}-{part}".rstrip("-"), self.calendar)
        start, end = _year_before(self.start), _year_before(self.end)
        return Period(start, end, f"{start}..{end}", self.calendar)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


def parse_period(text: str, calendar: str = "calendar") -> Period:
    """The period of a key such as 2016-Q1 (any case), or of two dates.

    Raises ValueError with a Vietnamese sentence on anything else.
    """
    if calendar not in CALENDARS:
        raise ValueError(f"Không có lịch báo cáo “{calendar}”. Chọn calendar hoặc nd09.")
    text = text.strip()
    if ".." in text:
        return _range(text, calendar)
    found = _NAMED.fullmatch(text)
    if found is None or not EARLIEST <= int(found[1]) <= LATEST:
        raise ValueError(f"Không hiểu kỳ báo cáo “{text}”. Viết như {_EXAMPLES}.")
    year, part = int(found[1]), (found[2] or "").upper()
    first, last = _bounds(part)
    return _months(year, first, last, calendar, f"{year}-{part}" if part else f"{year}")


def containing(day: date, kind: str, calendar: str = "calendar") -> Period:
    """The quarter ("Q"), six ("6M") or nine months ("9M"), month ("M") or year ("") of the day.

    Six and nine months are those of the day's year, whether or not the day lies in them.
    """
    year, month = _month_of(day, calendar)
    part = {"Q": f"Q{(month - 1) // 3 + 1}", "M": f"M{month:02}"}.get(kind, kind)
    return parse_period(f"{year}-{part}".rstrip("-"), calendar)


def _bounds(part: str) -> tuple[int, int]:
    if part.startswith("Q"):
        last = int(part[1]) * 3
        return last - 2, last
    if part.startswith("M"):
        return int(part[1:]), int(part[1:])
    return 1, {"": 12, "6M": 6, "9M": 9}[part]


def _months(year: int, first: int, last: int, calendar: str, key: str) -> Period:
    start = date(year, first, 1)
    end = date(year, last, monthrange(year, last)[1])
    if calendar == "nd09":
        start = (start - timedelta(days=1)).replace(day=15)
        end = date(year, last, 14)
    return Period(start, end, key, calendar)


def _month_of(day: date, calendar: str) -> tuple[int, int]:
    """The year and number of the month that the day belongs to by the calendar."""
    if calendar == "nd09" and day.day >= 15:
        day = day.replace(day=28) + timedelta(days=4)
    return day.year, day.month


def _range(text: str, calendar: str) -> Period:
    first, _, last = text.partition("..")
    try:
        start, end = date.fromisoformat(first.strip()), date.fromisoformat(last.strip())
    except ValueError:
        raise ValueError(f"Không hiểu kỳ báo cáo “{text}”. Viết như {_EXAMPLES}.") from None
    if end < start:
        raise ValueError(f"Kỳ báo cáo “{text}” có ngày cuối trước ngày đầu.")
    return Period(start, end, f"{start}..{end}", calendar)


def _year_before(day: date) -> date:
    last = monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))
