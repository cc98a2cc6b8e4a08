"""A table that people fill in and send: CSV, text with tabs or XLSX, read into lines of cells.

Which columns it has, its `Template` says; what a line means, the module that reads it.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from motcua.tables.cells import Cell, as_kept, as_text, is_blank
from motcua.tables.problems import Problem, Reason, UnreadableFile
from motcua.tables.workbook import (
    OLD_EXCEL,
    FileRow,
    is_workbook,
    open_sheet,
    ranges_at_fault,
)
from motcua.text import fold

LARGEST_FILE = 20 * 1024 * 1024
EMPTY = "Tệp trống, không có dòng nào."
NO_SHEETS = "Tệp này không phải bảng tính nên không có trang tính nào để chọn."
TITLES = 20
"""So many lines with titles may stand above the names of the columns."""

_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SEPARATOR = re.compile(r'"?sep=([^\w\s"]|\t)"?', re.IGNORECASE)
_MARKS = ",;\t"


@dataclass(frozen=True)
class Template:
    """The columns of a table, and how large it may be.

    A file names its columns by `columns` or by the `titles` of these, with or without diacritics;
    those in `optional` may be missing. Columns in `unread` may stand in a file, nothing is read
    of them.
    """

    columns: tuple[str, ...]
    titles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    unread: tuple[str, ...] = ()
    most_lines: int = 60_000  # of a register: a process of 1.2 GB
    advice: str = "Hãy chia thành nhiều tệp."
    """What is said of a table that is too large."""

    @property
    def too_large(self) -> str:
        return f"Tệp lớn hơn {LARGEST_FILE // 1024 // 1024} MB. {self.advice}"

    @property
    def too_long(self) -> str:
        return f"Tệp có hơn {self.most_lines:,} dòng. {self.advice}".replace(",", ".", 1)

    @cached_property
    def _by_name(self) -> dict[str, str]:
        names = {fold(title): name for name, titles in self.titles.items() for title in titles}
        return names | {name: name for name in (*self.columns, *self.unread)}

    def column(self, cell: str) -> str:
        """The column that a cell names, as the template calls it; otherwise the cell in small
        letters."""
        small = cell.lower()
        return self._by_name.get(small) or self._by_name.get(fold(cell), small)

    def known_in(self, names: Iterable[str]) -> int:
        return sum(name in self.columns for name in names)


@dataclass(frozen=True)
class Line:
    """A line of the table; `number` is its place in the file, where the first is 1."""

    number: int
    cells: dict[str, Cell]
    extra: bool = False
    """There are cells beyond the last column."""
    hidden: bool = False
    struck: bool = False
    columns: tuple[str, ...] = ()
    """Those of the template, in their order."""

    def text(self, column: str) -> str:
        return as_text(self.cells.get(column))

    @property
    def words(self) -> str:
        """The line as a person finds it again in the file."""
        return " | ".join(text for column in self.columns if (text := self.text(column)))

    @property
    def has_strange_characters(self) -> bool:
        return any(isinstance(c, str) and _UNREADABLE.search(c) for c in self.cells.values())

    def problem(self, reason: Reason) -> Problem:
        return Problem(self.number, reason.text, self.words, reason.column)


def read(content: bytes, template: Template, sheet: str = "") -> list[Line]:
    """The lines of a CSV or XLSX file, told apart by what is in it, not by its name; of a workbook
    those of the sheet named, or of the only visible one with lines.

    Empty lines are left out. Raises UnreadableFile.
    """
    if len(content) > LARGEST_FILE:
        raise UnreadableFile(template.too_large)
    if not content.strip():
        raise UnreadableFile(EMPTY)
    if is_workbook(content):
        found = open_sheet(content, sheet, lambda rows: _has_lines(rows, template))
        header, names, rows = _table(found.rows, template)
        if reasons := ranges_at_fault(found.merged, header, rows, names):
            raise UnreadableFile(*reasons)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(OLD_EXCEL)
    elif sheet:
        raise UnreadableFile(NO_SHEETS)
    else:
        _, names, rows = _table(_csv_rows(_decoded(content), template), template)
    return [_line(row, names, template) for row in rows]


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


def _csv_rows(text: str, template: Template) -> Iterator[FileRow]:
    start = 1
    head, _, rest = text.partition("\n")
    if found := _SEPARATOR.fullmatch(head.strip("\r ")):
        mark, text, start = found[1], rest, 2
    else:
        # That of the names of the columns; titles may stand above them.
        first = max(
            islice(io.StringIO(text), TITLES),
            key=lambda line: _columns_in(line, template),
            default="",
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


def _columns_in(line: str, template: Template) -> int:
    cells = re.split(rf"[{_MARKS}]", line.strip())
    return template.known_in(template.column(cell.strip(' "')) for cell in cells)


def _table(rows: Iterable[FileRow], template: Template) -> tuple[int, list[str], list[FileRow]]:
    """Where the names of the columns stand, the names, and the rows below that hold anything."""
    filled = (row for row in rows if not row.is_empty)
    titles = list(islice(filled, TITLES))
    if not titles:
        raise UnreadableFile(EMPTY)
    known = [template.known_in(_names(row, template)) for row in titles]
    at = known.index(max(known))
    names = _header(titles[at], template)
    below = titles[at + 1 :]
    for row in filled:
        below.append(row)
        if len(below) > template.most_lines:
            raise UnreadableFile(template.too_long)
    if not below:
        raise UnreadableFile("Tệp chỉ có dòng tên cột, chưa có dòng nào bên dưới.")
    return titles[at].number, names, below


def _has_lines(rows: Iterator[FileRow], template: Template) -> bool:
    """Whether there is anything but the names of the columns."""
    asked = set(template.columns) - template.optional
    return any(not row.is_empty and not asked <= set(_names(row, template)) for row in rows)


def _names(row: FileRow, template: Template) -> list[str]:
    names = [template.column(as_text(cell)) for cell in row.cells]
    while names and not names[-1]:
        names.pop()
    return names


def _header(row: FileRow, template: Template) -> list[str]:
    names = _names(row, template)
    columns, unread = template.columns, template.unread
    missing = [n for n in columns if n not in names and n not in template.optional]
    unknown = [name or "(không tên)" for name in names if name not in (*columns, *unread)]
    twice = [name for name in columns if names.count(name) > 1]
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
    return ["" if name in unread else name for name in names]


def _line(row: FileRow, names: list[str], template: Template) -> Line:
    cells = {name: as_kept(cell) for name, cell in zip(names, row.cells, strict=False) if name}
    extra = row.beyond or any(not is_blank(cell) for cell in row.cells[len(names) :])
    return Line(row.number, cells, extra, row.hidden, row.struck, template.columns)
