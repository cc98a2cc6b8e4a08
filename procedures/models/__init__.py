"""What may be asked for, what to bring, how long it may take; and the working calendar."""

from procedures.models.catalogue import (
    LifeEvent,
    Procedure,
    ProcedureQuerySet,
    ProcedureVersion,
    ProcedureVersionQuerySet,
    Sector,
)
from procedures.models.codes import ProcedureCode
from procedures.models.versions import DataRule, ProcedureStep, RequiredPaper, division_for
from procedures.models.working_time import CalendarDay, OfficeClosure, WorkSession

__all__ = [
    "CalendarDay",
    "DataRule",
    "LifeEvent",
    "OfficeClosure",
    "Procedure",
    "ProcedureCode",
    "ProcedureQuerySet",
    "ProcedureStep",
    "ProcedureVersion",
    "ProcedureVersionQuerySet",
    "RequiredPaper",
    "Sector",
    "WorkSession",
    "division_for",
]
