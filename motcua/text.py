"""Text: search that ignores case and diacritics (the same on SQLite and PostgreSQL), names as
they are stored, cells of a CSV file."""

import unicodedata

# With their wide forms, which spreadsheets of East Asia take for the narrow ones.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def fold(text: str) -> str:
    """The search key of a text: lower case, no diacritics, đ as d, single spaces.

    >>> fold("  Nguyễn Văn  ĐỨC ")
    'nguyen van duc'
    """
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.split())


def tidy(text: str) -> str:
    """A name as it is stored: composed Unicode (NFC), single spaces, no spaces at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def no_formula(text: str) -> str:
    """The text as a cell of a CSV file: what a spreadsheet would run as a formula gets an
    apostrophe in front. Applicants type their own names, and clerks open the file."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
