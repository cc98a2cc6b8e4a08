"""What a page shows of a search: the procedures that answer it, how it was understood, where else
such a matter goes."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from procedures.models import (
    HandledElsewhere,
    Procedure,
    ProcedureQuerySet,
    ProcedureVersion,
    ProcedureWords,
)
from procedures.offering import with_versions
from procedures.search.catalogue_index import catalogue_index
from procedures.search.entries import Found, Hit
from procedures.search.questions import ONE_WORD
from procedures.search.spelling import Word, likeness, words_of

_CODE = re.compile(r"(?:m[ãa]\b(?:\s+số|\s+so)?:?\s+)?([A-Za-z]{0,3})\s?(\d[\w.-]*)", re.IGNORECASE)
_SHIPPED_KEY = re.compile(r"([A-Za-z])0*(\d{1,3})")
_AROUND = " \t()[]“”\"'.,;:!?"
_PIECES = re.compile(r"(\W+)")


@dataclass(frozen=True)
class Answer:
    """What a search found: no `hits` where nothing fits, and `near` then what comes nearest."""

    asked: str
    hits: tuple[Hit, ...] = ()
    near: tuple[Hit, ...] = ()
    is_sure: bool = False
    """The first is clearly the one that was meant."""
    elsewhere: HandledElsewhere | None = None

    @property
    def understood(self) -> tuple[tuple[str, str], ...]:
        """What was typed, and the official words that it was taken for, of the first hit."""
        return self.hits[0].understood if self.hits else ()


@dataclass(frozen=True)
class NamePart:
    text: str
    is_matched: bool


@dataclass(frozen=True)
class Result:
    """One procedure of an answer, as a page draws it."""

    procedure: Procedure
    version: ProcedureVersion | None
    name: tuple[NamePart, ...]
    common_name: str
    """What people call it; empty where its name says so itself."""
    when: str
    """When it is the one to choose."""
    missing: tuple[str, ...] = ()
    """What was asked for and stands nowhere in it."""


def search(
    text: str, among: ProcedureQuerySet, favoured: Mapping[int, float] | None = None
) -> Answer:
    """The answer to a question in anybody's words, out of these procedures; a code finds the
    procedures that bear or bore it."""
    asked = text.replace("\0", " ").strip()
    coded = _coded(asked, among)
    if coded:
        return Answer(asked, coded, is_sure=len(coded) == 1)
    keys = set(among.order_by().values_list("pk", flat=True))
    found = catalogue_index().ask(asked, keys, favoured)
    return Answer(asked, found.hits, _near(found, keys), found.is_sure, _elsewhere(found))


def results(hits: Iterable[Hit], day: date, asked: str = "") -> list[Result]:
    """The hits in their order, each with its version of the day; three statements. `asked`: what
    was typed, so that no word of another tone is marked as one of it."""
    typed: dict[str, list[Word]] = defaultdict(list)
    for each in words_of(asked):
        typed[each.plain].append(each)
    if not any(each.has_marks for held in typed.values() for each in held):
        typed.clear()
    by_key = {hit.key: hit for hit in hits}
    rows = Procedure.objects.filter(pk__in=by_key).select_related("sector", "words").order_by()
    held = {one.procedure.pk: one for one in with_versions(rows, day)}
    return [
        _result(held[key].procedure, held[key].version, hit, typed)
        for key, hit in by_key.items()
        if key in held
    ]


def _coded(asked: str, among: ProcedureQuerySet) -> tuple[Hit, ...]:
    """The procedures whose key or national code this is, however it was typed ("x48", "(H233)")."""
    typed = _CODE.fullmatch(asked.strip(_AROUND))
    if typed is None:
        return ()
    code = "".join(typed.groups())
    shipped = _SHIPPED_KEY.fullmatch(code)
    key = f"{shipped[1]}{int(shipped[2]):03}" if shipped else code
    coded = Procedure.objects.coded(code).values("pk")
    found = among.filter(key__iexact=key) | among.filter(pk__in=coded)
    return tuple(Hit(one) for one in found.order_by("pk").values_list("pk", flat=True))


def _near(found: Found, keys: set[int]) -> tuple[Hit, ...]:
    """The neighbours that the matter of another agency names, before what only resembles it."""
    if found.elsewhere is None:
        return found.near
    named = HandledElsewhere.neighbours.through.objects.filter(
        handledelsewhere_id=found.elsewhere, procedure_id__in=keys
    ).order_by("pk")
    chosen = [Hit(key) for key in named.values_list("procedure_id", flat=True)]
    return tuple(chosen) or found.near


def _elsewhere(found: Found) -> HandledElsewhere | None:
    if found.elsewhere is None:
        return None
    return HandledElsewhere.objects.filter(pk=found.elsewhere).first()


def _result(
    procedure: Procedure,
    version: ProcedureVersion | None,
    hit: Hit,
    typed: Mapping[str, Sequence[Word]],
) -> Result:
    words: ProcedureWords | None = getattr(procedure, "words", None)
    common = hit.common_name or (words.common_name if words else "")
    return Result(
        procedure,
        version,
        _marked(procedure.name, hit.matched, typed),
        common,
        words.when if words else "",
        hit.missing,
    )


def _marked(
    name: str, matched: frozenset[str], typed: Mapping[str, Sequence[Word]]
) -> tuple[NamePart, ...]:
    """The name in pieces, those that were asked for marked; a blank between two of them too."""

    def was_asked(held: Word) -> bool:
        same = typed.get(held.plain, ())
        return held.plain in matched and (
            not same or any(likeness(each, held) >= ONE_WORD for each in same)
        )

    pieces = [piece for piece in _PIECES.split(name) if piece]
    marks = [any(map(was_asked, words_of(piece))) for piece in pieces]
    for place in range(1, len(pieces) - 1):
        marks[place] |= pieces[place].isspace() and marks[place - 1] and marks[place + 1]
    return tuple(
        NamePart("".join(piece for piece, _ in group), is_matched)
        for is_matched, group in groupby(zip(pieces, marks, strict=True), key=itemgetter(1))
    )
