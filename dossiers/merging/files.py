"""The file of a merger: its columns, and what each line says."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from motcua.tables import lines
from motcua.tables.cells import UnreadableDate, as_moment
from motcua.tables.lines import Line, Template
from motcua.tables.problems import Problem, Reason
from motcua.tables.verdict import unreadable

MEANINGS = {
    "old_code": "mã đơn vị đang có",
    "old_name": "tên đơn vị đang có, ví dụ Xã Tân Bằng",
    "new_code": "mã đơn vị mới; trống thì đơn vị kết thúc mà không có đơn vị kế thừa",
    "new_name": "tên đơn vị mới; trống khi không có đơn vị kế thừa",
    "on": "ngày đơn vị mới bắt đầu, ví dụ 2025-07-01 hoặc 01/07/2025",
    "act_number": "số văn bản; có thể không có cột này",
    "act_date": "ngày văn bản; có thể không có cột này",
}
"""The columns, and what each says."""
TEMPLATE = Template(
    tuple(MEANINGS),
    {
        "old_code": ("mã cũ",),
        "old_name": ("tên cũ",),
        "new_code": ("mã mới",),
        "new_name": ("tên mới",),
        "on": ("từ ngày",),
        "act_number": ("số văn bản",),
        "act_date": ("ngày văn bản",),
    },
    optional=frozenset({"act_number", "act_date"}),
    most_lines=1000,
)
EXAMPLE = Path(__file__).resolve().parents[1] / "data" / "merger-thoi-binh-2025.csv"
"""Huyện Thới Bình on 1/7/2025 (NQ 1655/NQ-UBTVQH15, Điều 1 khoản 20 - 23 và 64)."""
LONGEST_NUMBER = 60
_TEXTS = {"old_code": 10, "old_name": 120, "new_code": 10, "new_name": 120}
"""Column -> its longest text."""
OTHER_ACT = "Một tệp chỉ theo một văn bản; dòng này ghi văn bản khác."


@dataclass(frozen=True)
class MergerRow:
    """What a line says; `line` is kept for what is said of it."""

    line: Line
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    on: date

    @property
    def changes_nothing(self) -> bool:
        """It says that the office stays as it is."""
        return self.old_code == self.new_code and is_name(self.old_name, self.new_name)

    def problem(self, reason: str, column: str | None = None) -> Problem:
        return self.line.problem(Reason(column, reason))


@dataclass(frozen=True)
class MergerFile:
    """All lines of one day, by one act."""

    rows: Sequence[MergerRow]
    problems: Sequence[Problem]
    day: date | None
    act_number: str = ""
    act_date: date | None = None


def is_name(one: str, other: str) -> bool:
    """Whether two names are the same but for capitals."""
    return one.casefold() == other.casefold()


def read(content: bytes, sheet: str = "") -> MergerFile:
    """What the file says. Raises UnreadableFile where it is no such table."""
    found = lines.read(content, TEMPLATE, sheet)
    rows: list[MergerRow] = []
    problems: list[Problem] = []
    for line in found:
        row, wrong = _row(line)
        problems += [line.problem(reason) for reason in wrong]
        if row is not None and not wrong:
            rows.append(row)
    day = rows[0].on if rows else None
    problems += [
        row.problem(
            f"Một tệp chỉ có một ngày: dòng đầu ghi {day:%d/%m/%Y}, dòng này ghi "
            f"{row.on:%d/%m/%Y}.",
            "on",
        )
        for row in rows
        if day is not None and row.on != day
    ]
    number, dated, wrong_act = _act(found)
    return MergerFile(rows, [*problems, *wrong_act], day, number, dated)


def _row(line: Line) -> tuple[MergerRow | None, list[Reason]]:
    wrong = list(unreadable(line))
    texts = {column: line.text(column) for column in _TEXTS}
    for column, longest in _TEXTS.items():
        if len(texts[column]) > longest:
            wrong.append(Reason(column, f"Ô này dài hơn {longest} chữ."))
    if not texts["old_code"]:
        wrong.append(Reason("old_code", "Chưa ghi mã đơn vị cũ."))
    if not texts["old_name"]:
        wrong.append(Reason("old_name", "Chưa ghi tên đơn vị cũ."))
    if texts["new_code"] and not texts["new_name"]:
        wrong.append(Reason("new_name", "Có mã mới mà chưa ghi tên mới."))
    if texts["new_name"] and not texts["new_code"]:
        wrong.append(Reason("new_code", "Có tên mới mà chưa ghi mã mới."))
    for column in ("old_code", "new_code"):
        if texts[column] and not texts[column].isalnum():
            wrong.append(Reason(column, "Mã chỉ gồm chữ và số."))
    on, reason = _date(line, "on")
    if reason is not None:
        wrong.append(reason)
    if on is None:
        if reason is None:
            wrong.append(Reason("on", "Chưa ghi ngày bắt đầu."))
        return None, wrong
    return MergerRow(line, **texts, on=on), wrong


def _date(line: Line, column: str) -> tuple[date | None, Reason | None]:
    try:
        moment = as_moment(line.cells.get(column))
    except UnreadableDate as wrong:
        return None, Reason(column, f"Ngày “{line.text(column)[:40]}” {wrong}.")
    return (moment.day if moment is not None else None), None


def _act(found: Sequence[Line]) -> tuple[str, date | None, list[Problem]]:
    """Number and day of the act, written on one line or on several alike."""
    number, dated = "", None
    problems = []
    for line in found:
        text = line.text("act_number")
        day, reason = _date(line, "act_date")
        if reason is not None:
            problems.append(line.problem(reason))
        if len(text) > LONGEST_NUMBER:
            reason = Reason("act_number", f"Ô này dài hơn {LONGEST_NUMBER} chữ.")
            problems.append(line.problem(reason))
        if (text and number and text != number) or (day and dated and day != dated):
            reason = Reason("act_number", OTHER_ACT)
            problems.append(line.problem(reason))
        number, dated = number or text, dated or day
    return number, dated, problems


def as_csv(file: MergerFile) -> str:
    """The file as text that `read` reads again as the same."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(TEMPLATE.columns)
    dated = file.act_date.isoformat() if file.act_date else ""
    for row in file.rows:
        names = (row.old_code, row.old_name, row.new_code, row.new_name)
        writer.writerow([*names, row.on.isoformat(), file.act_number, dated])
    return out.getvalue()
