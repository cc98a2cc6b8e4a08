"""The tests of chance against printed tables, examples of textbooks and the figures of 2016."""

from math import comb

import pytest

from reports.statistics.exact import (
    clopper_pearson,
    evenly,
    fisher,
    holm,
    lower_limit,
    upper_limit,
)
from reports.statistics.tails import at_least, at_most, chi_squared_tail, incomplete_beta
from reports.statistics.units import differing

COMMUNES = 16 / 36_104


@pytest.mark.parametrize(
    ("chi2", "df", "p"),
    [
        (3.841, 1, 0.05),
        (5.991, 2, 0.05),
        (18.307, 10, 0.05),
        (24.725, 11, 0.01),
        (10.67, 11, 0.4713),
        (0.0, 3, 1.0),
        (149.449, 100, 0.001),
    ],
)
def test_chi_squared_tail_is_that_of_the_tables(chi2: float, df: int, p: float) -> None:
    assert chi_squared_tail(chi2, df) == pytest.approx(p, rel=2e-3)


@pytest.mark.parametrize(
    ("table", "p"),
    [
        ((3, 4, 1, 4), 0.4857),  # the lady tasting tea
        ((1, 12, 9, 12), 0.002759),  # Wikipedia's students
        ((8, 10, 1, 6), 0.03497),
        ((42, 1226, 28, 801), 1.0),
        ((0, 5, 0, 9), 1.0),
        ((5, 5, 9, 9), 1.0),
    ],
)
def test_fisher_is_two_sided(table: tuple[int, int, int, int], p: float) -> None:
    a, m, b, n = table
    assert fisher(a, m, b, n) == pytest.approx(p, rel=1e-3)
    assert fisher(b, n, a, m) == pytest.approx(fisher(a, m, b, n))


def test_fisher_is_the_sum_of_all_that_is_no_more_probable() -> None:
    for a, m, b, n in [(3, 9, 0, 12), (0, 7, 6, 8), (11, 40, 3, 31), (2, 2, 1, 30)]:
        k = a + b
        chances = {x: comb(m, x) * comb(n, k - x) for x in range(max(0, k - n), min(m, k) + 1)}
        p = sum(c for c in chances.values() if c <= chances[a]) / comb(m + n, k)
        assert fisher(a, m, b, n) == pytest.approx(p)


def test_fisher_of_millions_takes_no_longer() -> None:
    assert fisher(50_000, 3_000_000, 48_000, 2_880_000) == pytest.approx(1.0)
    assert fisher(50_000, 3_000_000, 46_000, 2_880_000) < 1e-10


def test_evenly_is_the_sign_test() -> None:
    assert evenly(0, 0) == evenly(7, 7) == 1.0
    assert evenly(0, 8) == pytest.approx(0.0078125)
    assert evenly(8, 0) == pytest.approx(0.0078125)
    assert evenly(0, 9) == pytest.approx(0.00390625)
    assert evenly(0, 10) < 0.003 < evenly(0, 9)


def test_holm_multiplies_the_smallest_most() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []
    assert holm([0.9, 0.8]) == [1.0, 1.0]


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (70, 2027, 0.02702, 0.04343),
        (0, 10, 0.0, 0.3085),
        (10, 10, 0.6915, 1.0),
        (1, 20, 0.0013, 0.2487),
    ],
)
def test_clopper_pearson_is_exact(k: int, n: int, low: float, high: float) -> None:
    assert clopper_pearson(k, n) == pytest.approx((low, high), abs=5e-5)


def test_incomplete_beta_at_whole_numbers_is_the_tail_of_the_binomial() -> None:
    for k, n, p in [(3, 2167, COMMUNES), (1, 40, 0.2), (17, 40, 0.4), (250, 1000, 0.23)]:
        assert incomplete_beta(p, k, n - k + 1) == pytest.approx(at_least(k, n, p), rel=1e-9)
        assert at_least(k, n, p) + at_most(k - 1, n, p) == pytest.approx(1.0)
    assert at_least(2, 3, 0.5) == pytest.approx(0.5)
    assert at_least(0, 3, 0.0) == at_least(3, 3, 1.0) == 1.0
    assert at_most(0, 4, 0.5) == pytest.approx(1 / 16)


def test_upper_limit_does_not_name_a_commune_for_three_of_2167() -> None:
    assert at_least(3, 2167, COMMUNES) == pytest.approx(0.0731, abs=5e-5)
    assert upper_limit(2167, COMMUNES, 0.025) == pytest.approx(3.739, abs=1e-3)
    assert upper_limit(2167, COMMUNES, 0.001) == pytest.approx(5.615, abs=1e-3)


def test_upper_limit_and_the_exact_tail_name_the_same() -> None:
    for n in (20, 333, 2167, 40_000):
        for tail in (0.025, 0.001):
            limit = upper_limit(n, COMMUNES, tail)
            for k in range(40):
                if k:
                    assert (k >= limit) == (at_least(k, n, COMMUNES) <= tail)
    assert upper_limit(3, 0.9, 0.025) == 4.0


def test_lower_limit_is_none_where_none_at_all_is_no_wonder() -> None:
    assert lower_limit(8322, COMMUNES, 0.025) is None
    assert lower_limit(8323, COMMUNES, 0.025) == pytest.approx(0.0, abs=1e-3)


def test_differing_units_by_the_tail_where_numbers_are_large() -> None:
    found = differing(((30, 1000), (50, 1000), (40, 1000)))
    assert found is not None
    assert (found.df, found.by_draws) == (2, False)
    assert found.chi2 == pytest.approx(200 / 38.4)
    assert found.p == pytest.approx(0.0740, abs=1e-4)


def test_differing_units_by_draws_where_numbers_are_small() -> None:
    found = differing(((3, 10), (0, 10)))
    assert found is not None
    assert found.by_draws
    # Three of twenty fall on one and the same ten: 2 x (10 x 9 x 8) / (20 x 19 x 18).
    assert found.p == pytest.approx(2 * 720 / 6840, abs=0.01)
    assert found == differing(((3, 10), (0, 10)))


def test_differing_says_nothing_of_nothing() -> None:
    assert differing(()) is None
    assert differing(((3, 10),)) is None
    assert differing(((0, 10), (0, 0), (0, 30))) is None
