"""Very long lists are counted to a limit, and say so."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from motcua.models import Office
from motcua.paging import CappedPaginator
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def told(furthest: int) -> str:
    page = CappedPaginator(Office.objects.order_by("pk"), 2, furthest=furthest).get_page(1)
    request = RequestFactory().get("/")
    words = render_to_string("_pagination.html", {"page": page, "what": "đơn vị"}, request)
    return " ".join(words.split())


def test_a_list_within_the_limit_is_counted_whole(cast: Cast) -> None:
    total = Office.objects.count()
    assert f"1 - 2 / {total}</span> đơn vị </span>" in told(total)


def test_a_longer_one_shows_the_first_rows_and_says_that_there_are_more(cast: Cast) -> None:
    pages = CappedPaginator(Office.objects.order_by("pk"), 2, furthest=3)
    assert (pages.count, pages.num_pages, pages.is_capped) == (3, 2, True)
    assert len(pages.page(2).object_list) == 1
    assert "1 - 2 / hơn 3</span> đơn vị; hãy thu hẹp danh sách hoặc xuất tệp" in told(3)
