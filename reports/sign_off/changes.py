"""What is counted now beside what was signed: the numbers, and the dossiers that differ."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Max

from dossiers.models import Dossier, Event
from motcua.text import alphabetical
from reports.models import Closing
from reports.sign_off.closing import Members, members_now, table_now
from reports.terms.columns import BASE, BY_NAME, NAMES, Column, Figures, add_sums, nothing, total_of

SHOWN = 50

Numbers = dict[str, Figures]
"""Sector -> every column -> number."""


@dataclass(frozen=True)
class ChangedFigure:
    """A number that is another now, or is made of other dossiers."""

    sector: str
    column: Column
    signed: int
    now: int

    @property
    def change(self) -> int:
        return self.now - self.signed

    @property
    def change_words(self) -> str:
        return f"{self.change:+d}".replace("-", "−") if self.change else "0"


@dataclass(frozen=True)
class Moved:
    """A dossier that makes a difference: the columns it left and those it came into, and the
    last act entered after the signing, if the cause is an act."""

    dossier: Dossier
    left: list[str]
    came: list[str]
    act: Event | None


@dataclass(frozen=True)
class Comparison:
    lines: list[ChangedFigure]
    totals: list[ChangedFigure]
    moved: list[Moved]
    """The first SHOWN of the dossiers that make the differences."""
    moved_total: int

    @property
    def more(self) -> int:
        return self.moved_total - len(self.moved)


def compare(closing: Closing) -> Comparison:
    """What is counted now beside what was signed; empty lists when nothing has changed."""
    then: Members = defaultdict(dict)
    signed: Numbers = defaultdict(nothing)
    for cell in closing.cells.all():
        then[cell.sector][cell.column] = cell.dossiers
        signed[cell.sector][cell.column] = cell.value
    now = members_now(closing.office, closing.period)
    numbers: Numbers = defaultdict(nothing)
    numbers |= {row.key: row.figures for row in table_now(closing.office, closing.period).rows}
    lines, left, came = [], defaultdict(list), defaultdict(list)
    for sector in sorted(then.keys() | now.keys() | numbers.keys(), key=alphabetical):
        for name in BASE:
            before = set(then.get(sector, {}).get(name, []))
            after = set(now.get(sector, {}).get(name, []))
            numbers_of = (signed[sector][name], numbers[sector][name])
            if before == after and numbers_of[0] == numbers_of[1]:
                continue
            lines.append(ChangedFigure(sector, BY_NAME[name], *numbers_of))
            words = f"{sector}, {BY_NAME[name].full_heading.lower()}"
            for key in before - after:
                left[key].append(words)
            for key in after - before:
                came[key].append(words)
    signed_total, total = _total(signed), _total(numbers)
    totals = [
        ChangedFigure("Tổng số", BY_NAME[name], signed_total[name], total[name])
        for name in NAMES
        if signed_total[name] != total[name]
    ]
    moved = _moved(closing, left, came)
    return Comparison(lines, totals, moved, len(left.keys() | came.keys()))


def _moved(closing: Closing, left: dict[int, list[str]], came: dict[int, list[str]]) -> list[Moved]:
    found = Dossier.objects.filter(pk__in=left.keys() | came.keys())
    dossiers = list(found.order_by("received_on", "pk")[:SHOWN])
    last = (
        Event.objects.filter(dossier__in=dossiers, recorded_at__gt=closing.signed_at)
        .exclude(kind__in=Event.ACCESS)
        .values("dossier")
        .annotate(last=Max("pk"))
        .values("last")
    )
    acts = {
        event.dossier_id: event
        for event in Event.objects.filter(pk__in=last).select_related("actor")
    }
    return [
        Moved(dossier, left.get(dossier.pk, []), came.get(dossier.pk, []), acts.get(dossier.pk))
        for dossier in dossiers
    ]


def _total(numbers: Numbers) -> Figures:
    return total_of(add_sums(row) for row in numbers.values())
