"""Which desks receive a procedure, under which version, and which may be filed online."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from motcua.models import Office
from procedures.models import Procedure, ProcedureVersion, ProcedureVersionQuerySet


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


def offices_for(procedure: Procedure) -> list[Office]:
    """The desks that receive the procedure; see `Office.levels_received`."""
    return list(Office.objects.receiving(procedure.level))


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
