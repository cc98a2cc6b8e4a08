"""A report, and the list of dossiers behind a figure, as CSV."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from dossiers.desk.later_entries import COLUMN as LATER
from dossiers.desk.later_entries import told_later
from dossiers.models import Dossier
from dossiers.rules.timeliness import Timeliness
from motcua import clock
from motcua.text import no_formula
from reports.figures.recount import due_then
from reports.output.links import period_line
from reports.output.sheets import Sheet, SheetRow
from reports.terms.layouts import LayoutColumn
from reports.terms.periods import Period
from reports.terms.scopes import Scope

# Excel takes a CSV for UTF-8 only when it begins with this mark.
BOM = "\ufeff"
CALENDAR_NAMES = {
    "calendar": "dương lịch",
    "nd09": "Nghị định 09/2019/NĐ-CP (tháng từ ngày 15 tháng trước)",
}


def title_lines(sheet: Sheet) -> list[str]:
    """What the report is, over it: form, title, period, scope, and whether it adds up."""
    layout = sheet.layout
    return [
        *([f"{layout.form}. {layout.source}"] if layout.form else []),
        title_of(sheet),
        f"Kỳ báo cáo: {period_line(sheet.period)}",
        f"Đơn vị báo cáo: {sheet.reporter}. Đơn vị nhận báo cáo: {sheet.receiver or '.' * 24}",
        f"Phạm vi: {sheet.scope.name}. Đơn vị tính: {layout.unit[:1].lower()}{layout.unit[1:]}",
        provenance(sheet.period, sheet.signed.at if sheet.signed else None),
        *sheet.standing,
        sheet.check,
    ]


def title_of(sheet: Sheet) -> str:
    """The title of the report, with what its rows are."""
    title = sheet.layout.title
    by = f" theo {sheet.heading[:1].lower()}{sheet.heading[1:]}" if sheet.heading else ""
    return title if by in title else title + by


def provenance(period: Period, made_at: datetime | None = None) -> str:
    """By which calendar of periods, to which day, and when the file was made: now, or of what was
    signed at its signing."""
    made = made_at or clock.naive_local(clock.now())
    return (
        f"Lịch kỳ báo cáo: {CALENDAR_NAMES[period.calendar]}. Số liệu tính đến hết ngày "
        f"{period.as_of:%d/%m/%Y}. Lập lúc {made:%H:%M} ngày {made:%d/%m/%Y}."
    )


def about(period: Period, scope: Scope) -> list[str]:
    """What a list of a period is, for under it: its first line stays that of the headings."""
    return [
        f"Kỳ báo cáo: {period_line(period)}",
        f"Phạm vi: {scope.name}",
        provenance(period),
    ]


def heading(column: LayoutColumn) -> str:
    """A heading that stands alone: group, heading, number on the form."""
    return f"{column.full_heading} {column.number_words}".strip()


def definitions(sheet: Sheet) -> list[list[str]]:
    """Each column with what it counts and its formula."""
    return [
        [heading(c), c.definition + (f" Công thức: {c.formula}." if c.formula else "")]
        for c in sheet.layout.columns
    ]


def foot_lines(sheet: Sheet) -> list[str]:
    """What is printed under the table: the figures inside others, and the notes."""
    memos = [f"Trong đó: {memo.heading.lower()}: {memo.value}" for memo in sheet.memos]
    return [*memos, *sheet.remarks, *sheet.layout.notes]


def sheet_csv(sheet: Sheet) -> str:
    """The report as CSV with the mark that Excel needs: heading, rows and total; below them the
    period, the notes and the definitions."""
    lines = [
        [*_leads(sheet), *(heading(column) for column in sheet.layout.columns)],
        *(_line(sheet, row) for row in sheet.lines),
        [],
        *([line] for line in title_lines(sheet)),
        *([line] for line in foot_lines(sheet)),
        [],
        ["Cột", "Định nghĩa"],
        *definitions(sheet),
    ]
    return BOM + "".join(csv_line(line) for line in lines)


LIST_HEADINGS = (
    "Mã hồ sơ",
    "Nơi tiếp nhận",
    "Lĩnh vực",
    "Thủ tục",
    "Người nộp",
    "Hình thức nộp",
    "Ngày tiếp nhận",
    "Ngày hẹn trả (tại ngày tính số liệu)",
    "Ngày có kết quả",
    "Xét hạn",
    "Kết quả",
    LATER,
    "Cơ quan giải quyết",
)


def dossiers_csv(dossiers: Iterable[Dossier]) -> Iterator[str]:
    """The dossiers behind a figure as CSV, a line for each and nothing else: who counts the lines
    has the figure. What the list is stands in the file's name. Each carries `due_then`."""
    yield BOM + csv_line(LIST_HEADINGS)
    for d, later in told_later(dossiers):
        yield csv_line(
            [
                d.code,
                d.receiver.name,
                d.sector.name,
                d.procedure.name,
                d.applicant_name,
                d.get_channel_display(),
                _plain(d.received_on),
                _plain(due_then(d)),
                _plain(d.resolved_on),
                Timeliness(d.timeliness).label if d.timeliness else "",
                d.get_outcome_display(),
                "có" if later else "",
                d.office.name,
            ]
        )


def said_under(said: Sequence[str]) -> Iterator[str]:
    """Lines under a table, after an empty one: a spreadsheet takes the table above for itself."""
    if said:
        yield csv_line([])
        yield from (csv_line([line]) for line in said)


def csv_line(values: Iterable[Any]) -> str:
    """One line, its texts safe to open in a spreadsheet."""
    line = io.StringIO()
    csv.writer(line).writerow(
        no_formula(value) if isinstance(value, str) else value for value in values
    )
    return line.getvalue()


def _leads(sheet: Sheet) -> list[str]:
    return ["Mã", sheet.heading] if sheet.heading else ["STT"]


def _line(sheet: Sheet, row: SheetRow) -> list[Any]:
    lead = [row.key, row.name] if sheet.heading else [row.order]
    return [*lead, *(_plain(cell.value) for cell in row.cells)]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else value
