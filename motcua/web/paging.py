"""Pages of lists that may be very long."""

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet

if TYPE_CHECKING:  # at run time Django's class takes no parameter
    KeyPaginator = Paginator[int]
else:
    KeyPaginator = Paginator

Row = TypeVar("Row", bound=Model)

FURTHEST = 10_000
"""Nobody turns two hundred pages; counting millions on every press costs more than the page."""


PORTION = 900  # rows
"""Of a list that goes into a file, this many are in memory at once."""


def in_portions(rows: QuerySet[Row]) -> Iterator[Row]:
    """All rows in their order, the keys at once (some 40 MB for a million) and the rest in
    portions: a cursor of the server would do it too, but not behind a pooler of transactions.
    Each row is as it stands when its portion is read."""
    keys = list(rows.values_list("pk", flat=True))
    for first in range(0, len(keys), PORTION):
        some = keys[first : first + PORTION]
        found = rows.order_by().in_bulk(some)
        yield from (found[key] for key in some if key in found)


class CappedPaginator(KeyPaginator):
    """Counts and shows the first rows up to `furthest`; `is_capped` when there are more.

    Rows are keys. They are read once for the count and the page: a search would otherwise look
    for the same words twice. Whoever needs the rest narrows the list, or takes it as a file.
    """

    def __init__(
        self, rows: QuerySet[Model, int], per_page: int, *, furthest: int = FURTHEST
    ) -> None:
        super().__init__(rows, per_page)
        self.furthest = furthest

    def page(self, number: int | str) -> "Page[int]":
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        return Page(self._read[first : min(first + self.per_page, self.count)], number, self)

    @cached_property
    def count(self) -> int:
        return min(len(self._read), self.furthest)

    @property
    def is_capped(self) -> bool:
        return len(self._read) > self.furthest

    @cached_property
    def _read(self) -> list[int]:
        return list(self.object_list[: self.furthest + 1])
