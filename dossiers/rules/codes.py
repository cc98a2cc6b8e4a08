"""The key of a receipt code: what is compared when a code was typed in any way.

What a person types is read in three ways, the most literal first: as it stands; with the digits
that O, l and I are taken for; and as day and serial, where zeros of the serial were left out and
the applicant's name and telephone may follow, as on a list. The look-up address of a slip's square
code is read for its code, whatever host it names.
"""

import re
import unicodedata
from datetime import date
from urllib.parse import parse_qsl

LONGEST_TYPED = 300
SERIAL_DIGITS = 4
TRIAL_SERIAL = "0" * SERIAL_DIGITS
"""On the slip that is printed to try: serials begin with 1, so no dossier ever bears it."""
_ISSUED = re.compile(r"(\d{6})N?\d{4,}")
_ADDRESS = re.compile(r"^\s*(?:https?:/|www\.)?\S*\?(\S+)", re.IGNORECASE)
_MARKED = re.compile(
    r"^\s*m[ãa](?:\s+(?:số|so|hồ\s*sơ|ho\s*so|biên\s*nhận))*\s*:?\s+", re.IGNORECASE
)
_TAKEN_FOR_DIGITS = str.maketrans("OIL", "011")
_DIGITS = re.compile(r"[0-9OIL]*[0-9][0-9OIL]*")
_PART = re.compile(r"[^\W_]+")
_LISTS = re.compile(r"[,;|\t\n]")
_SERIAL = re.compile(r"(N?)([0-9]{1,7})")


def code_key(text: str) -> str:
    """What is left of a code typed in any way: letters and digits, upper case.

    >>> code_key(" h12.tam.967 - 160915 0007 ")
    'H12TAM9671609150007'
    """
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def readings(text: str) -> tuple[str, str, str]:
    """The keys of what was typed, scanned or copied, in the order in which they are believed. All
    ways of writing one code share the last.

    >>> readings("h12.tam.967-I609l5-7 Nguyễn Văn A")[-1]
    'H12TAM9671609150007'
    """
    typed = unicodedata.normalize("NFKC", text[:LONGEST_TYPED])
    typed = _MARKED.sub("", _of_address(typed))
    literal = code_key(typed)
    return literal, _as_digits(literal), _of_parts(typed) or _as_digits(literal)


def _of_address(typed: str) -> str:
    """The code in the address of the look-up; what was typed where it is no such address."""
    found = _ADDRESS.match(typed)
    asked = parse_qsl(found[1]) if found else []
    return next((value for name, value in asked if name.lower() == "ma"), typed)


def _as_digits(key: str) -> str:
    """With the letters that stand among digits and look like one read as that one."""
    return _DIGITS.sub(lambda run: run[0].translate(_TAKEN_FOR_DIGITS), key)


def _of_parts(typed: str) -> str:
    """The key of a code whose day and serial stand apart; empty where none do, or where the serial
    seems to go on."""
    typed = typed.upper()
    found = list(_PART.finditer(typed))
    parts = [part[0] for part in found]
    read = [_as_digits(part) if code_key(part) == part else part for part in parts]
    for place in range(len(read) - 1):
        serial = _SERIAL.fullmatch(read[place + 1])
        if serial is None or not _is_a_day(read[place]):
            continue
        # A name may have digits in it, and a telephone may follow; but digits right behind the
        # serial are of it, unless a list separates them.
        behind = parts[place + 2] if len(parts) > place + 2 else ""
        if any(character.isdigit() for character in behind) and not _LISTS.search(
            typed[found[place + 1].end() : found[place + 2].start()]
        ):
            return ""
        identity = _as_digits(code_key("".join(parts[:place])))
        return f"{identity}{read[place]}{serial[1]}{serial[2].zfill(SERIAL_DIGITS)}"
    return ""


def _is_a_day(digits: str) -> bool:
    """Whether these six digits are year, month and day."""
    if not re.fullmatch(r"[0-9]{6}", digits):
        return False
    year, month, day = (int(digits[at : at + 2]) for at in (0, 2, 4))
    try:
        date(2000 + year, month, day)
    except ValueError:
        return False
    return True


def may_be_issued(tail: str) -> bool:
    """Whether what follows an office's identity in the key of a code is a day and a serial, so
    that the program may issue a code of that key one day.

    >>> may_be_issued("1609150007"), may_be_issued("160915N0007"), may_be_issued("1613150007")
    (True, True, False)
    """
    found = _ISSUED.fullmatch(tail)
    return found is not None and _is_a_day(found[1])


def is_of_a_trial(typed: str) -> bool:
    """Whether this is the code of a slip that was printed to try.

    >>> is_of_a_trial("H12.32-261130-0000"), is_of_a_trial("H12.32-261130-0001")
    (True, False)
    """
    tail = readings(typed)[-1][-6 - SERIAL_DIGITS :]
    return tail.endswith(TRIAL_SERIAL) and may_be_issued(tail)
