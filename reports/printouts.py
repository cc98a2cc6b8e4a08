"""The papers of the reports: the figures in the layout of the ministry's form."""

from motcua import clock
from motcua.pdf import render_pdf
from reports.columns import FORM_COLUMNS, MEMO_COLUMNS
from reports.exports import check_sentence
from reports.statistics import Table


def report_pdf(table: Table) -> bytes:
    """The table in the layout of Biểu số II.06a/VPCP/KSTT (TT 01/2020/TT-VPCP), A4 landscape."""
    return render_pdf(
        "reports/paper_report.html", report_context(table), stylesheet="reports-paper.css"
    )


def report_context(table: Table) -> dict[str, object]:
    """What the form prints; the figures in the order of the form's column numbers."""
    head = table.scope.head
    return {
        "table": table,
        "period": table.period,
        "columns": FORM_COLUMNS,
        "rows": [
            (at, row.name, [row.figures[column.name] for column in FORM_COLUMNS])
            for at, row in enumerate(table.rows, start=1)
        ],
        "total": [table.total[column.name] for column in FORM_COLUMNS],
        "memos": [(column, table.total[column.name]) for column in MEMO_COLUMNS],
        "check": check_sentence(table),
        "scope": table.scope,
        "receiver": head.parent.authority if head.parent else "",
        "place": head.short_name,
        "today": clock.today(),
        "author": head.authority,
    }
