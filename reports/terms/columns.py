"""The columns of every table of figures: heading, definition and number in one place.

Screen, CSV, XLSX and PDF read this list. The numbers are those of Biểu số II.06a/VPCP/KSTT
(TT 01/2020/TT-VPCP). Pure Python, no Django.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

Figures = dict[str, int]


class Group(StrEnum):
    RECEIVED = "Số lượng hồ sơ tiếp nhận"
    RESOLVED = "Số lượng hồ sơ đã giải quyết"
    PENDING = "Số lượng hồ sơ đang giải quyết"
    MEMO = "Trong đó"


@dataclass(frozen=True)
class Column:
    """A column of figures. `number` is the column's number in Biểu II.06a, if it has one."""

    name: str
    heading: str
    group: Group
    definition: str
    number: int | None = None
    formula: str = ""

    @property
    def number_words(self) -> str:
        return f"({self.number})" if self.number else ""

    @property
    def full_heading(self) -> str:
        """The heading as it stands alone, without the group above it."""
        return f"{self.short_group}: {self.heading[:1].lower()}{self.heading[1:]}"

    @property
    def short_group(self) -> str:
        return SHORT_GROUP[self.group]

    @property
    def groups(self) -> tuple[str, ...]:
        """The headings above it, the widest first."""
        return (self.group.value,)

    @property
    def is_memo(self) -> bool:
        return self.group is Group.MEMO


SHORT_GROUP = {
    Group.RECEIVED: "Tiếp nhận",
    Group.RESOLVED: "Đã giải quyết",
    Group.PENDING: "Đang giải quyết",
    Group.MEMO: "Trong đó",
}

COLUMNS = (
    Column(
        "received_online",
        "Trực tuyến",
        Group.RECEIVED,
        "Hồ sơ nộp trực tuyến được tiếp nhận vào một ngày trong kỳ. Hồ sơ mới nộp mà chưa tiếp "
        "nhận hoặc bị từ chối tiếp nhận không nằm trong cột nào.",
        4,
    ),
    Column(
        "received_direct",
        "Trực tiếp, bưu chính",
        Group.RECEIVED,
        "Hồ sơ nộp tại quầy hoặc qua dịch vụ bưu chính, được tiếp nhận vào một ngày trong kỳ.",
        5,
    ),
    Column(
        "received",
        "Trong kỳ",
        Group.RECEIVED,
        "Tất cả hồ sơ được tiếp nhận vào một ngày trong kỳ, không kể kỳ trước chuyển qua.",
        formula="(4) + (5)",
    ),
    Column(
        "carried_over",
        "Từ kỳ trước",
        Group.RECEIVED,
        "Hồ sơ tiếp nhận trước ngày đầu kỳ và đến ngày đầu kỳ chưa giải quyết xong.",
        6,
    ),
    Column(
        "total_in",
        "Tổng số",
        Group.RECEIVED,
        "Hồ sơ phải giải quyết trong kỳ: tiếp nhận trong kỳ cộng kỳ trước chuyển qua.",
        3,
        "(4) + (5) + (6)",
    ),
    Column(
        "resolved_early",
        "Trước hạn",
        Group.RESOLVED,
        "Có kết quả trong kỳ, vào một ngày trước ngày hẹn trả.",
        8,
    ),
    Column(
        "resolved_on_time",
        "Đúng hạn",
        Group.RESOLVED,
        "Có kết quả trong kỳ, đúng ngày hẹn trả (vào giờ nào cũng là đúng hạn) hoặc không có "
        "ngày hẹn.",
        9,
    ),
    Column(
        "resolved_late",
        "Quá hạn",
        Group.RESOLVED,
        "Có kết quả trong kỳ, vào một ngày sau ngày hẹn trả. Thư xin lỗi không làm hồ sơ trễ "
        "thành đúng hạn.",
        10,
    ),
    Column(
        "resolved_total",
        "Tổng số",
        Group.RESOLVED,
        "Kết quả đã về đến bộ phận một cửa trong kỳ, kể cả hồ sơ chưa trả cho công dân; gồm cả "
        "hồ sơ bị từ chối, được rút hoặc bị dừng, xét hạn theo ngày kết thúc (nếu đang chờ công "
        "dân thì theo ngày thời hạn dừng lại).",
        7,
        "(8) + (9) + (10)",
    ),
    Column(
        "pending_in_time",
        "Trong hạn",
        Group.PENDING,
        "Hết ngày tính số liệu chưa giải quyết xong và ngày hẹn trả khi đó chưa qua; hẹn trả đúng "
        "ngày đó vẫn là trong hạn. Hồ sơ đang chờ công dân (thời hạn tạm dừng) là trong hạn.",
        12,
    ),
    Column(
        "pending_overdue",
        "Quá hạn",
        Group.PENDING,
        "Hết ngày tính số liệu chưa giải quyết xong, ngày hẹn trả khi đó ở trước ngày ấy và thời "
        "hạn không tạm dừng.",
        13,
    ),
    Column(
        "pending_total",
        "Tổng số",
        Group.PENDING,
        "Hồ sơ đã tiếp nhận mà hết ngày tính số liệu chưa giải quyết xong. Ngày tính số liệu là "
        "ngày cuối kỳ, hoặc hôm nay khi kỳ chưa kết thúc.",
        11,
        "(12) + (13)",
    ),
    Column(
        "ended_refused",
        "Từ chối giải quyết",
        Group.MEMO,
        "Kết quả là từ chối giải quyết; đã nằm trong cột đã giải quyết.",
    ),
    Column(
        "ended_withdrawn",
        "Công dân rút",
        Group.MEMO,
        "Công dân rút hồ sơ trong kỳ; đã nằm trong cột đã giải quyết.",
    ),
    Column(
        "ended_stopped",
        "Dừng giải quyết",
        Group.MEMO,
        "Cơ quan dừng giải quyết trong kỳ; đã nằm trong cột đã giải quyết.",
    ),
    Column(
        "pending_waiting",
        "Đang chờ công dân",
        Group.MEMO,
        "Hết ngày tính số liệu đang chờ công dân bổ sung hoặc làm nghĩa vụ tài chính, thời hạn tạm "
        "dừng; đã nằm trong cột đang giải quyết, trong hạn.",
    ),
)
BY_NAME = {column.name: column for column in COLUMNS}
LATE = ("resolved_late", "pending_overdue")
"""What ended late or is overdue: numbers that should be none."""
NAMES = tuple(BY_NAME)
# Biểu II.06a prints its columns in the order of their numbers.
FORM_COLUMNS = tuple(
    sorted((c for c in COLUMNS if c.number is not None), key=lambda c: c.number or 0)
)
MEMO_COLUMNS = tuple(c for c in COLUMNS if c.is_memo)

SUMS: dict[str, tuple[str, ...]] = {
    "received": ("received_online", "received_direct"),
    "total_in": ("received", "carried_over"),
    "resolved_total": ("resolved_early", "resolved_on_time", "resolved_late"),
    "pending_total": ("pending_in_time", "pending_overdue"),
}

# The columns that are counted; the others are sums of these.
BASE = tuple(name for name in NAMES if name not in SUMS)


@dataclass(frozen=True)
class Rate:
    """A rate of two columns; always shown with both numbers, and never of nothing."""

    heading: str
    numerator: tuple[str, ...]
    denominator: str

    def of(self, figures: Mapping[str, int]) -> tuple[int, int]:
        """Numerator and denominator."""
        return sum(figures[name] for name in self.numerator), figures[self.denominator]


RATES = (
    Rate(
        "Giải quyết sớm hoặc đúng hạn",
        ("resolved_early", "resolved_on_time"),
        "resolved_total",
    ),
    Rate("Giải quyết trước hạn", ("resolved_early",), "resolved_total"),
    Rate("Đang giải quyết mà còn trong hạn", ("pending_in_time",), "pending_total"),
    Rate("Tiếp nhận trực tuyến", ("received_online",), "received"),
)
ON_TIME_RATE = RATES[0]


def nothing() -> Figures:
    """A row of zeros."""
    return dict.fromkeys(NAMES, 0)


def add_sums(figures: Figures) -> Figures:
    """Fill the columns that are sums of others, in place, and return the row."""
    for name, parts in SUMS.items():
        figures[name] = sum(figures[part] for part in parts)
    return figures


def total_of(rows: Iterable[Mapping[str, int]]) -> Figures:
    """The sum of rows, column by column."""
    total = nothing()
    for row in rows:
        for name in NAMES:
            total[name] += row[name]
    return total


def faults(figures: Mapping[str, int]) -> list[str]:
    """What does not add up in a row, as Vietnamese sentences; an empty list when all does.

    The identities of Biểu II.06a: (3) = (4) + (5) + (6), (7) = (8) + (9) + (10),
    (11) = (12) + (13) and (3) = (7) + (11); no memo exceeds the column it is inside, and nothing is
    less than nothing.
    """
    found = []
    for name, parts in SUMS.items():
        if figures[name] != sum(figures[part] for part in parts):
            found.append(_unequal(figures, (name,), parts))
    if figures["total_in"] != figures["resolved_total"] + figures["pending_total"]:
        found.append(_unequal(figures, ("total_in",), ("resolved_total", "pending_total")))
    ended = sum(figures[name] for name in NAMES if name.startswith("ended_"))
    if ended > figures["resolved_total"]:
        found.append(
            f"hồ sơ từ chối, rút và dừng ({ended}) nhiều hơn hồ sơ đã giải quyết "
            f"({figures['resolved_total']})"
        )
    found += [
        f"{BY_NAME[name].full_heading.lower()} là số âm ({figures[name]})"
        for name in BASE
        if figures[name] < 0
    ]
    if figures["pending_waiting"] > figures["pending_in_time"]:
        found.append(
            f"hồ sơ đang chờ công dân ({figures['pending_waiting']}) nhiều hơn hồ sơ đang giải "
            f"quyết trong hạn ({figures['pending_in_time']})"
        )
    return found


def _unequal(figures: Mapping[str, int], left: tuple[str, ...], right: tuple[str, ...]) -> str:
    def side(names: tuple[str, ...]) -> str:
        return " + ".join(
            f"{BY_NAME[name].full_heading.lower()} ({figures[name]})" for name in names
        )

    return f"{side(left)} khác {side(right)}"
