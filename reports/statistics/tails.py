"""Tails of distributions: binomial, incomplete beta, chi-squared. Probabilities from 0 to 1.

Terms are reckoned from `lgamma`, tails from their largest term outwards until a term no longer
counts, so that a tail of a million trials costs no more than a few standard deviations.
"""

from collections.abc import Iterator
from math import erfc, exp, lgamma, log, log1p, pi, sqrt

NO_LONGER_COUNTS = 1e-17
_TINY = 1e-300
_TERMS = 100_000  # of a continued fraction; a few hundred are needed


def log_choose(n: float, k: float) -> float:
    """The logarithm of "n over k"."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def summed(terms: Iterator[float]) -> float:
    """The sum of terms that fall, until they no longer count."""
    total = 0.0
    for term in terms:
        total += term
        if term <= total * NO_LONGER_COUNTS:
            break
    return total


def at_least(k: int, n: int, p: float) -> float:
    """P(X >= k) of n trials that each succeed with p."""
    if k <= n * p:
        return 1.0 - _from(n - k + 1, n, 1 - p)
    return _from(k, n, p)


def at_most(k: int, n: int, p: float) -> float:
    """P(X <= k) of n trials that each succeed with p."""
    return at_least(n - k, n, 1 - p)


def _from(k: int, n: int, p: float) -> float:
    """`at_least` where k lies above the expected number."""
    if k > n or p <= 0:
        return 0.0
    if k <= 0 or p >= 1:
        return 1.0
    first = exp(log_choose(n, k) + k * log(p) + (n - k) * log1p(-p))

    def terms() -> Iterator[float]:
        term = first
        for x in range(k, n + 1):
            yield term
            term *= (n - x) / (x + 1) * p / (1 - p)

    return min(1.0, summed(terms()))


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b); for whole a and b = n - a + 1 it is
    P(X >= a) of n trials that each succeed with x."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1.0 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz."""
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > _TINY else _TINY)
    value = d
    for m in range(1, _TERMS):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + step * d
            d = 1 / (d if abs(d) > _TINY else _TINY)
            c = 1 + step / c
            c = c if abs(c) > _TINY else _TINY
            value *= c * d
        if abs(c * d - 1) < 1e-14:
            break
    return value


def chi_squared_tail(chi2: float, df: int) -> float:
    """The probability of a value of chi-squared at least as large; of no degree of freedom 1."""
    if df < 1 or chi2 <= 0:
        return 1.0
    half = chi2 / 2
    if df % 2:
        total, term, at = erfc(sqrt(half)), exp(-half) * sqrt(half) / (sqrt(pi) / 2), 1.5
    else:
        total, term, at = 0.0, exp(-half), 1.0
    for _ in range(df // 2):
        total += term
        term *= half / at
        at += 1
    return min(1.0, total)
