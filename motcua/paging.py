"""Pages of lists that may be very long."""

from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import QuerySet

FURTHEST = 10_000
"""Nobody turns two hundred pages; counting millions on every press costs more than the page."""


class CappedPaginator(Paginator):
    """Counts and shows the first rows up to `furthest`; `is_capped` when there are more.

    Whoever needs the rest narrows the list, or takes it as a file.
    """

    def __init__(self, rows: QuerySet, per_page: int, *, furthest: int = FURTHEST) -> None:
        super().__init__(rows, per_page)
        self.furthest = furthest

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.furthest)

    @property
    def is_capped(self) -> bool:
        return self._counted > self.furthest

    @cached_property
    def _counted(self) -> int:
        return int(self.object_list[: self.furthest + 1].count())
