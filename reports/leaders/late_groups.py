"""What is late or overdue, in groups: by office, procedure and the place that held it when it
became late; and how many of each have an apology. Counted by the indexes of the few that can be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from dossiers.models import Apology, Dossier, DossierQuerySet, Transfer
from motcua import clock
from reports.figures.recount import late_parts, overdue_parts, solved_by
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
    due_on: date | None
    """The due date that they missed; None of those resolved late, which differ in it."""
    is_resolved: bool
    first: int
    """The key of one of them."""
    count: int
    apologised: int
    """With an apology, and so with a cause, by the end of the period."""


def late_groups(period: Period, scope: Scope, replaced: list[int]) -> list[LateGroup]:
    """Resolved late in the period, or open and overdue at its end; one statement. `replaced` is
    `recount.replaced_since(period.as_of)`."""
    first, *others = (
        _grouped(part, period.as_of, scope) for part in late_parts(period, scope, replaced)
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
    overdue = [(g.due_on, g.first, g.count) for g in groups if g.due_on is not None]
    oldest = sorted(overdue)[:number]
    if all(count == 1 for *_, count in oldest):
        return [(due_on, first) for due_on, first, _ in oldest]
    order = ("due_then", "pk")
    parts = overdue_parts(period.as_of, scope, replaced, due_by=oldest[-1][0])
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


def _grouped(dossiers: DossierQuerySet, day: date, scope: Scope) -> QuerySet[Dossier, Any]:
    place = _held_when_late("due_then").values(
        name=Coalesce("to_division__name", Value(DESK_NAME))
    )[:1]
    found = dossiers.order_by().annotate(
        row=solved_by(scope),
        place=Subquery(place, output_field=CharField()),
        # By day, those resolved late would be as many groups as dossiers.
        missed=Case(When(ended=0, then=F("due_then")), output_field=DateField()),
    )
    keys = ("ended", "row", "sector_id", "procedure_id", "version_id", "place", "missed")
    return found.values_list(*keys).annotate(
        first=Min("pk"), n=Count("pk"), sorry=Count("pk", filter=Q(_apologised_by(day)))
    )
