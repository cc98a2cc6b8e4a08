"""Opening figures: totals from before the program take part in every table, once."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dossiers.lifecycle import perform
from dossiers.models import Dossier
from motcua.models import Office
from procedures.calendar import calendar_for
from procedures.models import Sector
from reports.dashboard.overview import dashboard_data
from reports.figures.opening_figures import added_to
from reports.figures.tables import OPENING_ROW, By, Table, table
from reports.models import OpeningFigures
from reports.opening.entry import CannotEnter, enter, withdraw
from reports.sign_off.changes import compare
from reports.terms.columns import BASE, add_sums, faults, nothing
from reports.terms.periods import Period, parse_period
from reports.terms.scopes import scope_of_all, scope_of_office
from tests.cast import Cast, make_cast, vn
from tests.reports.by_hand import Counted, Life, counted, lives
from tests.reports.test_closing import sign

START, MIDDLE, END = date(2016, 1, 1), date(2016, 1, 31), date(2016, 2, 29)
HALF = (date(2016, 1, 1), date(2016, 6, 30))


def span(start: date, end: date) -> Period:
    return parse_period(f"{start.isoformat()}..{end.isoformat()}")


def figures(**known: int) -> dict[str, int]:
    return nothing() | known


# 10 carried over, 5 + 85 received; 60 early, 30 on time, 4 late; 5 + 1 pending.
HALF_YEAR = figures(
    carried_over=10,
    received_online=5,
    received_direct=85,
    resolved_early=60,
    resolved_on_time=30,
    resolved_late=4,
    pending_in_time=5,
    pending_overdue=1,
    pending_waiting=2,
)


def totals(cast: Cast, office: Office | None = None, **changed: int) -> OpeningFigures:
    sector = Sector.objects.get(name="Đất đai" if office is None else "Hộ tịch")
    where = office or cast.district
    by = cast.leader if office is None else cast.commune_leader
    return enter(where, sector, HALF, HALF_YEAR | changed, by=by)


def of(office: Office, key: str, by: By = By.SECTOR) -> Table:
    return table(parse_period(key), scope_of_office(office), by)


class AgainstTheWholeTruth(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = make_cast()
        cls.calendar = calendar_for(None)

    @given(plans=st.lists(lives, min_size=1, max_size=6), is_split=st.booleans())
    @settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
    def test_opening_totals_and_what_was_pending_give_the_figures_of_a_desk_that_entered_everything(
        self, plans: list[dict], is_split: bool
    ) -> None:
        truth = self.lived_elsewhere(plans)
        for plan, facts in zip(plans, truth, strict=True):
            if facts.ended_on is None or facts.ended_on > END:
                Life(self.cast, self.calendar, plan).live_until(date.max)
        spans = [(START, MIDDLE), (MIDDLE + timedelta(days=1), END)] if is_split else [(START, END)]
        for office in Office.objects.filter(code__in={facts.office for facts in truth}):
            for days in spans:
                self.enter_totals(office, truth, *days)
        asked = [
            (START, END),
            (START, date(2016, 3, 31)),
            (START, date(2016, 12, 31)),
            (date(2016, 3, 1), date(2016, 4, 30)),
            (date(2016, 4, 1), date(2016, 12, 31)),
            *(spans if is_split else []),
        ]
        scope = scope_of_all(Office.objects.with_desk())
        for start, end in asked:
            expected = counted(truth, start, end)
            for by in By:
                found = table(span(start, end), scope, by)
                assert found.adds_up, found.problems
                assert found.total == expected, (start, end, by)
            data = dashboard_data(span(start, end), scope)
            assert data.total.figures == expected
            assert data.problems == []

    def lived_elsewhere(self, plans: list[dict]) -> list[Counted]:
        """The whole truth, on paper: nothing of it stays in the database."""
        begun = [Life(self.cast, self.calendar, plan) for plan in plans]
        with transaction.atomic():
            for life in begun:
                life.live_until(date.max)
            transaction.set_rollback(True)
        return [life.facts for life in begun if life.facts]

    def enter_totals(self, office: Office, truth: list[Counted], start: date, end: date) -> None:
        mine = [facts for facts in truth if facts.office == office.code]
        for name in {facts.key["sector"] for facts in mine}:
            of_sector = [facts for facts in mine if facts.key["sector"] == name]
            enter(
                office,
                Sector.objects.get(name=name),
                (start, end),
                counted(of_sector, start, end),
                by=self.cast.leader,
            )


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("2016-6M", HALF_YEAR),
        ("2016", HALF_YEAR),  # the forerunner is unknown, and what is pending stays pending
        ("2016-01-01..2016-09-30", HALF_YEAR),
        (
            "2016-Q3",
            figures(carried_over=6, pending_in_time=5, pending_overdue=1, pending_waiting=2),
        ),
        ("2015", figures()),
        ("2016-Q1", figures()),
        ("2016-04-01..2016-09-30", figures()),
    ],
)
def test_opening_where_totals_of_half_a_year_take_part(
    cast: Cast, key: str, expected: dict[str, int]
) -> None:
    totals(cast)
    found = of(cast.district, key)
    assert found.adds_up
    assert found.total == add_sums(expected)
    assert found.opening == found.total


def test_period_that_cuts_the_totals_says_that_it_has_none_of_them(cast: Cast) -> None:
    totals(cast)
    assert of(cast.district, "2016-Q1").notices == [
        "Huyện Thới Bình có số đầu kỳ nhập tay từ 01/01/2016 đến 30/06/2016, chỉ trùng một phần "
        "với kỳ này nên không chia được và không cộng vào đây."
    ]
    assert of(cast.district, "2016-6M").notices == []


def test_pending_dossier_entered_later_takes_its_place_among_the_totals(cast: Cast) -> None:
    totals(cast)
    dossier = cast.received("2016-06-28T09:00")
    half, quarter = of(cast.district, "2016-6M"), of(cast.district, "2016-Q3")
    assert half.total == add_sums(dict(HALF_YEAR))
    assert half.opening["received_direct"] == 84
    assert half.opening["pending_total"] == 5
    assert quarter.total["carried_over"] == 6
    assert quarter.opening["carried_over"] == 5
    perform.resolve(dossier, by=cast.clerk, at=vn("2016-07-01T09:00"), outcome="approved")
    quarter = of(cast.district, "2016-Q3")
    assert (quarter.total["resolved_early"], quarter.total["pending_total"]) == (1, 5)
    assert of(cast.district, "2016-6M").total == half.total
    assert of(cast.district, "2016").total["received_direct"] == 85


def test_opening_what_a_period_leaves_and_the_next_does_not_carry_stays_pending(cast: Cast) -> None:
    totals(cast)
    third = (date(2016, 7, 1), date(2016, 9, 30))
    other = Sector.objects.get(name="Hoạt động xây dựng")
    enter(cast.district, other, third, figures(received_direct=2, resolved_early=2), by=cast.leader)
    for key in ("2016-9M", "2016-Q3", "2016-Q4", "2016"):
        found = of(cast.district, key)
        assert found.adds_up
        assert found.total["pending_total"] == 6
    assert of(cast.district, "2016-9M").total["received"] == 92
    assert of(cast.district, "2016-Q3").total["carried_over"] == 6


def test_opening_by_procedure_they_stand_in_a_row_of_their_own_and_open_no_dossiers(
    cast: Cast,
) -> None:
    totals(cast)
    cast.received("2016-06-28T09:00", procedure=cast.building)
    found = of(cast.district, "2016-6M", By.PROCEDURE)
    assert [row.name for row in found.rows] == [cast.building.name, OPENING_ROW]
    assert found.rows[1].opening == found.rows[1].figures
    assert Dossier.objects.count() == 1


def test_offices_levels_and_the_dashboard_sum_them_up(cast: Cast) -> None:
    totals(cast)
    totals(cast, cast.tan_loc, received_direct=95, resolved_early=70)
    scope = scope_of_all(Office.objects.with_desk())
    data = dashboard_data(parse_period("2016-9M"), scope)
    assert data.problems == []
    assert data.total.figures["received"] == 190
    assert [level.figures["received"] for level in data.levels] == [90, 100]
    rows = {row.key: row for row in table(parse_period("2016-9M"), scope, By.OFFICE).rows}
    assert rows["32086"].opening["resolved_total"] == 104
    assert rows["32068"].opening == nothing()


def test_signed_figures_hold_them_and_stay_when_they_change(cast: Cast) -> None:
    entry = totals(cast)
    cast.received("2016-06-28T09:00")
    half = parse_period("2016-6M")
    closing = sign(cast.district, cast.leader, half)
    frozen = closing.frozen()
    assert closing.is_intact
    assert compare(closing).lines == []
    sector, changed = entry.sector, HALF_YEAR | {"received_direct": 86, "resolved_late": 5}
    enter(cast.district, sector, HALF, changed, by=cast.leader, reason="Đếm sót", seen=1)
    closing.refresh_from_db()
    assert closing.frozen() == frozen
    assert closing.is_intact
    found = compare(closing)
    assert [(d.column.name, d.signed, d.now) for d in found.lines] == [
        ("received_direct", 85, 86),
        ("resolved_late", 4, 5),
    ]
    assert found.moved == []


def test_opening_every_entry_change_and_withdrawal_stays_readable_and_nothing_is_overwritten(
    cast: Cast,
) -> None:
    first = totals(cast)
    second = enter(
        cast.district,
        first.sector,
        HALF,
        HALF_YEAR | {"carried_over": 11, "resolved_early": 61},
        by=cast.administrator,
        reason="Chép nhầm",
        seen=1,
    )
    withdraw(second, by=cast.leader, reason="Đã nhập đủ hồ sơ")
    kept = OpeningFigures.objects.order_by("version")
    assert [(row.version, row.figures["carried_over"], row.is_withdrawn) for row in kept] == [
        (1, 10, False),
        (2, 11, False),
        (3, 11, True),
    ]
    assert added_to(parse_period("2016-6M"), scope_of_office(cast.district)).figures == {}
    with pytest.raises(TypeError):
        first.save()
    with pytest.raises(TypeError):
        OpeningFigures.objects.all().delete()
    for statement in (
        "UPDATE reports_openingfigures SET version = 9",
        "DELETE FROM reports_openingfigures",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    again = enter(cast.district, first.sector, HALF, HALF_YEAR, by=cast.leader)
    assert again.version == 4


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"resolved_late": 5},
            "Số không khớp: tiếp nhận: tổng số (100) khác đã giải quyết: tổng số (95) + đang giải "
            "quyết: tổng số (6).",
        ),
        ({"pending_waiting": 6}, "hồ sơ đang chờ công dân (6) nhiều hơn"),
        ({"ended_refused": 95}, "hồ sơ từ chối, rút và dừng (95) nhiều hơn"),
        ({"received_online": -1, "received_direct": 91}, "là số âm (-1)"),
    ],
)
def test_opening_totals_that_do_not_add_up_are_refused(
    cast: Cast, changed: dict[str, int], sentence: str
) -> None:
    with pytest.raises(CannotEnter) as refused:
        totals(cast, **changed)
    assert sentence in str(refused.value)
    assert not OpeningFigures.objects.exists()


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ((date(2016, 6, 30), date(2016, 7, 31)), "Thời gian này chồng lên số đầu kỳ đã nhập từ "),
        ((date(2016, 8, 1), date(2016, 8, 31)), "phải liền trước hoặc liền sau số đầu kỳ đã nhập"),
        ((date(2016, 8, 31), date(2016, 8, 1)), "Ngày cuối phải từ ngày đầu trở đi."),
        ((date(2016, 7, 1), date(2999, 1, 1)), "Số đầu kỳ là của thời gian đã qua"),
        (
            (date(2016, 7, 1), date(2016, 7, 31)),
            "Từ kỳ trước chuyển qua (6) là 10, nhưng thời gian liền trước còn 6 hồ sơ",
        ),
        (
            (date(2015, 7, 1), date(2015, 12, 31)),
            "Đang giải quyết (11) là 6, nhưng thời gian liền sau ghi từ kỳ trước chuyển qua 10.",
        ),
        (HALF, "đã có số nhập tay, hoặc vừa có người sửa"),
    ],
)
def test_opening_days_that_do_not_fit_are_refused(
    cast: Cast, days: tuple[date, date], sentence: str
) -> None:
    first = totals(cast)
    with pytest.raises(CannotEnter) as refused:
        enter(cast.district, first.sector, days, HALF_YEAR, by=cast.administrator)
    assert sentence in str(refused.value)
    assert OpeningFigures.objects.count() == 1


def test_opening_totals_below_what_the_program_counts_are_refused_or_said(cast: Cast) -> None:
    for day in (27, 28, 29):
        cast.received(f"2016-06-{day}T09:00")
    small = figures(received_direct=2, pending_in_time=2)
    with pytest.raises(CannotEnter, match="nhập tay 2, trong chương trình đã có 3 hồ sơ"):
        enter(cast.district, Sector.objects.get(name="Đất đai"), HALF, small, by=cast.leader)
    enough = figures(received_direct=3, pending_in_time=3)
    enter(cast.district, Sector.objects.get(name="Đất đai"), HALF, enough, by=cast.leader)
    cast.received("2016-06-30T09:00")
    (notice, _) = of(cast.district, "2016-6M").notices
    assert "số đầu kỳ ít hơn số hồ sơ đã nhập" in notice
    later = of(cast.district, "2016-Q3")
    assert later.adds_up
    assert later.total["carried_over"] == 4


def test_change_or_a_withdrawal_needs_a_reason_and_the_last_version(cast: Cast) -> None:
    entry = totals(cast)
    with pytest.raises(CannotEnter, match="Hãy ghi lý do sửa"):
        enter(cast.district, entry.sector, HALF, HALF_YEAR, by=cast.leader, seen=1)
    with pytest.raises(CannotEnter, match="Hãy ghi lý do bỏ"):
        withdraw(entry, by=cast.leader, reason=" ")
    withdraw(entry, by=cast.leader, reason="Nhầm đơn vị")
    with pytest.raises(CannotEnter, match="vừa có người sửa"):
        withdraw(entry, by=cast.leader, reason="Lần nữa")


def test_columns_that_are_kept_are_all_that_is_counted() -> None:
    assert faults(add_sums(dict(HALF_YEAR))) == []
    assert set(BASE) < set(HALF_YEAR)
