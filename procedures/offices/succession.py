"""What does a new office offer that others became? What they offered, solved by the divisions that
theirs became; nothing of theirs is changed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from motcua.models import Office
from procedures.models import OfferedProcedure, OfferedSector, OfficeOffer, SolvingDivision


def take_over_offer(
    sender: Any,
    *,
    predecessors: Sequence[Office],
    successor: Office,
    divisions: Mapping[int, int],
    day: date,
    **_: Any,
) -> None:
    """A receiver of mergers (`predecessors`: the seat first, `divisions`: an old one's key -> the
    successor's). An office that was there before keeps its own offer. A new one has the seat's
    catalogue, leaves out a sector or procedure where all of them did, and is solved for as by the
    first of them that said so, with its days."""
    if successor.exists_from != day or OfficeOffer.objects.filter(office=successor).exists():
        return
    _take_catalogue(predecessors, successor)
    _take_sectors(predecessors, successor)
    _take_procedures(predecessors, successor)
    _take_solvers(predecessors, successor, divisions)


def _take_catalogue(predecessors: Sequence[Office], successor: Office) -> None:
    kept = {row.office_id: row for row in OfficeOffer.objects.filter(office__in=predecessors)}
    seat = next((kept[office.pk] for office in predecessors if office.pk in kept), None)
    if seat is not None:
        OfficeOffer.objects.create(
            office=successor, template=seat.template, catalogue=seat.catalogue
        )


def _take_sectors(predecessors: Sequence[Office], successor: Office) -> None:
    """Counters stay behind: the new desk is another room."""
    closed: defaultdict[int, set[int]] = defaultdict(set)
    for row in OfferedSector.objects.filter(office__in=predecessors, is_offered=False):
        closed[row.sector_id].add(row.office_id)
    for sector, offices in closed.items():
        if len(offices) == len(predecessors):
            OfferedSector.objects.create(office=successor, sector_id=sector, is_offered=False)


def _take_procedures(predecessors: Sequence[Office], successor: Office) -> None:
    said: defaultdict[int, list[bool]] = defaultdict(list)
    for row in OfferedProcedure.objects.filter(office__in=predecessors):
        said[row.procedure_id].append(row.is_offered)
    for procedure, answers in said.items():
        if any(answers) or len(answers) == len(predecessors):
            OfferedProcedure.objects.create(
                office=successor, procedure_id=procedure, is_offered=any(answers)
            )


def _take_solvers(
    predecessors: Sequence[Office], successor: Office, divisions: Mapping[int, int]
) -> None:
    order = {office.pk: place for place, office in enumerate(predecessors)}
    whose: dict[tuple[int | None, int | None], int] = {}
    rows = SolvingDivision.objects.filter(office__in=predecessors).order_by("since")
    for row in sorted(rows, key=lambda row: order[row.office_id]):
        of = (row.sector_id, row.procedure_id)
        if whose.setdefault(of, row.office_id) != row.office_id:
            continue
        division = divisions.get(row.division_id) if row.division_id else None
        if row.division_id is None or division is not None:
            SolvingDivision.objects.create(
                office=successor,
                sector_id=row.sector_id,
                procedure_id=row.procedure_id,
                division_id=division,
                since=row.since,
            )
