"""A period beside an earlier one, in words: more, fewer, percentage points. Pure Python, no Django
models.

A change of a number is said as a share of what there was before, with the dossiers more or fewer
in its fraction, where there was enough to speak of, otherwise in dossiers alone; a change of a rate
in percentage points. Of fewer than LEAST_OF_A_RATE there is no share and no rate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from motcua.templatetags.motcua_tags import LEAST_OF_A_RATE, vn_number, vn_percent
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
# Nor does "4.201 % more" than a year of which only the carried-over ones are known.
MOST_TIMES = 10
SAME = "không đổi"
# One decimal all down the column; what it would hide is said to be less than that.
STEP = Decimal("0.1")


@dataclass(frozen=True)
class Earlier:
    """The figures of the whole choice in an earlier period, and how this one stands to it."""

    heading: str
    period: Period
    figures: Figures


def count_change(now: int, before: int) -> str:
    """The growth, not the level: "tăng 12,2 % (120 / 980)" of 1.100 after 980; in dossiers, "tăng
    120", where the base is too small, or the change more than MOST_TIMES as large."""
    if now == before:
        return SAME
    difference, direction = abs(now - before), _direction(now > before)
    if before < LEAST_OF_A_RATE or difference > before * MOST_TIMES:
        return f"{direction} {vn_number(difference)}"
    if difference * 2000 < before:
        return f"{direction} dưới 0,1 % ({vn_number(difference)} / {vn_number(before)})"
    return f"{direction} {vn_percent(difference, before, 1)}"


def rate_change(now: tuple[int, int], before: tuple[int, int]) -> str:
    """As in "tăng 0,2 điểm phần trăm"; none where one is a rate of nothing or of too few."""
    for whose, (_, denominator) in (("kỳ này", now), ("kỳ đó", before)):
        if not denominator:
            return f"không so được, {whose} không có hồ sơ"
        if denominator < LEAST_OF_A_RATE:
            return f"không so được, {whose} có dưới {LEAST_OF_A_RATE} hồ sơ"
    difference = _share(now) - _share(before)
    if not difference:
        return SAME
    direction, points = _direction(difference > 0), abs(difference).quantize(STEP, ROUND_HALF_UP)
    words = f"{points:f}".replace(".", ",") if points else "dưới 0,1"
    return f"{direction} {words} điểm phần trăm"


def change_of(measure: Column | Rate, now: Mapping[str, int], before: Mapping[str, int]) -> str:
    """The change of a measure of COMPARED between two rows of figures."""
    if isinstance(measure, Rate):
        return rate_change(measure.of(now), measure.of(before))
    return count_change(now[measure.name], before[measure.name])


def _share(rate: tuple[int, int]) -> Decimal:
    return Decimal(rate[0] * 100) / Decimal(rate[1])


def _direction(up: bool) -> str:
    return "tăng" if up else "giảm"
