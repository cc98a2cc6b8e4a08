"""A period beside another, in words; offices side by side, in an order that says something."""

import pytest

from reports.dashboard.comparison import count_change, rate_change
from reports.dashboard.ranking import known_order, ranked, with_and_without
from reports.figures.tables import Row
from reports.terms.columns import add_sums, nothing


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (1100, 980, "tăng 12,2 % (120 / 980)"),
        # The growth of 728 over 599; the level would be 221,5 %.
        (1327, 599, "tăng 121,5 % (728 / 599)"),
        (980, 1100, "giảm 10,9 % (120 / 1.100)"),
        (7, 7, "không đổi"),
        (0, 0, "không đổi"),
        (36, 3, "tăng 33"),
        (5, 0, "tăng 5"),
        (220, 20, "tăng 1.000,0 % (200 / 20)"),
        (221, 20, "tăng 201"),
        (38, 19, "tăng 19"),
        (0, 20, "giảm 100,0 % (20 / 20)"),
        (36105, 36104, "tăng dưới 0,1 % (1 / 36.104)"),
    ],
)
def test_comparison_number_changes_by_dossiers_and_by_a_share_of_enough(
    now: int, before: int, words: str
) -> None:
    assert count_change(now, before) == words


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        ((99, 100), (97, 100), "tăng 2,0 điểm phần trăm"),
        ((38045, 38131), (38046, 38131), "giảm dưới 0,1 điểm phần trăm"),
        ((10, 20), (20, 40), "không đổi"),
        ((18, 19), (97, 100), "không so được, kỳ này có dưới 20 hồ sơ"),
        ((97, 100), (18, 19), "không so được, kỳ đó có dưới 20 hồ sơ"),
        ((0, 0), (2, 4), "không so được, kỳ này không có hồ sơ"),
        ((97, 100), (0, 0), "không so được, kỳ đó không có hồ sơ"),
    ],
)
def test_comparison_rate_changes_by_points_and_never_against_a_rate_of_nothing(
    now: tuple[int, int], before: tuple[int, int], words: str
) -> None:
    assert rate_change(now, before) == words


def office(name: str, *, on_time: int = 0, late: int = 0, overdue: int = 0, new: int = 0) -> Row:
    figures = nothing() | {
        "received_direct": on_time + late + overdue + new,
        "resolved_on_time": on_time,
        "resolved_late": late,
        "pending_overdue": overdue,
        "pending_in_time": new,
    }
    return Row(name, name, add_sums(figures))


ROWS = [
    office("Xã Ấp Một", on_time=10),
    office("Xã Biển", on_time=500, late=2),
    office("Xã Cái", on_time=5, late=1, overdue=1),
    office("Xã Đầm", new=3),
    office("Xã Ếch"),
    office("Xã Rạch", on_time=3, overdue=4),
]


def names(rows: list[Row]) -> list[str]:
    return [row.name.removeprefix("Xã ") for row in rows]


def test_comparison_what_matters_comes_first_and_who_had_nothing_stands_apart() -> None:
    busy, idle = with_and_without(ROWS)
    assert names(idle) == ["Ếch"]
    # Most late and overdue first; of the two with two, the lower rate; without a rate, last.
    assert names(ranked(busy)) == ["Rạch", "Cái", "Biển", "Ấp Một", "Đầm"]


def test_comparison_other_orders_by_word() -> None:
    busy, _ = with_and_without(ROWS)
    assert names(ranked(busy, "ten")) == ["Ấp Một", "Biển", "Cái", "Đầm", "Rạch"]
    assert names(ranked(busy, "ty-le")) == ["Cái", "Biển", "Ấp Một", "Rạch", "Đầm"]
    assert names(ranked(busy, "received"))[:2] == ["Biển", "Ấp Một"]
    assert known_order("drop table") == "can-luu-y"
