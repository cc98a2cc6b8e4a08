"""Late dossiers, backlog by age and results by channel against a count by hand, and their literal
edges."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from motcua.models import Office
from procedures.calendar import calendar_for
from procedures.models import OfficeClosure
from reports.figures.tables import By
from reports.lists.ages import BOUNDS, BUCKETS, Days, ages_behind, ages_sheet, since_when
from reports.lists.channels import channels_behind, channels_sheet
from reports.lists.late_list import LateLine, late_facts, late_lines
from reports.output.sheets import Sheet
from reports.terms.periods import Period, parse_period
from reports.terms.scopes import Scope, scope_of_all
from tests.cast import Cast, make_cast
from tests.reports.by_hand import FIRST_DAY, Counted, Life, counted, lives
from tests.reports.read_back import shown

START = st.integers(0, 200).map(lambda n: FIRST_DAY + timedelta(days=n))


def everything() -> Scope:
    return scope_of_all(Office.objects.with_desk())


def bucket_of(days: int) -> int:
    return sum(days > bound for bound in BOUNDS)


class AgainstACountByHand(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = make_cast()
        cls.calendar = calendar_for(None)

    @given(
        plans=st.lists(lives, min_size=1, max_size=8),
        start=START,
        length=st.integers(0, 100),
        days=st.sampled_from(Days),
        by=st.sampled_from(By),
    )
    @settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
    def test_further_by_hand_every_report_is_the_count_by_hand_and_stays_it(
        self, plans: list[dict[str, Any]], start: date, length: int, days: Days, by: By
    ) -> None:
        end = start + timedelta(days=length)
        period = parse_period(f"{start.isoformat()}..{end.isoformat()}")
        histories = [Life(self.cast, self.calendar, plan) for plan in plans]
        for life in histories:
            life.live_until(period.end)
        then = self.said(period, days, by)
        for life in histories:
            life.live_until(date.max)
        assert self.said(period, days, by) == then  # later acts change nothing in a past period

        known = [life for life in histories if life.facts]
        self.check_ages(period, days, by, [life.facts for life in known if life.facts])
        self.check_channels(period, [life.facts for life in known if life.facts])
        assert set(late_lines(period, everything())) == {
            line for life in known if (line := late_by_hand(life, period))
        }

    def said(self, period: Period, days: Days, by: By) -> list[Any]:
        return [
            shown(ages_sheet(period, everything(), by, days)),
            shown(channels_sheet(period, everything())),
            list(late_facts(late_lines(period, everything()), period)),
        ]

    def check_ages(self, period: Period, days: Days, by: By, known: list[Counted]) -> None:
        end = period.end
        sheet = ages_sheet(period, everything(), by, days)
        assert sheet.problems == []
        for row in sheet.rows:
            expected = dict.fromkeys([column.name for column in sheet.layout.columns], 0)
            for facts in known:
                open_then = facts.ended_on is None or facts.ended_on > end
                if facts.key[by.value] != row.key or facts.received_on > end or not open_then:
                    continue
                expected["pending_total"] += 1
                expected[f"age_{bucket_of(self.days_to(end, facts.received_on, days))}"] += 1
                if facts.waits_at(end) or facts.due_at(end) >= end:
                    expected["pending_in_time"] += 1
                else:
                    expected["pending_overdue"] += 1
                    expected[f"past_{bucket_of(self.days_to(end, facts.due_at(end), days))}"] += 1
            assert row.said == expected
            if any(expected.values()):
                for name, number in expected.items():
                    scope, key = by.narrow(everything(), row.key)
                    found = ages_behind(name, period, scope, days, **key)
                    assert found.count() == number, name

    def days_to(self, end: date, since: date, days: Days) -> int:
        if days is Days.CALENDAR:
            return (end - since).days
        after = [since + timedelta(days=n) for n in range(1, (end - since).days + 1)]
        return sum(self.calendar.is_working(day) for day in after)

    def check_channels(self, period: Period, known: list[Counted]) -> None:
        sheet = channels_sheet(period, everything())
        assert sheet.problems == []
        for row in sheet.rows:
            mine = [facts for facts in known if facts.channel == row.key]
            expected = counted(mine, period.start, period.end)
            for name, value in row.said.items():
                assert value == expected[name], (row.key, name)
                found = channels_behind(name, period, everything(), channel=row.key)
                assert found.count() == value


def late_by_hand(life: Life, period: Period) -> LateLine | None:
    facts, end = life.facts, period.end
    assert facts is not None and life.dossier is not None
    if facts.ended_on is not None and facts.timed_on is not None and facts.ended_on <= end:
        due = facts.due_at(facts.ended_on)
        if facts.ended_on >= period.start and facts.timed_on > due:
            return LateLine(life.dossier.pk, due, facts.timed_on, True)
        return None
    if facts.received_on > end or facts.waits_at(end) or facts.due_at(end) >= end:
        return None
    return LateLine(life.dossier.pk, facts.due_at(end), end, False)


@pytest.mark.django_db
def test_first_day_of_an_age_steps_over_days_off(cast: Cast) -> None:
    # Thursday 18/02/2016; the Tết holiday was from the 6th to the 14th.
    calendar = calendar_for(None)
    assert since_when(calendar, date(2016, 2, 18)) == (
        date(2016, 2, 4),
        date(2016, 1, 28),
        date(2015, 12, 30),
    )
    assert calendar.working_days_between(date(2016, 2, 4), date(2016, 2, 18)) == 5
    assert calendar.working_days_between(date(2016, 2, 3), date(2016, 2, 18)) == 6
    assert since_when(None, date(2016, 2, 18)) == (
        date(2016, 2, 13),
        date(2016, 2, 8),
        date(2016, 1, 19),
    )


def said(sheet: Sheet) -> dict[str, Any]:
    assert sheet.problems == []
    assert sheet.total is not None
    return {name: value for name, value in sheet.total.said.items() if value}


def test_office_that_was_closed_counts_its_own_working_days(cast: Cast) -> None:
    for day in (2, 3, 4):
        OfficeClosure.objects.create(
            office=cast.bien_bach, date=date(2016, 3, day), reason="Bầu cử"
        )
    for office in (cast.tan_loc, cast.bien_bach):
        cast.received("2016-03-01T09:00", office=office, procedure=cast.birth)
    period = parse_period("2016-03-01..2016-03-09")
    assert said(ages_sheet(period, everything(), By.OFFICE)) == {
        "pending_total": 2,
        "age_0": 1,
        "age_1": 1,
        "pending_in_time": 1,
        "pending_overdue": 1,
        "past_0": 1,
    }
    behind = ages_behind("age_0", period, everything())
    assert [dossier.office for dossier in behind] == [cast.bien_bach]


def test_further_by_hand_all_ages_are_on_the_page_in_the_order_of_their_numbers() -> None:
    assert list(BUCKETS) == [f"{part}_{at}" for part in ("age", "past") for at in range(4)]
    assert [bucket.words for bucket in BUCKETS.values()][:4] == [
        "đến 5",
        "6 - 10",
        "11 - 30",
        "trên 30",
    ]
