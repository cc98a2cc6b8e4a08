"""What every app knows: offices, divisions, staff, and what is kept of their accounts."""

from motcua.models.accounts import (
    LoginEvent,
    SecondFactor,
)
from motcua.models.organisation import (
    Division,
    Installation,
    Level,
    Misses,
    Office,
    OfficeQuerySet,
    Role,
    Staff,
)

__all__ = [
    "Division",
    "Installation",
    "Level",
    "LoginEvent",
    "Misses",
    "Office",
    "OfficeQuerySet",
    "Role",
    "SecondFactor",
    "Staff",
]
