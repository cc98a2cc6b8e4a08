"""The facts of the leaders' page: month ends against a count by hand, where late ones lay, the
tiles, what is to be done, and how many statements it takes."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dossiers.lifecycle import perform
from dossiers.models import Dossier
from motcua.models import Office, Staff
from procedures.calendar import calendar_for
from reports.figures.month_ends import month_ends, months_until
from reports.figures.offices import offices_for
from reports.figures.recount import recount, replaced_since
from reports.leaders.counts import due_between, targets_of, targets_on
from reports.leaders.facts import LeaderFacts, text_of
from reports.leaders.late_groups import late_groups
from reports.leaders.reading import leader_facts
from reports.models import Target
from reports.terms.periods import parse_period
from reports.terms.scopes import scope_of_all
from tests.admin_pages import change, errors
from tests.cast import Cast, make_cast, vn
from tests.reports.by_hand import FIRST_DAY, Life, counted, lives

DAYS = st.integers(20, 200).map(lambda n: FIRST_DAY + timedelta(days=n))


class MonthEndsByHand(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = make_cast()
        cls.calendar = calendar_for(None)

    @given(
        plans=st.lists(lives, min_size=1, max_size=7),
        day=DAYS,
        calendar=st.sampled_from(["calendar", "nd09"]),
        corrected=st.booleans(),
    )
    @settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    def test_month_ends_are_the_count_by_hand_as_of_then(
        self, plans: list[dict[str, Any]], day: date, calendar: str, corrected: bool
    ) -> None:
        """Also after later acts. After a correction of the day of receipt they are what the
        dossiers say, counted from their rows."""
        histories = [Life(self.cast, self.calendar, plan) for plan in plans]
        for life in histories:
            life.live_until(date.max)
        if corrected:
            self.came_a_day_earlier(histories[0])
        period = parse_period(f"{FIRST_DAY.isoformat()}..{day.isoformat()}", calendar)
        months = months_until(period, 8)
        assert months[-1].as_of == day
        scope = scope_of_all(Office.objects.with_desk())
        codes = {office.pk: office.code for office in scope.offices}
        for month, ends in zip(months, month_ends(months, scope), strict=True):
            if corrected:
                assert {(key,): figures for key, figures in ends.items()} == recount(
                    month, scope, "office_id"
                )
                continue
            for key, code in codes.items():
                mine = [life.facts for life in histories if life.facts.office == code]
                by_hand = counted(mine, month.start, month.as_of)
                assert ends.get(key, dict.fromkeys(by_hand, 0)) == by_hand

    def came_a_day_earlier(self, life: Life) -> None:
        """The receipt is corrected, and with it what is reckoned from it."""
        perform.correct(
            Dossier.objects.get(pk=life.dossier.pk),
            by=self.cast.clerk,
            at=vn("2016-12-01T09:00"),
            reason="Ghi sai ngày",
            received_at=vn(f"{life.facts.received_on - timedelta(days=1)}T09:00"),
        )

    @given(plans=st.lists(lives, min_size=1, max_size=8), day=DAYS, is_today=st.booleans())
    @settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    def test_due_soon_is_the_count_by_hand_as_of_then(
        self, plans: list[dict[str, Any]], day: date, is_today: bool
    ) -> None:
        histories = [Life(self.cast, self.calendar, plan) for plan in plans]
        for life in histories:
            life.live_until(day if is_today else date.max)
        last = self.calendar.add_working_days(day, 5)
        scope = scope_of_all(Office.objects.with_desk())
        found = due_between(day, last, scope, is_today=is_today)
        for office in scope.offices:
            due = [
                facts.due_at(day)
                for life in histories
                if (facts := life.facts) and facts.office == office.code
                if facts.received_on <= day
                if facts.ended_on is None or facts.ended_on > day
                if not facts.waits_at(day)
                # Ended with its clock stopped after the day: left out, as the promise says.
                if facts.ended_on is None or facts.timed_on == facts.ended_on or is_today
                if day <= facts.due_at(day) <= last
            ]
            assert found.get(office.pk, (0, 0)) == (len(due), due.count(day))

    @given(plans=st.lists(lives, min_size=1, max_size=8), day=DAYS)
    @settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    def test_late_groups_are_the_count_by_hand_as_of_then(
        self, plans: list[dict[str, Any]], day: date
    ) -> None:
        histories = [Life(self.cast, self.calendar, plan) for plan in plans]
        for life in histories:
            life.live_until(date.max)
        period = parse_period(f"{(day - timedelta(days=40)).isoformat()}..{day.isoformat()}")
        scope = scope_of_all(Office.objects.with_desk())
        groups = late_groups(period, scope, replaced_since(day))
        for office in scope.offices:
            mine = [life.facts for life in histories if life.facts.office == office.code]
            by_hand = counted(mine, period.start, period.end)
            for name, is_resolved in (("resolved_late", True), ("pending_overdue", False)):
                found = [g for g in groups if g.office == office.pk]
                number = sum(g.count for g in found if g.is_resolved is is_resolved)
                assert number == by_hand[name]


def facts_of(
    cast: Cast, key: str = "2016-Q1", who: Staff | None = None, today: str = "2016-05-04"
) -> LeaderFacts:
    reader = who or cast.leader
    day = date.fromisoformat(today)
    period = parse_period(key).told_on(day)
    scope = offices_for(reader).scopes(period)[0]
    return leader_facts(period, scope, reader, day)


@pytest.mark.django_db
def test_leaders_late_ones_count_where_they_lay_when_they_became_late(late: Cast) -> None:
    """Of the fixture: the land dossier lay with its division, the building one at the desk, where
    its version's department answers for it; the birth of Tân Lộc is overdue."""
    found = facts_of(late)

    assert found.problems == ()
    district, communes = found.levels
    assert (district.late_or_overdue, communes.late_or_overdue) == (2, 1)
    rows = {row.name: (row.late, row.overdue) for row in district.pareto.divisions}
    department = late.building.versions.get().department
    assert rows == {late.land_division.name: (1, 0), department: (1, 0)}
    assert [row.total for row in district.pareto.procedures] == [1, 1]
    assert text_of(found.verdict[0].sentence).startswith("3 hồ sơ trễ hoặc quá hạn, chưa đủ 20")


@pytest.mark.django_db
def test_leaders_to_do_counts_what_stood_at_the_end_of_the_period(late: Cast) -> None:
    """The apology of the birth came after the quarter: then it still lacked one. By the end of
    April it had one, and the other birth was overdue without."""
    lines = {line.kind: (line.count, line.more) for line in facts_of(late).todo}

    assert lines["no_apology"] == (1, "1 của các xã")
    assert lines["no_cause"] == (2, "1 đã trả trễ, 1 đang quá hạn")
    april = facts_of(late, "2016-04")
    assert sum(level.figures["pending_overdue"] for level in april.levels) == 2
    assert {line.kind: line.count for line in april.todo}["no_apology"] == 1


@pytest.mark.django_db
def test_leaders_every_address_opens_as_many_as_it_says(late: Cast, client: Client) -> None:
    client.force_login(late.leader)
    found = facts_of(late)
    district, communes = found.levels
    row = district.pareto.procedures[0]
    no_cause = next(line for line in found.todo if line.kind == "no_cause")
    for address, count in (
        (row.address, row.total),
        (no_cause.address, no_cause.count),
        (district.addresses["resolved_late"], district.figures["resolved_late"]),
        (communes.slots[-1].pending_address, communes.slots[-1].pending),
    ):
        response = client.get(address)
        assert response.context["page"].paginator.count == count, address


@pytest.mark.django_db
def test_leaders_oldest_overdue_names_who_held_it_at_the_end_of_the_period(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    perform.forward(dossier, by=cast.clerk, at=vn("2016-03-02T09:00"), division=cast.land_division)
    perform.resolve(dossier, by=cast.clerk, at=vn("2016-04-20T09:00"), outcome="approved")

    (oldest,) = facts_of(cast).oldest

    assert (oldest.code, oldest.due_on) == (dossier.code, date(2016, 3, 15))
    assert oldest.where == f"{cast.district.name}: {cast.land_division.name}"
    assert oldest.days == 12


@pytest.mark.django_db
def test_leaders_of_a_single_office_show_its_divisions(late: Cast) -> None:
    found = facts_of(late, who=late.commune_leader)

    (commune,) = found.levels
    assert (commune.single, commune.by_division) == (True, True)
    assert sum(unit.figures["total_in"] for unit in commune.units) == 2
    assert [line.head for line in found.verdict] == ["Ở đâu", "Từ khi nào"]


@pytest.mark.django_db
def test_leaders_nothing_at_all_is_empty(cast: Cast) -> None:
    found = facts_of(cast)

    assert (found.empty, found.problems, found.todo, found.oldest) == (True, (), (), ())
    assert text_of(found.verdict[0].sentence) == "Không có hồ sơ trễ hay quá hạn."
    assert found.levels[0].slots == (None,) * 13


@pytest.mark.django_db
def test_leaders_running_period_tells_today_and_what_will_be_overdue(cast: Cast) -> None:
    cast.received("2016-03-01T09:00")  # due on the 15th
    cast.received("2016-03-03T09:00")  # due on the 17th
    found = facts_of(cast, today="2016-03-15")

    assert found.running
    assert found.todo[0].kind == "due_today"
    assert (found.todo[0].count, found.todo[0].more) == (1, "1 của huyện")
    assert found.forecast is not None
    assert (found.forecast.total, found.forecast.by_level[0]) == (2, ("huyện", 2))
    due = next(group for group in found.tiles if group.kind == "due_soon")
    assert (due.rows[0].value, due.rows[0].beside) == ("2", "hôm nay 1")


@pytest.mark.django_db
def test_leaders_take_as_many_statements_however_many_dossiers(late: Cast) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            facts_of(late)
        return len(captured)

    def more() -> None:
        for at in range(3):
            dossier = late.received(f"2016-02-0{at + 1}T09:00")
            perform.resolve(dossier, by=late.clerk, at=vn("2016-03-25T09:00"), outcome="approved")
            late.received(f"2016-02-1{at + 5}T09:00", office=late.tan_loc, procedure=late.birth)

    more()
    more()
    before = statements()
    more()
    assert statements() == before <= 35


@pytest.mark.django_db
def test_targets_hold_in_their_days_and_a_level_s_own_goes_before() -> None:
    every = {"measure": "on_time", "value": Decimal("95"), "source": "Kế hoạch 12/KH-UBND"}
    Target.objects.create(from_on=date(2016, 1, 1), until_on=date(2016, 6, 30), **every)
    Target.objects.create(
        **{**every, "value": Decimal("98.5")}, level="commune", from_on=date(2016, 1, 1)
    )

    held = targets_on(date(2016, 6, 30))
    assert targets_of(held, "district")["on_time"].words == "chỉ tiêu 95 %"
    assert targets_of(held, "commune")["on_time"].words == "chỉ tiêu 98,5 %"
    later = targets_on(date(2016, 7, 1))
    assert targets_of(later, "district") == {}
    with pytest.raises(ValidationError):
        Target(from_on=date(2017, 1, 1), **{**every, "value": Decimal("101")}).full_clean()


@pytest.mark.django_db
def test_targets_stand_in_the_tile_and_alarm_where_they_are_missed(late: Cast) -> None:
    Target.objects.create(
        measure="overdue", value=Decimal("0"), from_on=date(2016, 1, 1), source="Kế hoạch 12"
    )
    group = next(group for group in facts_of(late).tiles if group.kind == "overdue")

    district, communes = group.rows
    assert (district.alarm, communes.alarm) == (False, True)
    assert communes.words.endswith("chỉ tiêu không quá 0")
    assert communes.target is not None and communes.target.source == "Kế hoạch 12"


@pytest.mark.django_db
def test_targets_are_kept_by_administrators_and_what_cannot_be_is_said(
    cast: Cast, client: Client
) -> None:
    client.force_login(cast.administrator)
    address = reverse("admin:reports_target_add")
    typed = {"measure": "on_time", "value": "101", "from_on": "01/01/2026", "source": "KH 12"}

    refused = change(client, address, **typed)
    assert any("không được quá 100 %" in error for error in errors(refused))
    assert not Target.objects.exists()

    change(client, address, **{**typed, "value": "95"}, level="commune", until_on="31/12/2026")
    target = Target.objects.get()
    assert (target.level, target.value, target.source) == ("commune", 95, "KH 12")
    assert (target.from_on, target.until_on) == (date(2026, 1, 1), date(2026, 12, 31))
