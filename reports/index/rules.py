"""The index of QĐ 766/QĐ-TTg (23/6/2022) by which ministries and localities are measured:
components, greatest points and formulas, as the national portal reckoned them in 2026
(version qd766-2026). Pure Python, no Django.

The formulas are not printed in the decision. They are what published figures of the portal of
September and October 2026 agree with, so that every result here is an estimate.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

VERSION = "qd766-2026"
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Component:
    """A part of the index. `most` are its points when `full_at` of the denominator is reached;
    `of_nothing` is what the portal gives where the denominator is 0, None for no value at all.
    `missing` says which data the program lacks to reckon it; empty: it is reckoned."""

    number: str
    name: str
    most: int
    missing: str = ""
    full_at: Fraction = Fraction(1)
    of_nothing: int | None = None
    only_province: bool = False
    """Measured at the province alone: a commune cannot change it."""

    def points(self, numerator: int, denominator: int) -> Decimal | None:
        """The points, to two decimals, halves up: most x rate / full_at, never above `most` nor
        below 0. None is no value, which is not 0."""
        if denominator <= 0:
            return None if self.of_nothing is None else _decimal(Fraction(self.of_nothing))
        rate = max(Fraction(0), Fraction(numerator, denominator))
        return _decimal(min(Fraction(self.most), self.most * rate / self.full_at))

    def lost(self, numerator: int, denominator: int) -> Decimal | None:
        """How many points are missing to `most`; None without a value."""
        points = self.points(numerator, denominator)
        return None if points is None else _decimal(Fraction(self.most)) - points


@dataclass(frozen=True)
class IndexGroup:
    """One of the six groups; `most` are the points of its components together."""

    number: int
    name: str
    components: tuple[Component, ...]

    @property
    def most(self) -> int:
        return sum(component.most for component in self.components)


PROGRESS = Component("2", "Tiến độ giải quyết", 20)
ONLINE = Component("3.3", "Hồ sơ nộp trực tuyến", 6, full_at=Fraction(1, 2))
SATISFACTION = Component(
    "5.4", "Hài lòng trong tiếp nhận, giải quyết", 6, full_at=Fraction(9, 10), of_nothing=0
)
KNOWN = (PROGRESS, ONLINE, SATISFACTION)
"""What can be reckoned from the dossiers of the program."""

_DECISIONS = "quyết định công bố thủ tục và ngày công khai trên Cổng Dịch vụ công quốc gia"
_CATALOGUE = "danh mục dịch vụ công trực tuyến của tỉnh trên Cổng"
_PAID = "giao dịch thanh toán trực tuyến qua Cổng"
_PETITIONS = "phản ánh, kiến nghị (PAKN) trên hệ thống của Cổng"
_POPULATION = "việc tra cứu cơ sở dữ liệu quốc gia về dân cư của từng hồ sơ"

GROUPS = (
    IndexGroup(
        1,
        "Công khai, minh bạch",
        (
            Component("1.1", "Công bố thủ tục đúng hạn", 6, _DECISIONS, only_province=True),
            Component("1.2", "Cập nhật, công khai đúng hạn", 4, _DECISIONS, only_province=True),
            Component(
                "1.3",
                "Thủ tục đủ bộ phận tạo thành",
                2,
                "nội dung thủ tục đang công khai trên Cổng",
                only_province=True,
            ),
            Component("1.4", "Hồ sơ đồng bộ lên Cổng", 6, "nhật ký đồng bộ với Cổng"),
        ),
    ),
    IndexGroup(2, "Tiến độ, kết quả giải quyết", (PROGRESS,)),
    IndexGroup(
        3,
        "Cung cấp dịch vụ công trực tuyến",
        (
            Component(
                "3.1",
                "Thủ tục cung cấp dịch vụ công trực tuyến",
                2,
                _CATALOGUE,
                Fraction(4, 5),
                only_province=True,
            ),
            Component("3.2", "Dịch vụ công trực tuyến có phát sinh hồ sơ", 4, _CATALOGUE),
            ONLINE,
        ),
    ),
    IndexGroup(
        4,
        "Thanh toán trực tuyến",
        (
            Component(
                "3.5",
                "Thủ tục có nghĩa vụ tài chính được tích hợp thanh toán",
                2,
                "danh mục thủ tục tích hợp thanh toán trên Cổng",
                Fraction(4, 5),
                only_province=True,
            ),
            Component(
                "3.5b", "Thủ tục có giao dịch thanh toán trực tuyến", 2, _PAID, Fraction(4, 5)
            ),
            Component("3.6", "Hồ sơ thanh toán trực tuyến", 6, _PAID),
        ),
    ),
    IndexGroup(
        5,
        "Mức độ hài lòng",
        (
            SATISFACTION,
            Component("5.2", "PAKN xử lý đúng hạn", 6, _PETITIONS, of_nothing=6),
            Component("5.3", "Hài lòng trong xử lý PAKN", 6, _PETITIONS, of_nothing=6),
        ),
    ),
    IndexGroup(
        6,
        "Số hóa hồ sơ",
        (
            Component("4.1", "Kết quả giải quyết điện tử", 6, "mã kết quả và tệp kết quả điện tử"),
            Component(
                "4.2", "Số hóa hồ sơ", 4, "thành phần hồ sơ và kết quả đã số hóa của từng hồ sơ"
            ),
            Component(
                "CT", "Chứng thực bản sao điện tử", 2, "việc chứng thực bản sao điện tử trên Cổng"
            ),
            Component(
                "4.3",
                "Tái sử dụng dữ liệu số hóa",
                2,
                "thành phần hồ sơ lấy lại từ kho dữ liệu",
                Fraction(4, 5),
            ),
            Component(
                "4.4", "Kết nối, chia sẻ dữ liệu số hóa", 4, "kết nối với kho dữ liệu trên Cổng"
            ),
            Component("4.5b", "Hồ sơ dùng dữ liệu dân cư", 2, _POPULATION),
            Component("4.5a", "Thủ tục kết nối dữ liệu dân cư", 2, _POPULATION, only_province=True),
        ),
    ),
)


def together(points: Iterable[Decimal | None]) -> Decimal:
    """The sum of what has a value."""
    return sum((each for each in points if each is not None), Decimal("0.00"))


def satisfied(handled: int, late: int, disliked: int) -> int:
    """The numerator of 5.4: rate = 100 % - (share late + share disliked), so that a dossier which
    is both costs twice, as in the formula of the portal; never below 0."""
    return max(0, handled - late - disliked)


def _decimal(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(_CENT, ROUND_HALF_UP)
