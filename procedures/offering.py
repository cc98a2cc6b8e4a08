"""Which desks receive a procedure, and which procedures may be filed online."""

from motcua.models import Office
from procedures.models import Procedure, ProcedureVersion


def offices_for(procedure: Procedure) -> list[Office]:
    """The desks that receive the procedure; see `Office.levels_received`."""
    return list(Office.objects.receiving(procedure.level))


def files_online(procedure: Procedure, version: ProcedureVersion | None) -> bool:
    """Whether a citizen may file this procedure without coming: it is in force, its keeper has
    not closed it, and it is not one that is solved while the citizen waits."""
    return (
        version is not None
        and procedure.is_active
        and procedure.files_online
        and version.limit_unit != ProcedureVersion.Unit.SAME_DAY
    )
