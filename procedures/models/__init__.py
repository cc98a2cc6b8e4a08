"""What may be asked for, what to bring, how long it may take; and the working calendar."""

from procedures.models.catalogue import (
    LifeEvent,
    LifeEventStep,
    Procedure,
    ProcedureQuerySet,
    ProcedureVersion,
    ProcedureVersionQuerySet,
    Sector,
)
from procedures.models.codes import ProcedureCode
from procedures.models.concerns import Concerns, shipped_concerns
from procedures.models.elsewhere import (
    RECEIVED_ELSEWHERE_SINCE,
    USUAL_PAPER_DAYS,
    ElsewhereRule,
    PaperHandOver,
)
from procedures.models.offering import (
    ALWAYS,
    OfferedProcedure,
    OfferedSector,
    OfficeOffer,
    SolvingDivision,
)
from procedures.models.search import (
    CatalogueStamp,
    HandledElsewhere,
    ProcedureWords,
    SearchTerm,
    UnansweredQuestion,
)
from procedures.models.versions import DataRule, ProcedureStep, RequiredPaper
from procedures.models.working_time import CalendarDay, OfficeClosure, WorkSession

__all__ = [
    "ALWAYS",
    "RECEIVED_ELSEWHERE_SINCE",
    "USUAL_PAPER_DAYS",
    "CalendarDay",
    "CatalogueStamp",
    "Concerns",
    "DataRule",
    "ElsewhereRule",
    "HandledElsewhere",
    "LifeEvent",
    "LifeEventStep",
    "OfferedProcedure",
    "OfferedSector",
    "OfficeClosure",
    "OfficeOffer",
    "PaperHandOver",
    "Procedure",
    "ProcedureCode",
    "ProcedureQuerySet",
    "ProcedureStep",
    "ProcedureVersion",
    "ProcedureVersionQuerySet",
    "ProcedureWords",
    "RequiredPaper",
    "SearchTerm",
    "Sector",
    "SolvingDivision",
    "UnansweredQuestion",
    "WorkSession",
    "shipped_concerns",
]
