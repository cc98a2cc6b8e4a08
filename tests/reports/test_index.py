"""/thong-ke/chi-so/: counts against a count by hand, every number with its dossiers."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dossiers.lifecycle import perform
from dossiers.models import Dossier, Event, Rating, RatingCriterion
from dossiers.rules.timeliness import is_late_in_index
from motcua.models import Office
from procedures.calendar import calendar_for
from procedures.models import ProcedureVersion
from reports.figures.tables import table
from reports.index.counting import (
    IndexCounts,
    asked_again,
    counts_by_office,
    in_time_dossiers,
    late_dossiers,
)
from reports.index.page import COLUMNS
from reports.terms.periods import Period, parse_period
from reports.terms.scopes import Scope, scope_of_all, scope_of_office
from tests.cast import Cast, make_cast, vn
from tests.reports.by_hand import Counted, Life, lives
from tests.reports.test_every_number import links

PAGE, LIST = reverse("national_index"), reverse("national_index_dossiers")
PERIODS = ("2015-12", "2016-01", "2016-02", "2016-03", "2016-Q1", "2016-Q2", "2016", "2015")


def everything() -> Scope:
    return scope_of_all(Office.objects.with_desk())


def late_by_hand(facts: Counted, period: Period) -> bool | None:
    """Whether the index takes it for late; None where it is not of the period."""
    start, end = period.start, period.end
    ended = facts.ended_on
    if facts.received_on > end or (ended is not None and ended < start):
        return None
    asked = sum(day <= end for day in facts.asked)
    if ended is not None and ended <= end:
        assert facts.timed_on is not None
        return is_late_in_index(facts.timed_on, facts.due_at(ended), asked)
    stopped = [
        since
        for since, until in facts.pauses
        if since is not None and since <= end and (until is None or until > end)
    ]
    return is_late_in_index(stopped[0] if stopped else end, facts.due_at(end), asked)


class IndexByHand(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = make_cast()
        cls.calendar = calendar_for(None)

    @given(plans=st.lists(lives, min_size=1, max_size=8), key=st.sampled_from(PERIODS))
    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    def test_index_counts_are_those_by_hand_and_stay(
        self, plans: list[dict[str, Any]], key: str
    ) -> None:
        period, scope = parse_period(key), everything()
        histories = [Life(self.cast, self.calendar, plan) for plan in plans]
        for life in histories:
            life.live_until(period.end)
        then = counts_by_office(period, scope)
        for life in histories:
            life.live_until(date.max)
        assert counts_by_office(period, scope) == then

        known = [life.facts for life in histories if life.facts]
        by_code = {office.code: then[office.pk] for office in scope.offices}
        for code, counts in by_code.items():
            mine = [facts for facts in known if facts.office == code]
            late = [late_by_hand(facts, period) for facts in mine]
            came = [f for f in mine if period.start <= f.received_on <= period.end]
            assert counts == IndexCounts(
                handled=late.count(True) + late.count(False),
                late=late.count(True),
                received=len(came),
                online=sum(facts.channel == "online" for facts in came),
            )
        total = sum(then.values(), IndexCounts())
        assert late_dossiers(period, scope).count() == total.late
        assert in_time_dossiers(period, scope).count() == total.handled - total.late
        twice = [
            facts
            for facts in known
            if late_by_hand(facts, period) is not None
            and sum(day <= period.end for day in facts.asked) > 1
        ]
        assert asked_again(period, scope).count() == len(twice)


def asked_twice(cast: Cast, **fields: Any) -> Dossier:
    """Received on 2/3/2026, papers asked for twice, resolved before its day."""
    dossier = cast.received("2026-03-02T08:00", **fields)
    ProcedureVersion.objects.filter(pk=dossier.version_id).update(max_supplements=2)
    dossier = Dossier.objects.get(pk=dossier.pk)
    how = {"by": cast.clerk}
    asks = {"items": "Bản chính", "reason": "Còn thiếu"}
    perform.ask_supplement(dossier, at=vn("2026-03-03T08:00"), **asks, **how)
    perform.receive_supplement(dossier, at=vn("2026-03-03T09:00"), **how)
    perform.ask_supplement(dossier, at=vn("2026-03-04T08:00"), **asks, **how)
    perform.receive_supplement(dossier, at=vn("2026-03-04T09:00"), **how)
    perform.resolve(dossier, at=vn("2026-03-05T08:00"), outcome="approved", **how)
    return dossier


@pytest.fixture
def march(cast: Cast) -> Cast:
    """Of the district: one with two supplements, one online that is open, one solved and disliked,
    one solved late. Of Tân Lộc: one open."""
    asked_twice(cast)
    cast.received("2026-03-30T08:00", channel="online")
    disliked = cast.received("2026-03-03T08:00", phone="0912777888")
    perform.resolve(disliked, by=cast.clerk, at=vn("2026-03-06T08:00"), outcome="approved")
    late = cast.received("2026-03-03T08:00")
    perform.resolve(late, by=cast.clerk, at=vn("2026-03-30T08:00"), outcome="approved")
    criterion = RatingCriterion.objects.create(
        code="thai-do", question="Thái độ", words_2="Tốt", words_1="Được", words_0="Chưa tốt"
    )
    rating = Rating.objects.create(
        dossier=disliked,
        office=cast.district,
        rated_at=vn("2026-03-09T08:00"),
        rated_on=date(2026, 3, 9),
    )
    rating.scores.create(criterion=criterion, score=0)
    cast.received("2026-03-31T08:00", office=cast.tan_loc, procedure=cast.birth)
    return cast


@pytest.mark.django_db
class TestIndex:
    @pytest.fixture(autouse=True)
    def of_that_day(self) -> Iterator[None]:
        with time_machine.travel("2026-04-10T03:00:00Z", tick=False):
            yield

    def test_index_second_supplement_is_late_here_and_on_time_in_the_report(
        self, cast: Cast
    ) -> None:
        asked_twice(cast)
        period, scope = parse_period("2026-03"), scope_of_office(cast.district)

        assert counts_by_office(period, scope)[cast.district.pk] == IndexCounts(
            handled=1, late=1, received=1
        )
        total = table(period, scope).total
        assert (total["resolved_early"], total["resolved_late"]) == (1, 0)

    def test_index_counts_dislikes_and_online(self, march: Cast) -> None:
        counts = counts_by_office(parse_period("2026-Q1"), everything())
        assert counts[march.district.pk] == IndexCounts(
            handled=4, late=2, received=4, online=1, disliked=1
        )
        assert counts[march.tan_loc.pk] == IndexCounts(handled=1, received=1)

    def test_index_page_says_points_and_what_is_not_known(
        self, client: Client, march: Cast
    ) -> None:
        client.force_login(march.leader)
        page = client.get(PAGE, {"ky": "2026-Q1", "pham-vi": "967"}).content.decode()
        words = " ".join(page.split())
        # 20 x 2/4; 6 x 1/4 / 0,5; 6 x 1/4 / 0,9
        assert "Ước tính 14,67 / 32 điểm" in words
        assert "68 điểm còn lại chưa có dữ liệu" in words
        assert "10,00 / 20" in words
        assert "3,00 / 6" in words
        assert "1,67 / 6" in words
        assert "Chưa biết hồ sơ nào có kết quả điện tử" in words
        assert "Chưa có dữ liệu: nhật ký đồng bộ với Cổng." in words

    def test_index_every_number_opens_as_many(self, client: Client, march: Cast) -> None:
        client.force_login(march.leader)
        for scope in ("967", "tat-ca"):
            html = client.get(PAGE, {"ky": "2026-03", "pham-vi": scope}).content.decode()
            found = links(html)
            assert len(found) >= 8
            for address, number in found:
                answer = client.get(address)
                assert answer.context["page"].paginator.count == number, address
                lines = b"".join(client.get(f"{address}&dang=csv").streaming_content).decode()
                assert len(list(csv.reader(io.StringIO(lines)))) == number + 1
        file = "ho-so-late-2026-03-967.csv"
        reads = Event.objects.filter(kind=Event.Kind.READ, details__file=file, actor=march.leader)
        assert reads.count() == 2

    def test_index_csv_has_a_line_for_each_office_and_component(
        self, client: Client, march: Cast
    ) -> None:
        client.force_login(march.leader)
        answer = client.get(PAGE, {"ky": "2026-03", "pham-vi": "967", "dang": "csv"})
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        assert rows[1] == [
            "967",
            "Huyện Thới Bình",
            "2",
            "Tiến độ giải quyết",
            "2",
            "4",
            "10,00",
            "20",
            "10,00",
        ]
        assert "chi-so-2026-03-967.csv" in answer["Content-Disposition"]

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ({"ky": "2026-9M"}, 400),
            ({"ky": "2026-01-01..2026-02-03"}, 400),
            ({"ky": "2026-03", "lich": "nd09"}, 400),
            ({"ky": "2026"}, 200),
            ({}, 200),
            ({"pham-vi": "32068"}, 404),
            ({"ky": "2011-05"}, 200),
        ],
    )
    def test_index_choice_by_the_calendar_alone_and_of_the_own_scope(
        self, client: Client, march: Cast, query: dict[str, str], status: int
    ) -> None:
        client.force_login(march.commune_leader)
        assert client.get(PAGE, query).status_code == status
        assert client.get(LIST, {**query, "cot": "late"}).status_code == status

    def test_index_lists_are_the_written_ones_and_no_others(
        self, client: Client, march: Cast
    ) -> None:
        client.force_login(march.commune_leader)
        for name in COLUMNS:
            assert client.get(LIST, {"ky": "2026-03", "cot": name}).status_code == 200
        assert client.get(LIST, {"ky": "2026-03", "cot": "khac"}).status_code == 404

    def test_index_places_lead_to_it_with_a_period_that_it_takes(
        self, client: Client, march: Cast
    ) -> None:
        client.force_login(march.leader)
        for period, quarter, month in (
            ("2016-9M", "2016-Q3", "2016-09"),
            ("2026-Q2", "2026-Q2", "2026-04"),
            ("2016-02", "2016-02", "2016-02"),
        ):
            html = client.get(reverse("workload"), {"ky": period}).content.decode()
            assert f'href="{PAGE}?ky={quarter}&amp;pham-vi=tat-ca"' in html
            assert f'href="{reverse("month_sheet")}?ky={month}&amp;pham-vi=tat-ca"' in html

    def test_index_takes_the_same_queries_for_many(
        self, march: Cast, django_assert_num_queries: Any
    ) -> None:
        period, scope = parse_period("2026-03"), everything()
        with django_assert_num_queries(3):
            counts_by_office(period, scope)
