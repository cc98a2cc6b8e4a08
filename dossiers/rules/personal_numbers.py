"""Which number a person has written: of an identity card, a passport, a residence card, a
telephone. However it is written, it is kept one way; a number that cannot be one is refused with a
Vietnamese sentence, one that is unlikely is taken and its `doubt` says why.

What a 12-digit number says of itself: three digits of the province or country where the birth was
registered, one of sex and century, two of the year of birth, six at random (docs/domain.md,
"Numbers of people"). Corrections of sex and year leave the number as it was, so all of this
is doubt and never a reason to refuse.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from motcua.text import fold, tidy


class IdentityKind(StrEnum):
    """What paper an identity number stands on."""

    CITIZEN = "citizen"
    OLD_ID = "old_id"
    PASSPORT = "passport"
    PERMANENT = "permanent"
    TEMPORARY = "temporary"


KIND_WORDS = {
    IdentityKind.CITIZEN: "CCCD",
    IdentityKind.OLD_ID: "CMND",
    IdentityKind.PASSPORT: "Hộ chiếu",
    IdentityKind.PERMANENT: "Thẻ thường trú",
    IdentityKind.TEMPORARY: "Thẻ tạm trú",
}
OF_FOREIGNERS = (IdentityKind.PASSPORT, IdentityKind.PERMANENT, IdentityKind.TEMPORARY)

# Before the mergers of 2025; the codes of today are all among them. From 100 on: countries.
PROVINCES = {
    *("001", "002", "004", "006", "008", "010", "011", "012", "014", "015", "017", "019", "020"),
    *("022", "024", "025", "026", "027", "030", "031", "033", "034", "035", "036", "037", "038"),
    *("040", "042", "044", "045", "046", "048", "049", "051", "052", "054", "056", "058", "060"),
    *("062", "064", "066", "067", "068", "070", "072", "074", "075", "077", "079", "080", "082"),
    *("083", "084", "086", "087", "089", "091", "092", "093", "094", "095", "096"),
}
OLDEST = 125  # years: nobody is known to have lived longer

ONLY_DIGITS = (
    "Số CMND, CCCD chỉ gồm chữ số. Nếu là hộ chiếu, thẻ thường trú hay thẻ tạm trú thì chọn loại "
    "giấy tờ đó."
)
LENGTH = "Số này có {} chữ số. CMND có 9 chữ số, số định danh (CCCD) có 12."
TAX_CODE = (
    "Số này có {} chữ số như mã số thuế, mà mã số thuế chỉ ghi khi người nộp là tổ chức. Cá nhân "
    "ghi CMND (9 chữ số) hoặc số định danh, CCCD (12 chữ số)."
)
TAX_CODE_LENGTHS = (10, 13)
FOREIGN_PAPER = "Số {} gồm chữ cái không dấu và chữ số, từ 5 đến 20 ký tự, ví dụ C1234567."
PHONE_CHARACTERS = "Số điện thoại chỉ gồm chữ số."
PHONE_LENGTH = (
    "Số điện thoại có 10 hoặc 11 chữ số và bắt đầu bằng số 0, ví dụ 0912 345 678. Số nước ngoài "
    "ghi dấu + và mã nước ở đầu, ví dụ +1 202 555 0123."
)
FOREIGN_PHONE = (
    "Số điện thoại nước ngoài có từ 7 đến 15 chữ số, kể cả mã nước, ví dụ +1 202 555 0123."
)
MADE_UP = "Số {} có vẻ được ghi cho có. Hãy xem lại trên giấy tờ."
MADE_UP_PHONE = "Số điện thoại {} có vẻ được ghi cho có. Hãy hỏi lại."
NO_PROVINCE = "Ba số đầu {} không phải mã tỉnh, thành phố nào. Hãy xem lại số trên thẻ."
NOT_BORN = "Theo số này thì người này sinh năm {}. Hãy xem lại số trên thẻ."
OTHER_YEAR = "Theo số này thì người này sinh năm {}, khác năm sinh đã ghi ({}). Hãy xem lại."
OTHER_SEX = "Theo số này thì người này là {}, khác giới tính đã ghi ({}). Hãy xem lại."
LONG_PASSPORT = "Số hộ chiếu thường có nhiều nhất 9 ký tự. Hãy xem lại."
NO_PASSPORT = "Số này giống số CCCD hơn là số {}. Hãy xem lại loại giấy tờ."

_LABELS = {
    IdentityKind.OLD_ID: "cmnd|cmtnd|cmt|chung minh(?: nhan dan| thu)?",
    IdentityKind.CITIZEN: "cccd|can cuoc(?: cong dan)?|dinh danh(?: ca nhan)?|ddcn|cc",
    IdentityKind.PASSPORT: "ho chieu|passport|hc|pp",
    IdentityKind.PERMANENT: "thuong tru",
    IdentityKind.TEMPORARY: "tam tru",
}
# Words of a label that are letters only must not be taken from the number of a passport (PP123456).
_LABEL = re.compile(
    r"(?:so |ma )?(?:the )?(?:"
    + "|".join(f"(?P<{kind.value}>{words})" for kind, words in _LABELS.items())
    + r")(?: so)?(?:\s*[:.#-]\s*|\s+|(?<=d)(?=\d))"
)
_DIGITS = re.compile(r"[0-9]+(?:[ .\-]+[0-9]+)*(?![.\-]*[^\W_])")
_LETTERS_AND_DIGITS = re.compile(
    r"[A-Za-z]{1,3}[ .\-]?[0-9][0-9A-Za-z]*(?:[ .\-]+[0-9]+)*(?![^\W_])"
)
_SEPARATORS = re.compile(r"[\s.\-]+")
_AROUND = " ()[],;.:-/"


class NumberRefused(ValueError):
    """It cannot be such a number; the text is a Vietnamese sentence. `code` is "characters" or
    "length", `digits` what was read when it was digits alone."""

    def __init__(self, sentence: str, code: str, digits: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.digits = digits


@dataclass(frozen=True)
class ReadNumber:
    """An identity number as it is kept. `note`: words that stood beside it; `doubt`: a sentence
    that asks to look again, or empty."""

    kind: IdentityKind
    value: str
    note: str = ""
    doubt: str = ""

    @property
    def kept_kind(self) -> str:
        """The kind where it has to be kept beside the number: of 9 and of 12 digits it is told by
        their count."""
        return self.kind.value if self.kind in OF_FOREIGNERS else ""


@dataclass(frozen=True)
class ReadTelephone:
    """A telephone number as it is kept: a Vietnamese one from its 0 on, a foreign one with + and
    the code of the country. `note`: what else was written, such as a second number."""

    value: str
    note: str = ""
    doubt: str = ""

    @property
    def is_foreign(self) -> bool:
        return is_foreign_telephone(self.value)


def read_identity(text: str, kind: str = "", on: date | None = None) -> ReadNumber:
    """The identity number in a text. `kind`, where it is known, says of what paper; otherwise a
    word before the number does, or its shape: 12 digits, 9 digits, letters and digits.

    `on`: nobody is born after this day. Raises NumberRefused.

    >>> read_identity("CMND 381 234 567 (CA Cà Mau)")
    ReadNumber(kind=<IdentityKind.OLD_ID: 'old_id'>, value='381234567', note='CA Cà Mau', doubt='')
    """
    rest = re.sub(r"(?<=\d{7})\.0$", "", tidy(text))  # a number out of a spreadsheet
    said, rest = _label(rest)
    of = IdentityKind(kind) if kind else said
    if of in OF_FOREIGNERS:
        value, note = _foreign_paper(of, rest)
    else:
        value, note = _own_paper(rest)
        of = _kind_by_shape(value)
    return ReadNumber(of, value, note, _identity_doubt(of, value, on))


def kind_of(number: str, kind: str = "") -> str:
    """What paper a kept number stands on, in words; empty when its shape does not tell.

    >>> kind_of("381234567"), kind_of("C1234567"), kind_of("AB123456", "temporary"), kind_of("7")
    ('CMND', 'Hộ chiếu', 'Thẻ tạm trú', '')
    """
    try:
        return KIND_WORDS[IdentityKind(kind) if kind else read_identity(number).kind]
    except ValueError:
        return ""


def fits_a_citizen(digits: str, on: date | None = None) -> bool:
    """Whether 12 digits can be a citizen's number: province, century and year."""
    return len(digits) == 12 and _is_digits(digits) and not _citizen_doubt(digits, on)


def disagreements(number: str, *, born: int | None = None, sex: str = "") -> list[str]:
    """Where a 12-digit number says otherwise than the year of birth and the sex ("Nam", "Nữ") that
    are known from elsewhere: sentences that warn. A number of another kind says nothing."""
    if len(number) != 12 or not _is_digits(number):
        return []
    sentences = []
    if born is not None and born != _year_of_birth(number):
        sentences.append(OTHER_YEAR.format(_year_of_birth(number), born))
    says = "Nữ" if int(number[3]) % 2 else "Nam"
    if fold(sex) in ("nam", "nu") and fold(sex) != fold(says):
        sentences.append(OTHER_SEX.format(says.lower(), tidy(sex).lower()))
    return sentences


def read_telephone(text: str) -> ReadTelephone:
    """The telephone number in a text, the first where there are two. Raises NumberRefused.

    >>> read_telephone("+84 912.345.678").value, read_telephone("+1 (202) 555-0123").value
    ('0912345678', '+12025550123')
    """
    written = re.sub(r"(?<=\d{7})\.0$", "", tidy(text))
    written = re.sub(r"(?i)^(?:(?:số )?(?:đt|dt|sđt|sdt|tel|điện thoại)\b)[\s:.]*", "", written)
    # Brackets stand around the code of an area; after the number they hold a remark.
    found = re.match(r"\(?\+?[\s(]*[0-9](?:[\s.\-()]*[0-9])*(?![^\W_])", written)
    if not found:
        raise NumberRefused(PHONE_CHARACTERS, "characters")
    note = written[found.end() :].strip(_AROUND)
    number = re.sub(r"[^0-9+]", "", found[0])
    if number.startswith("+") and not number.startswith("+84"):
        if number[1] == "0" or not 7 <= len(number) - 1 <= 15:
            raise NumberRefused(FOREIGN_PHONE, "length")
        return ReadTelephone(number, note, _phone_doubt(number))
    bare = re.sub(r"^(?:\+|00)840?|^840?(?=[0-9]{9,10}$)", "0", number)
    if not (bare.startswith("0") and len(bare) in (10, 11)) or (
        bare.startswith("00") and bare.strip("0")
    ):
        raise NumberRefused(PHONE_LENGTH, "length", bare)
    return ReadTelephone(bare, note, _phone_doubt(bare))


def is_foreign_telephone(number: str) -> bool:
    """Whether a kept telephone number is one of another country."""
    return number.startswith("+")


def _label(text: str) -> tuple[IdentityKind | None, str]:
    """The kind that a word before the number says, and the text after it."""
    folded = fold(text)
    found = _LABEL.match(folded) if len(folded) == len(text) else None
    if found is None:
        return None, text
    kind = next(kind for kind in _LABELS if found[kind.value])
    return kind, text[found.end() :]


def _own_paper(text: str) -> tuple[str, str]:
    """Digits of a card, or letters and digits that can only be a passport's; and the rest."""
    found = _DIGITS.match(text)
    if found:
        digits = _SEPARATORS.sub("", found[0])
        if len(digits) not in (9, 12):
            sentence = TAX_CODE if len(digits) in TAX_CODE_LENGTHS else LENGTH
            raise NumberRefused(sentence.format(len(digits)), "length", digits)
        return digits, text[found.end() :].strip(_AROUND)
    found = _LETTERS_AND_DIGITS.match(text)
    number = _SEPARATORS.sub("", found[0]).upper() if found else ""
    if found is None or not 6 <= len(number) <= 9:
        raise NumberRefused(ONLY_DIGITS, "characters")
    return number, text[found.end() :].strip(_AROUND)


def _foreign_paper(kind: IdentityKind, text: str) -> tuple[str, str]:
    found = re.match(r"[0-9A-Za-z](?:[\s.\-/]*[0-9A-Za-z])*(?![^\W_])", text)
    number = re.sub(r"[^0-9A-Za-z]", "", found[0]).upper() if found else ""
    if not (found and 5 <= len(number) <= 20 and any(c in "0123456789" for c in number)):
        raise NumberRefused(FOREIGN_PAPER.format(KIND_WORDS[kind].lower()), "characters")
    return number, text[found.end() :].strip(_AROUND)


def _kind_by_shape(number: str) -> IdentityKind:
    if not _is_digits(number):
        return IdentityKind.PASSPORT
    return IdentityKind.CITIZEN if len(number) == 12 else IdentityKind.OLD_ID


def _identity_doubt(kind: IdentityKind, number: str, on: date | None) -> str:
    digits = re.sub(r"[^0-9]", "", number)
    # Those who print passports may well give out 1234567.
    is_made_up = len(set(digits)) == 1 if kind in OF_FOREIGNERS else looks_made_up(digits)
    if is_made_up:
        return MADE_UP.format(number)
    if kind is IdentityKind.CITIZEN:
        return _citizen_doubt(number, on)
    if kind in OF_FOREIGNERS and fits_a_citizen(number, on):
        return NO_PASSPORT.format(KIND_WORDS[kind].lower())
    return LONG_PASSPORT if kind is IdentityKind.PASSPORT and len(number) > 9 else ""


def _citizen_doubt(digits: str, on: date | None) -> str:
    if digits[:3] < "100" and digits[:3] not in PROVINCES:
        return NO_PROVINCE.format(digits[:3])
    year = _year_of_birth(digits)
    if on is not None and not on.year - OLDEST <= year <= on.year:
        return NOT_BORN.format(year)
    return ""


def _year_of_birth(digits: str) -> int:
    return 1900 + 100 * (int(digits[3]) // 2) + int(digits[4:6])


def _phone_doubt(number: str) -> str:
    """0900 000 000, or counted from end to end: 0912 345 678 may be anybody's."""
    digits = number.removeprefix("+")
    is_made_up = len(set(digits[-7:])) == 1 or _is_counted(digits)
    return MADE_UP_PHONE.format(number) if is_made_up else ""


def looks_made_up(digits: str) -> bool:
    """All the same, counted up or down, or a group that goes on repeating."""
    return len(set(digits)) == 1 or _is_counted(digits) or _repeats(digits)


def _is_counted(digits: str) -> bool:
    """Up or down, with 0 after 9."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(digits)}
    return steps in ({1}, {9})


def _repeats(digits: str) -> bool:
    """A group of two or three, again and again: 121212121212, 123123123."""
    return len(digits) >= 9 and any(
        digits == (digits[:size] * len(digits))[: len(digits)] for size in (2, 3)
    )


def _is_digits(text: str) -> bool:
    """Only 0-9: str.isdigit also takes digits of other scripts."""
    return text.isascii() and text.isdigit()
