"""How a page tells of each procedure that answers: where it is filed, how long it takes, how many
papers to bring."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from motcua.models import Level
from procedures.models import (
    LifeEvent,
    Procedure,
    ProcedureQuerySet,
    ProcedureVersion,
    RequiredPaper,
)
from procedures.offering import with_versions
from procedures.search.answers import Result, results
from procedures.search.entries import Hit

_PLACES = {Level.PROVINCE: "tỉnh", Level.DISTRICT: "huyện", Level.COMMUNE: "xã, thị trấn"}
_CENTRE = "Trung tâm Phục vụ hành chính công xã, phường"


@dataclass(frozen=True)
class PaperCount:
    """How many papers are to be brought: always, and in some cases only."""

    always: int
    perhaps: int

    @property
    def words(self) -> str:
        if not self.always:
            return f"{self.perhaps} giấy tờ nếu có"
        return f"{self.always} giấy tờ" + (f", thêm {self.perhaps} nếu có" if self.perhaps else "")


@dataclass(frozen=True)
class Line:
    """One procedure of an answer with what a citizen asks next."""

    result: Result
    place: str
    papers: PaperCount | None
    """None where no list of papers is known."""


@dataclass(frozen=True)
class StepProcedure:
    """One procedure of a step, with its version of the day."""

    procedure: Procedure
    version: ProcedureVersion | None
    place: str


@dataclass(frozen=True)
class Step:
    """What is to be done in an event of a life: here, elsewhere, or both."""

    name: str
    when: str
    elsewhere: str
    procedures: tuple[StepProcedure, ...]


def lines_of(
    hits: Iterable[Hit], day: date, desk_levels: Collection[str], asked: str
) -> list[Line]:
    """The hits of what was asked in their order; one statement for all papers besides those of
    `results`. `desk_levels`: of which levels there are desks."""
    found = results(hits, day, asked)
    papers = count_papers([one.version for one in found if one.version is not None], day)
    return [
        Line(
            one,
            place_of(one.procedure.level, desk_levels),
            papers.get(one.version.pk) if one.version is not None else None,
        )
        for one in found
    ]


def count_papers(versions: Collection[ProcedureVersion], day: date) -> dict[int, PaperCount]:
    """By the version's key; none that data replace on the day. One statement."""
    if not versions:
        return {}
    always: Counter[int] = Counter()
    perhaps: Counter[int] = Counter()
    rows = RequiredPaper.objects.filter(version__in=versions).select_related("data_rule")
    for paper in rows.order_by():
        if paper.is_asked_on(day):
            always[paper.version_id] += 1
        elif not paper.is_required and not paper.is_replaced_on(day):
            perhaps[paper.version_id] += 1
    return {key: PaperCount(always[key], perhaps[key]) for key in always | perhaps}


def place_of(level: str, desk_levels: Collection[str]) -> str:
    """Where a procedure of this level is filed. Without districts the communes' centres take
    theirs."""
    if level != Level.PROVINCE and Level.DISTRICT not in desk_levels:
        return _CENTRE
    return _PLACES[Level(level)]


def steps_of(
    event: LifeEvent, among: ProcedureQuerySet, day: date, desk_levels: Collection[str]
) -> list[Step]:
    """The steps of the event in their order, each with those of its procedures that are among
    these; one with nothing to do here or elsewhere is left out. Four statements."""
    steps = list(event.steps.prefetch_related("procedures"))
    keys = {one.pk for step in steps for one in step.procedures.all()}
    offered = among.filter(pk__in=keys).select_related("sector")
    held = {
        one.procedure.pk: StepProcedure(
            one.procedure, one.version, place_of(one.procedure.level, desk_levels)
        )
        for one in with_versions(offered, day)
    }
    told = [
        Step(
            step.name,
            step.when,
            step.elsewhere,
            tuple(held[one.pk] for one in step.procedures.all() if one.pk in held),
        )
        for step in steps
    ]
    return [step for step in told if step.procedures or step.elsewhere]
