"""How one Vietnamese word is written: its letters, its tone, how it sounds, what a keyboard left of
it. Pure: no database."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from motcua.text import fold, tidy

_TONES = {
    "\N{COMBINING GRAVE ACCENT}": 1,
    "\N{COMBINING HOOK ABOVE}": 2,
    "\N{COMBINING TILDE}": 3,
    "\N{COMBINING ACUTE ACCENT}": 4,
    "\N{COMBINING DOT BELOW}": 5,
}
_HOOK_AND_TILDE = {2, 3}
_WORD = re.compile(r"[^\W_]+(?:[./-](?=\d)[^\W_]+)*")
# "kỹ" and "kĩ": where y is the only vowel, i is written too.
_Y_ALONE = re.compile(r"^([bcdghklmnprstvx]*?(?:qu)?)y$")
_SOUNDS = (
    ("ngh", "ng"),
    ("gh", "g"),
    ("gi", "d"),
    ("tr", "ch"),
    ("v", "d"),
    ("s", "x"),
    ("l", "n"),
    ("k", "c"),
    ("q", "c"),
)
_ENDS = (("nh", "n"), ("ng", "n"), ("ch", "t"), ("c", "t"), ("ay", "ai"), ("au", "ao"))
_TELEX = (
    ("dd", "đ"),
    ("aa", "â"),
    ("ee", "ê"),
    ("oo", "ô"),
    ("aw", "ă"),
    ("uow", "ươ"),
    ("ow", "ơ"),
    ("uw", "ư"),
    ("w", "ư"),
)
_TELEX_TONES = {"f": "\u0300", "r": "\u0309", "x": "\u0303", "s": "\u0301", "j": "\u0323"}
_VNI_TONES = {"2": "\u0300", "3": "\u0309", "4": "\u0303", "1": "\u0301", "5": "\u0323"}
_VNI_MARKS = {"6": "\u0302", "7": "\u031b", "8": "\u0306"}
_VOWELS = "aeiouyâêôăơư"


@dataclass(frozen=True)
class Word:
    """One syllable in small letters."""

    written: str
    plain: str
    """Without diacritics, đ as d; the i of "kĩ" and the y of "kỹ" are one."""
    shape: str
    """With the marks of its letters (ă, ê, ơ, đ), without its tone."""
    tone: int
    any_tone: bool = False
    """Typed without tones, or mended: its marks say nothing."""

    @property
    def has_marks(self) -> bool:
        return self.tone > 0 or self.shape != self.plain

    @property
    def by_ear(self) -> str:
        return by_ear(self.plain)


@lru_cache(maxsize=30_000)
def word(written: str) -> Word:
    """The word of these letters, wherever its tone is written (hòa, hoà)."""
    tone = 0
    letters: list[str] = []
    for character in unicodedata.normalize("NFD", written.lower()):
        if character in _TONES:
            tone = _TONES[character]
        else:
            letters.append(character)
    shape = unicodedata.normalize("NFC", "".join(letters))
    plain = fold(shape)
    return Word(written, _Y_ALONE.sub(r"\1i", plain), _Y_ALONE.sub(r"\1i", shape), tone)


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text in their order; signs part them, but in a code (1.013225, 30/2014)."""
    return tuple(word(found) for found in _WORD.findall(tidy(text).lower()))


def likeness(asked: Word, held: Word) -> float:
    """How well a typed word is one that stands in a name with the same plain letters, 0 to 1.

    Where nothing was typed with tones they do not count; where something was, a wrong tone does:
    "hỏi" and "ngã", which the south speaks alike, count less than others.
    """
    if asked.shape == held.shape and asked.tone == held.tone:
        return 1.0
    if asked.any_tone:
        return 0.97
    if asked.shape == held.shape:
        if {asked.tone, held.tone} == _HOOK_AND_TILDE:
            return 0.9
        return 0.8 if asked.tone == 0 else 0.5
    return 0.7 if not asked.has_marks else 0.4


@lru_cache(maxsize=30_000)
def by_ear(plain: str) -> str:
    """Words that are spoken alike somewhere in the country have one key: tr and ch, s and x, d, gi
    and v, l and n; n and ng, t and c at the end."""
    begin, end = plain, ""
    for written, sound in _SOUNDS:
        if begin.startswith(written) and len(begin) > len(written):
            begin = sound + begin[len(written) :]
            break
    for written, sound in _ENDS:
        if begin.endswith(written) and len(begin) > len(written):
            begin, end = begin[: -len(written)], sound
            break
    return begin + end


def from_keyboard(written: str) -> Word | None:
    """What the keys of Telex ("giaays", "ddor") or VNI ("gia6y1") meant; None where it is no such
    word."""
    if not written.isascii() or not written.isalnum():
        return None
    if written.isalpha():
        return _from_telex(written)
    return _from_vni(written) if written[0].isalpha() else None


def _from_telex(written: str) -> Word | None:
    letters, tone = written, ""
    for place in range(len(written) - 1, 0, -1):
        before = written[:place]
        if written[place] in _TELEX_TONES and any(letter in _VOWELS for letter in before):
            tone = _TELEX_TONES[written[place]]
            letters = before + written[place + 1 :]
            break
    for keys, letter in _TELEX:
        letters = letters.replace(keys, letter)
    return _toned(letters, tone) if letters != written else None


def _from_vni(written: str) -> Word | None:
    letters, tone = "", ""
    for character in written:
        if character in _VNI_TONES:
            tone = _VNI_TONES[character]
        elif character == "9" and "d" in letters:
            letters = letters.replace("d", "đ")
        elif character in _VNI_MARKS and letters:
            letters = unicodedata.normalize("NFC", letters + _VNI_MARKS[character])
        elif character.isdigit():
            return None
        else:
            letters += character
    return _toned(letters, tone)


def _toned(letters: str, tone: str) -> Word | None:
    if not tone:
        return word(letters)
    vowels = [place for place, letter in enumerate(letters) if letter in _VOWELS]
    if not vowels:
        return None
    place = vowels[-1]
    return word(unicodedata.normalize("NFC", letters[: place + 1] + tone + letters[place + 1 :]))
