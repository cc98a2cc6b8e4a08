"""A period beside an earlier one, in words: more, fewer, percentage points. Pure Python, no Django
models.

A change of a number is said in dossiers, and as a share of what there was before where that is
enough to speak of; a change of a rate in percentage points. Of nothing there is no share and no
rate, and the words say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from motcua.templatetags.motcua_tags import vn_number, vn_percent
from reports.terms.columns import BY_NAME, ON_TIME_RATE, Column, Figures, Rate
from reports.terms.periods import Period

COMPARED: tuple[Column | Rate, ...] = (
    BY_NAME["received"],
    BY_NAME["resolved_total"],
    ON_TIME_RATE,
    BY_NAME["resolved_late"],
    BY_NAME["pending_total"],
    BY_NAME["pending_overdue"],
)
# Two dossiers more than one is "200 % more" and says nothing.
LEAST_BASE = 10
# Nor does "4.201 % more" than a year of which only the carried-over ones are known.
MOST_TIMES = 10
SAME = "không đổi"


@dataclass(frozen=True)
class Earlier:
    """The figures of the whole choice in an earlier period, and how this one stands to it."""

    heading: str
    period: Period
    figures: Figures


def count_change(now: int, before: int) -> str:
    """As in "tăng 120, bằng 12,2 % (120 / 980)"; the share only where the base is at least
    LEAST_BASE and the change at most MOST_TIMES as large."""
    if now == before:
        return SAME
    difference = abs(now - before)
    words = f"{_direction(now > before)} {vn_number(difference)}"
    if before < LEAST_BASE or difference > before * MOST_TIMES:
        return words
    return f"{words}, bằng {vn_percent(difference, before)}"


def rate_change(now: tuple[int, int], before: tuple[int, int]) -> str:
    """As in "tăng 0,2 điểm phần trăm"; none where one is a rate of nothing."""
    if not now[1] or not before[1]:
        missing = "kỳ này" if not now[1] else "kỳ đó"
        return f"không so được, {missing} không có hồ sơ"
    difference = _share(now) - _share(before)
    if not difference:
        return SAME
    return f"{_direction(difference > 0)} {_points(abs(difference))} điểm phần trăm"


def change_of(measure: Column | Rate, now: Mapping[str, int], before: Mapping[str, int]) -> str:
    """The change of a measure of COMPARED between two rows of figures."""
    if isinstance(measure, Rate):
        return rate_change(measure.of(now), measure.of(before))
    return count_change(now[measure.name], before[measure.name])


def _share(rate: tuple[int, int]) -> Decimal:
    return Decimal(rate[0] * 100) / Decimal(rate[1])


def _points(difference: Decimal) -> str:
    """One decimal; one more for as long as a difference would look like none."""
    step = Decimal("0.1")
    while not difference.quantize(step, ROUND_HALF_UP) and step > Decimal("0.00001"):
        step /= 10
    return f"{difference.quantize(step, ROUND_HALF_UP):f}".replace(".", ",")


def _direction(up: bool) -> str:
    return "tăng" if up else "giảm"
