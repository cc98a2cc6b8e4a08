"""What the index of QĐ 766/QĐ-TTg counts, from the kept sums and the few dossiers that differ.

The dossiers of a period are those that had to be dealt with in it: received in it or carried over.
Late are those of Biểu II.06a (resolved late, or open and overdue at the end) and two kinds more:
papers were asked for more than once, or were asked for, and are still awaited, after the due date.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from dossiers.models import Dossier, DossierQuerySet, Pause, Rating, SupplementRequest
from dossiers.rules.timeliness import MOST_SUPPLEMENTS, Timeliness, overdue_sql
from reports.figures.recount import clock_stands_still, dossiers_behind, due_in_force, solved_by
from reports.figures.summaries import tally
from reports.index.rules import ONLINE, PROGRESS, SATISFACTION, Component, satisfied
from reports.lists.behind import dossiers_of
from reports.lists.late_list import ONE_DAY, start_of
from reports.terms.columns import LATE, nothing
from reports.terms.periods import Period
from reports.terms.scopes import Scope


@dataclass(frozen=True)
class IndexCounts:
    """What was counted of one office, or of several together."""

    handled: int = 0
    late: int = 0
    received: int = 0
    online: int = 0
    disliked: int = 0

    def __add__(self, other: "IndexCounts") -> "IndexCounts":
        return IndexCounts(
            self.handled + other.handled,
            self.late + other.late,
            self.received + other.received,
            self.online + other.online,
            self.disliked + other.disliked,
        )

    def fraction(self, component: Component) -> tuple[int, int]:
        """Numerator and denominator of a component that is reckoned."""
        return {
            PROGRESS: (self.handled - self.late, self.handled),
            ONLINE: (self.online, self.received),
            SATISFACTION: (satisfied(self.handled, self.late, self.disliked), self.handled),
        }[component]


def counts_by_office(period: Period, scope: Scope) -> dict[int, IndexCounts]:
    """What was counted of each row of the scope, in a fixed number of queries."""
    figures = tally(period, scope, "office_id")
    also_late = _by_row(_also_late(period, scope), scope)
    disliked = _by_row(disliked_dossiers(period, scope), scope)
    found = {}
    for office in scope.offices:
        of = figures.get((office.pk,)) or nothing()
        found[office.pk] = IndexCounts(
            handled=of["total_in"],
            late=sum(of[name] for name in LATE) + also_late[office.pk],
            received=of["received"],
            online=of["received_online"],
            disliked=disliked[office.pk],
        )
    return found


def late_dossiers(
    period: Period, scope: Scope, *, among: DossierQuerySet | None = None
) -> DossierQuerySet:
    """The dossiers of the period that the index takes for late."""
    return _any_of(
        period,
        among,
        dossiers_of(LATE, period, scope, among=among),
        _also_late(period, scope, among=among),
    )


def in_time_dossiers(
    period: Period, scope: Scope, *, among: DossierQuerySet | None = None
) -> DossierQuerySet:
    """The others of the period."""
    late = late_dossiers(period, scope, among=among)
    found = dossiers_behind("total_in", period, scope, among=among)
    return found.exclude(pk__in=late.order_by().values("pk"))


def asked_again(
    period: Period, scope: Scope, *, among: DossierQuerySet | None = None
) -> DossierQuerySet:
    """The dossiers of the period for which papers were asked more than once by its end."""
    found = dossiers_behind("total_in", period, scope, among=among)
    return found.filter(pk__in=_asked_again(period))


def disliked_dossiers(
    period: Period, scope: Scope, *, among: DossierQuerySet | None = None
) -> DossierQuerySet:
    """Those of `rated_dossiers` with 0 points for some question."""
    disliked = Rating.objects.filter(scores__score=0).values("dossier")
    return rated_dossiers(period, scope, among=among).filter(pk__in=disliked)


def rated_dossiers(
    period: Period, scope: Scope, *, among: DossierQuerySet | None = None
) -> DossierQuerySet:
    """The dossiers of the scope that were rated in the period."""
    rated = Rating.objects.filter(rated_on__range=(period.start, period.as_of)).values("dossier")
    everything = Dossier.objects.all() if among is None else among
    return (
        everything.alias(solver=solved_by(scope))
        .filter(pk__in=rated, solver__in=scope.office_ids)
        .annotate(due_then=due_in_force(period.as_of))
    )


def _also_late(
    period: Period, scope: Scope, *, among: DossierQuerySet | None = None
) -> DossierQuerySet:
    """Late here and not in Biểu II.06a."""
    end = period.as_of
    waits = _open_pauses(period).filter(dossier=OuterRef("pk"))
    ended_late = Q(resolved_on__range=(period.start, end), timeliness=Timeliness.LATE.value)
    open_then = Q(resolved_on__isnull=True) | Q(resolved_on__gt=end)
    overdue = open_then & overdue_sql(end, F("due_then"), Q(~clock_stands_still(end)))
    found = dossiers_behind("total_in", period, scope, among=among).annotate(
        waits_from=Subquery(waits.values("from_on")[:1]),
        # A condition that is not known would be lost in its opposite.
        in_form=Case(
            When(ended_late, then=Value(1)),
            When(overdue, then=Value(1)),
            default=Value(0),
            output_field=IntegerField(),
        ),
    )
    asked_too_late = Q(pk__in=_open_pauses(period).values("dossier")) & Q(
        waits_from__gt=F("due_then")
    )
    return found.filter(Q(pk__in=_asked_again(period)) | open_then & asked_too_late, in_form=0)


def _asked_again(period: Period) -> QuerySet[SupplementRequest, Any]:
    asked = SupplementRequest.objects.filter(
        is_void=False, asked_at__lt=start_of(period.as_of + ONE_DAY)
    )
    counted = asked.order_by().values("dossier").annotate(n=Count("pk"))
    return counted.filter(n__gt=MOST_SUPPLEMENTS).values("dossier")


def _open_pauses(period: Period) -> QuerySet[Pause]:
    """In which the clock stood still at the end of the period."""
    end = period.as_of
    return Pause.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gt=end), is_void=False, from_on__lte=end
    ).order_by()


def _any_of(
    period: Period, among: DossierQuerySet | None, *parts: DossierQuerySet
) -> DossierQuerySet:
    everything = Dossier.objects.all() if among is None else among
    in_any = Q()
    for part in parts:
        in_any |= Q(pk__in=part.order_by().values("pk"))
    return everything.filter(in_any).annotate(due_then=due_in_force(period.as_of))


def _by_row(dossiers: DossierQuerySet, scope: Scope) -> Counter[int]:
    counted: Counter[int] = Counter()
    rows = dossiers.order_by().annotate(solver=solved_by(scope)).values("solver")
    for row in rows.annotate(n=Count("pk", distinct=True)):
        counted[scope.row_of[row["solver"]]] += row["n"]
    return counted
