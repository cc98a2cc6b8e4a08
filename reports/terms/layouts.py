"""Layouts: which columns a report prints, in which order, under which headings and numbers.

A layout describes; it counts nothing. A layout of figures says of each column of which standard
figures (`columns.COLUMNS`) it is the sum; the other reports (late dossiers, backlog, causes,
channels) describe their columns in the same words and fill them themselves. Screen, CSV, XLSX and
PDF read this one description. Pure Python, no Django.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol, TypedDict, Unpack

from reports.terms.columns import BY_NAME, COLUMNS, FORM_COLUMNS, MEMO_COLUMNS, Column, Group

Values = dict[str, int]


class Kind(StrEnum):
    """What the cells of a column hold."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"


@dataclass(frozen=True)
class LayoutColumn:
    """A column of a layout. `number` is its number on the form; `parts` are the standard figures
    whose sum it is, none for a column that is filled otherwise."""

    name: str
    heading: str
    definition: str
    groups: tuple[str, ...] = ()
    number: int | None = None
    formula: str = ""
    parts: tuple[str, ...] = ()
    short_group: str = ""
    kind: Kind = Kind.NUMBER

    @property
    def number_words(self) -> str:
        return f"({self.number})" if self.number else ""

    @property
    def numbered(self) -> str:
        """What stands in the row of numbers: "(7) = (8) + (9)"."""
        return " = ".join(filter(None, (self.number_words, self.formula)))

    @property
    def full_heading(self) -> str:
        """The heading as it stands alone, without the groups above it."""
        if not self.short_group:
            return self.heading
        return f"{self.short_group}: {self.heading[:1].lower()}{self.heading[1:]}"


@dataclass(frozen=True)
class Layout:
    """A report's form. `name` stands in addresses, `code` in the command, `form` and `source` at
    the head of the paper. `sums` are its identities: a column and those it is the sum of;
    `within` a group of columns that is never more than another."""

    name: str
    code: str
    label: str
    title: str
    columns: tuple[LayoutColumn, ...]
    form: str = ""
    source: str = ""
    unit: str = "Số hồ sơ TTHC"
    notes: tuple[str, ...] = ()
    memos: tuple[Column, ...] = ()
    sums: tuple[tuple[str, tuple[str, ...]], ...] = ()
    within: tuple[tuple[tuple[str, ...], str], ...] = ()
    has_sections: bool = False
    """Whether rows by office stand under their level, with its sum."""

    def column(self, name: str) -> LayoutColumn | None:
        return next((column for column in self.columns if column.name == name), None)

    def values(self, figures: Mapping[str, int]) -> Values:
        """The row that these standard figures make."""
        return {c.name: sum(figures[part] for part in c.parts) for c in self.columns}

    def faults(self, values: Mapping[str, int]) -> list[str]:
        """Which identities of the layout a row breaks, as Vietnamese sentences."""
        found = [
            f"{self._side((left,), values)} khác {self._side(right, values)}"
            for left, right in self.sums
            if values[left] != sum(values[name] for name in right)
        ]
        found += [
            f"{self._side(small, values)} nhiều hơn {self._side((big,), values)}"
            for small, big in self.within
            if sum(values[name] for name in small) > values[big]
        ]
        return found

    @property
    def identities(self) -> str:
        """The identities by the numbers of the columns: "(3) = (4) + (5) + (6); ..."."""
        written = [
            f"{self._numbers((left,))} = {self._numbers(right)}"
            for left, right in self.sums
            if all(self._numbers((name,)) for name in (left, *right))
        ]
        return "; ".join(written)

    def _numbers(self, names: Iterable[str]) -> str:
        return " + ".join(c.number_words for name in names if (c := self.column(name)))

    def _side(self, names: Iterable[str], values: Mapping[str, int]) -> str:
        columns = [column for name in names if (column := self.column(name))]
        return " + ".join(f"{c.full_heading.lower()} ({values[c.name]})" for c in columns)


class HasHeading(Protocol):
    @property
    def heading(self) -> str: ...

    @property
    def groups(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class HeadCell:
    """A cell of the headings; without `column` it is a group over several."""

    words: str
    at: int
    width: int
    height: int
    column: HasHeading | None = None


def head_rows(columns: Sequence[HasHeading]) -> list[list[HeadCell]]:
    """The headings of a table in rows: groups above, each as wide as its columns."""
    depth = max(len(column.groups) for column in columns) + 1
    rows: list[list[HeadCell]] = []
    for level in range(depth):
        row: list[HeadCell] = []
        for at, column in enumerate(columns):
            above = column.groups[: level + 1]
            if level == len(column.groups):
                row.append(HeadCell(column.heading, at, 1, depth - level, column))
            elif level < len(column.groups):
                if at and columns[at - 1].groups[: level + 1] == above:
                    row[-1] = replace(row[-1], width=row[-1].width + 1)
                else:
                    row.append(HeadCell(above[-1], at, 1, 1))
        rows.append(row)
    return rows


class GroupWords(TypedDict, total=False):
    """What columns share that stand under one heading."""

    groups: tuple[str, ...]
    short_group: str


class ColumnWords(GroupWords, total=False):
    """What need not be said of a column."""

    formula: str
    parts: tuple[str, ...]
    kind: Kind


class StandardWords(ColumnWords, total=False):
    """What a layout may say otherwise of a standard column."""

    name: str
    heading: str
    definition: str
    number: int | None


def standard(name: str, /, **changes: Unpack[StandardWords]) -> LayoutColumn:
    """The standard column of this name for a layout, with some things said otherwise."""
    column = BY_NAME[name]
    made = LayoutColumn(
        name=column.name,
        heading=column.heading,
        definition=column.definition,
        groups=column.groups,
        number=column.number,
        formula=column.formula,
        parts=(column.name,),
        short_group=column.short_group,
    )
    return replace(made, **changes)


TITLE = (
    "Tình hình, kết quả giải quyết thủ tục hành chính tại cơ quan, đơn vị trực tiếp giải quyết "
    "thủ tục hành chính"
)
_ENDED_NOTE = (
    "Hồ sơ từ chối, rút, dừng được xét hạn theo ngày kết thúc và đã nằm trong {resolved}; hồ sơ "
    "đang chờ công dân đã nằm trong {pending}."
)
_BALANCE = ("total_in", ("resolved_total", "pending_total"))

FULL = Layout(
    name="day-du",
    code="full",
    label="Đầy đủ: Biểu II.06a và các số trong đó",
    title="Tình hình, kết quả giải quyết thủ tục hành chính",
    columns=tuple(standard(column.name) for column in COLUMNS),
    source="Số trong ngoặc là số cột của Biểu số II.06a/VPCP/KSTT (Thông tư 01/2020/TT-VPCP).",
    notes=("Các cột “trong đó” không cộng thêm: mỗi hồ sơ ở đó đã nằm trong một cột bên trái.",),
    sums=(
        ("received", ("received_online", "received_direct")),
        ("total_in", ("received_online", "received_direct", "carried_over")),
        ("resolved_total", ("resolved_early", "resolved_on_time", "resolved_late")),
        ("pending_total", ("pending_in_time", "pending_overdue")),
        _BALANCE,
    ),
)

_WITHIN_PERIOD = (Group.RECEIVED.value, "Trong kỳ")
_II_06A_WORDS: dict[str, StandardWords] = {
    "received_online": {"groups": _WITHIN_PERIOD},
    "received_direct": {"groups": _WITHIN_PERIOD, "heading": "Trực tiếp, dịch vụ bưu chính"},
}
II_06A = Layout(
    name="ii-06a",
    code="II.06a",
    label="Biểu II.06a (TT 01/2020)",
    title=TITLE,
    columns=tuple(standard(c.name, **_II_06A_WORDS.get(c.name, {})) for c in FORM_COLUMNS),
    form="Biểu số II.06a/VPCP/KSTT",
    source="Ban hành theo Thông tư số 01/2020/TT-VPCP ngày 21/10/2020",
    notes=(_ENDED_NOTE.format(resolved="cột (8), (9), (10)", pending="cột (12)"),),
    memos=MEMO_COLUMNS,
    sums=(
        ("total_in", ("received_online", "received_direct", "carried_over")),
        ("resolved_total", ("resolved_early", "resolved_on_time", "resolved_late")),
        ("pending_total", ("pending_in_time", "pending_overdue")),
        _BALANCE,
    ),
    has_sections=True,
)

_SOLVED: GroupWords = {"groups": ("Kết quả giải quyết", "Số hồ sơ đã giải quyết")}
_SOLVING: GroupWords = {"groups": ("Kết quả giải quyết", "Số hồ sơ đang giải quyết")}
_TAKEN_IN: GroupWords = {"groups": ("Số hồ sơ nhận giải quyết",)}
_OF_THEM: GroupWords = {"groups": ("Số hồ sơ nhận giải quyết", "Trong đó")}
TT02_2017 = Layout(
    name="06a-2017",
    code="06a-2017",
    label="Biểu 06a (TT 02/2017)",
    title=TITLE,
    columns=(
        standard("total_in", **_TAKEN_IN),
        standard("received_online", heading="Số mới tiếp nhận trực tuyến", **_OF_THEM),
        standard("carried_over", heading="Số kỳ trước chuyển qua", number=5, **_OF_THEM),
        standard(
            "received_direct",
            heading="Số mới tiếp nhận (trực tiếp hoặc dịch vụ bưu chính)",
            number=6,
            **_OF_THEM,
        ),
        standard("resolved_total", formula="(8) + (9)", **_SOLVED),
        standard(
            "resolved_early",
            name="resolved_in_time",
            heading="Trả đúng thời hạn",
            definition="Có kết quả trong kỳ, trước ngày hẹn trả hoặc đúng ngày hẹn trả: biểu này "
            "gộp sớm và đúng hạn thành một số.",
            parts=("resolved_early", "resolved_on_time"),
            number=8,
            **_SOLVED,
        ),
        standard("resolved_late", heading="Trả quá hạn", number=9, **_SOLVED),
        standard("pending_total", number=10, formula="(11) + (12)", **_SOLVING),
        standard("pending_in_time", heading="Chưa đến hạn", number=11, **_SOLVING),
        standard("pending_overdue", number=12, **_SOLVING),
    ),
    form="Biểu số 06a/VPCP/KSTT",
    source="Ban hành theo Thông tư số 02/2017/TT-VPCP ngày 31/10/2017",
    notes=(_ENDED_NOTE.format(resolved="cột (8), (9)", pending="cột (11)"),),
    memos=MEMO_COLUMNS,
    sums=(
        ("total_in", ("received_online", "carried_over", "received_direct")),
        ("resolved_total", ("resolved_in_time", "resolved_late")),
        ("pending_total", ("pending_in_time", "pending_overdue")),
        _BALANCE,
    ),
    has_sections=True,
)

_DONE: GroupWords = {"groups": ("Hồ sơ đã giải quyết",)}
_DOING: GroupWords = {"groups": ("Hồ sơ đang giải quyết",)}
_PLAIN: GroupWords = {"groups": (), "short_group": ""}
DESK_2016 = Layout(
    name="ban-2016",
    code="desk-2016",
    label="Bảng của bộ phận một cửa (2016)",
    title="Tổng hợp tình hình tiếp nhận và giải quyết hồ sơ",
    columns=(
        standard("total_in", heading="Tổng", number=3, formula="(4) + (5)", **_PLAIN),
        standard("received", heading="Tiếp nhận", number=4, formula="", **_PLAIN),
        standard("carried_over", heading="Kỳ trước chuyển qua", number=5, **_PLAIN),
        standard(
            "resolved_total", heading="Số hồ sơ", number=6, formula="(7) + (8) + (9)", **_DONE
        ),
        standard("resolved_early", heading="Sớm", number=7, **_DONE),
        standard("resolved_on_time", heading="Đúng", number=8, **_DONE),
        standard("resolved_late", heading="Trễ", number=9, **_DONE),
        standard("pending_total", heading="Số hồ sơ", number=10, formula="(11) + (12)", **_DOING),
        standard("pending_in_time", heading="Chưa đến hạn", number=11, **_DOING),
        standard("pending_overdue", heading="Đã quá hạn", number=12, **_DOING),
        standard("ended_withdrawn", heading="CD rút hồ sơ", number=13, **_PLAIN),
        standard(
            "ended_refused",
            name="ended_returned",
            heading="Hồ sơ trả lại",
            definition="Kết quả là từ chối giải quyết, hoặc cơ quan dừng giải quyết, trong kỳ; đã "
            "nằm trong hồ sơ đã giải quyết.",
            parts=("ended_refused", "ended_stopped"),
            number=14,
            **_PLAIN,
        ),
        standard(
            "pending_total",
            name="left",
            heading="Tồn cuối",
            definition="Hồ sơ còn lại khi hết ngày tính số liệu, chuyển sang kỳ sau.",
            number=15,
            formula="(3) − (6)",
            **_PLAIN,
        ),
    ),
    source="Theo bảng của phần mềm một cửa cấp huyện các năm 2013 - 2016",
    unit="Số hồ sơ",
    notes=(
        "Hồ sơ công dân rút (13) và hồ sơ trả lại (14) là số ghi thêm: cũng là hồ sơ đã kết thúc, "
        "đã nằm trong cột (6) và được xét sớm, đúng, trễ theo ngày kết thúc; không trừ thêm khỏi "
        "tồn cuối.",
    ),
    sums=(
        ("total_in", ("received", "carried_over")),
        ("resolved_total", ("resolved_early", "resolved_on_time", "resolved_late")),
        ("pending_total", ("pending_in_time", "pending_overdue")),
        ("left", ("pending_total",)),
        ("total_in", ("resolved_total", "left")),
    ),
    within=((("ended_withdrawn", "ended_returned"), "resolved_total"),),
)

LAYOUTS = (FULL, II_06A, TT02_2017, DESK_2016)
BY_CODE = {layout.code: layout for layout in LAYOUTS}
