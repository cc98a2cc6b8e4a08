"""A period that has not ended says what its overdue are, and leads to its days up to today."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from reports.dashboard.overview import default_period
from reports.terms.periods import parse_period
from reports.terms.running import unfinished
from reports.terms.scopes import scope_of_office
from tests.cast import Cast

TODAY = date(2016, 8, 10)


def test_a_period_that_ends_today_has_ended() -> None:
    assert unfinished(parse_period("2016-Q2"), TODAY) is None
    assert unfinished(parse_period("2016-08-01..2016-08-10"), TODAY) is None
    running = unfinished(parse_period("2016-Q3"), TODAY)
    assert running is not None
    assert "chưa kết thúc" in running.sentence
    assert running.until_today({"ky": "2016-Q3", "nhom": "x"}) == (
        "?ky=2016-07-01..2016-08-10&nhom=x"
    )
    coming = unfinished(parse_period("2016-Q4"), TODAY)
    assert coming is not None
    assert "chưa bắt đầu" in coming.sentence
    assert coming.until_today({}) == ""


@pytest.mark.parametrize("name", ["dashboard", "report"])
@time_machine.travel("2016-08-10T02:00:00Z", tick=False)
def test_the_pages_say_so_and_lead_to_what_is_overdue_today(
    cast: Cast, client: Client, name: str
) -> None:
    """Due on the 24th: in time today, overdue at the end of the quarter."""
    cast.received("2016-08-10T08:00")
    client.force_login(cast.leader)
    page = client.get(reverse(name), {"ky": "2016-Q3"})
    words = page.content.decode()
    assert "Kỳ này chưa kết thúc: số quá hạn tính như ở ngày cuối kỳ 30/09/2016" in words
    until_today = page.context["until_today"]
    assert until_today in words.replace("&amp;", "&")
    again = client.get(reverse(name) + until_today).content.decode()
    assert "Kỳ này chưa" not in again
    assert "Kỳ này chưa" not in client.get(reverse(name), {"ky": "2016-Q2"}).content.decode()


@time_machine.travel("2016-08-10T02:00:00Z", tick=False)
def test_the_dashboard_opens_with_the_nine_months_as_far_as_they_have_come(cast: Cast) -> None:
    cast.received("2016-08-10T08:00")
    scope = scope_of_office(cast.district)
    assert default_period(scope) == "2016-01-01..2016-08-10"
    with time_machine.travel("2016-10-03T02:00:00Z"):
        assert default_period(scope) == "2016-9M"
