"""Which letters the papers can print: those of the faces that the project ships (paper.css). A
letter that none of them has leaves nothing on the paper, not even a box."""

import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"
FACES = (
    "liberation-serif/LiberationSerif-Regular.ttf",
    "noto/NotoSerifKhmer-Regular.ttf",
    "noto/NotoSansCham-Regular.ttf",
)
# Latin with all Vietnamese letters: what nearly every text is of, so that no face is opened for it.
_LATIN = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x1EA0, 0x1EFA))))
_UNSEEN = frozenset("ZC")
"""Spaces and characters that nobody sees anyway, by their general category."""


def unprintable(text: str) -> str:
    """The characters of the text that no face has, each once, in their order.

    >>> unprintable("Nguyễn Thị 김민수, ស្រី")
    '김민수'
    """
    foreign = dict.fromkeys(c for c in unicodedata.normalize("NFC", text) if c not in _LATIN)
    seen = [c for c in foreign if unicodedata.category(c)[0] not in _UNSEEN]
    return "".join(c for c in seen if ord(c) not in _of_faces()) if seen else ""


@cache
def _of_faces() -> frozenset[int]:
    """The code points of all faces: read once a process, when the first foreign letter comes."""
    from fontTools.ttLib import TTFont  # as much to import as all the rest of a page

    codes: set[int] = set()
    for face in FACES:
        with TTFont(FONTS / face, lazy=True) as font:
            codes.update(font.getBestCmap())
    return frozenset(codes)
