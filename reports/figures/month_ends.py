"""The figures of many months at once, from the kept sums, in one statement.

Of each month what `summaries.tally` says of it: the stock at its end, as of then, and the flow
within. Thirteen tallies would read the whole past thirteen times.
"""

from collections.abc import Sequence
from datetime import date
from operator import add as plus

from django.db.models import Sum

from reports.figures.moved_back import moved_back
from reports.figures.opening_figures import Remainder, added_to
from reports.figures.summaries import EVER, figures_of, rows_of
from reports.terms.buckets import ONE_DAY, Grain, Stretch, cover
from reports.terms.columns import Figures, nothing, total_of
from reports.terms.contributions import FLOWS, STANDINGS
from reports.terms.periods import Period, Span, containing
from reports.terms.scopes import Scope

BEFORE = -1
OfOffices = dict[int, Figures]


def months_until(period: Period, number: int) -> list[Period]:
    """So many months of the period's calendar, the last of them that of `as_of` and told to it."""
    found: list[Period] = []
    day = period.as_of
    for _ in range(number):
        month = containing(day, Span.MONTH, period.calendar)
        found.append(month)
        day = month.start - ONE_DAY
    found[0] = found[0].told_on(period.as_of) if found[0].end > period.as_of else found[0]
    return found[::-1]


def month_ends(
    months: Sequence[Period], scope: Scope, remainders: Sequence[Remainder] = ()
) -> list[OfOffices]:
    """Of each month the figures by row of the scope, opening figures included; the months follow
    one another. One statement, and a few for each month where dossiers were assigned to other
    offices since."""
    found = [_of_dossiers(month, scope, rows) for month, rows in _summed(months, scope)]
    for at, month in enumerate(months):
        for (office,), figures in added_to(month, scope, remainders).by("office_id").items():
            found[at][office] = total_of([found[at].get(office, nothing()), figures])
    return found


def cut_by_openings(month: Period, scope: Scope, remainders: Sequence[Remainder]) -> set[int]:
    """The rows of the scope whose opening figures are totals of a time that the month is only a
    part of: what there was in it is not known."""
    return {
        scope.row_of[entry.office_id]
        for entry in (one.entry for one in remainders)
        if entry.office_id in scope.row_of
        and entry.starts_on <= month.as_of
        and month.start <= entry.ends_on
        and not (month.start <= entry.starts_on and entry.ends_on <= month.as_of)
    }


def _of_dossiers(month: Period, scope: Scope, rows: OfOffices) -> OfOffices:
    if not scope.assigned_later:
        return rows
    keyed: dict[tuple[int, ...], Figures] = {(key,): figures for key, figures in rows.items()}
    return {key[0]: f for key, f in moved_back(keyed, month, scope, "office_id").items()}


def _summed(months: Sequence[Period], scope: Scope) -> list[tuple[Period, OfOffices]]:
    first, last = months[0].start, months[-1].as_of
    stretches: list[Stretch] = [
        *cover(EVER, first - ONE_DAY),
        *cover(first, last, (Grain.HALF_MONTH, Grain.DAY)),
    ]
    slot_of = {day: at for at, m in enumerate(months) for day in _bucket_starts(m)}
    sums = {f"sum_{name}": Sum(name) for name in (*FLOWS, *STANDINGS)}
    rows = rows_of(scope, stretches, ()).order_by().values_list("office_id", "start")
    by_slot: dict[tuple[int, int], list[int]] = {}
    for office, start, *numbers in rows.annotate(**sums):
        key = (scope.row_of[office], slot_of.get(start, BEFORE))
        kept = by_slot.get(key)
        by_slot[key] = list(map(plus, kept, numbers)) if kept else numbers
    found: list[tuple[Period, OfOffices]] = []
    offices = {office for office, _ in by_slot}
    none = [0] * (len(FLOWS) + len(STANDINGS))
    stock = {o: by_slot.get((o, BEFORE), none)[len(FLOWS) :] for o in offices}
    for at, month in enumerate(months):
        of_month: OfOffices = {}
        for office in offices:
            numbers = by_slot.get((office, at), none)
            carried = sum(stock[office])
            stock[office] = list(map(plus, stock[office], numbers[len(FLOWS) :]))
            if any(numbers) or any(stock[office]):
                of_month[office] = figures_of([*numbers[: len(FLOWS)], *stock[office], carried])
        found.append((month, of_month))
    return found


def _bucket_starts(month: Period) -> list[date]:
    """The days of the month: each may begin one of its buckets."""
    return [month.start + n * ONE_DAY for n in range((month.as_of - month.start).days + 1)]
