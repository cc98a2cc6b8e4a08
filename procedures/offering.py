"""Which desks receive a procedure, and which procedures may be filed online."""

from django.db.models import Q

from motcua.models import Level, Office
from procedures.models import Procedure, ProcedureVersion


def offices_for(procedure: Procedure) -> list[Office]:
    """The desks that receive the procedure: those of its level, and since 01/7/2025 the
    communes that took over the district's procedures."""
    where = Q(level=procedure.level)
    if procedure.level == Level.DISTRICT:
        where |= Q(takes_district_procedures=True)
    return list(Office.objects.filter(where))


def files_online(procedure: Procedure, version: ProcedureVersion | None) -> bool:
    """Whether a citizen may file this procedure without coming: it is in force, its keeper has
    not closed it, and it is not one that is solved while the citizen waits."""
    return (
        version is not None
        and procedure.is_active
        and procedure.files_online
        and version.limit_unit != ProcedureVersion.Unit.SAME_DAY
    )
