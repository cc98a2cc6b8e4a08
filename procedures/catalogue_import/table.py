"""A catalogue as a table: its columns, and what the cells of one line say.

An empty cell says nothing: of a procedure that is there, it leaves what is there. Not known is
written in words ("chưa rõ"), and so is free ("miễn phí"): a bare 0 is asked about.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from motcua.models import Level
from motcua.money import read_amount
from motcua.tables.cells import UnreadableDate, as_moment
from motcua.tables.lines import Line, Template
from motcua.tables.problems import Reason
from motcua.tables.verdict import unreadable
from motcua.text import fold, tidy, whole_number
from procedures.models import Procedure, ProcedureVersion
from procedures.national_codes import LENGTH, is_code

TITLES = {
    "national_code": ("Mã TTHC", "Mã thủ tục", "Mã TTHC quốc gia"),
    "key": ("Mã trong danh mục",),
    "name": ("Tên thủ tục", "Tên thủ tục hành chính", "Tên TTHC"),
    "sector": ("Lĩnh vực",),
    "level": ("Cấp tiếp nhận", "Cấp thực hiện"),
    "limit_value": ("Thời hạn", "Thời hạn giải quyết"),
    "limit_unit": ("Đơn vị tính",),
    "limit_note": ("Ghi chú về thời hạn",),
    "fee": ("Phí, lệ phí", "Phí, lệ phí (đồng)"),
    "fee_note": ("Ghi chú về phí, lệ phí",),
    "papers": ("Thành phần hồ sơ",),
    "result": ("Kết quả",),
    "legal_basis": ("Căn cứ pháp lý",),
    "department": ("Bộ phận giải quyết",),
    "in_force_from": ("Áp dụng từ",),
    "in_force_to": ("Đến hết",),
    "replaces": ("Thay mã",),
    "source": ("Quyết định công bố", "Nguồn"),
}
"""The columns, each with the words that a file may have for it; the first are the template's."""
MEANINGS = {
    "national_code": "ví dụ 1.014392.H05 hoặc 2.000815.000.00.00.H61; cột này phải có",
    "key": "chỉ khi một mã TTHC là của nhiều thủ tục trong chương trình, ví dụ H013 và X011",
    "name": "với thủ tục mới thì phải có",
    "sector": "với thủ tục mới thì phải có; lĩnh vực chưa có được lập mới",
    "level": "cấp xã, cấp huyện hoặc cấp tỉnh; với thủ tục mới thì phải có",
    "limit_value": "một con số; “chưa rõ” nếu văn bản không nói",
    "limit_unit": "ngày làm việc, ngày, giờ làm việc, tháng hoặc trong ngày",
    "limit_note": "điều mà con số không nói, ví dụ trường hợp phải xác minh",
    "fee": "số tiền bằng đồng; “miễn phí” nếu văn bản nói không thu; “chưa rõ” nếu không nói",
    "fee_note": "ví dụ 10.000 đồng nộp trực tiếp, 5.000 đồng nộp trực tuyến",
    "papers": "các giấy tờ, cách nhau bằng dấu | hoặc xuống dòng, ví dụ Tờ khai (01 bản chính)",
    "result": "giấy tờ, quyết định mà công dân nhận",
    "legal_basis": "các văn bản, cách nhau bằng dấu | hoặc xuống dòng",
    "department": "phòng, bộ phận giải quyết",
    "in_force_from": "ngày bắt đầu áp dụng những gì ghi ở dòng này, ví dụ 01/07/2026",
    "in_force_to": "ngày cuối cùng áp dụng; ghi thì thủ tục thôi áp dụng sau ngày đó",
    "replaces": "mã cũ mà mã ở dòng này thay, kể từ ngày áp dụng",
    "source": "số, ngày của quyết định công bố",
}
TEMPLATE = Template(
    tuple(TITLES),
    titles=TITLES,
    optional=frozenset(TITLES) - {"national_code"},
    most_lines=3_000,
    advice="Hãy chia danh mục thành nhiều tệp, ví dụ mỗi lĩnh vực một tệp.",
)
TEXTS = {name: TITLES[name][0] for name in ("name", "sector", "result", "department")}
UNKNOWN = {"chua ro", "khong ro", "chua co"}
FREE = {"mien phi", "khong", "khong thu", "khong thu phi", "khong co"}
LONGEST_PAPER = 500

_LEVELS = {fold(word): level for level in Level for word in (level.value, level.label)}
_LEVELS |= {"xa": Level.COMMUNE, "huyen": Level.DISTRICT, "tinh": Level.PROVINCE}
_UNITS = {fold(w): unit for unit in ProcedureVersion.Unit for w in (unit.value, unit.label)}
_UNITS |= {
    "ngay lam viec": ProcedureVersion.Unit.WORKING_DAY,
    "gio": ProcedureVersion.Unit.WORKING_HOUR,
    "hour": ProcedureVersion.Unit.WORKING_HOUR,
}
_SPACES = re.compile(r"\s+")
_CUT = re.compile(r"\d\.\d{1,5}")
_PARTS = re.compile(r"\s*(?:\||\n)\s*")


@dataclass(frozen=True)
class LineFacts:
    """What a line says, as far as it says anything: `fields` are those of a version, `papers` its
    papers as they are worded. `doubts` are what is unlikely about the cells themselves."""

    number: int
    code: str
    key: str = ""
    name: str = ""
    sector: str = ""
    level: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    papers: tuple[str, ...] = ()
    in_force_from: date | None = None
    in_force_to: date | None = None
    replaces: str = ""
    doubts: tuple[Reason, ...] = ()

    @property
    def begins(self) -> date:
        """The day from which what it says holds. A line without one was refused."""
        if self.in_force_from is None:
            raise ValueError("Thiếu ngày áp dụng.")
        return self.in_force_from


class LineReader:
    """Reads one line; `reasons` are why it is refused, `doubts` what is to be looked at."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.reasons: list[Reason] = list(unreadable(line))
        self.doubts: list[Reason] = []

    def read(self) -> LineFacts | None:
        """The facts, or None when the line is refused."""
        code = self.code("national_code", "Mã TTHC", required=True)
        facts: dict[str, Any] = {
            "key": self.text("key", Procedure._meta.get_field("key").max_length),
            "name": self.name(),
            "sector": self.text("sector", 120),
            "level": self.chosen("level", _LEVELS, "Cấp tiếp nhận"),
            "fields": dict(self.fields()),
            "papers": self.papers(),
            "in_force_from": self.day("in_force_from"),
            "in_force_to": self.day("in_force_to"),
            "replaces": self.code("replaces", "Mã bị thay"),
        }
        if self.reasons:
            return None
        return LineFacts(self.line.number, code, **facts, doubts=tuple(self.doubts))

    def fields(self) -> Iterator[tuple[str, Any]]:
        """The fields of a version that the line says something about."""
        yield from self.limit()
        yield from self.fee()
        for name in ("limit_note", "fee_note", "result", "source"):
            if text := self.lines(name):
                yield name, "\n".join(text)
        if acts := self.lines("legal_basis"):
            yield "legal_basis", "\n".join(acts)
        if department := self.text("department", 120):
            yield "department", department

    def code(self, column: str, title: str, *, required: bool = False) -> str:
        cell = self.line.cells.get(column)
        # A workbook takes a bare code for a number, and its last zeros for nothing.
        written = f"{cell:.6f}" if isinstance(cell, float) else self.line.text(column)
        code = _SPACES.sub("", written)
        if _CUT.fullmatch(code):
            code = code.ljust(LENGTH, "0")
            self.doubt(column, f"{title} “{written}” mất số 0 ở cuối; hiểu là {code}.")
            written = code
        if not code:
            if required:
                self.refuse(column, "Thiếu mã TTHC.")
            return ""
        if not is_code(code):
            self.refuse(
                column,
                f"{title} “{written[:40]}” không đúng mẫu như 1.014392.H05 hoặc "
                "2.000815.000.00.00.H61.",
            )
        elif code != written:
            self.doubt(column, f"{title} “{written[:40]}” có dấu cách thừa; hiểu là {code}.")
        if code[:1] in "56":
            self.doubt(column, f"Mã {code} có dạng của thủ tục nội bộ, không nhận ở một cửa.")
        return code

    def name(self) -> str:
        name = self.text("name", Procedure._meta.get_field("name").max_length)
        small = fold(name)
        if re.search(r"\d{1,2}/\d{1,2}(?:/\d{4})?$", name) or small.startswith("cong bo danh muc"):
            self.doubt("name", f"“{name[:60]}” không giống tên một thủ tục.")
        return name

    def limit(self) -> Iterator[tuple[str, Any]]:
        value, unit = self.line.text("limit_value"), self.line.text("limit_unit")
        chosen = self.chosen("limit_unit", _UNITS, "Đơn vị tính")
        if fold(value) in UNKNOWN:
            self.doubt("limit_value", "Thời hạn ghi là chưa rõ, nên chưa nơi nào tiếp nhận được.")
            yield from (("limit_value", 0), ("limit_unit", ""))
            return
        if chosen == ProcedureVersion.Unit.SAME_DAY and value in ("", "0"):
            yield from (("limit_value", 0), ("limit_unit", chosen))
            return
        if not value:
            if unit:
                self.refuse("limit_value", "Có đơn vị tính mà không có thời hạn.")
            return
        number = whole_number(value)
        if number is None or not 1 <= number <= 32_000:
            self.refuse("limit_value", f"Thời hạn “{value[:20]}” phải là số nguyên từ 1.")
            return
        if not unit:
            self.doubt(
                "limit_unit",
                f"Thời hạn {number} không có đơn vị tính: hiểu là chưa rõ, nên chưa nơi nào tiếp "
                "nhận được.",
            )
        elif number > 365:
            self.doubt("limit_value", f"Thời hạn {number} {unit} dài khác thường.")
        yield from (("limit_value", number), ("limit_unit", chosen))

    def fee(self) -> Iterator[tuple[str, Any]]:
        written = self.line.text("fee")
        small = fold(written)
        if not written:
            return
        if small in FREE or small in UNKNOWN:
            yield "fee_vnd", 0 if small in FREE else None
            return
        try:
            amount = read_amount(written)
        except ValidationError as wrong:
            self.refuse("fee", " ".join(wrong.messages))
            return
        if amount == 0:
            self.doubt(
                "fee",
                "Số 0 không nói là miễn phí: hiểu là chưa rõ mức thu. Không thu thì ghi “miễn "
                "phí”.",
            )
            yield "fee_vnd", None
            return
        if amount < 1_000:
            self.doubt("fee", f"Phí, lệ phí {amount} đồng thấp khác thường; có thể thiếu nghìn.")
        yield "fee_vnd", amount

    def papers(self) -> tuple[str, ...]:
        papers = self.lines("papers")
        for paper in papers:
            if len(paper) > LONGEST_PAPER:
                self.refuse("papers", f"Tên giấy tờ “{paper[:40]}…” quá {LONGEST_PAPER} ký tự.")
        return papers

    def day(self, column: str) -> date | None:
        try:
            moment = as_moment(self.line.cells.get(column))
        except UnreadableDate as wrong:
            self.refuse(column, f"{TITLES[column][0]} “{self.line.text(column)[:30]}” {wrong}.")
            return None
        return moment.day if moment else None

    def chosen(self, column: str, known: dict[str, Any], title: str) -> str:
        written = self.line.text(column)
        if not written:
            return ""
        if fold(written) not in known:
            self.refuse(column, f"{title} “{written[:40]}” không có. Hãy ghi: {MEANINGS[column]}.")
        return str(known.get(fold(written), ""))

    def text(self, column: str, longest: int | None) -> str:
        text = self.line.text(column)
        if longest is not None and len(text) > longest:
            self.refuse(column, f"{TITLES[column][0]} quá {longest} ký tự.")
        return text

    def lines(self, column: str) -> tuple[str, ...]:
        """The parts of a cell, which keeps its line breaks."""
        cell = self.line.cells.get(column)
        whole = cell if isinstance(cell, str) else self.line.text(column)
        return tuple(text for part in _PARTS.split(whole) if (text := tidy(part)))

    @property
    def refuse(self) -> Callable[[str | None, str], None]:
        return lambda column, text: self.reasons.append(Reason(column, text))

    @property
    def doubt(self) -> Callable[[str | None, str], None]:
        return lambda column, text: self.doubts.append(Reason(column, text))
