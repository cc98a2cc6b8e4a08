"""Text search that ignores case and diacritics, the same on SQLite and PostgreSQL."""

import unicodedata


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
