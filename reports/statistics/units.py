"""Whether units that share one rate would differ as much by chance: chi-squared, confirmed by
draws where expected numbers are small. Pure Python, no Django."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import sqrt
from random import Random

from reports.statistics.tails import chi_squared_tail

FEW_EXPECTED = 5
DRAWS, AT_ONCE = 20_000, 2_000
CHANCE = 0.05
CLEAR = 5.0  # standard errors from CHANCE: more draws would not change the answer
SEED = 2016
_FAR = 1e-13  # of the most probable number: never drawn


@dataclass(frozen=True)
class Differing:
    """How much the units differ: `p` is the probability that chance alone does as much."""

    chi2: float
    df: int
    p: float
    by_draws: bool


@lru_cache(maxsize=256)
def differing(units: tuple[tuple[int, int], ...]) -> Differing | None:
    """Of (late, resolved) of each unit; None where there is nothing to compare: fewer than two
    units, none late, or all."""
    units = tuple((late, resolved) for late, resolved in units if resolved)
    late, resolved = (sum(column) for column in zip(*units, strict=True)) if units else (0, 0)
    if len(units) < 2 or late in (0, resolved):
        return None
    rate = late / resolved
    chi2 = sum((k - n * rate) ** 2 / (n * rate * (1 - rate)) for k, n in units)
    df = len(units) - 1
    expected = min(min(n * rate, n * (1 - rate)) for _, n in units)
    if expected >= FEW_EXPECTED:
        return Differing(chi2, df, chi_squared_tail(chi2, df), by_draws=False)
    return Differing(chi2, df, _drawn(units, late, resolved), by_draws=True)


def _drawn(units: Sequence[tuple[int, int]], late: int, resolved: int) -> float:
    """The share of draws in which the late ones, dealt to the units by chance, differ as much."""
    rng = Random(SEED)  # noqa: S311  (the same figures always say the same)
    # Of chi-squared only the sum of squares over the sizes depends on the draw.
    weights = [1 / n for _, n in units]
    seen = sum(k * k * w for (k, _), w in zip(units, weights, strict=True)) * (1 - 1e-9)
    # The smallest first: what is left for the others hardly varies, so few tables are made.
    sizes = sorted((n, w) for (_, n), w in zip(units, weights, strict=True))
    tables: list[dict[int, tuple[int, list[float]]]] = [{} for _ in sizes]
    larger = made = 0
    while made < DRAWS:
        for _ in range(AT_ONCE):
            left, remaining, total = late, resolved, 0.0
            for (n, weight), table in zip(sizes, tables, strict=True):
                if left == 0:
                    break
                if left not in table:
                    table[left] = _table(n, left, remaining)
                first, sums = table[left]
                k = first + bisect_left(sums, rng.random())
                total += k * k * weight
                left -= k
                remaining -= n
            larger += total >= seen
        made += AT_ONCE
        p = (larger + 1) / (made + 1)
        if abs(p - CHANCE) > CLEAR * sqrt(p * (1 - p) / made):
            break
    return p


def _table(n: int, late: int, whole: int) -> tuple[int, list[float]]:
    """How many of the late ones fall on n of the whole: the first number that can be drawn, and
    the sums of the chances from there."""
    lowest, highest = max(0, late - (whole - n)), min(n, late)
    mode = min(highest, max(lowest, (n + 1) * (late + 1) // (whole + 2)))
    other = whole - n - late

    def ratio(x: int) -> float:
        """Of the chance of x + 1 to that of x."""
        return (n - x) * (late - x) / ((x + 1) * (other + x + 1))

    below, x, chance = [], mode, 1.0
    while x > lowest and chance > _FAR:
        x -= 1
        chance /= ratio(x)
        below.append(chance)
    chances, first, x = [*reversed(below), 1.0], x, mode
    chance = 1.0
    while x < highest and chance > _FAR:
        chance *= ratio(x)
        x += 1
        chances.append(chance)
    total = sum(chances)
    sums = [value / total for value in accumulate(chances)]
    sums[-1] = 1.0
    return first, sums
