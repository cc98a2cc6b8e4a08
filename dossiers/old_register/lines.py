"""An old register as a file: CSV, text with tabs or XLSX, read into lines of cells.

Nothing here knows offices or procedures; what a line means is said in `facts`.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from dossiers.old_register.cells import Cell, as_kept, as_text, is_blank
from dossiers.old_register.problems import Problem, Reason, UnreadableFile
from dossiers.old_register.workbook import (
    OLD_EXCEL,
    FileRow,
    is_workbook,
    open_sheet,
    ranges_at_fault,
)

MEANINGS = {
    "office_code": "mã đơn vị đã tiếp nhận (cột “Mã” của danh mục đơn vị)",
    "procedure_id": "mã thủ tục trong danh mục, ví dụ H001",
    "receipt_code": "mã hồ sơ trong sổ; trống thì chương trình cấp",
    "applicant_name": "cá nhân, tổ chức nộp",
    "applicant_id": "số giấy tờ tùy thân; có thể trống",
    "phone": "số điện thoại; có thể trống",
    "address": "địa chỉ; có thể trống",
    "channel": "hình thức nộp: direct (trực tiếp), post (dịch vụ bưu chính), online (trực tuyến)",
    "received_at": "lúc tiếp nhận",
    "due_at": "lúc hẹn trả; trống thì chương trình tính, đã ghi thì giữ như sổ",
    "supplement_from": "lúc yêu cầu bổ sung, nếu có",
    "supplement_to": "lúc nhận bổ sung, nếu có",
    "resolved_at": "lúc có kết quả; trống thì hồ sơ còn đang giải quyết",
    "outcome": "kết quả: approved (giải quyết xong), refused (từ chối giải quyết), "
    "withdrawn (công dân rút), stopped (dừng giải quyết)",
    "handed_over_at": "lúc trả kết quả, nếu đã trả",
    "note": "ghi chú; có thể trống",
}
"""The columns, and what each says in the words of the page where a register is uploaded."""
COLUMNS = tuple(MEANINGS)
WHY_LEFT = "cần xem lại"
"""The column of reasons in a file of lines that were left out; nothing is read of it."""
LARGEST_FILE = 20 * 1024 * 1024
TOO_LARGE = "Tệp lớn hơn 20 MB. Hãy chia sổ thành nhiều tệp, ví dụ mỗi năm một tệp."
EMPTY = "Tệp trống, không có dòng nào."
NO_SHEETS = "Tệp này không phải bảng tính nên không có trang tính nào để chọn."
MOST_LINES = 60_000  # a process of 1.2 GB
TITLES = 20
"""So many lines with titles may stand above the names of the columns."""

_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SEPARATOR = re.compile(r'"?sep=([^\w\s"]|\t)"?', re.IGNORECASE)
_MARKS = ",;\t"


@dataclass(frozen=True)
class Line:
    """A line of the register; `number` is its place in the file, where the first is 1."""

    number: int
    cells: dict[str, Cell]
    extra: bool = False
    """There are cells beyond the last column."""
    hidden: bool = False
    struck: bool = False

    def text(self, column: str) -> str:
        return as_text(self.cells.get(column))

    @property
    def words(self) -> str:
        """The line as a person finds it again in the file."""
        return " | ".join(text for column in COLUMNS if (text := self.text(column)))

    @property
    def has_strange_characters(self) -> bool:
        return any(isinstance(c, str) and _UNREADABLE.search(c) for c in self.cells.values())

    def problem(self, reason: Reason) -> Problem:
        return Problem(self.number, reason.text, self.words, reason.column)


def read(content: bytes, sheet: str = "") -> list[Line]:
    """The lines of a CSV or XLSX file, told apart by what is in it, not by its name; of a workbook
    those of the sheet named, or of the only visible one with lines.

    Empty lines are left out. Raises UnreadableFile.
    """
    if len(content) > LARGEST_FILE:
        raise UnreadableFile(TOO_LARGE)
    if not content.strip():
        raise UnreadableFile(EMPTY)
    if is_workbook(content):
        found = open_sheet(content, sheet, _has_lines)
        header, names, rows = _table(found.rows)
        if reasons := ranges_at_fault(found.merged, header, rows, names):
            raise UnreadableFile(*reasons)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(OLD_EXCEL)
    elif sheet:
        raise UnreadableFile(NO_SHEETS)
    else:
        _, names, rows = _table(_csv_rows(_decoded(content)))
    return [_line(row, names) for row in rows]


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")  # "Unicode Text" of Excel
        except UnicodeDecodeError:
            raise UnreadableFile(
                "Tệp ghi bằng mã UTF-16 nhưng có chỗ không đọc được. Hãy lưu lại thành .xlsx."
            ) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        raise UnreadableFile(
            f"Tệp không ghi bằng mã UTF-8 (dòng {line} có chữ không đọc được). "
            "Hãy lưu lại thành “CSV UTF-8” hoặc thành .xlsx."
        ) from None
    if "\x00" in text:
        raise UnreadableFile("Đây không phải tệp CSV hoặc XLSX.")
    return text


def _csv_rows(text: str) -> Iterator[FileRow]:
    start = 1
    head, _, rest = text.partition("\n")
    if found := _SEPARATOR.fullmatch(head.strip("\r ")):
        mark, text, start = found[1], rest, 2
    else:
        # That of the names of the columns; titles may stand above them.
        first = max(
            islice(io.StringIO(text), TITLES), key=lambda line: _columns_in(line), default=""
        )
        mark = max(_MARKS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    before = start - 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            raise UnreadableFile(
                f"Dòng {start}: dấu ngoặc kép mở mà không đóng, hoặc đóng không đúng chỗ."
            ) from None
        if row is None:
            return
        yield FileRow(start, list(row))
        start = before + reader.line_num + 1


def _columns_in(line: str) -> int:
    return sum(name in COLUMNS for name in re.split(rf"[{_MARKS}]", line.strip().casefold()))


def _table(rows: Iterable[FileRow]) -> tuple[int, list[str], list[FileRow]]:
    """Where the names of the columns stand, the names, and the rows below that hold anything."""
    filled = (row for row in rows if not row.is_empty)
    titles = list(islice(filled, TITLES))
    if not titles:
        raise UnreadableFile(EMPTY)
    at = max(range(len(titles)), key=lambda at: sum(n in COLUMNS for n in _names(titles[at])))
    names = _header(titles[at])
    below = titles[at + 1 :]
    for row in filled:
        below.append(row)
        if len(below) > MOST_LINES:
            raise UnreadableFile(
                "Tệp có hơn 60.000 dòng. Hãy chia sổ thành nhiều tệp, ví dụ mỗi năm một tệp."
            )
    if not below:
        raise UnreadableFile("Tệp chỉ có dòng tên cột, chưa có dòng nào của sổ.")
    return titles[at].number, names, below


def _has_lines(rows: Iterator[FileRow]) -> bool:
    """Whether there is anything but the names of the columns."""
    return any(not row.is_empty and not set(COLUMNS) <= set(_names(row)) for row in rows)


def _names(row: FileRow) -> list[str]:
    names = [as_text(cell).lower() for cell in row.cells]
    while names and not names[-1]:
        names.pop()
    return names


def _header(row: FileRow) -> list[str]:
    names = _names(row)
    missing = [name for name in COLUMNS if name not in names]
    unknown = [name or "(không tên)" for name in names if name not in (*COLUMNS, WHY_LEFT)]
    twice = [name for name in COLUMNS if names.count(name) > 1]
    sentences = []
    if missing:
        sentences.append(f"Thiếu cột: {', '.join(missing)}.")
    if unknown:
        shown = ", ".join(name[:40] for name in unknown[:20])
        sentences.append(f"Có cột không biết: {shown}.")
    if twice:
        sentences.append(f"Cột có hai lần: {', '.join(twice)}.")
    if sentences:
        lead = f"Dòng {row.number} phải là tên các cột theo mẫu."
        raise UnreadableFile(" ".join([lead, *sentences]))
    return ["" if name == WHY_LEFT else name for name in names]


def _line(row: FileRow, names: list[str]) -> Line:
    cells = {name: as_kept(cell) for name, cell in zip(names, row.cells, strict=False) if name}
    extra = row.beyond or any(not is_blank(cell) for cell in row.cells[len(names) :])
    return Line(row.number, cells, extra, row.hidden, row.struck)
