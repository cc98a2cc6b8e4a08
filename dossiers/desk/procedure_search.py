"""Which procedure does the citizen mean? The search of a desk, in the citizen's own words: what
this clerk and this desk receive most stands before its equals."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.db.models import Count, Q

from dossiers.desk import counter
from dossiers.lifecycle import due_dates
from dossiers.models import Dossier
from dossiers.rules.deadlines import Due
from motcua import clock
from motcua.models import Office, Staff
from procedures.models import (
    ElsewhereRule,
    HandledElsewhere,
    Procedure,
    ProcedureQuerySet,
    ProcedureVersion,
    RequiredPaper,
)
from procedures.offering import offered_somewhere
from procedures.search.answers import Answer, Result, results, search
from procedures.search.entries import Hit
from procedures.search.unanswered import note_unanswered
from procedures.workdays import NoCalendarData

HABIT = timedelta(days=90)
LATELY = timedelta(days=30)
YEAR = timedelta(days=365)
MOST_USED = 8
MOST_SHOWN = 20
OF_THE_DESK = 0.5
"""What the desk's habit counts, beside the clerk's own."""


@dataclass(frozen=True)
class Habits:
    """How many dossiers of each procedure came in, by its key."""

    mine: Mapping[int, int]
    of_desk: Mapping[int, int]
    mine_lately: Mapping[int, int]
    of_desk_lately: Mapping[int, int]

    @property
    def favoured(self) -> dict[int, float]:
        """What the clerk received most is near 1, what only the desk did near a half."""
        most_mine = max(self.mine.values(), default=0) or 1
        most = max(self.of_desk.values(), default=0) or 1
        return {
            key: max(self.mine[key] / most_mine, OF_THE_DESK * count / most)
            for key, count in self.of_desk.items()
        }


@dataclass(frozen=True)
class Line:
    """One procedure in a list to choose from."""

    result: Result
    received: int
    """How many dossiers of it this desk received in the last 30 days."""
    present: tuple[str, ...] = ()
    """What was asked for and stands in it; told only where something is missing."""
    missing: tuple[str, ...] = ()

    @property
    def procedure(self) -> Procedure:
        return self.result.procedure

    @property
    def version(self) -> ProcedureVersion | None:
        return self.result.version


@dataclass(frozen=True)
class Found:
    """What a desk is shown for a question: `lines` that answer it, or else `near`."""

    asked: str = ""
    lines: tuple[Line, ...] = ()
    count: int = 0
    """How many answer it; the list shows the first of them."""
    near: tuple[Line, ...] = ()
    is_sure: bool = False
    understood: tuple[tuple[str, str], ...] = ()
    elsewhere: HandledElsewhere | None = None
    searched_in: int = 0
    """Among how many procedures it was sought; counted where nothing was found."""
    other_offices: int = 0
    """How many procedures of other offices answer it; counted where nothing was found here."""

    @property
    def weak(self) -> tuple[Line, ...]:
        """What has most of the words, where nothing has all of them."""
        shown = self.lines or (() if self.elsewhere else self.near)
        return shown if all(line.missing for line in shown) else ()

    @property
    def shown(self) -> tuple[Line, ...]:
        return self.lines or self.near

    @property
    def first(self) -> Line | None:
        """What the list proposes."""
        return next(iter(self.lines or self.weak), None)

    @property
    def is_empty(self) -> bool:
        return bool(self.asked) and not self.lines


@dataclass(frozen=True)
class MostUsed:
    lines: tuple[Line, ...]
    is_of_desk: bool
    """Counted for the whole desk, where the clerk herself received nothing."""


@dataclass(frozen=True)
class Look:
    """What a clerk says of a procedure before she takes it."""

    procedure: Procedure
    version: ProcedureVersion | None
    due: Due | None
    """The promise, were the dossier received now."""
    solved_by: str
    papers: tuple[RequiredPaper, ...]


def habits_of(clerk: Staff, office: Office) -> Habits:
    """What the clerk and the desk received in the last 90 and 30 days; one statement."""
    today = clock.today()
    mine, lately = Q(created_by=clerk), Q(received_on__gte=today - LATELY)
    rows = list(
        Dossier.objects.filter(receiver=office, received_on__gte=today - HABIT)
        .order_by()
        .values("procedure")
        .annotate(
            mine=Count("pk", filter=mine),
            of_desk=Count("pk"),
            mine_lately=Count("pk", filter=mine & lately),
            of_desk_lately=Count("pk", filter=lately),
        )
    )
    return Habits(
        *(
            {row["procedure"]: row[name] for row in rows}
            for name in ("mine", "of_desk", "mine_lately", "of_desk_lately")
        )
    )


def received_in_a_year() -> dict[int, int]:
    """How many dossiers of each procedure all desks received in the last year; one statement."""
    since = clock.today() - YEAR
    rows = Dossier.objects.filter(received_on__gt=since).order_by().values("procedure")
    return dict(rows.annotate(count=Count("pk")).values_list("procedure", "count"))


def find_procedures(
    clerk: Staff, office: Office, text: str, *, solver: Office | None = None
) -> Found:
    """What answers the words, of what this desk receives; for another office, of that one's only
    what may be received so. A number of statements that does not depend on how many answer."""
    if not text.strip():
        return Found()
    habits = habits_of(clerk, office)
    offered = Procedure.objects.offered_by(solver or office)
    answer = search(text, offered, habits.favoured)
    lines = _lines(answer, answer.hits, habits, solver)
    nothing = not lines
    return Found(
        asked=answer.asked,
        lines=lines[:MOST_SHOWN],
        count=len(lines),
        near=_lines(answer, answer.near, habits, solver)[:MOST_SHOWN] if nothing else (),
        is_sure=answer.is_sure and bool(lines) and lines[0].procedure.pk == answer.hits[0].key,
        understood=answer.understood if lines else (),
        elsewhere=answer.elsewhere,
        searched_in=offered.order_by().count() if nothing else 0,
        other_offices=_of_other_offices(text, offered) if nothing else 0,
    )


def note_if_unanswered(found: Found, asker: Staff) -> None:
    """Of a question that was asked on purpose: what finds nothing is noted, without who asked, so
    that the words by which one searches grow."""
    if found.is_empty and found.elsewhere is None:
        note_unanswered(found.asked, str(asker.pk))


def in_sector(clerk: Staff, office: Office, sector: int, *, solver: Office | None = None) -> Found:
    """The procedures of a sector, by name."""
    offered = Procedure.objects.offered_by(solver or office).filter(sector=sector)
    lines = _plain_lines(offered.order_by("search_key", "pk"), habits_of(clerk, office), solver)
    return Found(lines=lines, count=len(lines))


def most_used(clerk: Staff, office: Office) -> MostUsed:
    """What this clerk received most in the last 30 days; the whole desk, where she did nothing."""
    habits = habits_of(clerk, office)
    is_of_desk = not any(habits.mine_lately.values())
    counts = habits.of_desk_lately if is_of_desk else habits.mine_lately
    often = sorted((key for key in counts if counts[key]), key=lambda key: (-counts[key], key))
    offered = Procedure.objects.offered_by(office).filter(pk__in=often)
    known = {line.procedure.pk: line for line in _plain_lines(offered, habits, None)}
    chosen = [key for key in often if key in known][:MOST_USED]
    lines = tuple(Line(known[key].result, counts[key]) for key in chosen)
    return MostUsed(lines, is_of_desk)


def look_at(procedure: Procedure, office: Office, solver: Office | None = None) -> Look:
    """Due date, solver, fee and papers, were a dossier of it received now."""
    now = clock.now()
    version = procedure.version_on(now.date())
    solving = solver or office
    due = None
    if version is not None and version.has_limit:
        try:
            due = due_dates.reckon(solving, version, now, desk=office)
        except NoCalendarData:
            due = None
    papers = RequiredPaper.objects.of(version) if version is not None else ()
    return Look(
        procedure, version, due, counter.solved_by(procedure, solving, office), tuple(papers)
    )


def _lines(
    answer: Answer, hits: Iterable[Hit], habits: Habits, solver: Office | None
) -> tuple[Line, ...]:
    allows = _may_be_received(solver)
    return tuple(
        Line(
            result,
            habits.of_desk_lately.get(result.procedure.pk, 0),
            *_runs(answer.asked, result.missing),
        )
        for result in results(hits, clock.today())
        if allows(result.procedure, result.version)
    )


def _plain_lines(
    procedures: ProcedureQuerySet, habits: Habits, solver: Office | None
) -> tuple[Line, ...]:
    """Procedures that nothing was asked about."""
    hits = [Hit(key) for key in procedures.values_list("pk", flat=True)]
    return _lines(Answer(""), hits, habits, solver)


def _may_be_received(
    solver: Office | None,
) -> Callable[[Procedure, ProcedureVersion | None], bool]:
    if solver is None:
        return lambda procedure, version: True
    return ElsewhereRule.objects.judge(clock.today())


def _of_other_offices(text: str, offered: ProcedureQuerySet) -> int:
    """How many procedures that only other offices receive answer the words."""
    elsewhere = offered_somewhere().procedures.exclude(pk__in=offered.order_by().values("pk"))
    return len(search(text, elsewhere).hits)


def _runs(asked: str, missing: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that were typed, those that stand side by side together: what is there, and what
    is not; nothing where nothing is missing."""
    if not missing:
        return (), ()
    absent = {word.lower() for word in missing}
    words = [word.strip(",.;:!?()“”\"'") for word in asked.split()]
    runs = [
        (is_absent, " ".join(run))
        for is_absent, run in groupby(filter(None, words), key=lambda word: word.lower() in absent)
    ]
    there = tuple(run for is_absent, run in runs if not is_absent)
    return there, tuple(run for is_absent, run in runs if is_absent) or missing
