"""Pages of a long book: found by the sums, the same as the whole book cut up."""

import pytest
from django.core.paginator import Paginator

from reports.register.book import Book
from tests.cast import Cast
from tests.reports.scopes import scopes_for

pytestmark = pytest.mark.django_db


def test_register_pages_pages_are_the_whole_book_cut_up(cast: Cast) -> None:
    for day in ("2016-01-04", "2016-01-18", "2016-03-15", "2016-03-15", "2016-11-30"):
        cast.received(f"{day}T09:00")
        cast.received(f"{day}T10:00", office=cast.tan_loc, procedure=cast.birth)
    scope = scopes_for(cast.leader)[0]
    for month in (None, 1, 3, 5):
        book = Book(cast.leader, scope, 2016, month)
        whole = list(book.dossiers().values_list("pk", flat=True))
        pages = Paginator(book.keys(), 3)
        assert pages.count == len(whole)
        assert [key for page in pages for key in page] == whole
    assert len(list(Book(cast.leader, scope, 2016).keys()[8:11])) == 2
