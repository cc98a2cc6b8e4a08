"""Which desks receive a procedure, under which version, and which may be filed online.

Whether a desk receives a procedure is said twice: by `Offer` for rows that are at hand, by
`Procedure.objects.offered_by` and `offices_for` for the database. A test compares them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from motcua import clock
from motcua.models import Level, Office, OfficeQuerySet
from procedures.models import (
    OfferedProcedure,
    OfferedSector,
    OfficeOffer,
    Procedure,
    ProcedureQuerySet,
    ProcedureVersion,
    ProcedureVersionQuerySet,
)


@dataclass(frozen=True)
class ProcedureOnDay:
    """A procedure with the version of it that is in force on a day, if any."""

    procedure: Procedure
    version: ProcedureVersion | None


def with_versions(
    procedures: Iterable[Procedure], day: date, versions: ProcedureVersionQuerySet | None = None
) -> list[ProcedureOnDay]:
    """The procedures in their order, each with its version of the day, out of `versions` (all of
    them if not given); one statement for all versions."""
    found = list(procedures)
    among = ProcedureVersion.objects.all() if versions is None else versions
    # Versions do not overlap, so one at most for each procedure.
    in_force = among.in_force(day).filter(procedure__in=found).order_by() if found else ()
    by_procedure = {version.procedure_id: version for version in in_force}
    return [ProcedureOnDay(one, by_procedure.get(one.pk)) for one in found]


@dataclass(frozen=True)
class Offer:
    """What one office's desk receives."""

    levels: frozenset[str]
    catalogue: str
    closed_sectors: frozenset[int]
    exceptions: Mapping[int, bool]
    """Whether it receives a procedure, by the procedure's key, whatever its sector says."""
    without_limit: frozenset[int]
    """Procedures that nobody can promise a day for yet."""

    def receives(self, procedure: Procedure) -> bool:
        if not procedure.is_active or procedure.pk in self.without_limit:
            return False
        return self.exceptions.get(procedure.pk, self.receives_by_sector(procedure))

    def receives_by_sector(self, procedure: Procedure) -> bool:
        """Whether its sector is received here, and it belongs to what is received of it."""
        return self.may_receive(procedure) and procedure.sector_id not in self.closed_sectors

    def may_receive(self, procedure: Procedure) -> bool:
        """Whether it is of a level and of a catalogue that this desk receives."""
        of_catalogue = procedure.catalogue in (Procedure.Catalogue.OWN, self.catalogue)
        return of_catalogue and procedure.level in self.levels


def offers_of(offices: Iterable[Office]) -> dict[int, Offer]:
    """What each of the offices receives, by its key; four statements however many there are."""
    found = list(offices)
    closed: defaultdict[int, set[int]] = defaultdict(set)
    for office, sector in OfferedSector.objects.filter(
        office__in=found, is_offered=False
    ).values_list("office_id", "sector_id"):
        closed[office].add(sector)
    exceptions: defaultdict[int, dict[int, bool]] = defaultdict(dict)
    for office, procedure, is_offered in OfferedProcedure.objects.filter(
        office__in=found
    ).values_list("office_id", "procedure_id", "is_offered"):
        exceptions[office][procedure] = is_offered
    catalogues = dict(
        OfficeOffer.objects.filter(office__in=found).values_list("office_id", "catalogue")
    )
    without_limit = ProcedureVersion.objects.without_limit().values_list("procedure_id", flat=True)
    unknown = frozenset(without_limit)
    return {
        office.pk: Offer(
            levels=frozenset(office.levels_received),
            catalogue=catalogues.get(office.pk, Procedure.Catalogue.OF_2016),
            closed_sectors=frozenset(closed[office.pk]),
            exceptions=exceptions[office.pk],
            without_limit=unknown,
        )
        for office in found
    }


def offices_for(procedure: Procedure) -> list[Office]:
    """The desks that receive the procedure, were it active and its limit known."""
    return list(offices_receiving(procedure))


def offices_receiving(procedure: Procedure) -> OfficeQuerySet:
    """`offices_for` as rows to be asked further; one statement."""
    exceptions = OfferedProcedure.objects.filter(procedure=procedure).values("office")
    closed = OfferedSector.objects.filter(sector=procedure.sector_id, is_offered=False)
    by_sector = Office.objects.receiving(procedure.level).exclude(pk__in=closed.values("office"))
    if procedure.catalogue == Procedure.Catalogue.OF_2016:
        by_sector = by_sector.filter(
            Q(offer__isnull=True) | Q(offer__catalogue=procedure.catalogue)
        )
    elif procedure.catalogue != Procedure.Catalogue.OWN:
        by_sector = by_sector.filter(offer__catalogue=procedure.catalogue)
    return Office.objects.existing(clock.today()).filter(
        Q(pk__in=exceptions.filter(is_offered=True))
        | (
            Q(pk__in=by_sector.order_by().values("pk"))
            & ~Q(pk__in=exceptions.filter(is_offered=False))
        )
    )


def filed_online_at(procedure: Procedure) -> OfficeQuerySet:
    """The desks at which a citizen may file it without coming: those that receive it and have
    somebody to accept it, with the office above each; one statement."""
    return offices_receiving(procedure).with_desk().with_clerks().select_related("parent")


@dataclass(frozen=True)
class OfferedSomewhere:
    """What a visitor may ask for at some desk of today."""

    procedures: ProcedureQuerySet
    levels: frozenset[str]
    desk_levels: frozenset[str]
    """Of which levels there are desks."""


def offered_somewhere() -> OfferedSomewhere:
    """The active procedures of a level and a catalogue that some desk receives, and those that one
    receives besides; all of them where there is no desk yet. One statement, and what is asked of
    the procedures."""
    desks = Office.objects.existing(clock.today()).with_desk().select_related("offer").order_by()
    kinds = {(frozenset(desk.levels_received), _catalogue_of(desk)) for desk in desks}
    active = Procedure.objects.filter(is_active=True)
    if not kinds:
        return OfferedSomewhere(active, frozenset(Level.values), frozenset(Level.values))
    besides = OfferedProcedure.objects.filter(
        office__in=desks.select_related(None), is_offered=True
    )
    received = Q(pk__in=besides.values("procedure"))
    for levels, catalogue in kinds:
        received |= Q(level__in=levels, catalogue__in=[Procedure.Catalogue.OWN, catalogue])
    levels_received = frozenset(level for levels, _ in kinds for level in levels)
    desk_levels = frozenset(desk.level for desk in desks)
    return OfferedSomewhere(active.filter(received), levels_received, desk_levels)


def _catalogue_of(office: Office) -> str:
    kept = getattr(office, "offer", None)
    return kept.catalogue if kept is not None else Procedure.Catalogue.OF_2016.value


def files_online(procedure: Procedure, version: ProcedureVersion | None) -> bool:
    """Whether a citizen may file this procedure without coming: it is in force, its keeper has
    not closed it, and it is not one that is solved while the citizen waits."""
    return (
        version is not None
        and version.has_limit
        and procedure.is_active
        and procedure.files_online
        and version.limit_unit != ProcedureVersion.Unit.SAME_DAY
    )
