"""Very long lists are counted to a limit, and say so."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from motcua.models import Office
from motcua.web.paging import PORTION, CappedPaginator, in_portions
from procedures.models import CalendarDay
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def told(furthest: int) -> str:
    page = CappedPaginator(Office.objects.order_by("pk"), 2, furthest=furthest).get_page(1)
    request = RequestFactory().get("/")
    words = render_to_string("_pagination.html", {"page": page, "what": "đơn vị"}, request)
    return " ".join(words.split())


def test_paging_list_within_the_limit_is_counted_whole(cast: Cast) -> None:
    total = Office.objects.count()
    assert f"1 - 2 / {total}</span> đơn vị </span>" in told(total)


def test_paging_longer_one_shows_the_first_rows_and_says_that_there_are_more(cast: Cast) -> None:
    pages = CappedPaginator(Office.objects.order_by("pk"), 2, furthest=3)
    assert (pages.count, pages.num_pages, pages.is_capped) == (3, 2, True)
    assert len(pages.page(2).object_list) == 1
    assert "1 - 2 / hơn 3</span> đơn vị; hãy thu hẹp danh sách hoặc xuất tệp" in told(3)


def test_paging_rows_in_portions_come_all_and_in_their_order(
    db: None, django_assert_num_queries: Any
) -> None:
    first = date(2000, 1, 1)
    days = [first + timedelta(days=n) for n in range(2 * PORTION + 1)]
    CalendarDay.objects.bulk_create(CalendarDay(date=day, kind="holiday") for day in days)
    rows = CalendarDay.objects.filter(date__gte=first).order_by("-date")
    with django_assert_num_queries(4):  # the keys, and three portions
        read = [day.date for day in in_portions(rows)]
    assert read == days[::-1]
    portions = in_portions(rows)
    next(portions)
    CalendarDay.objects.filter(date=first).delete()
    assert len(list(portions)) == 2 * PORTION - 1, "what has gone meanwhile is left out"
