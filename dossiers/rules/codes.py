"""The key of a receipt code: what is compared when a code was typed in any way."""

import re
from datetime import date

_ISSUED = re.compile(r"(\d{6})N?\d{4,}")


def code_key(text: str) -> str:
    """What is left of a code typed in any way: letters and digits, upper case.

    >>> code_key(" h12.tam.967 - 160915 0007 ")
    'H12TAM9671609150007'
    """
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def may_be_issued(tail: str) -> bool:
    """Whether what follows an office's identity in the key of a code is a day and a serial, so
    that the program may issue a code of that key one day.

    >>> may_be_issued("1609150007"), may_be_issued("160915N0007"), may_be_issued("1613150007")
    (True, True, False)
    """
    found = _ISSUED.fullmatch(tail)
    if found is None:
        return False
    year, month, day = (int(found[1][at : at + 2]) for at in (0, 2, 4))
    try:
        date(2000 + year, month, day)
    except ValueError:
        return False
    return True
