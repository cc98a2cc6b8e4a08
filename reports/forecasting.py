"""What will be late in the next days: a plain rule over what dossiers like it took. Pure Python.

Two questions, asked of the dossiers of the same procedure that ended before:

Pace. From where it is now (since it was last handed on; at the desk since its receipt), nine of
ten took at least so many working days. If that is more than it has used there and has left, it
will be late unless somebody hurries. The quickest tenth, not the median: many offices finish on
the due day, so that the usual length says how long the limit is, not how long the work.

Margin. Of those that were still open when as few working days were left, so many ended late. More
than half: it will be late; one of twenty: somebody should look at it.

Nobody's diligence is judged, only days. Where fewer than ENOUGH ended, nothing is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from reports.terms.verdicts import MEDIAN, nearest_rank

DAYS_AHEAD = 5
# Of fewer, one dossier more or less would turn the forecast.
ENOUGH = 10
# The dossiers of one year are gone by where there are as many; otherwise all of them.
ENOUGH_RECENT = 30
QUICKEST = Fraction(1, 10)
# Where a district is late with one of a hundred, one of twenty stands out.
RISKY = Fraction(1, 20)

Histogram = Mapping[int, int]
"""{working days: how many dossiers}."""


class Chance(StrEnum):
    LIKELY = "sẽ trễ"
    RISKY = "cần để mắt"
    FINE = "kịp"


@dataclass(frozen=True)
class Outlook:
    """A forecast of one dossier, with the reason in words. `late` of `number` dossiers that had
    as few working days left ended late; both 0 where too few were like it."""

    chance: Chance
    words: str
    left: int
    late: int = 0
    number: int = 0

    @property
    def risk(self) -> Fraction:
        """For putting the riskiest first."""
        share = Fraction(self.late, self.number) if self.number else Fraction(0)
        return max(share, Fraction(self.chance is Chance.LIKELY))


def outlook(
    left: int, used: int, took: Histogram, margins: Histogram, since: str = "từ lần chuyển này"
) -> Outlook | None:
    """The forecast of a dossier with `left` working days left; None where the past is too short.

    `used`: working days since the point where it is, `since` in words. `took`: working days from
    that point to the end. `margins`: working days by which dossiers ended past their due date,
    below 0 before it.
    """
    open_then = {days: n for days, n in margins.items() if days >= -left}
    number = sum(open_then.values())
    late = sum(n for days, n in open_then.items() if days > 0)
    if sum(took.values()) >= ENOUGH:
        least = nearest_rank(took, QUICKEST)
        if least > used + left:
            words = (
                f"{_left_words(left)}, {since} hồ sơ cùng thủ tục thường mất "
                f"{nearest_rank(took, MEDIAN)} ngày, chín phần mười mất từ {least} ngày trở lên; "
                f"hồ sơ này mới qua {used} ngày"
            )
            return Outlook(Chance.LIKELY, words, left, late, number)
    if number < ENOUGH:
        return None
    share = Fraction(late, number)
    chance = Chance.FINE
    if share >= RISKY:
        chance = Chance.LIKELY if share > MEDIAN else Chance.RISKY
    words = (
        f"{_left_words(left)}; {late} trong {number} hồ sơ cùng thủ tục chưa xong khi còn chừng ấy "
        "ngày đã trễ hạn"
    )
    return Outlook(chance, words, left, late, number)


def recent_or_ever(recent: Histogram, ever: Histogram) -> Histogram:
    """The dossiers of the last year where they are enough to go by, otherwise all of them."""
    return recent if sum(recent.values()) >= ENOUGH_RECENT else ever


def _left_words(left: int) -> str:
    return f"còn {left} ngày làm việc" if left else "đến hạn hôm nay"
