"""Units side by side, fairly: late per 1,000 with exact limits about the level's own rate. Pure
Python, no Django.

Never about the rate of several levels together: most communes would fall below it for no other
reason than being communes. Nor by the interpolated quantile: it names units that an exact test
does not.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from math import exp, log

from motcua.templatetags.motcua_tags import vn_number
from reports.leaders.facts import Funnel, LimitPoint, Segment, Sentence, Unit, UnitPoint
from reports.leaders.thresholds import CHANCE, ENOUGH, FEW_LATE
from reports.statistics.exact import clopper_pearson, upper_limit
from reports.statistics.tails import at_least
from reports.statistics.units import Differing, differing

TAILS = (("99.8", 0.001), ("95", 0.025))
POINTS = 20
"""Of the curves of the limits."""
LEAST_HIGH = 4.0
ABOVE_HIGHEST = 1.15


def funnel_of(level: str, heading: str, units: Sequence[Unit]) -> Funnel:
    """The units of a level with at least ENOUGH resolved, and what is said of them. A level with
    one unit has no limits but its interval."""
    counts = [
        (unit, unit.figures["resolved_late"], unit.figures["resolved_total"]) for unit in units
    ]
    # Opening figures that clash with what was entered can say what cannot be.
    shown = [(unit, k, n) for unit, k, n in counts if n >= ENOUGH and 0 <= k <= n]
    late, resolved = sum(k for _, k, _ in shown), sum(n for _, _, n in shown)
    rate = late / resolved if resolved else 0.0
    single = len(units) == 1
    points = tuple(_point(unit, k, n, rate, single=single) for unit, k, n in shown)
    high = max((n for _, _, n in shown), default=0)
    x_high = _round_up(high * 1.02)
    test = differing(tuple((k, n) for _, k, n in shown)) if late >= FEW_LATE else None
    highest = max((point.per_1000 for point in points), default=0.0)
    if single and points and points[0].interval:
        highest = points[0].interval[1]
    return Funnel(
        level=level,
        heading=heading,
        late=late,
        resolved=resolved,
        centre=1000 * rate,
        limits=() if single or not 0 < rate < 1 else _curves(rate, x_high),
        points=points,
        left_out=tuple(unit.name for unit, _, n in counts if 0 < n < ENOUGH),
        x_high=x_high,
        y_high=max(LEAST_HIGH, ABOVE_HIGHEST * highest),
        chi2=test.chi2 if test else None,
        df=max(len(shown) - 1, 0),
        p=test.p if test else None,
        by_draws=bool(test and test.by_draws),
        sentence=() if single else _sentence(heading, points, late, test),
    )


def outside_of(late: int, resolved: int, rate: float) -> str:
    """Above which limit the unit lies, decided by the exact tail: "99.8", "95", or none."""
    if not late or late / resolved <= rate:
        return ""
    tail = at_least(late, resolved, rate)
    return next((name for name, limit in TAILS if tail <= limit), "")


def per_1000(late: int, resolved: int) -> str:
    """As in "0,92"."""
    return vn_number(Decimal(f"{1000 * late / resolved:.2f}"))


def p_words(p: float) -> str:
    """As in "p = 0,47"; of a small one "p < 0,001"."""
    if p < 0.001:
        return "p < 0,001"
    places = 2 if p >= 0.1 else 3
    return f"p = {p:.{places}f}".replace(".", ",")


def _point(unit: Unit, late: int, resolved: int, rate: float, *, single: bool) -> UnitPoint:
    words = (
        f"{unit.name}: {vn_number(late)} trễ trong {vn_number(resolved)}, "
        f"{per_1000(late, resolved)} trên 1.000"
    )
    low, high = clopper_pearson(late, resolved) if single else (0.0, 0.0)
    return UnitPoint(
        key=unit.key,
        name=unit.name,
        resolved=resolved,
        late=late,
        per_1000=1000 * late / resolved,
        outside="" if single else outside_of(late, resolved, rate),
        words=words,
        address=unit.late_address if late else unit.address,
        interval=(1000 * low, 1000 * high) if single else None,
    )


@lru_cache(maxsize=64)
def _curves(rate: float, x_high: int) -> tuple[LimitPoint, ...]:
    """The limits at numbers that lie closer where they are steep."""
    low, step = log(ENOUGH), (log(x_high) - log(ENOUGH)) / (POINTS - 1)
    numbers = sorted({round(exp(low + at * step)) for at in range(POINTS)})
    return tuple(
        LimitPoint(n, *(1000 * upper_limit(n, rate, tail) / n for _, tail in reversed(TAILS)))
        for n in numbers
    )


def _round_up(value: float) -> int:
    """To the next of 1, 1.5, 2, 3, 5, 7 times a power of ten."""
    size = 10
    while size * 10 < value:
        size *= 10
    return next(
        (int(size * step) for step in (1, 1.5, 2, 3, 5, 7, 10) if size * step >= value), size * 10
    )


def _sentence(
    heading: str, points: Sequence[UnitPoint], late: int, test: Differing | None
) -> Sentence:
    if not points:
        return (Segment(f"{heading}: chưa đơn vị nào giải quyết đủ {ENOUGH} hồ sơ để so."),)
    if test is None or late < FEW_LATE:
        return (Segment(f"{heading}: quá ít hồ sơ trễ để so ({vn_number(late)})."),)
    chi2 = f"{test.chi2:.2f}".replace(".", ",")
    how = ", theo rút thăm lại" if test.by_draws else ""
    numbers = f"(χ² = {chi2}; {test.df} bậc tự do; {p_words(test.p)}{how})"
    outside = [point for point in points if point.outside]
    if test.p > CHANCE:
        begin = f"{heading}: không khác nhau quá mức ngẫu nhiên {numbers}."
        if not outside:
            return (Segment(f"{begin} Không đơn vị nào trên dải 95 %; không xếp hạng."),)
        return (Segment(f"{begin} Không xếp hạng."),)
    return (Segment(f"{heading}: khác nhau quá mức ngẫu nhiên {numbers}."),)
