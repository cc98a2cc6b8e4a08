"""How high a cell of a spreadsheet must be for its words, in Times New Roman.

A spreadsheet makes a row as high as its words when somebody types them, but not when a program
wrote them, and never for merged cells: so the heights are reckoned here, rather a line too
many than one too few. Pure Python, no Django.
"""

import unicodedata
from functools import lru_cache

# Widths as parts of the size of the font; bold letters are wider by BOLDER.
SPACE, NARROW, LETTER, CAPITAL, WIDE = 0.25, 0.33, 0.49, 0.71, 0.85
BOLDER = 1.07
LINE = 1.3  # the distance of lines, as a part of the size
POINT = 96 / 72  # pixels


def column_pixels(width: float) -> float:
    """The room for words, in pixels, in columns of together this width (in characters)."""
    return width * 7 - 1


@lru_cache(maxsize=2000)
def _letter(letter: str) -> float:
    base = unicodedata.normalize("NFD", letter)[0]
    if base == " ":
        return SPACE
    if base in "iljtfrI.,;:'!|()[]/-":
        return NARROW
    if base in "mwMW@%—…":
        return WIDE
    return CAPITAL if base.isupper() else LETTER


def words_pixels(words: str, size: float, *, bold: bool = False) -> float:
    """The width of words on one line, in pixels; `size` in points."""
    wide = BOLDER if bold else 1
    return sum(map(_letter, words)) * size * POINT * wide


@lru_cache(maxsize=5000)
def lines_of(words: str, width: float, size: float = 12, *, bold: bool = False) -> int:
    """On how many lines words stand in columns of this width (in characters); a word that is wider
    is broken."""
    room = column_pixels(width)
    lines = 0
    for paragraph in words.split("\n"):
        lines += 1
        used = 0.0
        for word in paragraph.split(" "):
            wide = words_pixels(word, size, bold=bold)
            if used and used + wide > room:
                lines, used = lines + 1, 0.0
            broken = int(wide // room)
            lines, used = lines + broken, used + wide - broken * room
            used += words_pixels(" ", size)
    return lines


def row_height(lines: int, size: float = 12) -> float:
    """The height of a row of so many lines, in points."""
    return round(lines * size * LINE + 3, 1)
