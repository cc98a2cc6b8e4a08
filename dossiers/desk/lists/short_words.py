"""What a queue says of a dossier in one line: codes, places, times and acts in few words. The whole
words stand beside them, for the pointer and for readers. Pure: no database.

>>> short_code("H12.TAM.967-261130-0021")
'261130-0021'
>>> short_place("Chi nhánh Văn phòng Đăng ký đất đai huyện")
'VP Đăng ký đất đai'
>>> short_time("quá hạn 3 ngày làm việc, đã xin lỗi")
'quá 3 ngày'
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from itertools import takewhile

from dossiers.rules.states import Verb

_DAY_AND_SERIAL = re.compile(r"\d{6}-N?\d+$")
_KIND_OF_PLACE = re.compile(r"^(?:Phòng|Chi nhánh)\s+")
_LEVEL = re.compile(r"\s+(?:huyện|xã)$")
_CAPITAL = re.compile(r"^\w")

LONG = 38
"""Letters of a procedure's name that a row has room for at 1366 px."""
SHARED = 24
"""From so many letters in common on, the beginning tells two procedures apart no more."""

ACT_WORDS = {
    Verb.RESOLVE: "Ghi kết quả",
    Verb.RECEIVE_SUPPLEMENT: "Nhận bổ sung",
    Verb.APOLOGISE: "Xin lỗi",
    Verb.ACCEPT: "Tiếp nhận",
    Verb.CONFIRM_PAYMENT: "Ghi đã nộp",
}


def short_code(code: str) -> str:
    """Day and serial of a receipt code; a code of another form, whole."""
    found = _DAY_AND_SERIAL.search(code)
    return found.group() if found else code


def short_place(name: str) -> str:
    """A division without the words that all of them share: "Phòng Tư pháp" is "Tư pháp"."""
    words = _KIND_OF_PLACE.sub("", name)
    words = re.sub(r"^Văn phòng\b", "VP", words)
    return _CAPITAL.sub(lambda first: first.group().upper(), _LEVEL.sub("", words))


def short_time(words: str) -> str:
    """How long a dossier still has, below a heading that says "ngày làm việc"."""
    if words == "đến hạn hôm nay":
        return "hôm nay"
    short = words.partition(",")[0].replace(" làm việc", "")
    short = re.sub(r" \(chưa có lịch.*\)", " lịch", short)
    return short.replace("quá hạn", "quá").replace("đã chờ", "chờ").replace("chưa tới", "dưới")


def short_act(verb: Verb) -> str:
    """The act as a link of a row: "Ghi kết quả"."""
    return ACT_WORDS.get(verb) or verb.label[:1].upper() + verb.label[1:]


def cut_names(names: Iterable[str], siblings: Iterable[str]) -> dict[str, str]:
    """Each name as a row shows it. Where it is too long and begins as a sibling does, the middle
    is left out, so that what tells the two apart is seen; the rest is cut by the browser.

    >>> names = ["Đăng ký biến động đất đai đối với trường hợp tách thửa",
    ...          "Đăng ký biến động đất đai đối với trường hợp chuyển nhượng"]
    >>> cut_names(names, names)[names[0]]
    'Đăng ký biến động … tách thửa'
    """
    known = sorted(set(siblings))
    return {name: _cut(name, known) for name in names}


def _cut(name: str, known: list[str]) -> str:
    if len(name) <= LONG:
        return name
    place = bisect_left(known, name)
    beside = [known[i] for i in (place - 1, place, place + 1) if 0 <= i < len(known)]
    words = name.split()
    shared = max((_in_common(words, other.split()) for other in beside if other != name), default=0)
    shared = min(shared, len(words) - 1)
    if len(" ".join(words[:shared])) < SHARED or shared < 6:
        return name
    return " ".join([*words[:4], "…", *words[shared:]])


def _in_common(words: list[str], others: list[str]) -> int:
    return sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(words, others, strict=False))
    )
