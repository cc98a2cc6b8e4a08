"""Identity numbers and telephones of an old register: what spreadsheets did to them is mended,
then the desk's own readers read them.

A spreadsheet drops the zeros that a number begins with, adds .0, or writes 9.6E+10. A book says
"không có" where there is none. What the readers refuse is kept as the book has it, and doubtful.
"""

import re
from dataclasses import dataclass
from datetime import date

from dossiers.rules import personal_numbers
from dossiers.rules.personal_numbers import (
    OF_FOREIGNERS,
    IdentityKind,
    NumberRefused,
    fits_a_citizen,
)
from motcua.text import fold

SHORTENED = (
    "Số bị bảng tính viết gọn (E+) nên mất chữ số. Hãy định dạng cột thành văn bản và ghi lại số."
)
TEN_DIGITS = (
    "Số giấy tờ có 10 chữ số: là mã số thuế, hay số CCCD đã mất hai số 0 ở đầu? Hãy xem lại."
)
EIGHT_DIGITS = (
    "Số giấy tờ có 8 chữ số: số CMND có 9, có thể đã mất số 0 ở đầu hoặc thiếu một chữ số."
)
LIKE_A_TELEPHONE = "Số giấy tờ giống một số điện thoại. Hãy xem hai ô có đổi chỗ cho nhau không."
UNREAD = "Không đọc được thành số {}. Hãy xem lại; nếu nhận thì giữ như sổ."

_NONE = {
    *("", "0", "-", "--", "---", "x", "k", "ko", "kg", "khong", "khong co", "k co", "ko co", "kc"),
    *("chua co", "khong ro", "khong biet", "none", "null", "n/a", "na", "trong", "...", "…", "?"),
    *("khong co so", "chua cap", "khong co dien thoai", "khong co cmnd", "khong dung"),
}
_SHORTENED = re.compile(r"[+-]?\d+(?:[.,]\d+)?\s*E\s*\+?\d+", re.IGNORECASE)
_MOBILE = re.compile(r"0(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)\d{7}")
_TAX_LIKE_MOBILE = ("070", "090")  # so begin tax codes of Hà Nam and Hưng Yên too
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_TAX_BRANCH = re.compile(r"(\d{10})\s*-?\s*\d{3}")


class Shortened(ValueError):
    """Digits are gone for good; the text says so."""


@dataclass(frozen=True)
class Number:
    """A number as it is stored; `note`: the cell, where it says more; `doubt`: why to look."""

    value: str
    note: str = ""
    doubt: str = ""
    kind: str = ""
    """Of what paper of a foreigner it is; as `Dossier.applicant_id_kind`."""


def identity(text: str, on: date | None = None) -> Number:
    """The number of a person's paper in a cell; `on`: the day by which the person was born.

    >>> identity("96095001234").value, identity("CMND 381 234 567").value
    ('096095001234', '381234567')
    """
    text = _mended(text)
    if not text:
        return Number("")
    if re.fullmatch(r"\d{11}", text):
        if text.startswith("0") and not fits_a_citizen(f"0{text}", on):
            return Number(text, doubt=LIKE_A_TELEPHONE)
        text = f"0{text}"
    try:
        read = personal_numbers.read_identity(text)
    except NumberRefused as refused:
        return _unusual(text, refused.digits, on)
    # What 12 digits say of province and year only warns: an ordinary book raises no doubt.
    is_made_up = read.doubt == personal_numbers.MADE_UP.format(read.value)
    doubt = read.doubt if is_made_up or read.kind is not IdentityKind.CITIZEN else ""
    kind = read.kind.value if read.kind in OF_FOREIGNERS else ""
    return Number(read.value, text if read.note else "", doubt, kind)


def telephone(text: str) -> Number:
    """The telephone in a cell; the first where there are several.

    >>> telephone("912000001").value, telephone("2903851234").value
    ('0912000001', '02903851234')
    """
    text = _mended(text)
    if not text:
        return Number("")
    lead = re.match(r"[\d .]+", text)
    digits = re.sub(r"\D", "", lead[0]) if lead else ""
    if len(digits) in (9, 10) and digits[0] not in "0":
        text = f"0{text}"
    try:
        read = personal_numbers.read_telephone(text)
    except NumberRefused:
        first = re.match(r"\+?[\d.]{9,}(?=[^\d.])", text)  # two, with a dash or a space between
        if first and not (number := telephone(first[0])).doubt:
            return Number(number.value, text)
        return Number(text, doubt=UNREAD.format("điện thoại"))
    return Number(read.value, text if read.note else "", read.doubt)


def _mended(text: str) -> str:
    """Raises Shortened. An apostrophe before the digits keeps a spreadsheet from reading them."""
    text = re.sub(r"^'\s*(?=[\d+])", "", text)
    if _SHORTENED.fullmatch(text):
        raise Shortened(SHORTENED)
    if fold(text).strip(" .()") in _NONE or not re.search(r"\w", text):
        return ""
    return re.sub(r"^(\d+)[.,]0+$", r"\1", text)


def _unusual(text: str, digits: str, on: date | None) -> Number:
    if len(digits) == 8:
        return Number(digits, _said(text, digits), EIGHT_DIGITS)
    if _MOBILE.fullmatch(digits) and not (
        digits.startswith(_TAX_LIKE_MOBILE) and is_tax_code(digits)
    ):
        return Number(digits, _said(text, digits), LIKE_A_TELEPHONE)
    if len(digits) == 10:
        # A spreadsheet leaves no zero at the front, so this one is a tax code as it stands.
        kept_zeros = digits.startswith("0")
        was_card = fits_a_citizen(f"00{digits}", on)
        is_certain = kept_zeros or (not was_card and is_tax_code(digits))
        return Number(digits, _said(text, digits), "" if is_certain else TEN_DIGITS)
    if (branch := _TAX_BRANCH.fullmatch(text)) and is_tax_code(branch[1]):
        return Number(text)
    return Number(text, doubt=UNREAD.format("giấy tờ"))


def is_tax_code(digits: str) -> bool:
    """Whether the tenth digit is the one that the nine before it give.

    >>> is_tax_code("0100109106"), is_tax_code("0100109107")
    (True, False)
    """
    total = sum(int(d) * weight for d, weight in zip(digits, _TAX_WEIGHTS, strict=False))
    return len(digits) == 10 and int(digits[9]) == 10 - total % 11


def _said(text: str, digits: str) -> str:
    """The cell, where it says more than the digits."""
    return text if re.sub(r"[\s.\-]", "", text) != digits else ""
