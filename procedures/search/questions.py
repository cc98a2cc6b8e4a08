"""What was asked: the words of a question that matter, written as the catalogue writes them. Pure:
no database."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from procedures.search.spelling import Word, by_ear, from_keyboard, likeness, word, words_of

LONGEST = 300
"""Characters that are read of a question; what is longer is cut."""
MOST_WORDS = 24
SHORTEST = 2
"""A question of single letters and figures asks for nothing."""
SHORTEST_TO_MEND = 3
MOST_READINGS = 4
MOST_TERMS = 4
"""So many words of a question are put into official ones: a stranger may repeat one."""
TOOK_FOR = 0.94
ONE_WORD = 0.8
"""From this likeness on, two words of the same plain letters are taken for one."""

# Longest first: what is left of a sentence without them is what is asked for.
_FILLER_PHRASES = (
    "mất bao lâu thì có", "mất bao nhiêu tiền", "hết bao nhiêu tiền", "tốn bao nhiêu tiền",
    "bao nhiêu tiền", "mất bao lâu", "bao lâu thì xong", "bao lâu có", "mất mấy ngày", "mấy ngày",
    "bao nhiêu ngày", "bao lâu", "bao nhiêu", "hết bao nhiêu", "phải làm sao", "phải làm gì",
    "làm thế nào", "làm như thế nào", "như thế nào", "thế nào", "làm sao", "ra sao", "ở đâu",
    "chỗ nào", "nơi nào", "ở chỗ nào", "gặp ai", "tới đâu", "đến đâu", "có phải xin phép không",
    "có cần xin phép không", "có được không", "được không", "có phải không", "phải không",
    "cần giấy tờ gì", "cần những giấy tờ gì", "cần những gì", "cần gì", "giấy tờ gì",
    "những giấy tờ gì", "gồm những gì", "gồm giấy tờ gì", "giấy tờ nào", "mang theo gì",
    "nộp hồ sơ", "làm hồ sơ", "hồ sơ", "thủ tục", "hướng dẫn", "cho hỏi", "xin hỏi", "muốn hỏi",
    "chuẩn bị", "có cần", "có phải", "cần phải", "cho tôi", "cho em", "giúp tôi", "giúp em",
    "nhà tôi", "nhà em", "của tôi", "của em", "chúng tôi", "gia đình tôi", "khi nào", "lúc nào",
)  # fmt: skip
_FILLERS = {
    "ạ", "à", "ơi", "dạ", "thưa", "vâng", "nhé", "nha", "nghen", "vậy", "tôi", "tui", "mình", "em",
    "muốn", "xin", "hỏi", "cho", "cần", "làm", "đi", "lên", "ra", "thì", "là", "mà", "có", "được",
    "phải", "những", "các", "một", "gì", "chi", "nào", "ở", "tại", "với", "và", "hay",
    "hoặc", "của", "để", "bị", "rồi", "đã", "đang", "sẽ", "nên", "nếu", "khi", "này", "kia", "đó",
    "nhờ", "giùm", "dùm", "giúp", "về", "cái", "từ", "đến", "luôn", "thôi", "trong", "theo", "do",
    "không", "hong", "hông", "ai", "vụ", "việc", "tờ",
}  # fmt: skip
_FILLER_WORDS = [words_of(phrase) for phrase in sorted(_FILLER_PHRASES, key=len, reverse=True)]
_ONE_FILLER = {each.shape + str(each.tone) for each in map(word, _FILLERS)}
_PLAIN_FILLER = {word(filler).plain for filler in _FILLERS}
# Without tones these are as often another word, which is asked for: chợ, đỏ, bảo tử, vệ sinh, di
# chúc, tố cáo, cải chính, thi đua, đá, cơ sở.
_PLAIN_IS_ANOTHER = {
    "ai", "bi", "cai", "chi", "cho", "co", "da", "dang", "de", "den", "di", "do", "em", "hay", "la",
    "len", "ma", "mot", "nha", "o", "ra", "tai", "thi", "to", "tu", "va", "ve", "vu",
}  # fmt: skip


Terms = Mapping[str, tuple[tuple[tuple[Word, ...], tuple[str, ...]], ...]]


@dataclass(frozen=True)
class Question:
    """The words in their order, those of no weight left out."""

    words: tuple[Word, ...]
    may_go_on: bool = True
    """The last word may be the beginning of one."""
    understood: tuple[tuple[str, str], ...] = ()
    """What was typed, and the official words that it was taken for."""
    stands_for: tuple[tuple[Word, ...], ...] = ()
    """For each word the typed ones whose place it takes; none for a typed word."""
    trust: float = 1.0
    """What a hit counts: less where a word was taken for another, and still less for its second
    meaning."""


@dataclass(frozen=True)
class Vocabulary:
    """The words of everything that can be found."""

    plain: Mapping[str, int]
    """In how many texts each stands."""
    pairs: Collection[tuple[str, str]]
    """Which stand one behind the other somewhere, in plain letters."""
    by_ear: Mapping[str, frozenset[str]]


def vocabulary(texts: Iterable[tuple[Word, ...]]) -> Vocabulary:
    plain: dict[str, int] = {}
    pairs: set[tuple[str, str]] = set()
    for words in texts:
        for each in {each.plain for each in words}:
            plain[each] = plain.get(each, 0) + 1
        pairs.update((a.plain, b.plain) for a, b in pairwise(words))
    sounds: dict[str, set[str]] = {}
    for each in plain:
        sounds.setdefault(by_ear(each), set()).add(each)
    return Vocabulary(plain, pairs, {key: frozenset(same) for key, same in sounds.items()})


def by_first_word(
    pairs: Iterable[tuple[str, str]],
) -> Terms:
    """Terms (a word, what it means) by the plain letters of their first word."""
    means: dict[tuple[Word, ...], list[str]] = defaultdict(list)
    for typed, meant in pairs:
        if words := words_of(typed):
            means[words].append(meant)
    found: dict[str, list[tuple[tuple[Word, ...], tuple[str, ...]]]] = defaultdict(list)
    for words, held in means.items():
        found[words[0].plain].append((words, tuple(held)))
    return {first: tuple(held) for first, held in found.items()}


def read(text: str, known: Vocabulary) -> Question:
    """The question in a text: cut where it is too long, keys of Telex and VNI read, one wrong
    letter and spelling by ear mended, words that were written as one parted, words of no weight
    dropped."""
    # The cut is at a blank, so that no half word is sought.
    cut = text[:LONGEST].rpartition(" ")[0] if len(text) > LONGEST and " " in text else text
    typed = [part for each in words_of(cut[:LONGEST]) for part in _typed(each, known)]
    if not any(each.has_marks for each in typed):
        typed = [replace(each, any_tone=True) for each in typed]
    left = _without_fillers(typed, known)[:MOST_WORDS]
    if all(len(each.plain) < SHORTEST for each in left):
        left = []
    return Question(tuple(_mended(left, known)), may_go_on=bool(left) and left[-1] is typed[-1])


def says_nothing(text: str) -> bool:
    """Whether all its words are of no weight, so that they are dropped from every question."""
    typed = list(words_of(text))
    if not any(each.has_marks for each in typed):
        typed = [replace(each, any_tone=True) for each in typed]
    return not _without_fillers(typed, Vocabulary({}, (), {}))


def readings(
    question: Question,
    terms: Terms,
    known: Vocabulary,
) -> list[Question]:
    """The question with the terms in it put into official words, the likeliest first; `terms`: by
    the first plain word, each term's words and what it means."""
    met = [
        (start, start + len(words), meanings)
        for start, first in enumerate(question.words)
        for words, meanings in terms.get(first.plain, ())
        if _same(question.words[start : start + len(words)], words)
        and not (len(words) == 1 and _goes_with_another(question.words, start, known))
    ]
    # A longer term says more than a shorter one inside it.
    met.sort(key=lambda one: one[0] - one[1])
    apart: list[tuple[int, int, tuple[str, ...]]] = []
    for start, end, meanings in met:
        is_apart = all(end <= other or start >= behind for other, behind, _ in apart)
        if is_apart and len(apart) < MOST_TERMS:
            apart.append((start, end, meanings))
    together = [(start, end, 0, meanings[0]) for start, end, meanings in apart]
    single = [
        (start, end, rank, means)
        for start, end, meanings in met
        for rank, means in enumerate(meanings)
    ]
    each_alone = [[one] for one in single if [one] != together]
    return [_put(question, replaced) for replaced in [together, *each_alone] if replaced][
        :MOST_READINGS
    ]


def _goes_with_another(words: Sequence[Word], place: int, known: Vocabulary) -> bool:
    """Whether a word typed without tones stands in an expression ("can bo" is no "bò"), or is too
    short to be taken for another beside other words ("tang ma" is no "má")."""
    each = words[place]
    if each.any_tone and len(words) > 1 and len(each.plain) < SHORTEST_TO_MEND:
        return True
    before = words[place - 1].plain if place else ""
    after = words[place + 1].plain if place + 1 < len(words) else ""
    pairs = known.pairs
    return each.any_tone and ((before, each.plain) in pairs or (each.plain, after) in pairs)


def _put(question: Question, replaced: list[tuple[int, int, int, str]]) -> Question:
    """The question with the official words in the places of those that were typed."""
    words, understood = question.words, []
    stands_for: list[tuple[Word, ...]] = [()] * len(words)
    for start, end, _, means in sorted(replaced, reverse=True):
        typed, meant = question.words[start:end], words_of(means)
        understood.append((" ".join(each.written for each in typed), means))
        words = words[:start] + meant + words[end:]
        stands_for[start:end] = [typed] * len(meant)
    last = max(end for _, end, _, _ in replaced)
    return replace(
        question,
        words=words,
        may_go_on=question.may_go_on and last < len(question.words),
        understood=tuple(reversed(understood)),
        stands_for=tuple(stands_for),
        trust=TOOK_FOR ** (1 + max(rank for _, _, rank, _ in replaced)),
    )


def _same(typed: Sequence[Word], term: Sequence[Word]) -> bool:
    return len(typed) == len(term) and all(
        a.plain == b.plain and likeness(a, b) >= ONE_WORD for a, b in zip(typed, term, strict=True)
    )


def _typed(each: Word, known: Vocabulary) -> list[Word]:
    meant = from_keyboard(each.written)
    is_another = meant is not None and (each.plain not in known.plain or meant.plain == each.plain)
    if meant and is_another and meant.plain in known.plain:
        return [meant]
    if each.plain not in known.plain and not each.has_marks:
        for place in range(2, len(each.plain) - 1):
            first, second = each.plain[:place], each.plain[place:]
            if (first, second) in known.pairs:
                return [replace(word(part), any_tone=True) for part in (first, second)]
    return [each]


def _mended(words: list[Word], known: Vocabulary) -> list[Word]:
    mended = list(words)
    for place, each in enumerate(words):
        before = mended[place - 1].plain if place else ""
        after = words[place + 1].plain if place + 1 < len(words) else ""
        is_known = each.plain in known.plain
        fits = (before, each.plain) in known.pairs or (each.plain, after) in known.pairs
        is_last = place == len(words) - 1
        if any(map(str.isdigit, each.plain)) or (is_known and (fits or not (before or after))):
            continue
        if is_last and _begins_a_word(before, each.plain, known):
            continue
        better = _better(each.plain, before, after, known, must_fit=is_known)
        if better is not None:
            mended[place] = replace(word(better), written=each.written, any_tone=True)
    return mended


def _begins_a_word(before: str, plain: str, known: Vocabulary) -> bool:
    if before in known.plain:
        return any(a == before and b.startswith(plain) for a, b in known.pairs)
    return any(each.startswith(plain) for each in known.plain)


def _better(
    plain: str, before: str, after: str, known: Vocabulary, *, must_fit: bool
) -> str | None:
    """The word of the catalogue that was meant; where the typed one is a word too, only one that
    goes with its neighbours."""
    heard = known.by_ear.get(by_ear(plain), frozenset())
    near: set[str] = set()
    if len(plain) >= SHORTEST_TO_MEND:
        found = process.extract(
            plain,
            known.plain.keys(),
            scorer=DamerauLevenshtein.distance,
            score_cutoff=1,
            limit=None,
        )
        # A wrong first letter is rare, and makes another word.
        near = {each for each, *_ in found if len(each) >= SHORTEST_TO_MEND and each[0] == plain[0]}

    def fit(each: str) -> tuple[int, bool, int]:
        pairs = ((before, each) in known.pairs) + ((each, after) in known.pairs)
        return pairs, each in heard, known.plain[each]

    best = max(heard | near, key=fit, default=None)
    if best is None or best == plain:
        return None
    is_short = best not in heard and len(plain) <= SHORTEST_TO_MEND
    return best if fit(best)[0] or not (must_fit or is_short) else None


def _without_fillers(words: list[Word], known: Vocabulary) -> list[Word]:
    left: list[Word] = []
    place = 0
    while place < len(words):
        for phrase in _FILLER_WORDS:
            if _same(words[place : place + len(phrase)], phrase):
                place += len(phrase)
                break
        else:
            each = words[place]
            # "hoi nguoi cao tuoi" asks for a society, not whether one may ask.
            behind = words[place + 1].plain if place + 1 < len(words) else ""
            is_another = each.any_tone and (each.plain, behind) in known.pairs
            if is_another or not _is_filler(each):
                left.append(each)
            place += 1
    return left


def _is_filler(each: Word) -> bool:
    if not each.any_tone:
        return each.shape + str(each.tone) in _ONE_FILLER
    return each.plain in _PLAIN_FILLER and each.plain not in _PLAIN_IS_ANOTHER
