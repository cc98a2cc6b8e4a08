"""The dossiers behind a number of a layout: as many as it says."""

from collections.abc import Sequence

from django.db.models import Q

from dossiers.models import Dossier, DossierQuerySet
from reports.figures.recount import dossiers_behind, due_in_force
from reports.terms.periods import Period
from reports.terms.scopes import Scope


def dossiers_of(
    parts: Sequence[str],
    period: Period,
    scope: Scope,
    *,
    among: DossierQuerySet | None = None,
    **key: object,
) -> DossierQuerySet:
    """The dossiers of a column that is the sum of these standard figures; see
    `figures.dossiers_behind`, also for `among`, `key` and the `due_then` of each."""
    if len(parts) == 1:
        return dossiers_behind(parts[0], period, scope, among=among, **key)
    in_any = Q()
    for part in parts:
        behind = dossiers_behind(part, period, scope, among=None, **key)
        in_any |= Q(pk__in=behind.values("pk"))
    everything = Dossier.objects.all() if among is None else among
    return everything.filter(in_any).annotate(due_then=due_in_force(period.as_of))
