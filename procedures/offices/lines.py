"""What does an office offer, as its administrator and its visitors see it? By sector, with what is
received of each, who solves it, and at which counter."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from motcua import clock
from motcua.models import Division, Office
from procedures.models import (
    OfferedSector,
    OfficeOffer,
    Procedure,
    ProcedureQuerySet,
    ProcedureVersion,
    Sector,
)
from procedures.offering import Offer, offers_of, with_versions
from procedures.offices.solving import Solver, Solvers


@dataclass(frozen=True)
class SectorLine:
    """A sector of an office: how many of its procedures it could receive and does."""

    sector: Sector
    possible: int
    received: int
    is_offered: bool
    solvers: tuple[str, ...]
    """Who solves what is received, each named once."""
    counter: str


@dataclass(frozen=True)
class ProcedureLine:
    """A procedure of a sector at an office."""

    procedure: Procedure
    is_received: bool
    exception: bool | None
    solver: Solver
    own_division: Division | None
    """Who solves it whatever its sector says."""
    why_not: str
    """Why it is not received as its sector is, where that is not the office's decision."""


@dataclass(frozen=True)
class CounterLine:
    """A counter with the sectors that are received at it."""

    counter: str
    sectors: tuple[str, ...]


def possible_at(office: Office, offer: Offer) -> ProcedureQuerySet:
    """The active procedures of the office's levels and catalogue, and those it receives besides."""
    added = [key for key, is_offered in offer.exceptions.items() if is_offered]
    of_catalogue = Q(catalogue__in=[Procedure.Catalogue.OWN, offer.catalogue])
    return Procedure.objects.filter(
        Q(level__in=offer.levels) & of_catalogue | Q(pk__in=added), is_active=True
    )


def sector_lines(office: Office, text: str = "") -> list[SectorLine]:
    """The sectors of which the office could receive something, in their order; with a text those
    whose name or one of whose procedures answers it. Eight statements, whatever there is."""
    offer = offers_of([office])[office.pk]
    possible = possible_at(office, offer)
    found = set(possible.search(text).values_list("sector_id", flat=True)) if text else None
    of_sector: defaultdict[Sector, list[Procedure]] = defaultdict(list)
    for procedure in possible.select_related("sector").order_by("sector__sort_key", "sort_key"):
        if found is None or procedure.sector_id in found:
            of_sector[procedure.sector].append(procedure)
    kept = {row.sector_id: row for row in OfferedSector.objects.filter(office=office)}
    solvers, versions = Solvers([office]), _versions(of_sector.values())
    lines = []
    for sector, procedures in of_sector.items():
        row = kept.get(sector.pk)
        received = [one for one in procedures if offer.receives(one)]
        named = (solvers.of(one, versions.get(one.pk), office).words for one in received)
        lines.append(
            SectorLine(
                sector=sector,
                possible=len(procedures),
                received=len(received),
                is_offered=row is None or row.is_offered,
                solvers=tuple(dict.fromkeys(words for words in named if words)),
                counter=row.counter if row is not None else "",
            )
        )
    return lines


def procedure_lines(office: Office, sector: Sector) -> list[ProcedureLine]:
    """All active procedures of the sector as this office has them; those of other levels and
    catalogues come last."""
    offer, solvers = offers_of([office])[office.pk], Solvers([office])
    procedures = list(
        Procedure.objects.filter(sector=sector, is_active=True).select_related("sector")
    )
    versions = _versions([procedures])
    lines = [
        ProcedureLine(
            procedure=one,
            is_received=offer.receives(one),
            exception=offer.exceptions.get(one.pk),
            solver=solvers.of(one, versions.get(one.pk), office),
            own_division=solvers.own(one, office),
            why_not=_why_not(offer, one),
        )
        for one in procedures
    ]
    return sorted(lines, key=lambda line: not offer.may_receive(line.procedure))


def counter_lines(office: Office) -> list[CounterLine]:
    """Which sectors are received at which counter, if the office says so in public."""
    if not OfficeOffer.objects.filter(office=office, shows_counters=True).exists():
        return []
    sectors: defaultdict[str, list[str]] = defaultdict(list)
    for line in sector_lines(office):
        if line.counter and line.received:
            sectors[line.counter].append(line.sector.name)
    return [
        CounterLine(counter, tuple(sectors[counter])) for counter in sorted(sectors, key=_by_number)
    ]


def _by_number(counter: str) -> tuple[int, str]:
    digits = "".join(letter for letter in counter if letter.isdigit())
    return (int(digits or 0), counter)


def _versions(groups: Iterable[list[Procedure]]) -> dict[int, ProcedureVersion | None]:
    procedures = [procedure for group in groups for procedure in group]
    return {one.procedure.pk: one.version for one in with_versions(procedures, clock.today())}


def _why_not(offer: Offer, procedure: Procedure) -> str:
    if procedure.pk in offer.without_limit:
        return "chưa rõ thời hạn"
    if procedure.level not in offer.levels:
        return procedure.get_level_display()
    return "" if offer.may_receive(procedure) else procedure.get_catalogue_display()
