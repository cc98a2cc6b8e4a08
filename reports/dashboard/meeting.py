"""The dashboard on paper for the meeting: exactly two A4 pages, whatever the period and scope.

On the first what was done: the sentence, the comparison, levels, months. On the second where to
look: offices side by side, the longest overdue, limits, what falls due. Each table keeps to
so many rows, and says what it leaves to the screen. No personal data: procedures and codes only.
"""

from typing import Any, NamedTuple

from motcua import clock
from motcua.models import Staff
from motcua.printing.pdf import Paper, render_document
from motcua.templatetags.motcua_tags import vn_number
from reports.dashboard.durations import durations
from reports.dashboard.durations_page import sentence as days_used_sentence
from reports.dashboard.overview import Dashboard
from reports.dashboard.page import MONTHS_DRAWN, page_of
from reports.dashboard.workload import loads
from reports.dashboard.workload_page import due_soon_sentence
from reports.output.drift import drifts, sentence
from reports.output.running import running

NAME_LENGTH = 110


class RowLimits(NamedTuple):
    """How many rows the tables of the second page may have."""

    offices: int
    procedures: int
    sectors: int


# The first is what a district with ordinary names needs; long names make the tables shorter.
LIMITS = (RowLimits(16, 6, 5), RowLimits(14, 4, 3), RowLimits(12, 2, 2))
PAGES = 2


def meeting_paper(data: Dashboard, query: dict[str, str], staff: Staff) -> Paper:
    """The two pages as a PDF; `query` is the choice as the words of an address, `staff` who asks
    for it."""
    context = meeting_context(data, query, staff)
    for limits in LIMITS:
        paper = render_document(
            "reports/paper_meeting.html",
            context | _tables(context, limits),
            stylesheet="reports-meeting.css",
        )
        if paper.pages <= PAGES:
            break
    return paper


def meeting_context(data: Dashboard, query: dict[str, str], staff: Staff) -> dict[str, Any]:
    """What the pages print, before the tables are cut to the rows that fit."""
    page = page_of(data, query)
    today = clock.today()
    months = page["months"]
    return {
        **page,
        "today": today,
        "author": data.scope.head.authority,
        "months_drawn": MONTHS_DRAWN,
        "months": months if len(months) <= MONTHS_DRAWN else [],
        "offices": page["offices"] if len(data.offices) > 1 else [],
        "name_length": NAME_LENGTH,
        "drift": sentence(drifts(data.period, data.scope)),
        "running": running(data.period, data.scope),
        "due_soon": due_soon_sentence(data.scope, loads(data.scope, staff, today)),
        "days_used": days_used_sentence(durations(data.period, data.scope)),
    }


def _tables(context: dict[str, Any], limits: RowLimits) -> dict[str, Any]:
    """The tables of the second page, cut, with what they leave to the screen in words."""
    (_, sectors), (_, procedures) = context["longest"]
    left = len(context["offices"]) - limits.offices
    return {
        "offices": context["offices"][: limits.offices],
        "offices_left": f"Còn {vn_number(left)} đơn vị khác, xem trên màn hình."
        if left > 0
        else "",
        "longest_sectors": sectors[: limits.sectors],
        "longest_procedures": procedures[: limits.procedures],
    }
