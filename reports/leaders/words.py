"""How levels, months and places are called. Pure Python, no Django models."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reports.terms.periods import Period, Span, containing

COMMUNE = "commune"
HEADS = {"commune": "Các xã", "district": "Các huyện", "province": "Các sở"}
BY_DIVISION = {"commune": "theo chức danh"}


@dataclass(frozen=True)
class LevelWords:
    name: str
    """Such as "12 xã, thị trấn", or the one office's name."""
    short: str
    inside: str
    unit: str
    head: str
    """Of the fourth line of the verdict."""
    by_division: str


def level_words(level: str, offices: Sequence[tuple[str, str]]) -> LevelWords:
    """Of the offices of a level, as (name, kind); a level of one bears its name."""
    by_division = BY_DIVISION.get(level, "theo phòng")
    if len(offices) == 1:
        name, kind = offices[0]
        short = kind or name.partition(" ")[0]
        short = short[:1].upper() + short[1:]
        return LevelWords(name, short, short.lower(), short.lower(), "", by_division)
    kinds = [kind.lower() for kind, _ in Counter(kind for _, kind in offices).most_common() if kind]
    unit = kinds[0] if kinds else "đơn vị"
    number = len(offices)
    return LevelWords(
        name=f"{number} {', '.join(kinds) or unit}",
        short=f"{number} {unit}",
        inside=f"các {unit}",
        unit=unit,
        head=HEADS.get(level, "Các đơn vị") if unit in ("xã", "huyện", "sở") else f"Các {unit}",
        by_division=by_division,
    )


def month_label(day: date, calendar: str) -> str:
    """The number of the month in which the day lies."""
    return str(int(containing(day, Span.MONTH, calendar).key[-2:]))


def month_year(day: date, calendar: str) -> str:
    """As in "8/2016"."""
    key = containing(day, Span.MONTH, calendar).key
    return f"{int(key[-2:])}/{key[:4]}"


def before_words(months: Sequence[date], missing: int, period: Period) -> str:
    """What is said of the months of the chart: those without figures, and of which year the first
    ones are. `months` are the days by which they are known, `missing` how many have none."""
    said = []
    shown = months[missing:]
    if missing and shown:
        said.append(f"Trước tháng {month_year(shown[0], period.calendar)} chưa có số liệu.")
    last_year = containing(period.as_of, Span.YEAR, period.calendar).key
    earlier = [day for day in shown if containing(day, Span.YEAR, period.calendar).key != last_year]
    if earlier:
        first, last = (month_label(day, period.calendar) for day in (earlier[0], earlier[-1]))
        year = containing(earlier[-1], Span.YEAR, period.calendar).key
        which = f"Tháng {last}" if len(earlier) == 1 else f"Tháng {first} đến {last}"
        said.append(f"{which} là của năm {year}.")
    return " ".join(said)
