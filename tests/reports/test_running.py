"""A period that has not ended is told to the end of today: pages, papers, files and the command."""

import json
from datetime import date
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from dossiers.lifecycle import perform
from reports.dashboard.overview import dashboard_data, default_period
from reports.figures.offices import OfficesInTime
from reports.figures.recount import dossiers_behind, recount
from reports.figures.summaries import tally
from reports.figures.verify import verify
from reports.output.running import running
from reports.terms.periods import parse_period
from reports.terms.scopes import scope_of_office
from tests.cast import Cast, vn
from tests.reports.test_meeting import text_of

TODAY = date(2016, 8, 10)
SO_FAR = "tính đến hết 10/08/2016"
NOW = time_machine.travel("2016-08-10T02:00:00Z", tick=False)


@pytest.fixture
def two(cast: Cast) -> Cast:
    """Both open: one overdue since July, one due on the 24th of August."""
    cast.received("2016-07-01T08:00")
    cast.received("2016-08-10T08:00")
    return cast


@pytest.mark.parametrize(
    ("key", "as_of", "so_far"),
    [
        ("2016-Q2", date(2016, 6, 30), ""),
        ("2016-08-01..2016-08-09", date(2016, 8, 9), ""),
        # Its last day is one of its days: it has ended the day after.
        ("2016-08-01..2016-08-10", TODAY, SO_FAR),
        ("2016-Q3", TODAY, SO_FAR),
        ("2016-Q4", TODAY, SO_FAR),
    ],
)
def test_period_is_told_until_its_end_or_today(key: str, as_of: date, so_far: str) -> None:
    period = parse_period(key).told_on(TODAY)
    assert (period.as_of, period.so_far) == (as_of, so_far)
    assert period.whole == parse_period(key)


def test_running_period_is_compared_with_as_many_days() -> None:
    quarter = parse_period("2016-Q3").told_on(TODAY)
    earlier = (quarter.preceding(), quarter.previous_year())
    assert [one.key for one in earlier if one] == [
        "2016-04-01..2016-05-11",
        "2015-07-01..2015-08-10",
    ]
    assert parse_period("2016").told_on(TODAY).preceding() is None
    last_day = parse_period("2016-03").told_on(date(2016, 3, 31))
    assert last_day.preceding() == parse_period("2016-02")
    assert last_day.previous_year() == parse_period("2015-03")
    ended = parse_period("2016-Q2").told_on(TODAY)
    assert ended.previous_year() == parse_period("2015-Q2")


@pytest.mark.parametrize("key", ["2016-Q4", "2017", "2017-02", "2016-08-11..2016-08-31"])
def test_period_that_has_not_begun_is_compared_with_none(key: str) -> None:
    coming = parse_period(key).told_on(TODAY)
    assert (coming.preceding(), coming.previous_year()) == (None, None)


@NOW
def test_figures_are_those_of_the_days_so_far(two: Cast) -> None:
    """As of today one is overdue; at the end of the quarter both will be."""
    scope = scope_of_office(two.district)
    for key in ("2016-Q3", "2016", "2016-6M", "2016-08-01..2016-08-31"):
        period = parse_period(key).told_on(TODAY)
        so_far = parse_period(f"{period.start}..{min(period.end, TODAY)}")
        assert tally(period, scope) == tally(so_far, scope) == recount(period, scope)
    quarter = parse_period("2016-Q3").told_on(TODAY)
    figures = tally(quarter, scope)[()]
    assert (figures["pending_in_time"], figures["pending_overdue"]) == (1, 1)
    assert dossiers_behind("pending_overdue", quarter, scope).count() == 1
    said = running(quarter, scope)
    assert said is not None
    assert said.overdue_by_end == 2
    assert "Sẽ quá hạn vào cuối kỳ (30/09/2016): 2 hồ sơ" in said.line
    assert running(parse_period("2016-Q2").told_on(TODAY), scope) is None


@NOW
def test_period_that_has_not_begun_has_only_what_is_carried_over(two: Cast) -> None:
    scope = scope_of_office(two.district)
    coming = parse_period("2016-Q4").told_on(TODAY)
    figures = tally(coming, scope)[()]
    assert figures == recount(coming, scope)[()]
    assert (figures["received"], figures["carried_over"], figures["total_in"]) == (0, 2, 2)
    assert (figures["pending_in_time"], figures["pending_overdue"]) == (1, 1)
    for column in ("carried_over", "total_in", "pending_total"):
        assert dossiers_behind(column, coming, scope).count() == 2
    data = dashboard_data(coming, scope)
    assert (data.months, data.problems) == ([], [])
    said = running(coming, scope)
    assert said is not None
    assert said.sentence.startswith("Kỳ này chưa bắt đầu (từ ngày 01/10/2016)")
    assert SO_FAR in said.sentence


@NOW
def test_figures_of_a_running_year_are_verified_too(two: Cast) -> None:
    account = verify()
    assert (account.dossiers, account.differences) == (2, [])


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("dashboard", {}),
        ("dashboard", {"man-hinh": "lon"}),
        ("report", {}),
        ("report", {"mau": "ii-06a"}),
    ],
)
@NOW
def test_running_pages_say_to_which_day_and_what_will_be_overdue(
    two: Cast, client: Client, name: str, query: dict[str, str]
) -> None:
    client.force_login(two.leader)
    page = client.get(reverse(name), {"ky": "2016-Q3", **query})
    words = page.content.decode()
    assert f"Kỳ này chưa kết thúc: mọi số liệu {SO_FAR}." in words
    assert "Sẽ quá hạn vào cuối kỳ (30/09/2016)" in words
    behind = client.get(page.context["running"].address)
    assert behind.context["page"].paginator.count == 2
    assert "tinh-den=cuoi-ky" in page.context["running"].address
    ended = client.get(reverse(name), {"ky": "2016-Q2", **query}).content.decode()
    assert "tính đến hết" not in ended
    assert "Sẽ quá hạn" not in ended
    coming = client.get(reverse(name), {"ky": "2016-Q4", **query})
    assert coming.status_code == 200
    assert "Kỳ này chưa bắt đầu (từ ngày 01/10/2016)" in coming.content.decode()


@pytest.mark.parametrize("word", ["tre-han", "ton-dong", "nguyen-nhan", "hinh-thuc"])
@NOW
def test_further_reports_are_told_to_today(two: Cast, client: Client, word: str) -> None:
    client.force_login(two.leader)
    page = client.get(reverse("further_report", args=[word]), {"ky": "2016-Q3"})
    assert SO_FAR in page.content.decode()
    if word == "tre-han":
        assert f"1 hồ sơ đang quá hạn {SO_FAR}" in page.content.decode()
    file = client.get(reverse("further_export", args=[word, "csv"]), {"ky": "2016-Q3"})
    assert SO_FAR in file.content.decode()
    for key in ("2016-Q4", "2017"):
        address = reverse("further_report", args=[word])
        assert client.get(address, {"ky": key}).status_code == 200


@pytest.mark.parametrize("name", ["workload", "days_used", "ratings", "closing"])
@NOW
def test_running_other_pages_of_a_period_say_the_day(two: Cast, client: Client, name: str) -> None:
    client.force_login(two.leader)
    arguments = ["967", "2016-Q3"] if name == "closing" else []
    for key, status in (("2016-Q3", 200), ("2016-Q4", 200)):
        arguments = ["967", key] if name == "closing" else []
        page = client.get(reverse(name, args=arguments), {} if arguments else {"ky": key})
        assert page.status_code == status
        assert SO_FAR in page.content.decode()


@NOW
def test_command_says_as_of(two: Cast) -> None:
    def said(*words: str) -> str:
        out = StringIO()
        call_command("report", *words, stdout=out)
        return out.getvalue()

    told = json.loads(said("2016-Q3"))
    assert told["period"] == {"from": "2016-07-01", "to": "2016-09-30", "as_of": "2016-08-10"}
    assert told["total"]["pending_overdue"] == 1
    assert json.loads(said("2016-Q2"))["period"]["as_of"] == "2016-06-30"
    file = said("2016-Q3", "--format", "csv")
    assert SO_FAR in file
    assert "Sẽ quá hạn vào cuối kỳ (30/09/2016): 2 hồ sơ" in file


@NOW
def test_dashboard_compares_with_the_same_days(two: Cast, client: Client) -> None:
    """Of the quarter before only what came by its 41st day counts, and opens as many dossiers."""
    two.received("2016-04-04T08:00")
    late = two.received("2016-06-20T08:00")
    perform.resolve(late, by=two.clerk, at=vn("2016-06-21T09:00"), outcome="approved")
    client.force_login(two.leader)
    page = client.get(reverse("dashboard_tables"), {"ky": "2016-Q3"})
    received = page.context["compared"][0]
    assert (received.now.cell.value, received.earlier[0].cell.value) == (2, 1)
    behind = client.get(received.earlier[0].cell.address)
    assert behind.context["page"].paginator.count == 1


@time_machine.travel("2016-09-30T02:00:00Z", tick=False)
def test_period_on_its_last_day_runs_on_the_page_the_form_and_before_signing(
    two: Cast, client: Client
) -> None:
    client.force_login(two.leader)
    page = client.get(reverse("report"), {"ky": "2016-Q3", "mau": "ii-06a"}).content.decode()
    assert "Kỳ này chưa kết thúc: mọi số liệu tính đến hết 30/09/2016." in page
    assert "BẢN NHÁP: kỳ chưa kết thúc nên chưa ký chốt." in page
    signing = client.get(reverse("closing", args=["967", "2016-Q3"])).content.decode()
    assert "đang trong kỳ" in signing
    assert "tính đến hết 30/09/2016" in signing


@NOW
def test_dashboard_and_meeting_compare_no_period_that_has_not_begun(
    two: Cast, client: Client
) -> None:
    """Not its first day with the first day of the period before, nor "more than 12 months"."""
    client.force_login(two.leader)
    page = client.get(reverse("dashboard_tables"), {"ky": "2016-Q4"})
    assert page.context["data"].earlier == []
    assert "Kỳ chưa bắt đầu nên chưa so với kỳ nào." in page.content.decode()
    paper = client.get(reverse("meeting_paper"), {"ky": "2016-Q4"})
    _, words = text_of(paper.content)
    assert "Kỳ liền trước" not in words
    assert "Tính đến hết ngày 10/08/2016" in words


@NOW
def test_dashboard_opens_with_the_nine_months(two: Cast) -> None:
    assert default_period(OfficesInTime((two.district,))) == "2016-9M"
    with time_machine.travel("2017-01-03T02:00:00Z"):
        assert default_period(OfficesInTime((two.district,))) == "2016-9M"
