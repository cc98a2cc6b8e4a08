"""The papers of the reports: a sheet in the official face, A4 landscape."""

from motcua import clock
from motcua.pdf import render_pdf
from reports.layouts import head_rows
from reports.sheets import Sheet


def sheet_pdf(sheet: Sheet) -> bytes:
    """The report on paper: form number and source, title, period, who reports to whom, the table
    with the numbers of its columns, signature blocks, and the definitions at the end."""
    return render_pdf(
        "reports/paper_sheet.html", sheet_context(sheet), stylesheet="reports-paper.css"
    )


def sheet_context(sheet: Sheet) -> dict[str, object]:
    """What the paper prints."""
    return {
        "sheet": sheet,
        "layout": sheet.layout,
        "period": sheet.period,
        "scope": sheet.scope,
        "head_rows": head_rows(sheet.all_columns),
        "place": sheet.scope.head.short_name,
        "today": sheet.signed.at.date() if sheet.signed else clock.today(),
        "author": sheet.reporter,
    }
