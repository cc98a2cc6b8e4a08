"""What of the kept sums stood elsewhere at the end of a day: dossiers assigned to another office
since.

The sums stand where a dossier counts now. A dossier of an office that ended without a successor
counts wholly where it was assigned, but in a period told to a day before that it counts where it
came from. There are few of them, so they are counted from their rows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from dossiers.models import Dossier, DossierQuerySet
from reports.figures.recount import recount
from reports.terms.buckets import Stretch, bucket_end, bucket_start
from reports.terms.columns import Figures, nothing
from reports.terms.contributions import FLOWS, OWN, Facts, contributions
from reports.terms.periods import Period
from reports.terms.scopes import Scope


def moved_back(
    found: Mapping[tuple[int, ...], Figures], period: Period, scope: Scope, *fields: str
) -> dict[tuple[int, ...], Figures]:
    """The figures of `summaries.tally` with these dossiers where they counted on the scope's
    day."""
    then = recount(period, scope, *fields, among=_assigned(scope))
    now = recount(period, _now(scope), *fields, among=_assigned(scope))
    moved = {
        key: {
            name: value + then.get(key, nothing())[name] - now.get(key, nothing())[name]
            for name, value in found.get(key, nothing()).items()
        }
        for key in {*found, *then, *now}
    }
    return {key: figures for key, figures in moved.items() if any(figures.values())}


def flows_moved_back(
    found: Mapping[date, Mapping[str, int]], stretches: Sequence[Stretch], scope: Scope
) -> dict[date, dict[str, int]]:
    """The same of `summaries.flows_by_bucket`."""
    moved = {start: Counter(flows) for start, flows in found.items()}
    for sign, dossiers in _signed(scope):
        for own in dossiers.values_list(*OWN):
            for (day, measure), count in contributions(Facts(*own)).items():
                start = _bucket(stretches, day)
                if measure in FLOWS and start is not None:
                    moved.setdefault(start, Counter())[measure] += sign * count
    return {start: {name: flows[name] for name in FLOWS} for start, flows in moved.items()}


def days_moved_back(found: Mapping[int, Counter[int | None]], period: Period, scope: Scope) -> None:
    """The same of `summaries.days_spent`, in place."""
    for sign, dossiers in _signed(scope):
        resolved = dossiers.resolved_between(period.start, period.as_of)
        for procedure, days in resolved.values_list("procedure_id", "days_spent"):
            found[procedure][days] += sign


def _assigned(scope: Scope) -> DossierQuerySet:
    return Dossier.objects.filter(assigned_on__gt=scope.day).order_by()


def _now(scope: Scope) -> Scope:
    """The same offices, each with what counts in it now."""
    return replace(scope, assigned_later=False)


def _signed(scope: Scope) -> Iterable[tuple[int, DossierQuerySet]]:
    """What comes back to the offices of the scope, and what counts elsewhere yet."""
    assigned, offices = _assigned(scope), scope.office_ids
    yield 1, assigned.filter(assigned_from__in=offices)
    yield -1, assigned.filter(office__in=offices)


def _bucket(stretches: Sequence[Stretch], day: date) -> date | None:
    """The first day of the bucket in which the day lies, if it lies in one of these."""
    for stretch in stretches:
        if stretch.first <= day <= bucket_end(stretch.grain, stretch.last):
            return bucket_start(stretch.grain, day)
    return None
