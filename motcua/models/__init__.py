"""What every app knows: offices, divisions, staff, and what is kept of their accounts."""

from motcua.models.accounts import (
    LoginEvent,
    SecondFactor,
)
from motcua.models.offices import (
    DETAILS,
    FormerDetails,
    Level,
    Office,
    OfficeDetails,
    OfficeQuerySet,
    ReceptionPoint,
)
from motcua.models.organisation import (
    Division,
    Installation,
    Misses,
    Role,
    Staff,
)

__all__ = [
    "DETAILS",
    "Division",
    "FormerDetails",
    "Installation",
    "Level",
    "LoginEvent",
    "Misses",
    "Office",
    "OfficeDetails",
    "OfficeQuerySet",
    "ReceptionPoint",
    "Role",
    "SecondFactor",
    "Staff",
]
