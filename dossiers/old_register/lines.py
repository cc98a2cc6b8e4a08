"""An old register as a file: CSV or XLSX, read into lines of cells.

Nothing here knows offices or procedures; what a line means is said in `register_import`.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import load_workbook

from motcua.text import tidy

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
LARGEST_FILE = 20 * 1024 * 1024
TOO_LARGE = "Tệp lớn hơn 20 MB. Hãy chia sổ thành nhiều tệp, ví dụ mỗi năm một tệp."
# What is written here of a workbook is known before any of it is unpacked. A register of the most
# lines unpacks to a third.
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 500
_PACKED_BY_EXCEL = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_PART = b"PK\x01\x02"  # begins every entry in a ZIP file's list
NO_WORKBOOK = "Không mở được bảng tính này. Hãy mở bằng Excel và lưu lại thành .xlsx."
MOST_LINES = 60_000  # a process of 1.2 GB
MOST_COLUMNS = 60
LAST_ROW_OF_EXCEL = 1_048_576
YEARS = range(1990, 2101)
HALF_A_SECOND = timedelta(milliseconds=500)

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?)?")
_LOCAL = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:,? +(\d{1,2})[:hg](\d{2})(?::(\d{2}))?)?", re.IGNORECASE
)
_SHORT_YEAR = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}(\s.*)?")
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

Cell = str | int | float | bool | date | datetime | time | None


class UnreadableFile(Exception):
    """The file as a whole cannot be read as a register; the text is a Vietnamese sentence."""


class UnreadableDate(ValueError):
    """A cell that is no date, or not certainly one; the text says why."""


@dataclass(frozen=True)
class Line:
    """A line of the register; `number` is its place in the file, where the header is 1."""

    number: int
    cells: dict[str, Cell]
    extra: bool = False
    """There are cells beyond the last column."""

    def text(self, column: str) -> str:
        return as_text(self.cells.get(column))

    @property
    def words(self) -> str:
        """The line as a person finds it again in the file."""
        return " | ".join(text for column in COLUMNS if (text := self.text(column)))

    @property
    def has_strange_characters(self) -> bool:
        return any(isinstance(c, str) and _UNREADABLE.search(c) for c in self.cells.values())


@dataclass(frozen=True)
class Moment:
    """What a date cell says; an old book often has the day alone."""

    day: date
    at: time | None


def read(content: bytes) -> list[Line]:
    """The lines of a CSV or XLSX file, told apart by what is in it, not by its name.

    Empty lines are left out. Raises UnreadableFile.
    """
    if len(content) > LARGEST_FILE:
        raise UnreadableFile(TOO_LARGE)
    if not content.strip():
        raise UnreadableFile("Tệp trống, không có dòng nào.")
    if is_workbook(content):
        return _lines(_xlsx_rows(content))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(
            "Đây là tệp Excel kiểu cũ (.xls) hoặc có đặt mật khẩu. "
            "Hãy mở bằng Excel và lưu lại thành .xlsx, không đặt mật khẩu."
        )
    return _lines(_csv_rows(_decoded(content)))


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


def as_text(cell: Cell) -> str:
    """The cell as text in single spaces; a whole number without its decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y %H:%M:%S}" if cell.second else f"{cell:%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return tidy(str(cell))


def as_moment(cell: Cell) -> Moment | None:
    """The moment in a cell, local (Asia/Ho_Chi_Minh); None when the cell is empty.

    Read are Excel's own dates (midnight there means the day alone), 2016-01-05T08:10,
    2016-01-05 08:10 and, day first, 05/01/2016 08:10; each also with seconds or without the time.
    Seconds are kept: rounded, a dossier could change its day, its quarter or its class.
    Raises UnreadableDate.
    """
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if isinstance(cell, datetime):
        _known_year(Moment(cell.date(), None))
        # Excel keeps a time as a fraction of a day, a little less or more than the second.
        whole = (cell + HALF_A_SECOND).replace(microsecond=0, tzinfo=None)
        return Moment(whole.date(), whole.time() if whole.time() != time(0) else None)
    if isinstance(cell, date):
        return _known_year(Moment(cell, None))
    if not isinstance(cell, str):
        raise UnreadableDate("là một con số, không phải ngày. Hãy định dạng ô thành ngày")
    return _known_year(_written(tidy(cell)))


def _written(text: str) -> Moment:
    if found := _ISO.fullmatch(text):
        year, month, day, *clock = found.groups()
    elif found := _LOCAL.fullmatch(text):
        day, _, month, year, *clock = found.groups()
    elif _SHORT_YEAR.fullmatch(text):
        raise UnreadableDate("ghi năm bằng hai chữ số nên không chắc là ngày nào")
    else:
        raise UnreadableDate("không đọc được. Hãy ghi như 05/01/2016 08:10 hoặc 2016-01-05T08:10")
    try:
        on = date(int(year), int(month), int(day))
        hour, minute, second = (int(part or 0) for part in clock)
        at = time(hour, minute, second) if clock[0] else None
    except ValueError:
        if int(month) > 12 >= int(day) and not _ISO.fullmatch(text):
            raise UnreadableDate("có vẻ ghi tháng trước ngày. Hãy ghi ngày/tháng/năm") from None
        raise UnreadableDate("không có trong lịch hoặc giờ không đúng") from None
    return Moment(on, at)


def _known_year(moment: Moment) -> Moment:
    if moment.day.year not in YEARS:
        raise UnreadableDate(f"có năm {moment.day.year}, không thể là năm của sổ")
    return moment


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile(
            "Tệp ghi bằng mã UTF-16. Hãy lưu lại thành “CSV UTF-8” hoặc thành .xlsx."
        )
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


def _csv_rows(text: str) -> Iterator[tuple[int, list[Cell]]]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    start = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            raise UnreadableFile(
                f"Dòng {start}: dấu ngoặc kép mở mà không đóng, hoặc đóng không đúng chỗ."
            ) from None
        if row is None:
            return
        yield start, list(row)
        start = reader.line_num + 1


def _xlsx_rows(content: bytes) -> Iterator[tuple[int, list[Cell]]]:
    judge_workbook(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and validations, which nobody reads here
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
            for number, row in enumerate(rows, start=1):
                if number > LAST_ROW_OF_EXCEL:
                    raise UnreadableFile("Bảng tính có nhiều dòng hơn Excel cho phép.")
                yield number, list(row)
    except UnreadableFile:
        raise
    # A damaged workbook fails in any of a dozen ways inside zipfile, the XML reader and openpyxl.
    except Exception:
        raise UnreadableFile(NO_WORKBOOK) from None


def _lines(rows: Iterable[tuple[int, list[Cell]]]) -> list[Line]:
    numbered = iter(rows)
    header = next(((n, row) for n, row in numbered if not _is_empty(row)), None)
    if header is None:
        raise UnreadableFile("Tệp trống, không có dòng nào.")
    names = _header(header[1])
    lines: list[Line] = []
    for number, row in numbered:
        if _is_empty(row):
            continue
        if len(lines) == MOST_LINES:
            raise UnreadableFile(
                "Tệp có hơn 60.000 dòng. Hãy chia sổ thành nhiều tệp, ví dụ mỗi năm một tệp."
            )
        cells = {name: cell for name, cell in zip(names, row, strict=False) if name}
        extra = any(not _is_blank(cell) for cell in row[len(names) :])
        lines.append(Line(number, cells, extra))
    if not lines:
        raise UnreadableFile("Tệp chỉ có dòng tên cột, chưa có dòng nào của sổ.")
    return lines


def _header(row: list[Cell]) -> list[str]:
    names = [as_text(cell).lower() for cell in row]
    while names and not names[-1]:
        names.pop()
    missing = [name for name in COLUMNS if name not in names]
    unknown = [name or "(không tên)" for name in names if name not in COLUMNS]
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
        raise UnreadableFile("Dòng 1 phải là tên các cột theo mẫu. " + " ".join(sentences))
    return names


def _is_empty(row: list[Any]) -> bool:
    return all(_is_blank(cell) for cell in row)


def _is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
