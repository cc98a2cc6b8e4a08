"""Text: search that ignores case and diacritics (the same on SQLite and PostgreSQL), names as
they are stored, cells of a CSV file."""

import re
import unicodedata
from string import ascii_lowercase, digits

# With their wide forms, which spreadsheets of East Asia take for the narrow ones.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

# Of the dictionary: tones in their order; marks that make another letter of a, e, o, u.
_TONES = "\N{COMBINING GRAVE ACCENT}\N{COMBINING HOOK ABOVE}\N{COMBINING TILDE}"
_TONES += "\N{COMBINING ACUTE ACCENT}\N{COMBINING DOT BELOW}"
_MARKS = {
    "\N{COMBINING BREVE}": "1",
    "\N{COMBINING CIRCUMFLEX ACCENT}": "2",
    "\N{COMBINING HORN}": "3",
}
# Letters that look like Đ and đ on screen and paper and come from keyboards of other languages.
_LIKE_D = {"\N{LATIN CAPITAL LETTER ETH}": "Đ", "\N{LATIN SMALL LETTER ETH}": "đ"}
_LIKE_D |= {"\N{LATIN CAPITAL LETTER AFRICAN D}": "Đ", "\N{LATIN SMALL LETTER D WITH TAIL}": "đ"}
# What keyboards, word processors and telephones write in K'Brếp and H'Mông.
_APOSTROPHES = "`\u00b4\u2018\u2019\u201b\u2032\u2035\uff07\uff40\ua78c"
_APOSTROPHES += (
    "\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb"  # letters of their own kind
)
# Nothing is seen of these, and they are no format characters.
_UNSEEN = {"\N{COMBINING GRAPHEME JOINER}", "\u115f", "\u1160", "\u3164", "\uffa0"}
_UNSEEN |= {chr(code) for code in range(0xFE00, 0xFE10)}  # variation selectors
# With which procedures begin, and no name of a person or a place.
_VERBS = {"cấp", "đổi", "gửi", "hủy", "huỷ", "làm", "nộp", "sửa", "tách", "tặng", "trả", "xét"}
_VERBS |= {"xin", "xóa", "xoá"}
# Nothing in such a text looks like another letter, is unseen or decomposed: nearly every one is so.
_ORDINARY = re.compile("[\t\n\r -_a-~ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]*")
_ONE_WAY = str.maketrans(_LIKE_D | dict.fromkeys(_APOSTROPHES, "'"))
_LETTERS = {"đ": "d1"}
_LETTERS |= {digit: f"1{digit}" for digit in digits}
_LETTERS |= {letter: f"{letter}0" for letter in ascii_lowercase}


def fold(text: str) -> str:
    """The search key of a text: written one way (see `tidy`), lower case, no diacritics, đ as d.

    What is stored by it is renewed by a migration whenever this function changes.

    >>> fold("  Nguyễn Văn  ĐỨC ")
    'nguyen van duc'
    """
    decomposed = unicodedata.normalize("NFD", _one_way(text).lower().replace("đ", "d"))
    if _ORDINARY.fullmatch(text):
        plain = decomposed.encode("ascii", "ignore").decode("ascii")
    else:
        plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.split())


def alphabetical(text: str) -> str:
    """A key that sorts as a Vietnamese dictionary does, word by word: a ă â, d đ, e ê, o ô ơ, u ư,
    and between words of equal letters the tone (ngang, huyền, hỏi, ngã, sắc, nặng), wherever it is
    written. Signs and case do not count.

    Only a-z and 0-9 stand in it, in pairs, so that the databases' own orders agree on it.

    >>> sorted(["Đất đai", "Y tế", "Dân số", "Đá", "Da"], key=alphabetical)
    ['Da', 'Dân số', 'Đá', 'Đất đai', 'Y tế']
    """
    key: list[str] = []
    for word in re.sub(r"[\W_]+", " ", _one_way(text).lower()).split():
        letters: list[str] = []
        tone = 0
        for character in unicodedata.normalize("NFD", word):
            if character in _TONES:
                tone = 1 + _TONES.index(character)
            elif character in _MARKS and letters:
                letters[-1] = letters[-1][0] + _MARKS[character]
            elif character in _LETTERS:
                letters.append(_LETTERS[character])
        key += [*letters, f"0{tone}"]
    return "".join(key)


def whole_number(text: str) -> int | None:
    """The number that an address or a form carries: the digits 0 to 9 alone, at most nine of them,
    so that every column holds it; otherwise None. `int` and `str.isdigit` disagree about the digits
    of other scripts, and `int` fails on thousands of them.

    >>> whole_number("0967"), whole_number("²"), whole_number("-1"), whole_number("9" * 10)
    (967, None, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def tidy(text: str) -> str:
    """A name as it is stored: composed Unicode (NFC), single spaces, no spaces at the ends; Ð and
    Ɖ as Đ, every apostrophe as ', nothing that cannot be seen (zero width, direction, soft hyphen).

    >>> tidy("  \\u00d0ỗ\\u200b  K\\u2019Br\\u00adếp ")
    "Đỗ K'Brếp"
    """
    return " ".join(_one_way(text).split())


def _one_way(text: str) -> str:
    """NFC, one letter for what looks alike, nothing unseen."""
    if _ORDINARY.fullmatch(text):
        return text
    seen = "".join(c for c in text if unicodedata.category(c) != "Cf" and c not in _UNSEEN)
    return unicodedata.normalize("NFC", seen).translate(_ONE_WAY)


def in_small(words: str) -> str:
    """What is called so, as it stands after a colon or inside a sentence: its first letter small,
    but in an abbreviation and in a name of two words.

    >>> in_small("Cấp Giấy phép"), in_small("UBND xác nhận"), in_small("Cà Mau")
    ('cấp Giấy phép', 'UBND xác nhận', 'Cà Mau')
    """
    first, _, rest = words.partition(" ")
    is_a_name = rest[:1] != rest[:1].lower() and first.lower() not in _VERBS
    is_a_name |= first[1:] != first[1:].lower()
    return words if is_a_name else words[:1].lower() + words[1:]


def no_formula(text: str) -> str:
    """The text as a cell of a CSV file: what a spreadsheet would run as a formula gets an
    apostrophe in front. Applicants type their own names, and clerks open the file."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
