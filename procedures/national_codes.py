"""Which national code is meant, however it is written.

Two patterns are in use: the code with the parts of the agency behind it (2.000815.000.00.00.H61)
and the short one of the decisions of 2025 (1.014392.H05). What tells one procedure from another is
the first eight characters, `d.dddddd`; the rest names who published it.
"""

import re

PATTERN = re.compile(r"\d\.\d{6}(?:\.\d{3}\.\d{2}\.\d{2})?(?:\.[A-Z]\d{2})?")
LENGTH = 8
_IN_TEXT = re.compile(r"(?<![\d.])(\d\.\d{6})(?:\s*\.\s*(?:\d{2,3}|[a-z]\d{2})\b)*", re.IGNORECASE)


def is_code(text: str) -> bool:
    """Whether the text is a code of either pattern, written as the decisions write it."""
    return PATTERN.fullmatch(text) is not None


def short(code: str) -> str:
    """What two ways to write one code have in common; other texts stay as they are.

    >>> short("2.000815.000.00.00.H61"), short("1.014392.H05"), short("H001")
    ('2.000815', '1.014392', 'H001')
    """
    return code[:LENGTH] if PATTERN.fullmatch(code) else code


def shortened(text: str) -> str:
    """The text with every code in it cut to what codes are compared by, a stray space too.

    >>> shortened("mã 1.014464. H12 ở Cà Mau")
    'mã 1.014464 ở Cà Mau'
    """
    return _IN_TEXT.sub(r"\1", text)
