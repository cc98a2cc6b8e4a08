"""The verdict by rule: the truth of 2016 word for word, and on random figures no blame that is
volume or chance."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.leaders.facts import MonthEnd, Unit, text_of
from reports.leaders.fair import funnel_of, outside_of
from reports.leaders.verdict import Case, Work, named_work, since, units, verdict, what, where
from reports.statistics.exact import fisher
from reports.statistics.tails import at_least
from reports.statistics.units import differing

COMMUNES = [
    ("Thị trấn Thới Bình", 3, 6137),
    ("Xã Biển Bạch", 0, 2167),
    ("Xã Tân Bằng", 1, 2528),
    ("Xã Trí Phải", 3, 3249),
    ("Xã Trí Lực", 0, 1804),
    ("Xã Biển Bạch Đông", 1, 2888),
    ("Xã Thới Bình", 2, 3249),
    ("Xã Tân Phú", 0, 3249),
    ("Xã Tân Lộc Bắc", 0, 2167),
    ("Xã Tân Lộc", 1, 2888),
    ("Xã Tân Lộc Đông", 3, 2167),
    ("Xã Hồ Thị Kỷ", 2, 3611),
]


def month(label: int, pending: int, overdue: int, received: int, resolved: int) -> MonthEnd:
    day = date(2016, label, 28)
    return MonthEnd(day, day, str(label), pending, overdue, received, resolved, resolved, None)


def units_of(counts: list[tuple[str, int, int]]) -> list[Unit]:
    return [
        Unit(name, name, {"resolved_late": late, "resolved_total": resolved})
        for name, late, resolved in counts
    ]


def communes(counts: list[tuple[str, int, int]], **more: object) -> Case:
    case = Case(
        name="12 xã, thị trấn",
        inside="các xã",
        resolved=sum(n for _, _, n in counts),
        late=sum(k for _, k, _ in counts),
        overdue=7,
        funnel=funnel_of("cap-xa", "12 xã, thị trấn", units_of(counts)),
        units_head="Các xã",
        unit_word="xã",
        resolved_by_unit=tuple(n for _, _, n in counts),
    )
    return replace(case, **more)  # type: ignore[arg-type]


def district(**more: object) -> Case:
    case = Case(
        name="Huyện Thới Bình",
        inside="huyện",
        resolved=2027,
        late=70,
        overdue=29,
        work=(
            Work("sector", "Đất đai", 42, 20, 42, 1226),
            Work("sector", "Hộ tịch", 4, 0, 4, 150),
            Work("division", "Chi nhánh VP Đăng ký đất đai", 40, 19, 40, 1284),
        ),
        months=(
            month(7, 128, 3, 238, 225),
            month(8, 238, 3, 420, 310),
            month(9, 580, 29, 669, 327),
        ),
    )
    return replace(case, **more)  # type: ignore[arg-type]


def test_verdict_of_nine_months_of_2016_is_the_truth() -> None:
    lines = verdict([district(), communes(COMMUNES)], running=False)

    assert [(line.head, text_of(line.sentence)) for line in lines] == [
        (
            "Ở đâu",
            "Huyện Thới Bình: 70 trong 86 hồ sơ trả trễ, 29 trong 36 hồ sơ đang quá hạn.",
        ),
        (
            "Việc gì",
            "Đất đai: 42 trong 70 hồ sơ trễ, 20 trong 29 quá hạn. Nhiều vì việc nhiều: tỷ lệ trễ "
            "3,4 % (42 / 1.226), các lĩnh vực khác 3,5 % (28 / 801).",
        ),
        (
            "Từ khi nào",
            "Tồn của huyện 128, 238, 580 hồ sơ vào cuối tháng 7, 8, 9; quá hạn 3, 3, 29. Tháng 9 "
            "nhận 669, giải quyết xong 327.",
        ),
        (
            "Các xã",
            "12 xã, thị trấn: 16 trễ trong 36.104, không khác nhau quá mức ngẫu nhiên.",
        ),
    ]


def test_verdict_of_a_running_period_says_the_overdue_first() -> None:
    own = district(late=4, overdue=8)
    theirs = communes(COMMUNES, late=10, overdue=25)
    said = text_of(where([own, theirs], running=True))
    assert said == "12 xã, thị trấn: 25 trong 33 hồ sơ đang quá hạn; huyện 8."
    none = text_of(where([district(overdue=0), communes(COMMUNES, overdue=0)], running=True))
    assert none == "Huyện Thới Bình: 70 trong 86 hồ sơ trả trễ."


@pytest.mark.parametrize(
    ("late", "overdue", "said"),
    [
        ((0, 0), (0, 0), "Không có hồ sơ trễ hay quá hạn."),
        ((9, 3), (4, 3), "19 hồ sơ trễ hoặc quá hạn, chưa đủ 20 để nói nơi nào nhiều."),
        (
            (10, 5),
            (0, 5),
            "Huyện Thới Bình và 12 xã, thị trấn: mỗi nơi 10 hồ sơ trễ hoặc quá hạn.",
        ),
        ((20, 0), (0, 0), "Huyện Thới Bình: cả 20 hồ sơ trả trễ."),
    ],
)
def test_where_counts_ties_and_small_numbers(
    late: tuple[int, int], overdue: tuple[int, int], said: str
) -> None:
    cases = [
        district(late=late[0], overdue=overdue[0]),
        communes(COMMUNES, late=late[1], overdue=overdue[1]),
    ]
    assert text_of(where(cases, running=False)) == said


def test_what_is_above_its_volume_is_named_finest_first() -> None:
    case = district(
        late=10,
        overdue=25,
        resolved=84,
        work=(
            Work("sector", "Hộ tịch", 8, 14, 8, 40),
            Work("procedure", "Giấy xác nhận tình trạng hôn nhân", 7, 9, 7, 25),
        ),
        inside="các xã",
    )
    assert text_of(what(case)) == (
        "Giấy xác nhận tình trạng hôn nhân: 7 trong 10 hồ sơ trễ của các xã, dù chỉ là 25 trong 84 "
        "hồ sơ đã giải quyết; và 9 trong 25 đang quá hạn."
    )


def test_what_says_no_rate_of_few_and_no_name_where_nothing_holds_much() -> None:
    handful = district(
        late=4, overdue=24, resolved=63, work=(Work("sector", "Hộ tịch", 2, 15, 2, 27),)
    )
    assert text_of(what(handful)) == "Hộ tịch: 2 trong 4 hồ sơ trễ, 15 trong 24 quá hạn."
    few = district(work=(Work("sector", "Đất đai", 40, 20, 15, 19),))
    assert text_of(what(few)) == "Đất đai: 40 trong 70 hồ sơ trễ, 20 trong 29 quá hạn."
    spread = district(work=tuple(Work("sector", f"S{n}", 14, 5, 14, 400) for n in range(5)))
    assert text_of(what(spread)) == (
        "Rải đều, không lĩnh vực nào quá 19 trong 99 hồ sơ trễ hoặc quá hạn."
    )
    assert what(district(late=3, overdue=2), alone=True) == ()


def test_since_leaves_out_what_a_correction_breaks_and_is_silent_on_chance() -> None:
    broken = district(months=(month(8, 238, 3, 0, 0), month(9, 580, 29, 600, 327)))
    assert text_of(since([broken], running=False)) == (
        "Tồn của huyện 238, 580 hồ sơ vào cuối tháng 8, 9; quá hạn 3, 29."
    )
    calm = district(months=(month(8, 120, 3, 0, 0), month(9, 140, 11, 60, 40)))
    assert text_of(since([calm], running=False)) == "Không có thay đổi quá mức ngẫu nhiên."
    assert text_of(since([district(months=())], running=False)) == "Chưa có tháng trước để so."


def test_since_early_in_a_month_looks_at_the_last_whole_one_too() -> None:
    months = (month(9, 9, 0, 9, 0), month(10, 18, 1, 9, 0), month(11, 216, 25, 264, 66))
    said = text_of(since([district(months=months)], running=True))
    assert said.startswith("Tồn của huyện 9, 18, 216 hồ sơ vào cuối tháng 9, 10 và hôm nay;")
    early = (*months, month(12, 217, 25, 1, 0))
    said = text_of(since([district(months=early)], running=True))
    assert said.startswith("Tồn của huyện 9, 18, 216 hồ sơ vào cuối tháng 9, 10, 11;")
    assert said.endswith("Tháng 11 nhận 264, giải quyết xong 66.")


def test_units_are_silent_on_few() -> None:
    seven = [(f"Xã {n}", 1, 7) for n in range(12)]
    assert text_of(units(communes(seven))) == "Mỗi xã mới giải quyết 7 hồ sơ: chưa so sánh được."
    one = [("Xã A", 1, 7), ("Xã B", 1, 700)]
    assert text_of(units(communes(one))) == "Có xã mới giải quyết 7 hồ sơ: chưa so sánh được."
    four = [("Xã A", 4, 700), ("Xã B", 0, 700)]
    assert text_of(units(communes(four))).endswith(", quá ít hồ sơ trễ để so.")


def test_units_names_who_is_far_outside() -> None:
    case = communes([("Xã A", 40, 700), ("Xã B", 2, 700), ("Xã C", 3, 700)])
    assert text_of(units(case)).endswith(", khác nhau quá mức ngẫu nhiên: Xã A 40 / 700.")


COUNTS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 5000)).map(lambda kn: (min(kn), kn[1])),
    min_size=2,
    max_size=15,
)


@given(counts=COUNTS)
@settings(max_examples=150, deadline=None)
def test_units_never_names_one_inside_the_95_line(counts: list[tuple[int, int]]) -> None:
    named = [(f"Xã số {at};", k, n) for at, (k, n) in enumerate(counts)]
    case = communes(named)
    said = text_of(units(case))
    solved = [n for n in case.resolved_by_unit if n]
    late, resolved = sum(k for _, k, _ in named), sum(n for _, _, n in named)
    for name, k, n in named:
        if name in said:
            assert at_least(k, n, late / resolved) <= 0.025
            assert outside_of(k, n, late / resolved) in ("95", "99.8")
    if solved and min(solved) < 20:
        assert "chưa so sánh được" in said
    elif "khác nhau quá mức ngẫu nhiên:" in said or "nhưng không" in said:
        found = differing(tuple((k, n) for _, k, n in named))
        assert found is not None and found.p <= 0.05


WORKS = st.lists(
    st.builds(
        lambda kind, late, overdue, more: Work(
            kind, f"{kind} {late} {overdue} {more}", late, overdue, late, late + more
        ),
        st.sampled_from(["sector", "division", "procedure"]),
        st.integers(0, 40),
        st.integers(0, 40),
        st.integers(0, 600),
    ),
    max_size=6,
)


@given(works=WORKS, others=st.integers(0, 60), more=st.integers(0, 900))
@settings(max_examples=200, deadline=None)
def test_what_never_blames_what_is_volume_or_chance(
    works: list[Work], others: int, more: int
) -> None:
    late = max((work.late for work in works), default=0) + others
    overdue = max((work.overdue for work in works), default=0)
    resolved = sum(work.resolved_of for work in works) + others + more
    case = district(work=tuple(works), late=late, overdue=overdue, resolved=resolved)
    said = text_of(what(case))
    named = named_work(case)
    if case.total < 20:
        assert "chưa đủ 20" in said
        return
    if named is None:
        assert said.startswith("Rải đều")
        return
    work, _ = named
    assert work.total >= 0.4 * case.total
    if "dù chỉ là" in said:
        inside, outside = work.resolved_of, case.resolved - work.resolved_of
        assert min(inside, outside) >= 20
        assert work.late_of * outside > (late - work.late_of) * inside
        assert fisher(work.late_of, inside, late - work.late_of, outside) <= 0.05
    if "%" in said:
        assert min(work.resolved_of, case.resolved - work.resolved_of) >= 20


@given(
    late=st.tuples(st.integers(0, 90), st.integers(0, 90)),
    overdue=st.tuples(st.integers(0, 90), st.integers(0, 90)),
    running=st.booleans(),
)
def test_where_names_the_level_with_most_and_nobody_else(
    late: tuple[int, int], overdue: tuple[int, int], running: bool
) -> None:
    own = district(late=late[0], overdue=overdue[0])
    theirs = communes(COMMUNES, late=late[1], overdue=overdue[1])
    said = text_of(where([own, theirs], running=running))
    assert not any(name in said.replace("Huyện Thới Bình", "") for name, _, _ in COMMUNES)
    if own.total + theirs.total >= 20:
        assert (own.name in said) == (own.total >= theirs.total)
        assert (theirs.name in said) == (theirs.total >= own.total)
    assert "trong 0" not in said and not said.endswith(": .")
