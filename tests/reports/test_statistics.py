"""The figures against a count by hand, and their literal edges."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dossiers.lifecycle import perform
from dossiers.models import Dossier
from motcua.models import Level, Office
from procedures.calendar import calendar_for
from reports.figures.recount import dossiers_behind
from reports.figures.tables import By, Row, problems_of, table
from reports.terms.columns import NAMES, add_sums, faults, nothing
from reports.terms.periods import Period, parse_period
from reports.terms.scopes import Scope, scope_of_all, scope_of_level, scope_of_office
from tests.cast import Cast, make_cast, vn
from tests.reports.by_hand import FIRST_DAY, Counted, Life, counted, lives
from tests.reports.scopes import scopes_for

START = st.integers(0, 200).map(lambda n: FIRST_DAY + timedelta(days=n))


def period_of(start: date, end: date) -> Period:
    return parse_period(f"{start.isoformat()}..{end.isoformat()}")


def everything() -> Scope:
    return scope_of_all(Office.objects.with_desk())


class AgainstACountByHand(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = make_cast()
        cls.calendar = calendar_for(None)

    def begin(self, plans: list[dict[str, Any]]) -> list[Life]:
        return [Life(self.cast, self.calendar, plan) for plan in plans]

    @given(
        plans=st.lists(lives, min_size=1, max_size=8),
        start=START,
        length=st.integers(0, 100),
        by=st.sampled_from(By),
    )
    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    def test_statistics_every_cell_of_every_table_and_the_list_behind_it_are_the_count_by_hand(
        self, plans: list[dict[str, Any]], start: date, length: int, by: By
    ) -> None:
        period = period_of(start, start + timedelta(days=length))
        histories = self.begin(plans)
        for life in histories:
            life.live_until(period.end)
        tables_then = self.tables(period)
        for life in histories:
            life.live_until(date.max)
        assert self.tables(period) == tables_then  # later acts change nothing in a past period

        known = [life.facts for life in histories if life.facts]
        for (scope_key, rows_by), rows, total, problems in tables_then:
            mine = [facts for facts in known if in_scope(facts, scope_key)]
            assert problems == []
            assert total == counted(mine, period.start, period.end)
            for key, figures in rows.items():
                of_row = [facts for facts in mine if facts.key[rows_by] == key]
                assert figures == counted(of_row, period.start, period.end)
        for row in table(period, everything(), by).rows:
            for name in NAMES if any(row.figures.values()) else ():
                scope, key = by.narrow(everything(), row.key)
                behind = dossiers_behind(name, period, scope, **key)
                assert behind.count() == row.figures[name]

    @given(plans=st.lists(lives, min_size=1, max_size=8), start=START, told=st.integers(-30, 100))
    @settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
    def test_running_period_is_the_count_by_hand_to_the_day_it_is_told(
        self, plans: list[dict[str, Any]], start: date, told: int
    ) -> None:
        """Also before it begins; what is entered for later days counts nowhere."""
        as_of = start + timedelta(days=told)
        period = period_of(start, start + timedelta(days=101)).told_on(as_of)
        histories = self.begin(plans)
        for life in histories:
            life.live_until(date.max)
        known = [life.facts for life in histories if life.facts]
        first = min(start, as_of + timedelta(days=1))
        for (scope_key, _), _, total, problems in self.tables(period):
            mine = [facts for facts in known if in_scope(facts, scope_key)]
            assert (problems, total) == ([], counted(mine, first, as_of))
        for name in NAMES:
            behind = dossiers_behind(name, period, everything()).count()
            assert behind == counted(known, first, as_of)[name]

    def tables(self, period: Period) -> list[tuple[Any, ...]]:
        desks = Office.objects.with_desk()
        scopes = [
            everything(),
            scope_of_level(Level.COMMUNE, desks),
            scope_of_office(self.cast.district),
        ]
        return [
            (
                (scope.code, by.value),
                {row.key: row.figures for row in found.rows},
                found.total,
                found.problems,
            )
            for scope in scopes
            for by in By
            for found in [table(period, scope, by)]
        ]

    @given(plans=st.lists(lives, min_size=1, max_size=8))
    @settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
    def test_statistics_three_quarters_make_nine_months(self, plans: list[dict[str, Any]]) -> None:
        for life in self.begin(plans):
            life.live_until(date.max)
        for calendar in ("calendar", "nd09"):
            nine = table(parse_period("2016-9M", calendar), everything()).total
            first, second, third = (
                table(parse_period(f"2016-Q{n}", calendar), everything()).total for n in (1, 2, 3)
            )
            for name in NAMES:
                if name.startswith(("received", "resolved", "ended")):
                    assert nine[name] == first[name] + second[name] + third[name]
                if name.startswith("pending"):
                    assert nine[name] == third[name]
            assert nine["carried_over"] == first["carried_over"]
            assert second["carried_over"] == first["pending_total"]


def in_scope(facts: Counted, scope: str) -> bool:
    return scope == "all" or (
        facts.office != "967" if scope == "commune" else facts.office == "967"
    )


# Literal edges. X902 takes 5 working days: received Monday 07/03/2016, due Monday 14/03/2016.


def on(cast: Cast, day: str, until: str | None = None) -> dict[str, int]:
    return table(
        period_of(date.fromisoformat(day), date.fromisoformat(until or day)), everything()
    ).total


def birth(cast: Cast, at: str = "2016-03-07T09:00") -> Dossier:
    return cast.received(at, office=cast.tan_loc, procedure=cast.birth)


def resolved(cast: Cast, dossier: Dossier, at: str) -> None:
    perform.resolve(dossier, by=cast.clerk, at=vn(at), outcome="approved")


def test_dossier_due_on_the_last_day_of_the_period_is_in_time(cast: Cast) -> None:
    birth(cast)
    found = on(cast, "2016-03-14")
    assert (found["pending_in_time"], found["pending_overdue"]) == (1, 0)


def test_dossier_due_the_day_before_the_last_is_overdue(cast: Cast) -> None:
    birth(cast)
    found = on(cast, "2016-03-15")
    assert (found["pending_in_time"], found["pending_overdue"]) == (0, 1)


@pytest.mark.parametrize(
    ("at", "column"),
    [
        ("2016-03-11T16:59", "resolved_early"),
        ("2016-03-14T07:00", "resolved_on_time"),
        ("2016-03-14T21:30", "resolved_on_time"),
        ("2016-03-15T07:00", "resolved_late"),
    ],
)
def test_dates_are_compared_and_never_hours(cast: Cast, at: str, column: str) -> None:
    resolved(cast, birth(cast), at)
    found = on(cast, "2016-03-01", "2016-03-31")
    assert {name: found[name] for name in NAMES if name.startswith("resolved")} == {
        "resolved_early": 0,
        "resolved_on_time": 0,
        "resolved_late": 0,
        "resolved_total": 1,
        column: 1,
    }


def test_dossier_received_and_resolved_on_one_day_is_received_and_on_time(cast: Cast) -> None:
    dossier = cast.received("2016-03-07T09:00", office=cast.tan_loc, procedure=cast.copy)
    resolved(cast, dossier, "2016-03-07T09:10")
    found = on(cast, "2016-03-07")
    assert (found["received"], found["resolved_on_time"], found["pending_total"]) == (1, 1, 0)
    assert on(cast, "2016-03-08") == nothing()


def test_dossier_resolved_on_the_first_day_was_carried_over(cast: Cast) -> None:
    resolved(cast, birth(cast), "2016-03-10T09:00")
    assert on(cast, "2016-03-10")["carried_over"] == 1
    assert on(cast, "2016-03-11")["carried_over"] == 0


def test_dossier_received_at_night_counts_on_its_real_date(cast: Cast) -> None:
    birth(cast, "2016-03-31T23:30")
    assert on(cast, "2016-03-31")["received"] == 1
    assert on(cast, "2016-04-01")["received"] == 0


def test_clock_that_stands_still_is_in_time_until_the_papers_come(cast: Cast) -> None:
    dossier = birth(cast)
    ask = {"items": "Bản chính", "reason": "Còn thiếu", "by": cast.clerk}
    perform.ask_supplement(dossier, at=vn("2016-03-14T10:00"), **ask)
    assert on(cast, "2016-03-13")["pending_waiting"] == 0
    assert on(cast, "2016-03-30")["pending_waiting"] == 1
    assert on(cast, "2016-03-30")["pending_overdue"] == 0
    perform.receive_supplement(dossier, by=cast.clerk, at=vn("2016-04-01T10:00"))
    assert on(cast, "2016-03-31")["pending_waiting"] == 1  # a past day is as it was
    assert on(cast, "2016-04-01")["pending_waiting"] == 0
    assert dossier.due_on == date(2016, 4, 1)
    assert on(cast, "2016-04-04")["pending_overdue"] == 1


def test_statistics_due_date_that_moved_later_does_not_excuse_the_day_before(cast: Cast) -> None:
    dossier = birth(cast)
    ask = {"items": "Bản chính", "reason": "Còn thiếu", "by": cast.clerk}
    perform.ask_supplement(dossier, at=vn("2016-03-17T10:00"), **ask)
    perform.receive_supplement(dossier, by=cast.clerk, at=vn("2016-03-25T10:00"))
    assert on(cast, "2016-03-16")["pending_overdue"] == 1
    assert on(cast, "2016-03-24")["pending_overdue"] == 0


def test_apology_moves_no_figure(cast: Cast) -> None:
    from dossiers.lifecycle.late_causes import load_causes
    from dossiers.models import LateCause

    load_causes()
    dossier = birth(cast)
    perform.apologise(
        dossier,
        by=cast.commune_clerk,
        at=vn("2016-03-14T09:00"),
        cause=LateCause.objects.first(),
        reason="Chờ xác minh",
        new_due_at=vn("2016-03-21T17:00"),
        signer="Phạm Hoàng Khởi",
    )
    assert on(cast, "2016-03-15")["pending_overdue"] == 1
    resolved(cast, dossier, "2016-03-18T09:00")
    assert on(cast, "2016-03-18")["resolved_late"] == 1


def test_statistics_what_was_never_accepted_is_in_no_column(cast: Cast) -> None:
    from dossiers.lifecycle.intake import Intake

    perform.turn_away(
        Intake(office=cast.tan_loc, procedure=cast.birth, applicant_name="Nguyễn Văn Ân"),
        by=cast.commune_clerk,
        at=vn("2016-03-07T09:00"),
        reason="Không thuộc thẩm quyền",
    )
    assert on(cast, "2016-03-01", "2016-03-31") == nothing()


def test_by_office_every_office_has_a_row_also_with_nothing(cast: Cast) -> None:
    birth(cast)
    found = table(parse_period("2016-Q1"), everything(), By.OFFICE)
    assert found.rows[0].key == "967"
    assert len(found.rows) == 13
    assert {row.key: row.figures["received"] for row in found.rows if row.figures["received"]} == {
        "32086": 1
    }


def test_statistics_district_desk_stands_alone_without_its_communes(cast: Cast) -> None:
    birth(cast)
    found = table(parse_period("2016-Q1"), scope_of_office(cast.district))
    assert found.total == nothing()


def test_statistics_published_district_of_2020_adds_up() -> None:
    """Đắk Glong 2020, the example of docs/domain.md: 59.010 = 57.028 + 1.982 and so on."""
    figures = nothing() | {
        "received_direct": 57028,
        "carried_over": 1982,
        "resolved_on_time": 57502,
        "resolved_late": 187,
        "pending_in_time": 1246,
        "pending_overdue": 75,
    }
    add_sums(figures)
    assert (figures["total_in"], figures["resolved_total"], figures["pending_total"]) == (
        59010,
        57689,
        1321,
    )
    assert faults(figures) == []


def test_table_that_does_not_add_up_says_where() -> None:
    wrong = add_sums(nothing() | {"received_direct": 3, "resolved_on_time": 2})
    assert problems_of([Row("Đất đai", "Đất đai", wrong)], wrong, {1: wrong}) == [
        "Đất đai: tiếp nhận: tổng số (3) khác đã giải quyết: tổng số (2) + đang giải quyết: "
        "tổng số (0).",
        "Tổng số: tiếp nhận: tổng số (3) khác đã giải quyết: tổng số (2) + đang giải quyết: "
        "tổng số (0).",
    ]


def test_statistics_row_lost_on_the_way_is_noticed() -> None:
    lost = add_sums(nothing() | {"received_direct": 1, "pending_in_time": 1})
    assert problems_of([], nothing(), {7: lost}) == ["Tổng số khác tổng của tất cả hồ sơ đã đếm."]


@pytest.mark.parametrize("by", list(By))
def test_table_takes_the_same_queries_for_one_dossier_and_for_many(cast: Cast, by: By) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            table(parse_period("2016-Q1"), scope, by)
        return len(captured)

    scope = everything()
    birth(cast)
    once = queries()
    for day in range(1, 9):
        cast.received(f"2016-03-0{day}T09:00")
        cast.received(f"2016-03-0{day}T09:00", procedure=cast.building)
        birth(cast, f"2016-03-0{day}T09:00")
    assert queries() == once <= 3  # one of them asks for opening figures


def test_scopes_follow_the_person(cast: Cast) -> None:
    assert [s.key for s in scopes_for(cast.commune_leader)] == ["32086"]
    assert [s.key for s in scopes_for(cast.clerk)] == ["967"]
    leader = [s.key for s in scopes_for(cast.leader)]
    assert leader[:4] == ["tat-ca", "cap-huyen", "cap-xa", "967"]
    assert len(leader) == 16
    assert scopes_for(cast.administrator) == []
