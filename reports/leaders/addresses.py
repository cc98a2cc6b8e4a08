"""The addresses of the lists behind the numbers of the leaders' page."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.http import urlencode

from reports.figures.tables import By
from reports.output.links import calendar_query, dossiers_address
from reports.terms.columns import BY_NAME
from reports.terms.periods import Period

LATE_LIST, CAUSES = "tre-han", "nguyen-nhan"
LATE, NO_CAUSE = "late", "no_cause"
"""Columns of the causes: resolved late or overdue, and those of them without a cause."""
OVERDUE_ONES = {"loai": "dang-giai-quyet"}


def choice(period: Period, scope_key: str) -> dict[str, str]:
    """The choice as the words of an address."""
    return {"ky": period.key, "pham-vi": scope_key, **calendar_query(period)}


def page_address(query: Mapping[str, str]) -> str:
    """The leaders' page of the choice."""
    return f"{reverse('dashboard')}?{urlencode(query)}"


def column_addresses(query: Mapping[str, str], figures: Mapping[str, int]) -> dict[str, str]:
    """By column of figures that is not zero."""
    return {name: dossiers_address(query, name) for name in BY_NAME if figures[name]}


def late_address(query: Mapping[str, str], by: By | None = None, group: str = "") -> str:
    """What was resolved late together with what is overdue; of one row, or all."""
    words = {**query, "theo": by.word} if by else query
    path = reverse("further_dossiers", args=[CAUSES])
    return dossiers_address(words, LATE, group if by else None, path=path)


def no_cause_address(query: Mapping[str, str]) -> str:
    return dossiers_address(query, NO_CAUSE, path=reverse("further_dossiers", args=[CAUSES]))


def late_list_address(query: Mapping[str, str], **more: str) -> str:
    """The list of late dossiers, which says where each lay."""
    path = reverse("further_report", args=[LATE_LIST])
    return f"{path}?{urlencode({**query, **more})}"
