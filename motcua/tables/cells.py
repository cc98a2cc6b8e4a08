"""What a cell of a table holds: text, a number, a moment, or nothing that can be kept."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from motcua.text import tidy

YEARS = range(1990, 2101)
HALF_A_SECOND = timedelta(milliseconds=500)
NO_RESULT = (
    "là công thức mà tệp không giữ kết quả. Hãy mở bằng Excel, chép ô rồi dán lại dạng giá trị"
)
ERROR_VALUE = "là lỗi của bảng tính, không phải dữ liệu. Hãy sửa ô này"

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?)?")
_LOCAL = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:,? +(\d{1,2})[:hg](\d{2})(?::(\d{2}))?)?", re.IGNORECASE
)
_SHORT_YEAR = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}(\s.*)?")
_ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!"
    r"|UNKNOWN!|BUSY!|GETTING_DATA)|#{3,}|Err:\d{3}",
    re.IGNORECASE,
)
_FORMULA = re.compile(r"=[-+(@]*[\w$'\"\[{]")
_OUR_OWN = re.compile("'[=+@＝＋－＠-]")
_KEPT_AS_TEXT = re.compile(r"['`´‘’](?=\d)[\d\s./:,T-]+")
_BEGINNINGS = frozenset("=#Ee'`´‘’ \t\xa0")
_TEXT_AS_FORMULA = re.compile(r'="([^"]*)"')


@dataclass(frozen=True)
class NoValue:
    """A cell that shows something and keeps nothing: an error, a formula without its result."""

    shown: str
    reason: str

    def __str__(self) -> str:
        return self.shown


Cell = str | int | float | bool | date | datetime | time | NoValue | None


class UnreadableDate(ValueError):
    """A cell that is no date, or not certainly one; the text says why."""


@dataclass(frozen=True)
class Moment:
    """What a date cell says; an old book often has the day alone."""

    day: date
    at: time | None


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def as_kept(cell: Cell) -> Cell:
    """The cell of a file as it is meant: ="0912" is the text that a spreadsheet must not take for
    a number, an apostrophe before digits says the same, before a formula it is that of a file of
    ours (motcua.text.no_formula)."""
    if not isinstance(cell, str) or cell[:1] not in _BEGINNINGS:
        return cell
    text = cell.strip()
    if _ERROR.fullmatch(text):
        return NoValue(text, ERROR_VALUE)
    if found := _TEXT_AS_FORMULA.fullmatch(text):
        return found[1]
    if _FORMULA.match(text):
        return NoValue(text, NO_RESULT)
    return text[1:] if _OUR_OWN.match(text) or _KEPT_AS_TEXT.fullmatch(text) else cell


def as_written(cell: Cell) -> str:
    """The cell as the file has it, for a file that is read again: a day alone stays one, and
    broken letters stay broken."""
    if isinstance(cell, str):
        return re.sub(r"[\r\n\t]+", " ", cell).strip(" ")
    if isinstance(cell, datetime) and cell.time() == time(0):
        return as_text(cell.date())
    return as_text(cell)


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
