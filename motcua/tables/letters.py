"""Whether a text has lost its letters: written for a font from before Unicode (TCVN3, VNI), read by
another encoding than it was written in, or with question marks where letters were. Pure Python.

A word is broken when it is no Vietnamese syllable as it stands and becomes one when it is read as
it was written. So names of every people stay what they are: Êñuôl read as TCVN3 is no syllable
either.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

REASON = "{} có chữ phông cũ (TCVN3, VNI) hoặc chữ hỏng: “{}”. Hãy chuyển sang Unicode hoặc gõ lại."

_SPELLED = (
    "ngh ng nh ch gh gi kh ph qu th tr b c d đ g h k l m n p r s t v x",
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây "
    "e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu "
    "iêc iêm iên iêng iêp iêt iêu o oc oi om on ong op ot oong ooc oa oac oach oai oam oan oang "
    "oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet ô ôc ôi ôm ôn ông ôp ôt "
    "ơ ơi ơm ơn ơp ơt u ua uc ui um un ung up ut uân uâng uât uây uê uêch uênh uôc uôi uôm uôn "
    "uông uôt uơ uy uya uych uyên uyêt uynh uyt uyu ư ưa ưc ưi ưm ưn ưng ưt ưu "
    "ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu",
)
_INITIALS, _RIMES = (frozenset(of.split()) for of in _SPELLED)
_CONSONANTS = frozenset(initial[0] for initial in _INITIALS)
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_STOPPED = ("c", "ch", "p", "t")  # such a rime has the tone of á or ạ

# TCVN 5712:1993, as Windows shows its bytes in another font.
_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
# VNI: a mark of its own after the vowel, here as lower case.
_VNI_MARKS = {
    "a": dict(zip("ùøûõïâáàåãäêéèúüë", "áàảãạâấầẩẫậăắằẳẵặ", strict=True)),
    "e": dict(zip("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ", strict=True)),
    "o": dict(zip("ùøûõïâáàåãä", "óòỏõọôốồổỗộ", strict=True)),
    "u": dict(zip("ùøûõï", "úùủũụ", strict=True)),
    "y": dict(zip("ùøûõ", "ýỳỷỹ", strict=True)),
    "ô": dict(zip("ùøûõï", "ớờởỡợ", strict=True)),
    "ö": dict(zip("ùøûõï", "ứừửữự", strict=True)),
}
_VNI_ALONE = dict(zip("ñæóòîôö", "đỉĩịỵơư", strict=True))
_VNI = re.compile(
    "|".join([*(f"{vowel}[{''.join(of)}]" for vowel, of in _VNI_MARKS.items()), "[ñæóòîôö]"])
)
_READ_AS = ("cp1252", "mac_roman", "cp1258", "cp850", "cp437")

# No letter of any people's name: replaced, of a control set, of a font's own area.
_NO_LETTER = re.compile("[\ufffd\u0080-\u009f\ue000-\uf8ff]")
_SIGN_IN_WORD = re.compile(r"[^\W\d_][¡¢£¤¥¦§¨©«¬\u00ad®µ¶¸»¼½¾÷][^\W\d_]|^[§¡¢¤¥¦®¨©¸¶][^\W\d_]")
# What programs write for a letter that they lack: an upside down question mark, an empty box.
_BOXES = "\u25a1\u25af\u25fb\u25fd\u2610\u2b1c"
_BOX = re.compile(rf"[^\W\d_][¿{_BOXES}]|[¿{_BOXES}](?:[^\W\d_]|[¿{_BOXES}])")
_IN_NO_NAME = re.compile(rf"[?¿{_BOXES}]")
_ENTITY = re.compile(r"&(?:#\d{2,7}|#x[0-9a-f]{2,6});|\\u[0-9a-f]{4}", re.IGNORECASE)
_VIQR = re.compile(r"[aeo]\^['`?~.]?[a-z]|[ou]\+['`?~.]?[a-z]", re.IGNORECASE)
_LOST = re.compile(r"(?:^|[^\W\d_])\?+[^\W\d_]|^\?{2,}[^\W\d_]?")
_AROUND = " \t\u00a0.,;:!()[]{}<>\"'“”‘’…–—-/|"
_BETWEEN = re.compile(r"[\s.,;:!()\[\]\"“”/&+|–—-]+")
_ADDRESS = re.compile(r"://|www\.|=|@")
_LETTERS = re.compile(r"[À-ÿĂăĐđĨĩŨũƠơƯưẠ-ỹ]")


def broken_words(text: str, *, is_name: bool = False) -> list[str]:
    """The words of the text, as it came from the file, whose letters are lost."""
    if text.isascii() and not any(mark in text for mark in "?&^+\\"):
        return []
    words = [word for word in re.split(r"[ \t\r\n]+", text) if word and is_broken(word)]
    if is_name and not words and _IN_NO_NAME.search(text):
        return [text]
    return words


@lru_cache(maxsize=20_000)
def is_broken(word: str) -> bool:
    """Whether the letters of a word are lost.

    >>> is_broken("NguyÔn"), is_broken("Nguyeãn"), is_broken("Nguyá»…n"), is_broken("Nguy?n")
    (True, True, True, True)
    >>> is_broken("Nguyễn"), is_broken("Êñuôl"), is_broken("François"), is_broken("chưa?")
    (False, False, False, False)
    """
    if _NO_LETTER.search(word) or _ENTITY.search(word):
        return True
    if _has_lost_letters(word) or _has_boxes(word) or _VIQR.search(word):
        return True
    if word.isascii():
        return False
    if _is_read_wrongly(word):
        return True
    bare = word.strip(_AROUND)
    parts = [part for part in _BETWEEN.split(bare) if part and not part.isascii()]
    if any(
        not _is_syllable(part, strict=False)
        and any(_is_syllable(read, strict=True) for read in _older_readings(part))
        for part in parts
    ):
        return True
    return bool(_SIGN_IN_WORD.search(bare))


def _has_lost_letters(word: str) -> bool:
    if "?" not in word or _ADDRESS.search(word):
        return False
    bare = word.strip("\"'“”‘’()[],.;:!")
    if _LOST.search(bare):
        return True
    # At its end a question mark asks, unless a vowel must follow what stands before it: H? for Hồ.
    return bare.endswith("?") and bare.rstrip("?").lower() in _INITIALS


def _has_boxes(word: str) -> bool:
    """Whether one stands in the word for a letter; before a whole word it is there to be ticked."""
    bare = word.strip(_AROUND)
    ticked = bare.lstrip(_BOXES)
    if ticked != bare and ticked[:1].lower() in _CONSONANTS and _is_syllable(ticked, strict=True):
        return False
    return bool(_BOX.search(bare))


def _is_read_wrongly(word: str) -> bool:
    """UTF-8 that was read as an encoding of one byte a letter, perhaps twice."""
    bare = word.strip(_AROUND)
    # A sign that stands around a word may be half of a letter; but a quotation mark behind XÃ is
    # one.
    parts = _BETWEEN.split(bare)
    is_whole = all(part.isascii() or _is_syllable(part, strict=False) for part in parts)
    for seen in {bare} if is_whole else {bare, word}:
        for codec in _READ_AS:
            meant = _before(seen, codec)
            if _is_vietnamese(meant) or _is_vietnamese(_before(meant, codec)):
                return True
    return False


def _is_vietnamese(text: str) -> bool:
    foreign = [c for c in text if not c.isascii()]
    return bool(foreign) and all(_LETTERS.fullmatch(c) or c in _AROUND for c in foreign)


def _before(text: str, codec: str) -> str:
    """What was written in UTF-8 and then read in the encoding; empty when it was not."""
    try:
        return _bytes(text, codec).decode()
    except UnicodeError:
        return ""


def _bytes(text: str, codec: str) -> bytes:
    """The text in the encoding; where Windows has no letter, the control character itself."""
    if codec != "cp1252":
        return text.encode(codec)
    return b"".join(c.encode("latin-1" if c < "\u0100" else codec) for c in text)


def _older_readings(word: str) -> Iterator[str]:
    """The word as the fonts of before Unicode would show it."""
    if all(c.isascii() or c in _TCVN3 for c in word):
        yield "".join(_TCVN3.get(c, c) for c in word)
    lower = word.lower()
    if any(vowel + mark in lower for vowel, marks in _VNI_MARKS.items() for mark in marks):
        yield _VNI.sub(lambda found: _vni_letter(found[0]), lower)
    try:
        yield unicodedata.normalize("NFC", word.encode("cp1252").decode("cp1258"))
    except UnicodeError:
        return


def _vni_letter(written: str) -> str:
    if len(written) == 2:
        return _VNI_MARKS[written[0]][written[1]]
    return _VNI_ALONE[written]


def _is_syllable(word: str, *, strict: bool) -> bool:
    """Whether the word is a Vietnamese syllable by its letters; strictly, also by its tone."""
    letters: list[str] = []
    tones: list[str] = []
    lower = unicodedata.normalize("NFD", word.lower().replace("ð", "đ"))
    for c in lower:
        (tones if c in _TONES else letters).append(c)
    plain = unicodedata.normalize("NFC", "".join(letters))
    rimes = set(_rimes(plain))
    if not rimes or len(tones) > 1:
        return False
    if not strict:
        return True
    stopped = any(rime.endswith(_STOPPED) for rime in rimes)
    return not stopped or (bool(tones) and tones[0] in "\u0301\u0323")


def _rimes(plain: str) -> Iterable[str]:
    if plain in _RIMES:
        yield plain
    for initial in _INITIALS:
        if plain.startswith(initial) and plain[len(initial) :] in _RIMES:
            yield plain[len(initial) :]
    if plain.startswith("gi") and plain[1:] in _RIMES:
        yield plain[1:]
