"""The layouts: their columns, numbers and identities, and the figures of a district that were
published in one of them."""

import pytest

from reports.terms.columns import COLUMNS, FORM_COLUMNS, Figures, add_sums, nothing
from reports.terms.layouts import (
    BY_CODE,
    DESK_2016,
    FULL,
    II_06A,
    LAYOUTS,
    TT02_2017,
    Layout,
    head_rows,
)

# Huyện Đắk Glong, 2020: received, carried over; in time, late; not yet due, overdue.
DAK_GLONG = add_sums(
    nothing()
    | {
        "received_direct": 57028,
        "carried_over": 1982,
        "resolved_early": 41000,
        "resolved_on_time": 57502 - 41000,
        "resolved_late": 187,
        "pending_in_time": 1246,
        "pending_overdue": 75,
    }
)


def test_figures_of_dak_glong_in_the_layout_of_2017() -> None:
    values = TT02_2017.values(DAK_GLONG)
    assert TT02_2017.faults(values) == []
    assert {c.number: values[c.name] for c in TT02_2017.columns} == {
        3: 59010,
        4: 0,
        5: 1982,
        6: 57028,
        7: 57689,
        8: 57502,
        9: 187,
        10: 1321,
        11: 1246,
        12: 75,
    }


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.code)
def test_layouts_every_layout_takes_the_same_figures_without_a_fault(layout: Layout) -> None:
    assert layout.faults(layout.values(DAK_GLONG)) == []


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.code)
def test_layouts_figure_that_is_one_too_many_breaks_every_layout(layout: Layout) -> None:
    wrong: Figures = DAK_GLONG | {"resolved_total": 57690}
    assert layout.faults(layout.values(wrong))


def test_layouts_fault_names_the_columns_and_their_numbers() -> None:
    values = TT02_2017.values(DAK_GLONG) | {"resolved_total": 57690}
    assert TT02_2017.faults(values) == [
        "đã giải quyết: tổng số (57690) khác đã giải quyết: trả đúng thời hạn (57502) + "
        "đã giải quyết: trả quá hạn (187)",
        "tiếp nhận: tổng số (59010) khác đã giải quyết: tổng số (57690) + "
        "đang giải quyết: tổng số (1321)",
    ]


def test_layouts_desk_table_never_returns_more_than_it_resolved() -> None:
    values = DESK_2016.values(nothing()) | {"ended_withdrawn": 1}
    assert DESK_2016.faults(values) == [
        "cd rút hồ sơ (1) + hồ sơ trả lại (0) nhiều hơn đã giải quyết: số hồ sơ (0)"
    ]


@pytest.mark.parametrize(
    ("layout", "identities"),
    [
        (
            II_06A,
            "(3) = (4) + (5) + (6); (7) = (8) + (9) + (10); (11) = (12) + (13); (3) = (7) + (11)",
        ),
        (TT02_2017, "(3) = (4) + (5) + (6); (7) = (8) + (9); (10) = (11) + (12); (3) = (7) + (10)"),
    ],
    ids=["II.06a", "06a-2017"],
)
def test_identities_are_those_of_the_form(layout: Layout, identities: str) -> None:
    assert layout.identities == identities


def test_columns_stand_in_the_order_of_their_numbers() -> None:
    for layout in (II_06A, TT02_2017, DESK_2016):
        numbers = [column.number for column in layout.columns]
        assert numbers == list(range(3, 3 + len(numbers))), layout.code
    assert [column.name for column in II_06A.columns] == [column.name for column in FORM_COLUMNS]
    assert [column.name for column in FULL.columns] == [column.name for column in COLUMNS]


def test_layouts_every_column_says_what_it_counts_and_no_name_is_there_twice() -> None:
    for layout in LAYOUTS:
        assert all(column.definition for column in layout.columns)
        assert len({column.name for column in layout.columns}) == len(layout.columns)
    assert len(BY_CODE) == len({layout.name for layout in LAYOUTS}) == len(LAYOUTS)


def test_layouts_headings_stand_over_their_columns() -> None:
    rows = head_rows(II_06A.columns)
    assert [[(c.words, c.at, c.width, c.height) for c in row] for row in rows] == [
        [
            ("Số lượng hồ sơ tiếp nhận", 0, 4, 1),
            ("Số lượng hồ sơ đã giải quyết", 4, 4, 1),
            ("Số lượng hồ sơ đang giải quyết", 8, 3, 1),
        ],
        [
            ("Tổng số", 0, 1, 2),
            ("Trong kỳ", 1, 2, 1),
            ("Từ kỳ trước", 3, 1, 2),
            ("Tổng số", 4, 1, 2),
            ("Trước hạn", 5, 1, 2),
            ("Đúng hạn", 6, 1, 2),
            ("Quá hạn", 7, 1, 2),
            ("Tổng số", 8, 1, 2),
            ("Trong hạn", 9, 1, 2),
            ("Quá hạn", 10, 1, 2),
        ],
        [("Trực tuyến", 1, 1, 1), ("Trực tiếp, dịch vụ bưu chính", 2, 1, 1)],
    ]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.code)
def test_layouts_every_place_under_the_headings_is_taken_once(layout: Layout) -> None:
    rows = head_rows(layout.columns)
    taken = [
        (at + down, cell.at + right)
        for at, row in enumerate(rows)
        for cell in row
        for down in range(cell.height)
        for right in range(cell.width)
    ]
    assert sorted(taken) == [(y, x) for y in range(len(rows)) for x in range(len(layout.columns))]
