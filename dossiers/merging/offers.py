"""What a new office receives, and who solves it there: what its predecessors did."""

from collections.abc import Mapping, Sequence

from dossiers.merging.planning import Successor
from motcua.models import Office
from procedures.models import OfferedProcedure, OfferedSector, OfficeOffer, SolvingDivision


def give_offers(new: Successor, office: Office, divisions: Mapping[int, int]) -> None:
    """The new office receives what any predecessor received: nobody who came to a desk until
    yesterday is sent elsewhere. Catalogue, counters and solvers are those of the seat, or of the
    first that has them. `divisions`: old division -> the new office's."""
    olds = new.in_order
    offers = {offer.office_id: offer for offer in OfficeOffer.objects.filter(office__in=olds)}
    first = next((offers[old.pk] for old in olds if old.pk in offers), None)
    if first is not None:
        OfficeOffer.objects.create(
            office=office,
            template=first.template,
            catalogue=first.catalogue,
            shows_counters=first.shows_counters,
        )
    _sectors(olds, office)
    _exceptions(olds, office)
    _solvers(olds, office, divisions)


def _sectors(olds: Sequence[Office], office: Office) -> None:
    by_sector: dict[int, dict[int, OfferedSector]] = {}
    for row in OfferedSector.objects.filter(office__in=olds).order_by("pk"):
        by_sector.setdefault(row.sector_id, {})[row.office_id] = row
    for sector, rows in by_sector.items():
        is_closed = len(rows) == len(olds) and not any(row.is_offered for row in rows.values())
        counters = [rows[old.pk].counter for old in olds if old.pk in rows]
        counter = next(filter(None, counters), "")
        if is_closed or counter:
            OfferedSector.objects.create(
                office=office, sector_id=sector, is_offered=not is_closed, counter=counter
            )


def _exceptions(olds: Sequence[Office], office: Office) -> None:
    by_procedure: dict[int, list[bool]] = {}
    for row in OfferedProcedure.objects.filter(office__in=olds).order_by("pk"):
        by_procedure.setdefault(row.procedure_id, []).append(row.is_offered)
    for procedure, said in by_procedure.items():
        if any(said) or len(said) == len(olds):
            OfferedProcedure.objects.create(
                office=office, procedure_id=procedure, is_offered=any(said)
            )


def _solvers(olds: Sequence[Office], office: Office, divisions: Mapping[int, int]) -> None:
    """All days of the first predecessor that says who solves a sector or a procedure: what it
    received before goes on to the same division."""
    rows = list(SolvingDivision.objects.filter(office__in=olds).order_by("since"))
    said: set[tuple[int | None, int | None]] = set()
    for old in olds:
        own = [row for row in rows if row.office_id == old.pk]
        fresh = [row for row in own if (row.sector_id, row.procedure_id) not in said]
        for row in fresh:
            into = divisions.get(row.division_id) if row.division_id is not None else None
            if row.division_id is not None and into is None:
                continue  # closed before: it solves nothing any more
            SolvingDivision.objects.create(
                office=office,
                sector_id=row.sector_id,
                procedure_id=row.procedure_id,
                division_id=into,
                since=row.since,
            )
        said |= {(row.sector_id, row.procedure_id) for row in fresh}
