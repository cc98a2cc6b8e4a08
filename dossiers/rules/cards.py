"""What has a scanner typed: an identity card, the code of a dossier, the address on a slip?

A scanner types as a keyboard does, with Enter behind. A card's square code is read by what its
fields hold, not by where they stand: digits of a number, the shape of a date, a sex. Nothing of
the text is kept beside what `Card` names; what disagrees is a warning and never a refusal.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dossiers.rules.codes import LONGEST_TYPED, may_be_issued, readings
from dossiers.rules.personal_numbers import disagreements, read_identity
from motcua.text import fold, tidy

LONGEST_CARD = 1000
FIELDS = range(6, 12)
"""Without an old number there are six, with it seven, on the cards of 2025 eleven."""

INPUT_METHOD = (
    "Máy quét đã gõ trong lúc bật bộ gõ tiếng Việt (Telex, VNI) nên họ tên, địa chỉ bị sai và "
    "được để trống. Hãy tắt bộ gõ rồi quét lại, hoặc gõ theo thẻ."
)
CAPS_LOCK = (
    "Máy quét đã gõ trong lúc bật Caps Lock nên họ tên, địa chỉ bị sai và được để trống. Hãy tắt "
    "Caps Lock và bộ gõ Telex rồi quét lại, hoặc gõ theo thẻ."
)
NO_BIRTH = "Không đọc được ngày sinh trên thẻ. Hãy xem lại trên thẻ."
NO_NAME = "Không đọc được họ tên trên thẻ. Hãy gõ theo thẻ."

_LABEL = r"(?:[^\W\d_][^|:0-9]{0,30}:)?\s*"
_NUMBER = re.compile(_LABEL + r"([0-9]{12})")
_OLD_NUMBER = re.compile(_LABEL + r"([0-9]{9})")
_DAY = re.compile(_LABEL + r"([0-9]{2})([/.\-]?)([0-9]{2})\2([0-9]{4})")
_SEX = re.compile(r"(?:gioi tinh: ?)?(?:(nam)|nu[wx74]{0,2})")  # also as Telex and VNI spoil it
_TEXT_LABEL = re.compile(
    r"(?i)^(?:họ(?: và)?(?: chữ đệm và)? tên|nơi thường trú|nơi cư trú|địa chỉ)\s*:\s*"
)
_INSURED = re.compile(r"[A-Z]{2}[0-9]{8,13}", re.IGNORECASE)
_HEX = re.compile(r"(?:[0-9a-f]{2}){4,}", re.IGNORECASE)

# No Vietnamese word is written so: keys of Telex that were not put together.
_TELEX = re.compile(r"(?:aa|ee|dd|oo(?!ng|c)|[aou]w|[aeiouy](?:ch|ng|nh|[cmnpt])?[fxj]$)")
_INITIAL = r"(?:b|ch?|d|gh?|gi|h|kh?|l|m|n|ngh?|nh|ph?|qu|r|s|th?|tr|v|x)?"
# Also at home in names of other peoples (Ksor), so that the rest of the word must fit.
_TELEX_TONE = re.compile(_INITIAL + r"[aeiouy]+(?:ch|ng|nh|[cmnpt])?[sr]")

_ADDRESS = re.compile(r"(?:https?:/|www\.)?[^\s|]*\?(?:[^\s|]*&)?ma=[^\s|]", re.IGNORECASE)
_LENGTHS = range(10, 15)  # of day and serial


@dataclass(frozen=True)
class Card:
    """What stands on an identity card. `warnings`: Vietnamese sentences that ask to look again."""

    number: str
    old_number: str = ""
    name: str = ""
    born: date | None = None
    sex: str = ""
    address: str = ""
    issued: date | None = None
    warnings: tuple[str, ...] = ()


class Burst(StrEnum):
    """What a burst of keys is."""

    CARD = "card"
    CODE = "code"
    ADDRESS = "address"
    OTHER = "other"


def what_is(text: str) -> Burst:
    """What was scanned: a card, the code of a dossier, the look-up address of a slip, or neither.

    >>> what_is("H12.TAM.967-261130-0001").value, what_is("096190000123").value
    ('code', 'other')
    """
    if read_card(text) is not None:
        return Burst.CARD
    typed = _clean(text)[:LONGEST_TYPED]
    if "|" in typed:
        return Burst.OTHER
    if _ADDRESS.match(typed):
        return Burst.ADDRESS
    # Twelve digits are a person's number, though some of them end as a code does.
    is_written_so = "-" in typed or any(character.isalpha() for character in typed)
    return Burst.CODE if is_written_so and _ends_as_a_code(typed) else Burst.OTHER


def is_of_a_card(text: str) -> bool:
    """Whether a text is of some card with a square code, be it readable or not: an identity card,
    a health insurance card. Such a text is searched for nowhere and kept nowhere."""
    return text.count("|") > 1


def read_card(text: str, on: date | None = None) -> Card | None:
    """The identity card whose square code this is; None where it is not one, as that of a health
    insurance card. `on`: nobody is born after this day.

    >>> read_card("096205000456||Trần Văn Ví Dụ|15072005|Nam|Khóm 2|20102022").name
    'Trần Văn Ví Dụ'
    """
    if len(text) > LONGEST_CARD:
        return None
    fields = [field.strip() for field in _clean(text).split("|")]
    number = _first(_NUMBER, fields)
    if len(fields) not in FIELDS or not number or _is_of_insurance(fields):
        return None
    days = [(place, day) for place, field in enumerate(fields) if (day := _day(field))]
    sexes = [place for place, field in enumerate(fields) if _sex(field)]
    if not days and not sexes:
        return None
    middle = sexes[0] if sexes else days[0][0]
    born = next((day for place, day in days if place <= middle), None)
    issued = next((day for place, day in days if place > middle), None)
    begin = min([middle, *(place for place, _ in days)])
    sex = _sex(fields[middle])
    name, address = _words(fields[:begin]), _words(fields[middle + 1 :])
    name, address, spoiled = _unspoiled(name, address)
    warnings = [
        spoiled,
        NO_BIRTH if born is None else "",
        NO_NAME if not name and not spoiled else "",
        read_identity(number, "citizen", on).doubt,
        *disagreements(number, born=born.year if born else None, sex=sex),
    ]
    return Card(
        number=number,
        old_number=_first(_OLD_NUMBER, fields),
        name=name,
        born=born,
        sex=sex,
        address=address,
        issued=issued,
        warnings=tuple(dict.fromkeys(filter(None, warnings))),
    )


def _ends_as_a_code(typed: str) -> bool:
    key = readings(typed)[-1]
    return any(may_be_issued(key[-length:]) for length in _LENGTHS)


def _clean(text: str) -> str:
    """Without the marks that a scanner or a file adds at the ends, and without line breaks."""
    return unicodedata.normalize("NFC", re.sub(r"[\r\n\t]+", " ", text)).strip("\ufeff \0\x02\x03")


def _first(pattern: re.Pattern[str], fields: list[str]) -> str:
    """The first field that is nothing else but this number."""
    return next((found[1] for field in fields if (found := pattern.fullmatch(field))), "")


def _day(field: str) -> date | None:
    found = _DAY.fullmatch(field)
    if found is None:
        return None
    try:
        return date(int(found[4]), int(found[3]), int(found[1]))
    except ValueError:
        return None


def _sex(field: str) -> str:
    found = _SEX.fullmatch(fold(field))
    return "" if found is None else "Nam" if found[1] else "Nữ"


def _words(fields: list[str]) -> str:
    """The first of these fields that is no number: a name, an address."""
    for field in fields:
        words = tidy(_TEXT_LABEL.sub("", field))
        is_number = _NUMBER.fullmatch(field) or _OLD_NUMBER.fullmatch(field)
        if any(character.isalpha() for character in words) and not is_number:
            return words
    return ""


def _is_of_insurance(fields: list[str]) -> bool:
    """Whether its number begins with letters, or its name is written in hexadecimal digits."""
    return bool(_INSURED.fullmatch(fields[0])) or any(_is_hexadecimal(field) for field in fields)


def _is_hexadecimal(field: str) -> bool:
    if not _HEX.fullmatch(field) or field.isdigit():
        return False
    try:
        return any(c.isalpha() for c in bytes.fromhex(field).decode())
    except UnicodeDecodeError:
        return False


def _unspoiled(name: str, address: str) -> tuple[str, str, str]:
    """Name and address, both empty where the keyboard spoiled them; and the sentence about it."""
    if any(_is_inverted(word) for word in re.findall(r"[^\W\d_]+", name)):
        return "", "", CAPS_LOCK
    # A letter that was lost on the way is as bad as one that was put in.
    if re.search(r"[0-9?\ufffd]", name) or _is_telex(name):
        return "", "", INPUT_METHOD
    # In an address words of other languages stand: that of a building. It has marks all the same.
    if address.isascii() and _is_telex(address):
        return "", "", INPUT_METHOD
    return name, address, ""


def _is_inverted(word: str) -> bool:
    return len(word) > 1 and word[0].islower() and word[1:].isupper()


def _is_telex(words: str) -> bool:
    small = re.findall(r"[^\W\d_]+", words.lower())
    return any(_TELEX.search(word) for word in small) or (
        words.isascii() and any(_TELEX_TONE.fullmatch(word) for word in small)
    )
