"""The formulas of QĐ 766/QĐ-TTg against worked figures, and what holds of any numbers."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.rules.timeliness import is_late_in_index
from reports.index.rules import (
    GROUPS,
    KNOWN,
    ONLINE,
    PROGRESS,
    SATISFACTION,
    Component,
    satisfied,
    together,
)

COMPONENTS = [component for group in GROUPS for component in group.components]
BY_NUMBER = {component.number: component for component in COMPONENTS}
DUE = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("component", "numerator", "denominator", "points", "lost"),
    [
        (PROGRESS, 480, 500, "19.20", "0.80"),
        (ONLINE, 30, 100, "3.60", "2.40"),
        (ONLINE, 50, 100, "6.00", "0.00"),
        (ONLINE, 70, 100, "6.00", "0.00"),
        (BY_NUMBER["4.3"], 40, 100, "1.00", "1.00"),
        (SATISFACTION, 81, 100, "5.40", "0.60"),
        (PROGRESS, 1, 3, "6.67", "13.33"),
        (PROGRESS, 1, 1600, "0.01", "19.99"),  # 0.0125
        (PROGRESS, 3, 1600, "0.04", "19.96"),  # 0.0375: halves upwards
        (BY_NUMBER["5.2"], 0, 0, "6.00", "0.00"),  # no petition: all points
        (BY_NUMBER["5.3"], 0, 0, "6.00", "0.00"),
        (SATISFACTION, 0, 0, "0.00", "6.00"),
    ],
)
def test_index_points_of_the_worked_figures(
    component: Component, numerator: int, denominator: int, points: str, lost: str
) -> None:
    assert component.points(numerator, denominator) == Decimal(points)
    assert component.lost(numerator, denominator) == Decimal(lost)


@pytest.mark.parametrize("component", [PROGRESS, ONLINE])
def test_index_points_of_nothing_are_no_value_which_is_not_nought(component: Component) -> None:
    assert component.points(0, 0) is None
    assert component.lost(0, 0) is None
    assert together([None, Decimal("1.20")]) == Decimal("1.20")


def test_index_groups_are_six_of_a_hundred_points() -> None:
    assert [group.most for group in GROUPS] == [18, 20, 12, 10, 18, 22]
    assert {component for component in COMPONENTS if not component.missing} == set(KNOWN)
    assert len({component.number for component in COMPONENTS}) == len(COMPONENTS) == 21


def test_index_satisfaction_takes_away_late_and_disliked_each() -> None:
    assert satisfied(100, 12, 7) == 81
    assert satisfied(10, 8, 5) == 0


@given(
    st.sampled_from(COMPONENTS),
    st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)
def test_index_points_lie_between_nought_and_the_most_and_never_fall_with_one_more(
    component: Component, fraction: tuple[int, int]
) -> None:
    numerator, denominator = fraction
    points, lost = component.points(*fraction), component.lost(*fraction)
    assert points is not None
    assert lost is not None
    assert 0 <= points <= component.most
    assert points + lost == component.most
    more = component.points(min(numerator + 1, denominator), denominator)
    assert more is not None
    assert more >= points
    assert component.points(denominator, denominator) == component.most


@pytest.mark.parametrize(
    ("day", "due", "supplements", "late"),
    [
        (date(2026, 11, 20), DUE, 0, False),
        (date(2026, 11, 20), DUE, 1, False),
        (date(2026, 11, 10), DUE, 2, True),  # before the appointment, and late all the same
        (date(2026, 11, 21), DUE, 0, True),
        (date(2026, 11, 21), None, 1, False),
        (date(2026, 11, 21), None, 2, True),
    ],
)
def test_index_late_is_after_the_due_date_or_with_a_second_supplement(
    day: date, due: date | None, supplements: int, late: bool
) -> None:
    assert is_late_in_index(day, due, supplements) is late
