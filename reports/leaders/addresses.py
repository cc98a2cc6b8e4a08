"""The addresses of the lists behind the numbers of the leaders' page.

There are hundreds of them on a page, so that what they have in common is written once.
"""

from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils.http import urlencode

from reports.figures.tables import By
from reports.output.links import calendar_query
from reports.terms.columns import BY_NAME
from reports.terms.periods import Period

LATE_LIST, CAUSES = "tre-han", "nguyen-nhan"
LATE, NO_CAUSE = "late", "no_cause"
"""Columns of the causes: resolved late or overdue, and those of them without a cause."""
OVERDUE_ONES = {"loai": "dang-giai-quyet"}


class Lists:
    """The lists of one choice of period and scope."""

    def __init__(self, period: Period, scope_key: str) -> None:
        self.query = {"ky": period.key, "pham-vi": scope_key, **calendar_query(period)}
        self._words = urlencode(self.query)

    def page(self) -> str:
        """The leaders' page of the choice."""
        return f"{reverse('dashboard')}?{self._words}"

    def workload(self) -> str:
        """Who holds what now."""
        return f"{reverse('workload')}?{urlencode({'pham-vi': self.query['pham-vi']})}"

    def columns(
        self, figures: Mapping[str, int], names: Iterable[str] = tuple(BY_NAME)
    ) -> dict[str, str]:
        """By column of figures; empty for a zero."""
        path = f"{reverse('figure_dossiers')}?{self._words}&cot="
        return {name: f"{path}{name}" if figures[name] else "" for name in names}

    def column(self, name: str, **more: str) -> str:
        words = urlencode({**self.query, **more, "cot": name})
        return f"{reverse('figure_dossiers')}?{words}"

    def late(self, by: By | None = None, group: str = "") -> str:
        """What was resolved late together with what is overdue; of one row, or all."""
        row = {"theo": by.word, "nhom": group} if by else {}
        return self._further("further_dossiers", CAUSES, cot=LATE, **row)

    def no_cause(self) -> str:
        return self._further("further_dossiers", CAUSES, cot=NO_CAUSE)

    def late_list(self, **more: str) -> str:
        """The list of late dossiers, which says where each lay."""
        return self._further("further_report", LATE_LIST, **more)

    def _further(self, view: str, report: str, **more: str) -> str:
        return f"{reverse(view, args=[report])}?{urlencode({**self.query, **more})}"
