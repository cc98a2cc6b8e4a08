"""People and organisations of the demonstration. Pure Python.

Nobody can take them for real ones: given names are two-word names of plants of the mangrove,
ID numbers begin with 000 (no province has that code), tax codes with 00, phone numbers are
0900 00x xxx and mail goes to a domain that cannot exist (RFC 2606).
"""

from dataclasses import dataclass

POOL = 9000  # people; each has a phone number of its own, so there cannot be 10,000

FAMILIES = (
    *("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Lâm", "Trương", "Bùi", "Đỗ"),
    *("Dương", "Ngô", "Phan", "Thạch", "Danh", "Tăng", "Quách", "Hồ"),
)
WOMEN = (
    *("Bông Súng", "Bông Trang", "Cà Na", "Chà Là", "Cỏ May", "Điên Điển", "Hoa Mua", "Lá Lốt"),
    *("Lục Bình", "Mãng Cầu", "Rau Ngổ", "Sầu Đâu", "Sen Cạn", "So Đũa", "Trâm Bầu", "Vạn Thọ"),
)
MEN = (
    *("Bần Chua", "Bình Bát", "Bồn Bồn", "Dừa Nước", "Đước Đôi", "Giá Tỵ", "Lau Sậy", "Mắm Trắng"),
    *("Mù U", "Ô Môi", "Ô Rô", "Quao Nước", "Sộp Rừng", "Tràm Gió", "Vẹt Tách", "Xoài Cát"),
)
KINDS = (
    "Công ty TNHH Trình Diễn",
    "Công ty Cổ phần Trình Diễn",
    "Doanh nghiệp tư nhân Trình Diễn",
    "Hợp tác xã Trình Diễn",
    "Hội Trình Diễn",
    "Trường Trình Diễn",
)
ORGANISATIONS = 240


@dataclass(frozen=True)
class Applicant:
    name: str
    number: str
    phone: str
    email: str
    hamlet: int
    is_organisation: bool = False


def person(index: int, *, digits: int = 9) -> Applicant:
    """The same person every time; the ID number has 9 digits (CMND, until 2015 - 2020) or 12."""
    index %= POOL
    is_woman = index % 2 == 0
    given = (WOMEN if is_woman else MEN)[index // 2 % 16]
    family = FAMILIES[index // 32 % len(FAMILIES)]
    middle = ("Thị", "")[index // 608 % 2] if is_woman else ("Văn", "")[index // 608 % 2]
    return Applicant(
        name=" ".join(part for part in (family, middle, given) if part),
        number=f"000{index + 1:0{digits - 3}d}",  # nobody has zeros alone
        phone=f"090000{index + 1:04d}",
        email=f"congdan{index}@vidu.invalid",
        hamlet=index // 7 % 9 + 1,
    )


def organisation(index: int) -> Applicant:
    """The same organisation every time."""
    index %= ORGANISATIONS
    plants = MEN + WOMEN
    return Applicant(
        name=f"{KINDS[index % len(KINDS)]} {plants[index // len(KINDS) % len(plants)]}",
        number=f"00{index:08d}",
        phone=f"090000{POOL + index + 1:04d}",
        email=f"tochuc{index}@vidu.invalid",
        hamlet=index % 9 + 1,
        is_organisation=True,
    )
