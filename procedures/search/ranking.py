"""Which procedures answer a question, and which first. Pure: no database.

A question is compared with every text of a procedure: its name, the common names that people have
for it, its result, its sector and the events of a life. A text counts for how much of the question
stands in it, and for how much of it was asked for; words that few texts have weigh more, and so do
words that stand together as they were asked for. What is filed most comes first among equals; what
is done again, otherwise or not any more stands behind unless the question says so.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import log, sqrt

from procedures.search.entries import Entry, Found, Hit, TextKind
from procedures.search.questions import (
    Question,
    Vocabulary,
    by_first_word,
    read,
    readings,
    vocabulary,
)
from procedures.search.spelling import Word, likeness, words_of

CUT = 0.5
"""Below this score nothing fits a question of at most SHORT words."""
SHORT = 4
LOOSER = 0.05
"""By so much less for each further word: who tells a story says much that stands nowhere."""
IN_A_STORY = 0.95
"""What a common name that stands whole in a long question counts at most."""
LOWEST_CUT = 0.34
NEAR = 0.32
"""From this one on it may be named as a neighbour."""
MOST_NEAR = 4
UNKNOWN = 0.7
"""What a word weighs that stands nowhere, of the rarest one."""
SURE = 0.72
CLEARLY_FIRST = 0.88
"""The second has at most so much of the first one's score where the first is clearly so."""
WHOLE_NAME = 0.75
PART_OF_NAME = 0.4
"""How much of a common name, and of an official one, was asked for where there is no doubt."""
SAME_WORD = 0.35
OF_THE_BEST = 0.6
"""What scores less than this part of the best is left out."""
MOST_HITS = 40
LEAST = 0.25
"""A text with less than this part of the question's words is not looked at."""
BEHIND = 0.9
OFTEN = 0.08
OFTEN_ASKED = 0.6
FAVOURED = 0.15
TOGETHER = 0.6
"""What two words that stand together weigh, of the two."""
TURNED = 0.7
"""Of that, where they stand the other way round."""
BEGUN = 0.75

# Named only by who asks for it: at home, again, otherwise, with another country, not any more.
_ONLY_IF_ASKED = tuple(
    words_of(phrase)
    for phrase in (
        "lưu động", "cấp lại", "đăng ký lại", "cấp đổi", "nước ngoài",
        "chấm dứt", "thay đổi", "sửa đổi", "bổ sung", "điều chỉnh", "gia hạn", "thu hồi",
        "hủy bỏ", "tạm ngừng", "giải thể", "sáp nhập", "chia tách", "đình chỉ", "xóa", "đính chính",
        "khu vực biên giới", "lần hai", "lần thứ hai", "đại diện", "cải chính", "chuyển nơi",
    )
)  # fmt: skip
_SAYS_NOTHING = {"cap", "dang", "ki", "lan", "noi"}


# How much of a text must have been asked for: people say a short name whole, an official one never.
_WHOLE = {
    TextKind.NAME: 0.25,
    TextKind.COMMON_NAME: 0.42,
    TextKind.RESULT: 0.3,
    TextKind.SECTOR: 0.5,
    TextKind.LIFE_EVENT: 0.5,
    TextKind.ELSEWHERE: 0.6,
}

_SAID_WHOLE = {TextKind.COMMON_NAME, TextKind.ELSEWHERE}


@dataclass(frozen=True)
class _Text:
    entry: int
    kind: TextKind
    written: str
    words: tuple[Word, ...]


@dataclass(frozen=True)
class _Score:
    """What a text counts for a question, how much of the text was asked for, and its number."""

    value: float
    covered: float
    text: int


@dataclass
class _Match:
    """What of a question stands in one text: the likeness of each of its words, by their place."""

    words: dict[int, float] = field(default_factory=dict)
    places: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))


class Index:
    """Everything that can be found, in memory; made anew when the catalogue changes."""

    def __init__(self, entries: Iterable[Entry], terms: Iterable[tuple[str, str]] = ()) -> None:
        self.entries = list(entries)
        self._place = {
            entry.key: n for n, entry in enumerate(self.entries) if not entry.is_elsewhere
        }
        self._texts = [
            _Text(n, kind, written, words)
            for n, entry in enumerate(self.entries)
            for kind, written in entry.texts
            if (words := words_of(written))
        ]
        self.terms = by_first_word([*terms, *self._initials()])
        said = [text.words for text in self._texts]
        typed = [words for held in self.terms.values() for words, _ in held]
        self.vocabulary: Vocabulary = vocabulary([*said, *typed])
        self._weights = self._rarity()
        self._unknown = UNKNOWN * log(1 + max(len(self.entries), 1))
        self._standing: dict[str, set[int]] = defaultdict(set)
        self._words_of: list[dict[str, set[tuple[float, Word]]]] = [{} for _ in self.entries]
        for number, text in enumerate(self._texts):
            part = 0.5 if text.kind is TextKind.LIFE_EVENT else 1.0
            for each in text.words:
                self._standing[each.plain].add(number)
                self._words_of[text.entry].setdefault(each.plain, set()).add((part, each))
        self._weight = [[self._weigh(each) for each in text.words] for text in self._texts]
        self._total = [sum(weights) for weights in self._weight]
        self._behind = [self._conditions(entry) for entry in self.entries]
        self._is_elsewhere = [entry.is_elsewhere for entry in self.entries]
        self._sorted = sorted(self._standing)

    def _initials(self) -> list[tuple[str, str]]:
        """Common names by their first letters ("kt": khai tử), as clerks type what is asked often;
        the commonest first."""
        known = {each.plain for text in self._texts for each in text.words}
        named: list[tuple[float, str, str]] = []
        for text in self._texts:
            often = self.entries[text.entry].often
            if (
                text.kind is TextKind.COMMON_NAME
                and 2 <= len(text.words) <= 6
                and often >= OFTEN_ASKED
            ):
                letters = "".join(each.plain[0] for each in text.words)
                if letters not in known:
                    named.append((-often, letters, text.written))
        return [(letters, written) for _, letters, written in sorted(named)]

    def _rarity(self) -> dict[str, float]:
        standing: dict[str, set[int]] = defaultdict(set)
        for text in self._texts:
            for each in text.words:
                standing[each.plain].add(text.entry)
        count = max(len(self.entries), 1)
        return {each: log(1 + count / len(held)) for each, held in standing.items()}

    def _weigh(self, each: Word) -> float:
        return self._weights.get(each.plain, self._unknown)

    def _shares(self, question: Question) -> list[float]:
        """What each word weighs; official words together as much as those that were typed."""
        weights = [self._weigh(each) for each in question.words]
        for typed in set(question.stands_for) - {()}:
            places = [n for n, held in enumerate(question.stands_for) if held == typed]
            share = sum(map(self._weigh, typed)) / sum(weights[place] for place in places)
            for place in places:
                weights[place] *= min(share, 1)
        return weights

    def _conditions(self, entry: Entry) -> list[frozenset[str]]:
        name = next((written for kind, written in entry.texts if kind is TextKind.NAME), "")
        words = tuple(each.plain for each in words_of(name))
        return [
            frozenset(each.plain for each in phrase) - _SAYS_NOTHING
            for phrase in _ONLY_IF_ASKED
            if _stands_in(tuple(each.plain for each in phrase), words)
        ]

    def ask(
        self,
        text: str,
        among: Collection[int],
        favoured: Mapping[int, float] | None = None,
    ) -> Found:
        """The procedures of `among` (their keys) that answer the question; `favoured`: 0 to 1 for
        those that stand first among equals, a clerk's own."""
        question = read(text, self.vocabulary)
        if not question.words:
            return Found(())
        best: dict[int, Hit] = {}
        for reading in [question, *readings(question, self.terms, self.vocabulary)]:
            for entry, hit in self._scored(reading, among, favoured or {}).items():
                trusted = replace(hit, fit=hit.fit * reading.trust, score=hit.score * reading.trust)
                if entry not in best or trusted.score > best[entry].score:
                    best[entry] = trusted
        ranked = sorted(best.items(), key=lambda one: (-one[1].score, one[1].key))
        hits = [hit for entry, hit in ranked if not self.entries[entry].is_elsewhere]
        other = next((hit for entry, hit in ranked if self.entries[entry].is_elsewhere), None)
        return _judged(hits, other, _cut(len(question.words)))

    def _scored(
        self, question: Question, among: Collection[int], favoured: Mapping[int, float]
    ) -> dict[int, Hit]:
        words = question.words
        weights = self._shares(question)
        pairs = [TOGETHER * (a + b) / 2 for a, b in pairwise(weights)]
        asked = sum(weights) + sum(pairs)
        if not asked:
            return {}
        like = [self._words_like(each, question, number) for number, each in enumerate(words)]
        matches = {
            text: self._match(text, words, like)
            for text in self._with_enough(like, weights)
            if self._is_elsewhere[self._texts[text].entry]
            or self.entries[self._texts[text].entry].key in among
        }
        by_entry: dict[int, _Score] = {}
        for text, match in matches.items():
            entry = self._texts[text].entry
            score = self._of_text(text, match, weights, pairs, asked)
            if entry not in by_entry or score.value > by_entry[entry].value:
                by_entry[entry] = score
        hits: dict[int, Hit] = {}
        for entry, score in by_entry.items():
            seen = self._seen(entry, words, like)
            hits[entry] = self._hit(entry, question, weights, seen, score, favoured)
        return hits

    def _with_enough(
        self, like: Sequence[Mapping[str, float]], weights: Sequence[float]
    ) -> list[int]:
        """The texts in which enough of the question may stand to be worth a look."""
        least = LEAST * sum(weights)
        held: dict[int, float] = {}
        for plains, weight in zip(like, weights, strict=True):
            texts = {text for plain in plains for text in self._standing[plain]}
            for text in texts:
                held[text] = held.get(text, 0.0) + weight
        return [text for text, weight in held.items() if weight >= least]

    def _match(
        self, number: int, words: Sequence[Word], like: Sequence[Mapping[str, float]]
    ) -> _Match:
        text = self._texts[number]
        match = _Match()
        for place, each in enumerate(text.words):
            for asked, plains in enumerate(like):
                if each.plain in plains:
                    alike = plains[each.plain] * likeness(words[asked], each)
                    match.places[asked].add(place)
                    match.words[asked] = max(alike, match.words.get(asked, 0.0))
        return match

    def _seen(
        self, entry: int, words: Sequence[Word], like: Sequence[Mapping[str, float]]
    ) -> dict[int, float]:
        """What of the question stands anywhere in the entry."""
        seen: dict[int, float] = {}
        for asked, plains in enumerate(like):
            for plain, begun in plains.items():
                for part, each in self._words_of[entry].get(plain, ()):
                    alike = part * begun * likeness(words[asked], each)
                    seen[asked] = max(alike, seen.get(asked, 0.0))
        return seen

    def _words_like(self, each: Word, question: Question, number: int) -> dict[str, float]:
        """The words of the catalogue, in plain letters, that may be this one, and what each
        counts: itself, or, for the last one, those that it begins."""
        found = {each.plain: 1.0} if each.plain in self._standing else {}
        if not question.may_go_on or number != len(question.words) - 1:
            return found
        before = question.words[number - 1].plain if number else ""
        if found and (not before or (before, each.plain) in self.vocabulary.pairs):
            return found
        begun = self._beginning(each.plain)
        behind = [plain for plain in begun if (before, plain) in self.vocabulary.pairs]
        return found | dict.fromkeys(behind or begun, BEGUN)

    def _beginning(self, plain: str) -> list[str]:
        start = bisect_left(self._sorted, plain)
        found = []
        for each in self._sorted[start : start + 60]:
            if not each.startswith(plain):
                break
            if each != plain:
                found.append(each)
        return found

    def _of_text(
        self,
        number: int,
        match: _Match,
        weights: Sequence[float],
        pairs: Sequence[float],
        asked: float,
    ) -> _Score:
        text = self._texts[number]
        found = sum(weights[place] * alike for place, alike in match.words.items())
        for place, weight in enumerate(pairs):
            here, behind = match.places.get(place), match.places.get(place + 1)
            if not here or not behind:
                continue
            both = weight * min(match.words[place], match.words[place + 1])
            if any(one + 1 in behind for one in here):
                found += both
            elif any(one - 1 in behind for one in here):
                found += TURNED * both
        held = {place for places in match.places.values() for place in places}
        said = sum(self._weight[number][place] for place in held)
        whole = _WHOLE[text.kind]
        covered = min(said / self._total[number], 1) if self._total[number] else 0
        answered = found / asked
        score = answered * (1 - whole + whole * covered)
        if len(weights) > SHORT and len(match.words) > 1 and text.kind in _SAID_WHOLE:
            # Who tells a story says the thing itself somewhere in it.
            score = max(score, IN_A_STORY * covered * sqrt(answered))
        return _Score(text.kind.value * score, covered, number)

    def _hit(
        self,
        entry: int,
        question: Question,
        weights: Sequence[float],
        seen: Mapping[int, float],
        of_text: _Score,
        favoured: Mapping[int, float],
    ) -> Hit:
        held, text = self.entries[entry], self._texts[of_text.text]
        union = sum(weights[n] * alike for n, alike in seen.items()) / sum(weights)
        score = 0.75 * of_text.value + 0.25 * union
        asked = {each.plain for each in question.words}
        if text.kind is not TextKind.COMMON_NAME and any(
            not condition <= asked for condition in self._behind[entry]
        ):
            score *= BEHIND
        fit = score
        if not held.is_elsewhere:
            score *= 1 + OFTEN * held.often + FAVOURED * favoured.get(held.key, 0)
        matched = frozenset(each.plain for n, each in enumerate(question.words) if seen.get(n))
        common = text.written if text.kind is TextKind.COMMON_NAME else ""
        whole = of_text.covered >= (WHOLE_NAME if common else PART_OF_NAME)
        missing = _missing(question, seen)
        return Hit(held.key, fit, score, matched, missing, common, question.understood, whole)


def _missing(question: Question, seen: Mapping[int, float]) -> tuple[str, ...]:
    """The typed words that stand nowhere; those that were taken for official words, where none of
    these does."""
    lost = [n for n in range(len(question.words)) if seen.get(n, 0.0) < SAME_WORD]
    if not question.stands_for:
        return tuple(question.words[n].written for n in lost)
    kept = {question.stands_for[n] for n in range(len(question.words)) if n not in lost}
    typed: list[str] = []
    for n in lost:
        group = question.stands_for[n]
        if not group:
            typed.append(question.words[n].written)
        elif group not in kept and (not n or question.stands_for[n - 1] != group):
            typed += [each.written for each in group]
    return tuple(typed)


def _cut(words: int) -> float:
    """From which score on a procedure answers a question of so many words."""
    return max(CUT - LOOSER * max(words - SHORT, 0), LOWEST_CUT)


def _judged(hits: list[Hit], other: Hit | None, cut: float) -> Found:
    best = max((hit.fit for hit in hits), default=0.0)
    near = tuple(hit for hit in hits if hit.fit >= NEAR)[:MOST_NEAR]
    if other is not None and other.fit >= cut and other.fit > best:
        return Found((), near, other.key)
    if best < cut:
        return Found((), near)
    least = max(cut * 0.8, OF_THE_BEST * best)
    chosen = [hit for hit in hits if hit.fit >= least][:MOST_HITS]
    first, second = chosen[0], chosen[1].score if len(chosen) > 1 else 0.0
    sure = first.fit >= SURE and second <= CLEARLY_FIRST * first.score
    sure = sure and first.is_whole and not first.missing
    return Found(tuple(chosen), is_sure=sure)


def _stands_in(phrase: tuple[str, ...], words: tuple[str, ...]) -> bool:
    size = len(phrase)
    return any(words[n : n + size] == phrase for n in range(len(words) - size + 1))
