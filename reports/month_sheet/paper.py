"""The month sheet on one A4 page."""

from motcua import clock
from motcua.printing.pdf import Paper, render_document
from reports.month_sheet.sheet import UNKNOWN, MonthSheet


def month_sheet_paper(sheet: MonthSheet) -> Paper:
    """The sheet as a PDF. It holds numbers only, no personal data."""
    context = {
        "sheet": sheet,
        "unknown": UNKNOWN,
        "author": sheet.scope.head.authority,
        "today": clock.today(),
    }
    return render_document("reports/paper_month.html", context, stylesheet="reports-meeting.css")
