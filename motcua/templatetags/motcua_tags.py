"""How numbers, money and dates are written for a Vietnamese reader.

Every filter takes None and answers with an empty string or the word that stands for nothing,
so that a template never prints "None". Moments are shown in Asia/Ho_Chi_Minh: an aware one is
moved there once, a naive one is taken to be there already.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter
from typing import Any, Literal
from uuid import uuid4

from django import template
from django.core.paginator import Page
from django.template import Context

from motcua import clock

register = template.Library()

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
NOTHING = "không có"
LEAST_OF_A_RATE = 20
"""Of fewer no percentage is published: one more or less would move it by five points."""

# Thousands have a point, decimals a comma.
_VIETNAMESE = str.maketrans(",.", ".,")
Number = int | float | Decimal


@register.filter
def vn_number(value: Number | Literal[""] | None) -> str:
    """The number with dots between thousands and a decimal comma: 38.294 or 1.234,5."""
    if value is None or value == "":
        return ""
    return f"{value:,}".translate(_VIETNAMESE)


@register.simple_tag
def vn_percent(numerator: int | None, denominator: int | None, places: int | None = None) -> str:
    """A rate with its fraction, "99,8 % (38.045 / 38.131)"; of fewer than LEAST_OF_A_RATE the
    fraction alone, and "không có" when there is nothing.

    One decimal, half up, or `places`, which are those of the column (`rate_places`). Where one
    would turn a remainder into a round 100 % or 0 %, one decimal more is shown for as long as it
    is needed: 36.088 of 36.104 is 99,96 %.
    """
    if not denominator or numerator is None:
        return NOTHING
    fraction = f"{vn_number(numerator)} / {vn_number(denominator)}"
    if denominator < LEAST_OF_A_RATE:
        return fraction
    return f"{percent(numerator, denominator, places)} % ({fraction})"


def percent(numerator: int, denominator: int, places: int | None = None) -> str:
    """The rate alone, "99,8", under the rounding of `vn_percent`; the denominator is not 0."""
    exact = Decimal(numerator * 100) / Decimal(denominator)
    step = Decimal(10) ** -(places or _places(numerator, denominator))
    return f"{exact.quantize(step, ROUND_HALF_UP):,f}".translate(_VIETNAMESE)


@register.simple_tag
def rate_places(lines: Iterable[Any], *names: str) -> int:
    """How many decimals a column of rates has all the way down: as many as the one needs that
    needs most. `lines` are rates (numerator, denominator), or carry them under these names."""
    rates = [attrgetter(name)(line) for line in lines for name in names] if names else lines
    return max((_places(*rate) for rate in rates if rate and rate[1] >= LEAST_OF_A_RATE), default=1)


def _places(numerator: int, denominator: int) -> int:
    exact, places = Decimal(numerator * 100) / Decimal(denominator), 1
    while exact not in (0, 100) and exact.quantize(Decimal(10) ** -places, ROUND_HALF_UP) in (
        0,
        100,
    ):
        places += 1
    return places


@register.filter
def vnd(amount: int | Literal[""] | None) -> str:
    """An amount of money in đồng: "1.500.000 đ"; not known is "chưa rõ", zero is "miễn phí"."""
    if amount is None or amount == "":
        return "chưa rõ"
    return f"{vn_number(amount)} đ" if amount else "miễn phí"


@register.filter
def vn_date(value: date | datetime | None) -> str:
    """The date with its weekday, "thứ Hai 03/10/2016"; of a moment, its date in Việt Nam."""
    day = _day(value)
    return f"{WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}" if day else ""


@register.filter
def vn_date_short(value: date | datetime | None) -> str:
    """The date without its weekday, "03/10/2016"."""
    day = _day(value)
    return f"{day:%d/%m/%Y}" if day else ""


@register.filter
def vn_date_long(value: date | datetime | None) -> str:
    """The date as official papers write it: "ngày 05 tháng 9 năm 2016".

    A zero stands before a day below 10 and before the months 1 and 2 only (NĐ 30/2020/NĐ-CP,
    phụ lục I, phần I, mục II.4).
    """
    day = _day(value)
    if not day:
        return ""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day:%d} tháng {month} năm {day.year}"


@register.filter
def vn_time(value: datetime | None) -> str:
    """The time of day in Việt Nam, "15:30"."""
    return f"{_local(value):%H:%M}" if value else ""


@register.filter
def vn_moment(value: datetime | None) -> str:
    """Time and date, "15:30 thứ Hai 03/10/2016"."""
    return f"{vn_time(value)} {vn_date(value)}" if value else ""


@register.filter
def vn_moment_short(value: datetime | None, today: date | None = None) -> str:
    """The moment where there is little room: "15:30" on the day itself, else "03/10"."""
    if not value:
        return ""
    day = _local(value).date()
    return vn_time(value) if day == today else f"{day:%d/%m}"


@register.simple_tag
def new_token() -> str:
    """The token of a form that is written by hand; a double press of it is one act."""
    return str(uuid4())


def _local(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else clock.local(moment)


def _day(value: date | datetime | None) -> date | None:
    if isinstance(value, datetime):
        return _local(value).date()
    return value or None


@register.simple_tag(takes_context=True)
def qs(context: Context, **changes: Any) -> str:
    """The address of this page's query with some keys changed: "?q=an&page=2".

    A value of None or "" takes the key away. Always begins with "?", so that it can be an
    href by itself.
    """
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query[key] = value
    return f"?{query.urlencode()}"


@register.filter
def page_numbers(page: "Page[Any]") -> list[int | str]:
    """The page numbers worth offering: the ends, and two on each side of this one."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))
