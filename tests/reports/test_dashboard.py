"""/thong-ke/bang-so-lieu/: the sentence, the rows, the year before, the late ones, and whose."""

from dataclasses import replace
from html import unescape

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers.lifecycle import perform
from dossiers.models import Dossier
from motcua.models import Installation
from reports.dashboard.overview import dashboard_data, default_period
from reports.dashboard.page import page_of, sentence
from reports.figures.offices import OfficesInTime
from reports.terms.periods import parse_period
from tests.cast import Cast, vn
from tests.reports.scopes import scopes_for
from tests.reports.test_report_views import cell_links

TABLES = reverse("dashboard_tables")


@pytest.fixture
def lived(cast: Cast) -> Cast:
    """2015: one on time. 2016: the district one early and one late, Tân Lộc one on time and one
    overdue at the end of September."""

    def done(dossier, at: str) -> None:
        perform.resolve(dossier, by=cast.clerk, at=vn(at), outcome="approved")

    commune = {"office": cast.tan_loc}
    done(cast.received("2015-05-04T09:00", procedure=cast.copy, **commune), "2015-05-04T09:30")
    done(cast.received("2016-01-04T09:00"), "2016-01-06T09:00")
    done(cast.received("2016-03-07T09:00"), "2016-03-24T09:00")
    done(cast.received("2016-03-08T09:00", procedure=cast.copy, **commune), "2016-03-08T09:30")
    cast.received("2016-09-19T09:00", procedure=cast.birth, **commune)
    return cast


def dashboard_of(cast: Cast, who: str = "leader", period: str = "2016-9M"):
    return dashboard_data(parse_period(period), scopes_for(getattr(cast, who))[0])


def test_dashboard_levels_stand_apart_and_together(lived: Cast) -> None:
    data = dashboard_of(lived)
    assert [
        (row.scope.key, row.figures["received"], row.figures["resolved_total"])
        for row in [*data.levels, data.total]
    ] == [("cap-huyen", 2, 2), ("cap-xa", 2, 1), ("tat-ca", 4, 3)]
    assert data.problems == []


def test_year_before_stands_beside_where_there_is_one(lived: Cast) -> None:
    data = dashboard_of(lived)
    assert data.previous is not None
    assert [row.before and row.before["resolved_on_time"] for row in data.levels] == [None, 1]
    assert dashboard_of(lived, period="2015-9M").previous is None


def test_months_offices_and_sectors_add_up_to_the_total(lived: Cast) -> None:
    data = dashboard_of(lived)
    received = data.total.figures["received"]
    assert [month.figures["received"] for month in data.months] == [1, 0, 2, 0, 0, 0, 0, 0, 1]
    assert [month.figures["resolved_late"] for month in data.months] == [0, 0, 1, 0, 0, 0, 0, 0, 0]
    for rows in (data.offices, data.sectors):
        assert sum(row.figures["received"] for row in rows) == received
    assert len(data.offices) == 13


def test_dashboard_late_ones_are_named_with_the_working_days(lived: Cast) -> None:
    data = dashboard_of(lived)
    assert [(late.due_on.isoformat(), late.working_days) for late in data.past_due.late] == [
        ("2016-03-21", 3)
    ]
    assert [(late.due_on.isoformat(), late.working_days) for late in data.past_due.overdue] == [
        ("2016-09-26", 4)
    ]


def test_sentence_is_what_a_person_would_say(lived: Cast) -> None:
    assert sentence(dashboard_of(lived)) == (
        "Chín tháng năm 2016, hai cấp giải quyết 3 hồ sơ, 2 sớm hoặc đúng hạn; 1 hồ sơ trễ."
    )
    assert sentence(dashboard_of(lived, "commune_leader")) == (
        "Chín tháng năm 2016, xã Tân Lộc giải quyết 1 hồ sơ, 1 sớm hoặc đúng hạn; không có "
        "hồ sơ trễ."
    )
    assert sentence(dashboard_of(lived, period="2014-9M")) == (
        "Chín tháng năm 2014, hai cấp chưa giải quyết xong hồ sơ nào."
    )


def test_sentence_says_its_rate_with_numerator_and_denominator(lived: Cast) -> None:
    data = dashboard_of(lived)
    figures = data.total.figures | {
        "resolved_early": 100,
        "resolved_on_time": 4,
        "resolved_late": 18,
        "resolved_total": 122,
    }
    said = sentence(replace(data, total=replace(data.total, figures=figures)))
    assert said == (
        "Chín tháng năm 2016, hai cấp giải quyết 122 hồ sơ, 85,2 % (104 / 122) sớm hoặc đúng hạn; "
        "18 hồ sơ trễ."
    )


def test_dashboard_page_shows_the_rows_and_every_number_opens(client: Client, lived: Cast) -> None:
    client.force_login(lived.leader)
    page = client.get(TABLES, {"ky": "2016-9M"}).content.decode()
    assert "Chín tháng năm 2016, hai cấp giải quyết 3 hồ sơ" in page
    assert "2 / 3" in page
    assert "3 ngày làm việc" in page
    links = cell_links(page)
    assert len(links) > 25
    for address, number in links:
        assert client.get(address).context["page"].paginator.count == number, address


def test_dashboard_commune_leader_sees_only_the_commune(client: Client, lived: Cast) -> None:
    client.force_login(lived.commune_leader)
    response = client.get(TABLES, {"ky": "2016-9M"})
    page = response.content.decode()
    assert response.context["data"].total.figures["received"] == 2
    for other in ("Biển Bạch", "Đất đai", "cap-xa", "tat-ca"):
        assert other not in page
    assert client.get(TABLES, {"pham-vi": "967"}).status_code == 404


def test_dashboard_stranger_is_sent_to_log_in(client: Client, cast: Cast) -> None:
    assert client.get(TABLES).status_code == 302


def test_unusable_period_is_said_beside_the_field(client: Client, cast: Cast) -> None:
    client.force_login(cast.leader)
    response = client.get(TABLES, {"ky": "2016-13M"})
    assert response.status_code == 400
    assert "Không có kỳ này." in response.content.decode()


@time_machine.travel("2026-11-23T02:00:00Z")
def test_dashboard_page_opens_with_the_last_year_that_received_anything(lived: Cast) -> None:
    assert default_period(OfficesInTime((lived.tan_loc,))) == "2016-9M"
    assert default_period(OfficesInTime((lived.bien_bach,))) == "2026-9M"
    lived.received("2026-11-02T09:00", office=lived.tan_loc, procedure=lived.birth)
    assert default_period(OfficesInTime((lived.tan_loc,))) == "2026-9M"
    Installation.objects.create(is_demo=True)
    cache.clear()
    assert default_period(OfficesInTime((lived.tan_loc,))) == "2016-9M"


def test_dashboard_data_takes_the_same_queries_for_few_dossiers_and_for_many(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            dashboard_of(cast)
        return len(captured)

    cast.received("2016-03-01T09:00")
    scopes_for(cast.leader)
    one = queries()
    cast.received("2016-03-01T09:30")
    few = queries()
    assert one <= few, "where no two are alike, the longest overdue need no further look"
    for minute in range(6):
        cast.received(f"2016-03-01T10:{minute:02d}", procedure=cast.building)
        cast.received(f"2016-03-01T10:{minute:02d}", office=cast.tan_loc, procedure=cast.birth)
        cast.received(f"2016-04-01T10:{minute:02d}", office=cast.bien_bach, procedure=cast.copy)
    assert queries() == few <= 20  # three of them ask for opening figures


@pytest.mark.parametrize("alike", [False, True])
def test_dashboard_ten_longest_overdue_are_those_of_the_dossiers_themselves(
    cast: Cast, alike: bool
) -> None:
    """Some still open, some that ended since, one whose date was moved since; on fourteen days,
    or several on each."""
    received = []
    for number in range(14):
        day = 1 if alike and number < 9 else number + 1
        dossier = cast.received(f"2016-03-{day:02}T09:{number:02}")
        received.append(dossier)
        if number % 3 == 1:
            perform.resolve(dossier, by=cast.clerk, at=vn("2016-11-01T09:00"), outcome="approved")
    perform.correct(
        received[0],
        by=cast.clerk,
        at=vn("2016-10-10T09:00"),
        reason="Nhầm thủ tục",
        procedure=cast.building,
    )
    found = dashboard_of(cast).past_due.overdue
    promised = [
        (d.deadlines.filter(counts=True, is_void=False).first().due_on, d.pk)
        for d in Dossier.objects.all()
    ]
    assert [(line.due_on, line.dossier.pk) for line in found] == sorted(promised)[:10]


def test_quarter_stands_beside_the_one_before_and_last_years(client: Client, lived: Cast) -> None:
    lived.received("2015-02-02T09:00")
    client.force_login(lived.leader)
    page = unescape(client.get(TABLES, {"ky": "2016-Q1"}).content.decode())
    assert "Kỳ liền trước" in page
    assert "Quý IV năm 2015" in page
    assert "Cùng kỳ năm trước" in page
    assert "tăng 2" in page  # received: three against one
    nine = client.get(TABLES, {"ky": "2016-9M"})
    assert [one.heading for one in nine.context["data"].earlier] == ["Cùng kỳ năm trước"]
    none = client.get(TABLES, {"ky": "2012-Q1"})
    assert "Chưa có số liệu của kỳ trước" in none.content.decode()


def test_offices_are_sorted_by_a_link_and_idle_ones_named_apart(
    client: Client, lived: Cast
) -> None:
    client.force_login(lived.leader)
    response = client.get(TABLES, {"ky": "2016-9M"})
    names = [line.name for line in response.context["offices"]]
    assert names == ["Huyện Thới Bình", "Xã Tân Lộc"]
    assert "Không có hồ sơ trong kỳ: Thị trấn Thới Bình, Xã Biển Bạch" in response.content.decode()
    lived.received("2016-05-03T09:00", office=lived.bien_bach, procedure=lived.copy)
    lived.received("2016-09-30T09:00", office=lived.bien_bach, procedure=lived.copy)
    by_name = client.get(TABLES, {"ky": "2016-9M", "xep": "ten"})
    assert [line.name for line in by_name.context["offices"]] == [
        "Huyện Thới Bình",
        "Xã Biển Bạch",
        "Xã Tân Lộc",
    ]
    assert 'aria-sort="ascending"><a class="sort" href="?ky=2016-9M&amp;xep=ten#theo-don-vi"' in (
        by_name.content.decode()
    )


def test_longest_overdue_by_sector_and_procedure(client: Client, lived: Cast) -> None:
    lived.received("2016-09-20T09:00", office=lived.tan_loc, procedure=lived.birth)
    found = dashboard_of(lived).past_due
    assert [(g.name, g.count, g.longest.working_days) for g in found.procedures] == [
        ("Đăng ký lại khai sinh", 2, 4)
    ]
    assert [(g.key, g.count) for g in found.sectors] == [("Hộ tịch", 2)]
    client.force_login(lived.leader)
    lines = client.get(TABLES, {"ky": "2016-9M"}).context["longest"]
    for _, groups in lines:
        for line in groups:
            behind = client.get(line.address).context["page"].paginator.count
            assert behind == line.group.count


def test_dashboard_other_periods_are_one_press_away(client: Client, lived: Cast) -> None:
    client.force_login(lived.leader)
    strip = client.get(TABLES, {"ky": "2016-Q1", "lich": "nd09"}).context["strip"]
    assert [link.words for link in strip if link.is_here] == ["Quý I"]
    assert (strip[0].words, strip[0].address.count("lich=nd09")) == ("2015", 1)
    for link in strip:
        assert client.get(TABLES + link.address).status_code == 200


def test_page_of_an_empty_period_breaks_nothing(cast: Cast) -> None:
    page = page_of(dashboard_of(cast, period="2014-9M"), {"ky": "2014-9M", "pham-vi": "tat-ca"})
    assert page["levels"][-1].rate == (0, 0)
