"""What is late or overdue, in groups: by office, procedure and the division that held it when it
became late; and how many of each have an apology. Counted by the indexes of the few that can be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from dossiers.models import Apology, Dossier, DossierQuerySet, Transfer
from motcua import clock
from reports.figures.recount import dossiers_behind, overdue_parts, solved_by
from reports.terms.buckets import ONE_DAY
from reports.terms.periods import Period
from reports.terms.scopes import Scope

DESK = 0
"""In place of a division: a desk, of the same office or another."""


@dataclass(frozen=True)
class LateGroup:
    """Late dossiers that are alike; `division` is None where no hand-over was on record when they
    became late."""

    office: int
    """The row of the scope."""
    sector: int
    procedure: int
    version: int
    division: int | None
    is_resolved: bool
    count: int
    apologised: int
    """With an apology, and so with a cause, by the end of the period."""


def late_groups(period: Period, scope: Scope, replaced: list[int]) -> list[LateGroup]:
    """Resolved late in the period, or open and overdue at its end; one statement. `replaced` is
    `recount.replaced_since(period.as_of)`."""
    resolved = dossiers_behind("resolved_late", period, scope)
    first, *others = (
        _grouped(resolved, "due_on", period.as_of, scope, is_resolved=True),
        *(
            _grouped(part, "due_then", period.as_of, scope, is_resolved=False)
            for part in overdue_parts(period.as_of, scope, replaced)
        ),
    )
    return [
        LateGroup(scope.row_of[office], *rest[:-3], bool(rest[-3]), *rest[-2:])
        for office, *rest in first.union(*others, all=True)
    ]


def held_when_late(due: str) -> QuerySet[Transfer]:
    """The hand-over by which a dossier lay where it was at the end of its due day."""
    return (
        Transfer.objects.filter(
            dossier=OuterRef("pk"), is_void=False, sent_at__date__lte=OuterRef(due)
        )
        .filter(Q(ended_at__isnull=True) | Q(ended_at__date__gt=OuterRef(due)))
        .order_by("-number")
    )


def apologised_by(day: date) -> Exists:
    """Whether an apology had been made by the end of the day."""
    until = clock.aware(datetime.combine(day + ONE_DAY, time()))
    return Exists(
        Apology.objects.filter(dossier=OuterRef("pk"), is_void=False, apologised_at__lt=until)
    )


def _grouped(
    dossiers: DossierQuerySet, due: str, day: date, scope: Scope, *, is_resolved: bool
) -> QuerySet[Dossier, Any]:
    division = held_when_late(due).values(place=Coalesce("to_division_id", DESK))[:1]
    keys: Sequence[str] = ("row", "sector_id", "procedure_id", "version_id", "division", "ended")
    return (
        dossiers.order_by()
        .annotate(
            row=solved_by(scope),
            division=Subquery(division, output_field=IntegerField()),
            ended=Value(int(is_resolved), IntegerField()),
        )
        .values_list(*keys)
        .annotate(n=Count("*"), sorry=Count("pk", filter=Q(apologised_by(day))))
    )
