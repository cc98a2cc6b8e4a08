"""The face of a form on a worksheet: what stands over and under the table.

Words lie in merged cells that are as wide as they need, in rows as high as they need, so that none
is clipped or runs over its neighbour.
"""

from collections.abc import Mapping, Sequence

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from motcua import clock
from motcua.templatetags.motcua_tags import vn_date_long
from reports.output.csv_files import provenance, title_of
from reports.output.fit import lines_of, row_height
from reports.output.sheets import Sheet

# The blocks on the left and on the right of the title take at least this part of the width.
SIDE = 0.24
SIGNING_ROWS = 4

Words = tuple[str, str]
"""What is written, and the name of its style."""


class Face:
    """Writes lines over the columns of a worksheet, one row after the other."""

    def __init__(
        self,
        page: Worksheet,
        widths: Sequence[float],
        styles: Mapping[str, Format],
        row: int = 0,
    ) -> None:
        self.page, self.widths, self.styles, self.row = page, widths, styles, row
        side = SIDE * sum(widths)
        last = len(widths) - 1
        self.left = next(n for n in range(last + 1) if sum(widths[: n + 1]) >= side)
        self.right = next(n for n in range(last, -1, -1) if sum(widths[n:]) >= side)
        self.last = last

    def line(self, words: str, style: str = "line") -> None:
        """A line over all columns."""
        self._write([(0, self.last, (words, style))])

    def blocks(self, left: Words, centre: Words, right: Words) -> None:
        """Three texts side by side."""
        middle = (self.left + 1, self.right - 1, centre)
        self._write([(0, self.left, left), middle, (self.right, self.last, right)])

    def skip(self, rows: int = 1) -> None:
        self.row += rows

    def _write(self, parts: Sequence[tuple[int, int, Words]]) -> None:
        height = 0.0
        for first, last, (words, style) in parts:
            if not words:
                continue
            format = self.styles[style]
            if first == last:
                self.page.write_string(self.row, first, words, format)
            else:
                self.page.merge_range(self.row, first, self.row, last, words, format)
            size, bold = format.font_size, bool(format.bold)
            lines = lines_of(words, sum(self.widths[first : last + 1]), size, bold=bold)
            height = max(height, row_height(lines, size))
        if height:
            self.page.set_row(self.row, height)
        self.row += 1


def write_top(face: Face, sheet: Sheet) -> None:
    """Number of the form on the left, title and period in the middle, who reports to whom on the
    right; below, whether it is signed, and the unit."""
    layout, period = sheet.layout, sheet.period
    dates = f"Từ ngày {period.start:%d/%m/%Y} đến ngày {period.end:%d/%m/%Y}"
    told = f"({', '.join(filter(None, (dates, period.so_far)))})"
    receiver = sheet.receiver or "." * 24
    face.blocks(
        (layout.form, "bold"),
        (title_of(sheet), "title"),
        (f"Đơn vị báo cáo: {sheet.reporter}", "bold"),
    )
    face.blocks(
        (layout.source, "line"),
        (f"Kỳ báo cáo: {period.label}", "centre"),
        (f"Đơn vị nhận báo cáo: {receiver}", "line"),
    )
    face.blocks(("", ""), (told, "centre"), (f"Phạm vi: {sheet.scope.name}", "line"))
    for line in sheet.standing[:1]:
        face.line(line, "sign")
    face.line(f"Đơn vị tính: {layout.unit}", "unit")


def write_foot(face: Face, sheet: Sheet) -> None:
    """The figures inside others, the signatures with place and date, then what a reader must know
    of the figures."""
    memos = "; ".join(f"{memo.heading.lower()} {memo.value}" for memo in sheet.memos)
    face.skip()
    if memos:
        face.line(f"Trong đó: {memos}.")
    day = sheet.signed.at.date() if sheet.signed else clock.today()
    nothing = ("", "")
    place = f"{sheet.scope.head.short_name}, {vn_date_long(day)}"
    face.blocks(nothing, nothing, (place, "note"))
    face.blocks(("NGƯỜI LÀM BÁO CÁO", "sign"), nothing, ("THỦ TRƯỞNG ĐƠN VỊ", "sign"))
    face.blocks(("(Ký và ghi rõ họ tên)", "note"), nothing, ("(Ký tên, đóng dấu)", "note"))
    face.skip(SIGNING_ROWS)
    face.blocks(nothing, nothing, (sheet.signed.by if sheet.signed else "", "sign"))
    made = provenance(sheet.period, sheet.signed.at if sheet.signed else None)
    for line in (sheet.check, *sheet.remarks, *sheet.layout.notes, *sheet.standing[1:], made):
        face.line(line)
