"""Exact tests and intervals: Fisher's, the sign test, Holm's correction, Clopper-Pearson, and the
limits of a funnel. Pure Python, no Django."""

from collections.abc import Callable, Iterator, Sequence
from math import exp, log, log1p, sqrt

from reports.statistics.tails import at_least, at_most, incomplete_beta, log_choose, summed

_ALIKE = 1e-7  # probabilities that differ by less are the same, up to rounding
_HALVINGS = 60


def fisher(a: int, m: int, b: int, n: int) -> float:
    """Fisher's exact test, two-sided: the probability that a of m and b of n, with the same a + b,
    differ by chance at least as improbably."""
    drawn, whole = a + b, m + n
    lowest, highest = max(0, drawn - n), min(m, drawn)
    if lowest == highest:
        return 1.0

    def chance(x: int) -> float:
        return log_choose(m, x) + log_choose(n, drawn - x) - log_choose(whole, drawn)

    def ratio(x: int) -> float:
        """Of the chance of x + 1 to that of x."""
        return (m - x) * (drawn - x) / ((x + 1) * (n - drawn + x + 1))

    seen = chance(a) + _ALIKE
    mode = min(highest, max(lowest, (m + 1) * (drawn + 1) // (whole + 2)))
    # Towards both ends the chances fall: what is no more probable than a begins at these.
    left = _last(lambda x: chance(x) <= seen, lowest - 1, mode)
    right = -_last(lambda x: chance(-x) <= seen, -highest - 1, -mode)

    def down() -> Iterator[float]:
        term = exp(chance(left))
        for x in range(left, lowest - 1, -1):
            yield term
            term = term / ratio(x - 1) if x > lowest else 0.0

    def up() -> Iterator[float]:
        term = exp(chance(right))
        for x in range(right, highest + 1):
            yield term
            term *= ratio(x)

    if right - left <= 1:
        return 1.0
    lower = summed(down()) if left >= lowest else 0.0
    upper = summed(up()) if right <= highest else 0.0
    return min(1.0, lower + upper)


def _last(holds: Callable[[int], bool], before: int, until: int) -> int:
    """The last x after `before` and up to `until` for which it holds; it holds from the first on
    up to that one. `before` where it holds for none."""
    low, high = before, until
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low


def evenly(x: int, y: int) -> float:
    """The sign test, two-sided: the probability that x + y fall as unevenly on two sides that are
    equally likely."""
    return min(1.0, 2 * at_most(min(x, y), x + y, 0.5)) if x + y else 1.0


def holm(values: Sequence[float]) -> list[float]:
    """The p-values of several tests made together, corrected by Holm, in the same order."""
    found = [1.0] * len(values)
    largest = 0.0
    in_order = sorted(range(len(values)), key=lambda at: values[at])
    for place, at in enumerate(in_order):
        largest = max(largest, min(1.0, (len(values) - place) * values[at]))
        found[at] = largest
    return found


def clopper_pearson(k: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """The exact interval of a rate of k in n."""
    tail = (1 - level) / 2
    low = 0.0 if k == 0 else _crossing(lambda p: at_least(k, n, p) > tail, 0.0, k / n)
    high = 1.0 if k == n else _crossing(lambda p: at_most(k, n, p) <= tail, k / n, 1.0)
    return low, high


def upper_limit(n: int, p: float, tail: float) -> float:
    """The smallest real k with I_p(k, n - k + 1) <= tail; a whole number above it is seen by chance
    no more often than `tail`. More than n where even n of n are not improbable."""
    if n == 0 or p <= 0:
        return 0.0
    if p**n > tail:
        return n + 1.0
    far = min(float(n), n * p + 10 * sqrt(n * p) + 10)
    return _crossing(lambda k: incomplete_beta(p, k, n - k + 1) <= tail, n * p, far, 30)


def lower_limit(n: int, p: float, tail: float) -> float | None:
    """The largest real k with I_(1-p)(n - k, k + 1) <= tail; None where even none of n is not
    improbable."""
    if n * log1p(-p) > log(tail):
        return None
    return _crossing(lambda k: incomplete_beta(1 - p, n - k, k + 1) > tail, 0.0, n * p)


def _crossing(
    holds: Callable[[float], bool], low: float, high: float, halvings: int = _HALVINGS
) -> float:
    """Where it begins to hold between low and high, by halving."""
    for _ in range(halvings):
        middle = (low + high) / 2
        if holds(middle):
            high = middle
        else:
            low = middle
    return high
