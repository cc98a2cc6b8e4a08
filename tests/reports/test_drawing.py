"""The leaders' pictures as numbers: one scale, nothing that exists invisible, labels apart."""

from datetime import date
from itertools import pairwise

import pytest

from reports.drawing.bars import pareto_bars
from reports.drawing.columns import FOOT, backlog_columns
from reports.drawing.funnel import units_chart
from reports.drawing.sparkline import sparkline
from reports.drawing.steps import step_plots
from reports.drawing.words import pushed_apart, short_names, width_of
from reports.leaders.facts import Funnel, LimitPoint, MonthEnd, ParetoRow, StepRow, UnitPoint

pytestmark = pytest.mark.pure
# The district's stock at the ends of December 2015 to September 2016, and how many were overdue.
STOCK = (139, 120, 95, 113, 111, 79, 115, 128, 238, 580)
OVERDUE = (1, 0, 2, 3, 4, 0, 2, 3, 3, 29)


def month_ends(pending: tuple[int, ...], overdue: tuple[int, ...]) -> list[MonthEnd]:
    return [
        MonthEnd(
            month=date(2016, at, 1) if at else date(2015, 12, 1),
            day=date(2016, at, 28) if at else date(2015, 12, 31),
            label=f"{at or 12}",
            pending=stock,
            overdue=late,
            received=669,
            resolved=660,
            in_time=0,
            due_soon=None,
        )
        for at, (stock, late) in enumerate(zip(pending, overdue, strict=True))
    ]


def unit(name: str, late: int, resolved: int, **more) -> UnitPoint:
    return UnitPoint(
        key=name,
        name=name,
        resolved=resolved,
        late=late,
        per_1000=1000 * late / resolved,
        outside=more.pop("outside", ""),
        words=name,
        **more,
    )


def funnel(points: tuple[UnitPoint, ...], *, limits=True, y_high=4.0) -> Funnel:
    curve = ((20, 300.0, 450.0), (500, 4.4, 8.0), (2000, 1.9, 3.0), (7000, 1.0, 1.5))
    return Funnel(
        level="cap-xa",
        heading="12 xã",
        late=16,
        resolved=36104,
        centre=0.44,
        limits=tuple(LimitPoint(*one) for one in curve) if limits else (),
        points=points,
        left_out=(),
        x_high=7000,
        y_high=y_high,
        chi2=None,
        df=11,
        p=None,
        by_draws=False,
        sentence=(),
    )


def test_drawing_bars_of_all_levels_share_one_scale() -> None:
    rows = [ParetoRow("a", "Chi nhánh", 40, 19, 60), ParetoRow("b", "Phòng Tư pháp", 3, 2, 94)]
    land, justice = pareto_bars(rows, 59)
    (communes,) = pareto_bars([ParetoRow("c", "12 xã", 16, 7, None)], 59)
    assert (land.late, land.overdue) == (67.8, 32.2)
    assert land.late + land.overdue == pytest.approx(100)
    assert (justice.late, communes.late, communes.overdue) == (5.08, 27.12, 11.86)


def test_drawing_one_among_thousands_is_seen_and_none_is_not() -> None:
    (bar,) = pareto_bars([ParetoRow("a", "Phòng", 1, 0, None)], 5000)
    assert (bar.late, bar.overdue) == (1.0, 0.0)
    assert pareto_bars([ParetoRow("a", "Phòng", 0, 0, None)], 0)[0].late == 0


def test_drawing_columns_stand_on_the_ground_with_a_foot_that_is_seen() -> None:
    backlog = backlog_columns(month_ends(STOCK, OVERDUE))
    assert backlog is not None
    assert all(c.y + c.height == pytest.approx(backlog.ground) for c in backlog.columns)
    assert all(c.foot_y + c.foot == pytest.approx(backlog.ground) for c in backlog.columns)
    feet = [column.foot for column in backlog.columns]
    assert feet == [FOOT, 0, FOOT, FOOT, FOOT, 0, FOOT, FOOT, FOOT, 5.2]  # 29 of 580 in 104
    assert [c.height for c in backlog.columns][-2:] == [42.7, 104.0]
    assert [column.label for column in backlog.columns] == [str(number) for number in STOCK]
    assert backlog.columns[-1].is_last
    assert not backlog.upright


def test_drawing_numbers_too_wide_for_their_columns_stand_on_end() -> None:
    backlog = backlog_columns(month_ends(tuple(12_000 + n for n in range(10)), (0,) * 10))
    assert backlog is not None
    assert backlog.upright
    assert min(column.y for column in backlog.columns) > width_of("12.009", 12)


def test_drawing_flow_begins_with_the_period_and_its_words_keep_apart() -> None:
    backlog = backlog_columns(month_ends(STOCK, OVERDUE), flow_from=date(2016, 1, 1))
    assert backlog is not None
    assert len(backlog.received.split()) == 9
    assert abs(backlog.received_end.y - backlog.resolved_end.y) >= 15
    assert backlog.received_end.words == "nhận 669"
    assert backlog.right + width_of("nhận 669", 12) <= backlog.width


def test_drawing_empty_and_single_months_divide_by_nothing() -> None:
    assert backlog_columns([]) is None
    backlog = backlog_columns(month_ends((0,), (0,)))
    assert backlog is not None
    assert (backlog.columns[0].height, backlog.received) == (0, "")


def test_drawing_labels_pushed_apart_do_not_overlap_and_stay_in_order() -> None:
    assert pushed_apart([10, 12, 40], 15, 100) == [10, 25, 40]
    assert pushed_apart([95, 92], 15, 100) == [100, 85]
    assert pushed_apart([50], 15, 100) == [50]


def test_drawing_names_outside_the_limits_alone_stand_there_and_apart() -> None:
    chart = units_chart(
        [
            funnel(
                (
                    unit("Xã Trí Phải", 12, 3000, outside="99.8"),
                    unit("Xã Tân Lộc", 12, 3005, outside="95"),
                    unit("Xã Tân Phú", 1, 3000),
                )
            )
        ]
    )
    assert chart is not None
    (panel,) = chart.panels
    assert [name.dot.point.name for name in panel.names] == ["Xã Trí Phải", "Xã Tân Lộc"]
    one, two = panel.names
    assert abs(one.y - two.y) >= 16
    assert panel.centre is not None
    assert all(point.split(",")[1] for point in panel.line_95.split())


def test_drawing_equal_dots_stand_side_by_side() -> None:
    points = tuple(unit(name, 0, 3249) for name in ("Xã A", "Xã B", "Xã C"))
    chart = units_chart([funnel(points)])
    assert chart is not None
    places = sorted(dot.x for dot in chart.panels[0].dots)
    assert [round(b - a) for a, b in pairwise(places)] == [10, 10]


def test_drawing_level_of_one_unit_has_its_interval_and_no_limits() -> None:
    district = unit("Huyện Thới Bình", 70, 2027, interval=(27.02, 43.43))
    chart = units_chart([funnel((district,), limits=False, y_high=50)], width=340)
    assert chart is not None
    (panel,) = chart.panels
    (dot,) = panel.dots
    assert dot.low is not None
    assert dot.high is not None
    assert dot.high < dot.y < dot.low
    assert panel.names[0].words == "Huyện Thới Bình 34,53"
    assert panel.names[0].more == "70 / 2.027; 95 %: 27,02 - 43,43"
    assert (panel.line_95, panel.centre) == ("", None)
    assert units_chart([funnel(())]) is None


@pytest.mark.parametrize("width", [640, 340])
def test_drawing_nothing_of_the_units_lies_beyond_the_edge(width: int) -> None:
    points = (unit("Thị trấn Thới Bình", 40, 6900, outside="99.8"), unit("Xã A", 0, 25))
    chart = units_chart([funnel(points)], width=width)
    assert chart is not None
    (panel,) = chart.panels
    (name,) = panel.names
    long = width_of(name.words, 13.5)
    left = name.x - (long if name.anchor == "end" else 0)
    assert left >= 0
    assert left + long <= width
    assert all(chart.left <= dot.x <= chart.right for dot in panel.dots)


def test_drawing_line_leaves_missing_months_dotted_and_never_at_zero() -> None:
    line = sparkline((None, None, 3.0, 3.0, None, 29.0), 0, 29)
    assert line.lines == (f"{4 + 2 * 16.4:.1f},22.0 {4 + 3 * 16.4:.1f},22.0",)
    assert [round(end - begin, 1) for begin, end in line.missing] == [32.8, 32.8]
    assert line.dot == (86.0, 5.0)
    assert sparkline((None,) * 13, 0, 1).dot is None


def test_drawing_target_is_a_line_on_the_scale() -> None:
    assert sparkline((96.0, 97.0), 90, 100, target=95).target == 14.5
    assert sparkline((96.0, 97.0), 96, 100, target=95).target is None


def test_drawing_steps_are_to_one_scale() -> None:
    plot, over = step_plots(
        [StepRow("Phòng", False, 69, 17, 35, None), StepRow("Một cửa", False, 69, 0, 80, 10)], 40
    )
    assert (plot.median, plot.ninety, plot.width, plot.limit) == (42.5, 87.5, 45.0, None)
    assert (over.ninety, over.limit) == (100.0, 25.0)


def test_drawing_names_that_begin_alike_are_cut_in_the_middle() -> None:
    names = [
        "Đăng ký biến động quyền sử dụng đất do chuyển nhượng",
        "Đăng ký biến động quyền sử dụng đất do giải quyết tranh chấp",
        "Cấp bản sao trích lục hộ tịch cho người ở nơi khác đến",
    ]
    assert short_names(names) == [
        "Đăng ký biến động … chuyển nhượng",
        "Đăng ký biến động … tranh chấp",
        names[2],
    ]
