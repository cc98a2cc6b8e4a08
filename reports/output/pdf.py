"""The papers of the reports: a sheet in the official face, A4 landscape."""

from motcua import clock
from motcua.printing.pdf import render_pdf
from reports.figures.tables import By
from reports.output.sheets import Sheet
from reports.terms.layouts import head_rows

# About three pages with the definitions under the table, 0.6 s: measured on the demonstration.
ROWS_AT_ONCE = 45
# Rows that carry the name of a procedure take three lines each.
LONG_ROWS_AT_ONCE = 15
# A form of more rows fills its page: the definitions begin on the one behind.
ROWS_BESIDE_DEFINITIONS = 8


def is_short(sheet: Sheet) -> bool:
    """Whether the report takes about three pages at most, reckoned from its rows."""
    names_procedures = sheet.heading in ("", By.PROCEDURE.heading)
    return len(sheet.rows) <= (LONG_ROWS_AT_ONCE if names_procedures else ROWS_AT_ONCE)


def sheet_pdf(sheet: Sheet) -> bytes:
    """The report on paper: form number and source, title, period, who reports to whom, the table
    with the numbers of its columns, signature blocks, and the definitions at the end: of a form
    that fills its page, on the next."""
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
        "is_full": bool(sheet.layout.form) and len(sheet.rows) > ROWS_BESIDE_DEFINITIONS,
        "place": sheet.scope.head.short_name,
        "today": sheet.signed.at.date() if sheet.signed else clock.today(),
        "author": sheet.reporter,
    }
