"""Which letters the shipped faces print."""

import re

import pytest
from fontTools.ttLib import TTFont

from motcua.printing import letters
from motcua.printing.letters import unprintable


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Nguyễn Thị Đặng Ượng Ỹ", ""),
        ("Ngu\u0079e\u0302\u0303n", ""),  # letters and marks apart
        ("ស្រី ពៅ, ꨆꨤꩀ, Müller, Łukasz, Иван, Γιώργος", ""),
        ("a\u200bb\u00a0c\u202ed", ""),
        ("김민수 Kim", "김민수"),
        ("王芳王", "王芳"),
        ("สมชาย", "สมชาย"),
    ],
)
def test_printing_letters_names_what_no_face_has(text: str, missing: str) -> None:
    assert unprintable(text) == missing


def test_printing_letters_faces_are_those_of_the_papers_and_bold_has_the_same() -> None:
    style = (letters.FONTS.parent / "css" / "paper.css").read_text()
    faces = re.findall(r"fonts/([^\"]+)", style)
    assert {face for face in faces if face.endswith("-Regular.ttf")} == set(letters.FACES)
    for face in letters.FACES:
        regular, bold = codes_of(face), codes_of(face.replace("Regular", "Bold"))
        assert {c for c in regular - bold if chr(c).isalpha()} == set()


def test_printing_letters_latin_is_had_without_opening_a_face() -> None:
    assert {ord(c) for c in letters._LATIN} - codes_of(letters.FACES[0]) == set()


def codes_of(face: str) -> set[int]:
    with TTFont(letters.FONTS / face) as font:
        return set(font.getBestCmap())
