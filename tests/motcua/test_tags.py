"""What a Vietnamese reader sees of numbers, money, dates and fields."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from motcua import clock
from motcua.templatetags import motcua_tags as tags


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (999, "999"),
        (38294, "38.294"),
        (1500000, "1.500.000"),
        (-1234, "-1.234"),
        (Decimal("1234.5"), "1.234,5"),
        (None, ""),
    ],
)
def test_tags_thousands_have_dots_and_decimals_a_comma(value, written):
    assert tags.vn_number(value) == written


@pytest.mark.parametrize(
    ("numerator", "denominator", "written"),
    [
        (38045, 38131, "99,8 % (38.045 / 38.131)"),
        (3, 24, "12,5 % (3 / 24)"),
        (0, 20, "0,0 % (0 / 20)"),
        (20, 20, "100,0 % (20 / 20)"),
        (19, 19, "19 / 19"),
        (0, 7, "0 / 7"),
        (36088, 36104, "99,96 % (36.088 / 36.104)"),
        (1, 38131, "0,003 % (1 / 38.131)"),
        (9_999_999, 10_000_000, "99,99999 % (9.999.999 / 10.000.000)"),
        (0, 0, "không có"),
        (None, None, "không có"),
    ],
)
def test_tags_rate_shows_its_fraction_and_never_rounds_a_remainder_away(
    numerator, denominator, written
):
    assert tags.vn_percent(numerator, denominator) == written


def test_column_of_rates_has_one_number_of_decimals() -> None:
    """As many as the one needs that needs most; what is not published asks for none."""
    rates = [(38045, 38131), (36088, 36104), (1, 19), (20, 20), (0, 0)]
    places = tags.rate_places(rates)
    assert places == 2
    assert [tags.vn_percent(*rate, places) for rate in rates] == [
        "99,77 % (38.045 / 38.131)",
        "99,96 % (36.088 / 36.104)",
        "1 / 19",
        "100,00 % (20 / 20)",
        "không có",
    ]
    assert tags.rate_places([]) == 1
    line = SimpleNamespace(rate=(36088, 36104), before_rate=(0, 0))
    assert tags.rate_places([line], "rate", "before_rate") == 2


def test_money_that_is_not_known_is_not_free():
    assert tags.vnd(1500000) == "1.500.000 đ"
    assert tags.vnd(0) == "miễn phí"
    assert tags.vnd(None) == "chưa rõ"


def test_tags_date_is_said_with_its_weekday():
    assert tags.vn_date(date(2016, 10, 3)) == "thứ Hai 03/10/2016"
    assert tags.vn_date(date(2016, 10, 9)) == "Chủ nhật 09/10/2016"
    assert tags.vn_date_short(date(2016, 10, 3)) == "03/10/2016"
    assert tags.vn_date(None) == tags.vn_date_short(None) == tags.vn_date_long(None) == ""


def test_papers_write_a_zero_before_small_days_and_the_first_two_months_only():
    assert tags.vn_date_long(date(2016, 9, 5)) == "ngày 05 tháng 9 năm 2016"
    assert tags.vn_date_long(date(2016, 2, 15)) == "ngày 15 tháng 02 năm 2016"


def test_aware_moment_is_moved_to_viet_nam_and_a_naive_one_is_there_already():
    late_evening_in_london = datetime(2016, 10, 2, 17, 30, tzinfo=UTC)
    assert tags.vn_moment(late_evening_in_london) == "00:30 thứ Hai 03/10/2016"
    assert tags.vn_date(late_evening_in_london) == "thứ Hai 03/10/2016"
    naive = clock.naive_local(datetime(2016, 10, 3, 8, 30, tzinfo=UTC))
    assert tags.vn_moment(naive) == "15:30 thứ Hai 03/10/2016"
    assert tags.vn_moment(None) == ""


def test_moment_where_there_is_little_room_is_a_time_today_and_a_day_before():
    moment = datetime(2016, 10, 3, 8, 30, tzinfo=UTC)
    assert tags.vn_moment_short(moment, date(2016, 10, 3)) == "15:30"
    assert tags.vn_moment_short(moment, date(2016, 10, 4)) == "03/10"
    assert tags.vn_moment_short(None) == ""


def test_tags_templates_do_not_localise_a_second_time():
    page = Template("{% load motcua_tags %}{{ at|vn_moment }} {{ at|vn_time }}")
    at = datetime(2016, 10, 3, 8, 30, tzinfo=UTC)
    assert page.render(Context({"at": at})) == "15:30 thứ Hai 03/10/2016 15:30"


def render_with_query(template: str, query: str) -> str:
    request = RequestFactory().get(f"/ho-so/?{query}")
    page = Template("{% load motcua_tags %}" + template)
    return page.render(Context({"request": request}))


def test_changing_the_page_keeps_the_rest_of_the_query():
    assert render_with_query("{% qs page=2 %}", "q=%C4%91+an&page=1") == "?q=%C4%91+an&amp;page=2"


def test_tags_key_set_to_nothing_leaves_the_query():
    assert render_with_query("{% qs page=None %}", "q=an&page=4") == "?q=an"
    assert render_with_query("{% qs q='' %}", "q=an") == "?"


def test_query_cannot_break_out_of_the_link():
    assert '"' not in render_with_query("{% qs page=2 %}", 'q="><script>')


def test_paging_offers_the_ends_and_the_neighbours():
    page = Paginator(range(1000), 10).page(50)
    assert tags.page_numbers(page) == [1, "…", 48, 49, 50, 51, 52, "…", 100]


def test_paging_says_what_part_of_how_much_is_shown():
    request = RequestFactory().get("/ho-so/?q=an")
    page = Paginator(range(36104), 50).page(2)
    shown = Template('{% include "_pagination.html" with page=page %}').render(
        Context({"request": request, "page": page})
    )
    assert "51 - 100 / 36.104" in shown
    assert 'href="?q=an&amp;page=3"' in shown
