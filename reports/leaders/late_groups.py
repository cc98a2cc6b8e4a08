"""What is late or overdue, in groups: by office, procedure and the place that held it when it
became late; and how many of each have an apology. Counted by the indexes of the few that can be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain
from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from dossiers.models import Apology, Dossier, DossierQuerySet, Transfer
from motcua import clock
from reports.figures.recount import overdue_parts, resolved_late, solved_by
from reports.terms.buckets import ONE_DAY
from reports.terms.periods import Period
from reports.terms.scopes import Scope

DESK_NAME = "Bộ phận một cửa"


@dataclass(frozen=True)
class LateGroup:
    """Late dossiers that are alike."""

    office: int
    """The row of the scope."""
    sector: int
    procedure: int
    version: int
    place: str | None
    """Who held them when they became late; None where no hand-over was on record then."""
    due_on: date
    """The due date that they missed; of those resolved late the first."""
    is_resolved: bool
    first: int
    """The key of one of them."""
    count: int
    apologised: int
    """With an apology, and so with a cause, by the end of the period."""


def late_groups(period: Period, scope: Scope, replaced: list[int]) -> list[LateGroup]:
    """Resolved late in the period, or open and overdue at its end; one statement. `replaced` is
    `recount.replaced_since(period.as_of)`."""
    resolved = resolved_late(period, scope)
    first, *others = (
        _grouped(resolved, "due_on", period.as_of, scope, is_resolved=True),
        *(
            _grouped(part, "due_then", period.as_of, scope, is_resolved=False)
            for part in overdue_parts(period.as_of, scope, replaced)
        ),
    )
    return [
        LateGroup(scope.row_of[office], sector, procedure, version, place, due, bool(ended), *rest)
        for ended, office, sector, procedure, version, place, due, *rest in first.union(
            *others, all=True
        )
    ]


def longest_overdue(
    period: Period, scope: Scope, replaced: list[int], groups: Sequence[LateGroup], number: int
) -> list[tuple[date, int]]:
    """Due date and key of those that are overdue longest. Only where some of them are alike are the
    dossiers themselves asked."""
    overdue = sorted((g for g in groups if not g.is_resolved), key=lambda g: (g.due_on, g.first))
    oldest = overdue[:number]
    if all(group.count == 1 for group in oldest):
        return [(group.due_on, group.first) for group in oldest]
    order = ("due_then", "pk")
    parts = overdue_parts(period.as_of, scope, replaced, due_by=oldest[-1].due_on)
    found = (part.order_by(*order).values_list(*order)[:number] for part in parts)
    return sorted(chain.from_iterable(found))[:number]


def _held_when_late(due: str) -> QuerySet[Transfer]:
    """The hand-over by which a dossier lay where it was at the end of its due day."""
    return (
        Transfer.objects.filter(
            dossier=OuterRef("pk"), is_void=False, sent_at__date__lte=OuterRef(due)
        )
        .filter(Q(ended_at__isnull=True) | Q(ended_at__date__gt=OuterRef(due)))
        .order_by("-number")
    )


def _apologised_by(day: date) -> Exists:
    """Whether an apology had been made by the end of the day."""
    until = clock.aware(datetime.combine(day + ONE_DAY, time()))
    return Exists(
        Apology.objects.filter(dossier=OuterRef("pk"), is_void=False, apologised_at__lt=until)
    )


def _grouped(
    dossiers: DossierQuerySet, due: str, day: date, scope: Scope, *, is_resolved: bool
) -> QuerySet[Dossier, Any]:
    place = _held_when_late(due).values(name=Coalesce("to_division__name", Value(DESK_NAME)))[:1]
    keys = ("ended", "row", "sector_id", "procedure_id", "version_id", "place")
    rows: QuerySet[Dossier, Any]
    found = dossiers.order_by().annotate(
        row=solved_by(scope),
        place=Subquery(place, output_field=CharField()),
        ended=Value(int(is_resolved), IntegerField()),
    )
    if is_resolved:
        # By day they would be as many groups as dossiers.
        rows = found.values_list(*keys).annotate(due=Min("due_on"))
    else:
        rows = found.values_list(*keys, due)
    return rows.annotate(
        first=Min("pk"), n=Count("pk"), sorry=Count("pk", filter=Q(_apologised_by(day)))
    )
