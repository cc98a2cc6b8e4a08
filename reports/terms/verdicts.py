"""What the working days that were used say of a procedure's limit ("rà soát, cắt giảm"): where
it can be cut, where it is not met. Pure Python, no Django.

The k-th percentile is that of the nearest rank: of n dossiers in order of their days, the one at
place ceil(k/100 × n). So a percentile is always a number of days that some dossier really took,
and "90th percentile 12" means that at least nine of ten were done within 12 working days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from dossiers.rules.deadlines import Limit, LimitUnit

MEDIAN, NINE_TENTHS = Fraction(1, 2), Fraction(9, 10)
# Fewer tell of those dossiers, not of the procedure: one more or less moves the 90th percentile.
ENOUGH = 20
# A limit can be cut where nine of ten need two thirds of it or less, and it is by two days or
# more: QĐ 09/2015 and the yearly plans of review ask for cuts that a citizen notices.
WELL_UNDER = Fraction(2, 3)
WORTH_CUTTING = 2
# Of seven days five are working days, of a month twenty-one; a working day has eight hours.
WORKING_OF_WEEK = Fraction(5, 7)
DAYS_OF_MONTH = 21
HOURS_OF_DAY = 8


class VerdictKind(StrEnum):
    """In the order in which a leader wants to see them."""

    NEVER = "thường không kịp"
    TIGHT = "nhiều hồ sơ không kịp"
    CUT = "có thể rút ngắn"
    FITS = "vừa thời hạn"
    FEW = "chưa đủ hồ sơ"


class WorkingLimit(NamedTuple):
    """A limit in working days; `exact` where it is written in them."""

    days: int
    exact: bool


@dataclass(frozen=True)
class Verdict:
    kind: VerdictKind
    words: str


def nearest_rank(histogram: Mapping[int, int], share: Fraction) -> int:
    """The number of days within which at least this share of the dossiers was done.

    `histogram` is {days: how many}. Raises ValueError when it holds none.
    """
    place = ceil(share * sum(histogram.values()))
    for days in sorted(histogram):
        place -= histogram[days]
        if place <= 0 and histogram[days]:
            return days
    raise ValueError("Không có hồ sơ nào để tính.")


def in_working_days(limit: Limit) -> WorkingLimit | None:
    """The limit as working days: exactly, about, or (within the day) not at all."""
    if limit.unit is LimitUnit.WORKING_DAY:
        return WorkingLimit(limit.value, exact=True)
    if limit.unit is LimitUnit.CALENDAR_DAY:
        return WorkingLimit(int(limit.value * WORKING_OF_WEEK), exact=False)
    if limit.unit is LimitUnit.MONTH:
        return WorkingLimit(limit.value * DAYS_OF_MONTH, exact=False)
    if limit.unit is LimitUnit.WORKING_HOUR:
        return WorkingLimit(ceil(limit.value / HOURS_OF_DAY), exact=False)
    return None


def verdict(
    histogram: Mapping[int, int], limit: WorkingLimit | None, met: tuple[int, int]
) -> Verdict:
    """What the days used say of the limit.

    A limit written in working days is held against the days themselves; one that is not, against
    `met`, the dossiers early or on time of all that were resolved.
    """
    number = sum(histogram.values())
    if number < ENOUGH:
        return Verdict(VerdictKind.FEW, f"chưa đủ để nhận xét: cần {ENOUGH} hồ sơ, mới có {number}")
    median, ninety = (nearest_rank(histogram, share) for share in (MEDIAN, NINE_TENTHS))
    if limit is not None and limit.exact:
        never, tight = median > limit.days, ninety > limit.days
    else:
        never, tight = met[0] * 2 < met[1], met[0] < NINE_TENTHS * met[1]
    if never:
        return Verdict(VerdictKind.NEVER, "thường không kịp: quá nửa số hồ sơ dùng hơn thời hạn")
    if tight:
        return Verdict(VerdictKind.TIGHT, "hơn một phần mười số hồ sơ dùng hơn thời hạn")
    if limit is None:
        return Verdict(VerdictKind.FITS, "giải quyết trong ngày, không rút ngắn thêm")
    target = max(ninety, 1)
    if target <= limit.days * WELL_UNDER and limit.days - target >= WORTH_CUTTING:
        about = "" if limit.exact else "khoảng "
        return Verdict(
            VerdictKind.CUT,
            f"có thể rút từ {about}{limit.days} xuống {target} ngày làm việc: chín phần mười số "
            f"hồ sơ chỉ cần đến {ninety} ngày",
        )
    return Verdict(VerdictKind.FITS, "vừa thời hạn")
