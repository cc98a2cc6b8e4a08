"""A table as a workbook (.xlsx): the rows of its one sheet, and what Excel shows of them.

A person sees that a row is hidden or struck through and that a value reaches over merged cells;
whoever reads the values alone does not.
"""

import io
import warnings
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.worksheet._reader import FORMULA_TAG, INLINE_STRING, VALUE_TAG, WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from motcua.tables.cells import ERROR_VALUE, NO_RESULT, Cell, NoValue, is_blank
from motcua.tables.problems import Reason, UnreadableFile

# What is written here of a workbook is known before any of it is unpacked. A register of the most
# lines unpacks to a third.
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 500
MOST_COLUMNS = 60
MOST_RANGES, MOST_CELLS = 100, 100_000
LAST_ROW_OF_EXCEL = 1_048_576
NO_WORKBOOK = "Không mở được bảng tính này. Hãy mở bằng Excel và lưu lại thành .xlsx."
SAVE_AS_XLSX = (
    "Hãy mở bằng Excel hoặc LibreOffice, chọn Lưu thành (Save As), kiểu “Excel Workbook (.xlsx)”, "
    "không đặt mật khẩu, rồi tải tệp mới lên."
)
OLD_EXCEL = f"Đây là tệp Excel kiểu cũ (.xls) hoặc có đặt mật khẩu. {SAVE_AS_XLSX}"
OPEN_DOCUMENT = f"Đây là tệp OpenDocument (.ods). {SAVE_AS_XLSX}"

_PACKED_BY_EXCEL = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_PART = b"PK\x01\x02"  # begins every entry in a ZIP file's list
_TRUE = {"1", "true", "on"}
_STRING, _STRIKE = f"{{{SHEET_MAIN_NS}}}si", f"{{{SHEET_MAIN_NS}}}strike"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of a file as it was found; `number` is its place there, from 1."""

    number: int
    cells: list[Cell]
    hidden: bool = False
    struck: bool = False
    """A cell that holds something is struck through, or a part of its text."""
    beyond: bool = False
    """There is something further to the right than is read."""

    @property
    def is_empty(self) -> bool:
        return not self.beyond and all(map(is_blank, self.cells))


@dataclass
class Sheet:
    """The rows of a sheet, one by one; the merged ranges are known after the last."""

    rows: Iterator[FileRow]
    merged: list[str] = field(default_factory=list)


@contextmanager
def _in_words() -> Iterator[None]:
    """A damaged workbook fails in any of a dozen ways inside zipfile, the XML reader and openpyxl:
    all are one sentence. Its warnings are about styles, which nobody reads here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except UnreadableFile:
            raise
        except Exception:
            raise UnreadableFile(NO_WORKBOOK) from None


def is_workbook(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


def judge_workbook(content: bytes) -> None:
    """Refuse a workbook that would unpack to too much, or that Excel has not packed, by its list
    of parts alone; no part gives more than the list says. Raises UnreadableFile."""
    if content.count(_PART) > MOST_PARTS:
        raise UnreadableFile("Bảng tính gồm quá nhiều phần. Hãy chép riêng sổ sang một tệp mới.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except Exception:  # a damaged list fails in many ways
        raise UnreadableFile(NO_WORKBOOK) from None
    if not {part.compress_type for part in parts} <= _PACKED_BY_EXCEL:
        raise UnreadableFile(
            "Bảng tính được nén theo cách mà Excel không dùng. "
            "Hãy mở bằng Excel và lưu lại thành .xlsx."
        )
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise UnreadableFile("Bảng tính quá lớn sau khi giải nén. Hãy chia thành nhiều tệp.")
    if {"mimetype", "content.xml"} <= {part.filename for part in parts}:
        raise UnreadableFile(OPEN_DOCUMENT)


def open_sheet(content: bytes, name: str, has_lines: Callable[[Iterator[FileRow]], bool]) -> Sheet:
    """The sheet of that name, or the only visible one with lines of the table, as `has_lines`
    tells. Hidden sheets are never read. Raises UnreadableFile, also while the rows are read."""
    judge_workbook(content)
    with _in_words():
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        look = _Look(book)
        sheet = _named(visible, name) if name else _with_lines(visible, look, has_lines)
        return look.at(sheet)


@_in_words()
def ranges_at_fault(
    merged: Sequence[str], header: int, lines: Sequence[FileRow], names: Sequence[str]
) -> list[Reason]:
    """The merged ranges through which a value stands in one row and is meant for several, or
    hides another one. `lines` are those below the header, in order."""
    numbers = [line.number for line in lines]
    reasons = []
    for of in merged:
        left, top, right, bottom = range_boundaries(of)
        held = lines[bisect_left(numbers, top) : bisect_right(numbers, bottom)]
        if not held or left > len(names):
            continue
        cells = (cell for line in held for cell in line.cells[left - 1 : right])
        values = sum(not is_blank(cell) for cell in islice(cells, MOST_CELLS))
        if top > header and (values == 0 or len(held) == values == 1):
            continue
        column = names[left - 1] or None
        reasons.append(
            Reason(
                column,
                f"Các ô {of} được gộp{f' (cột {column})' if column else ''}: giá trị chỉ nằm ở ô "
                "đầu, các ô khác trống hoặc bị che. Hãy bỏ gộp ô và ghi giá trị vào từng dòng.",
            )
        )
        if len(reasons) == MOST_RANGES:
            break
    return reasons


def _named(visible: Sequence[Any], name: str) -> Any:
    for same in (str, str.casefold):
        for sheet in visible:
            if same(sheet.title) == same(name):
                return sheet
    there = ", ".join(f"“{sheet.title}”" for sheet in visible[:20])
    raise UnreadableFile(
        f"Không có trang tính nào tên “{name[:40]}” mà không bị ẩn. Tệp có: {there}."
    )


def _with_lines(
    visible: Sequence[Any], look: "_Look", has_lines: Callable[[Iterator[FileRow]], bool]
) -> Any:
    if not visible:
        raise UnreadableFile("Mọi trang tính trong tệp đều bị ẩn. Trang tính ẩn không được đọc.")
    if len(visible) == 1:
        return visible[0]
    filled = [sheet for sheet in visible if has_lines(look.at(sheet).rows)]
    if len(filled) > 1:
        names = ", ".join(f"“{sheet.title}”" for sheet in filled[:20])
        raise UnreadableFile(
            f"Tệp có dòng ở nhiều trang tính: {names}. Hãy nói rõ đọc trang tính nào, hoặc để mỗi "
            "sổ trong một tệp."
        )
    return filled[0] if filled else visible[0]


class _Look:
    """Reads sheets of a workbook, with what is struck through in it."""

    def __init__(self, book: Any) -> None:
        self.book = book
        struck = {at for at, font in enumerate(book._fonts) if font.strike}
        self.styles = {at for at, of in enumerate(book._cell_styles) if of.fontId in struck}
        self.strings = _struck_strings(book._archive)

    def at(self, sheet: Any) -> Sheet:
        found = Sheet(iter(()))
        found.rows = self._rows(sheet, found)
        return found

    def _rows(self, sheet: Any, found: Sheet) -> Iterator[FileRow]:
        book, last = self.book, 0
        with _in_words(), book._archive.open(sheet._worksheet_path) as source:
            parser = _Parser(
                source,
                sheet._shared_strings,
                data_only=True,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            parser.struck_styles, parser.struck_strings = self.styles, self.strings
            for number, cells in parser.parse():
                if number > LAST_ROW_OF_EXCEL:
                    raise UnreadableFile("Bảng tính có nhiều dòng hơn Excel cho phép.")
                if number <= last:
                    raise UnreadableFile(NO_WORKBOOK)
                last = number
                yield _row(number, cells, parser)
            ranges = parser.merged_cells.mergeCell if parser.merged_cells else ()
            found.merged += [of.ref for of in ranges]


def _row(number: int, cells: list[dict[str, Any]], parser: Any) -> FileRow:
    width = max((cell["column"] for cell in cells), default=0)
    row: list[Cell] = [None] * min(width, MOST_COLUMNS)
    beyond = False
    for cell in cells:
        if cell["column"] <= MOST_COLUMNS:
            row[cell["column"] - 1] = cell["value"]
        else:
            beyond = beyond or not is_blank(cell["value"])
    shown = parser.row_dimensions.pop(str(number), {})
    hidden = shown.get("hidden") in _TRUE or shown.get("ht") in ("0", "0.0")
    struck, parser.is_struck = parser.is_struck, False
    return FileRow(number, row, hidden, struck, beyond)


class _Parser(WorkSheetParser):  # type: ignore[misc]  # openpyxl has no types
    """Tells, beside the values, which rows are struck through, and a formula without its result
    from an empty cell."""

    struck_styles: set[int]
    struck_strings: set[int]
    is_struck = False

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        value = cell["value"]
        if cell["data_type"] == "e":
            cell["value"] = NoValue(str(value), ERROR_VALUE)
        elif value is None:
            formula = element.find(FORMULA_TAG)
            # A formula that gives an empty text keeps an empty value of that type.
            kept = element.get("t") == "str" and element.find(VALUE_TAG) is not None
            if formula is not None and not kept:
                cell["value"] = NoValue(f"={formula.text or ''}", NO_RESULT)
        elif not self.is_struck:
            self.is_struck = cell["style_id"] in self.struck_styles or (
                cell["data_type"] == "s" and self._is_text_struck(element)
            )
        return cell

    def _is_text_struck(self, element: Any) -> bool:
        inline = element.find(INLINE_STRING)
        if inline is not None:
            # Most have one text and no runs.
            return any(len(part) for part in inline) and _is_struck(inline)
        if not self.struck_strings or element.get("t") != "s":
            return False
        return int(element.findtext(VALUE_TAG)) in self.struck_strings


def _struck_strings(archive: zipfile.ZipFile) -> set[int]:
    """The places of the shared texts of which a part is struck through."""
    name = next((of for of in archive.namelist() if of.endswith("/sharedStrings.xml")), None)
    content = archive.read(name) if name else b""
    if b"strike" not in content:
        return set()
    struck, at = set(), 0
    for _, element in iterparse(io.BytesIO(content)):
        if element.tag == _STRING:
            if _is_struck(element):
                struck.add(at)
            at += 1
            element.clear()
    return struck


def _is_struck(text: Any) -> bool:
    return any(mark.get("val", "1") in _TRUE for mark in text.iter(_STRIKE))
