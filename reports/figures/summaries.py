"""The figures of any period, added up from the sums that are kept with every act.

`tally` gives what `figures.recount` counts from the dossiers, in a time that does not grow with
their number. A period of whole half months (every named one of both calendars) reads years and
halves, a free range also the days at its edges.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import add as plus
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Count, F, Model, Q, QuerySet, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from dossiers.models import Dossier
from reports.figures.moved_back import days_moved_back, flows_moved_back, moved_back
from reports.models import DaysSummary, Summary
from reports.terms.buckets import COARSE_TO_FINE, ONE_DAY, Grain, Stretch, cover
from reports.terms.columns import Figures, add_sums, nothing
from reports.terms.contributions import (
    FLOWS,
    MEASURES,
    STANDINGS,
    UNKNOWN_DAYS,
    DaysCounts,
    DaysRow,
    Detail,
    SummaryRow,
    Sums,
)
from reports.terms.periods import Period
from reports.terms.scopes import Scope

LINES_AT_ONCE = 500  # in one statement
EVER = date.min


def tally(period: Period, scope: Scope, *fields: str) -> dict[tuple[int, ...], Figures]:
    """All columns of the period for every combination of these key fields, in one query.

    `fields` are among "office_id", "sector_id" and "procedure_id". What has no figure is not in
    the answer. What was carried over and what is pending come from the changes of the stock,
    what was received and resolved from the flows: the identity of the two sides is a real check.
    """
    before = min(period.start - ONE_DAY, period.as_of)
    stretches = [*cover(EVER, before), *_within(period)]
    inside = Q(start__gte=period.start)
    sums = [_sum(F(name), inside) for name in FLOWS]
    sums += [_sum(F(name)) for name in STANDINGS]
    sums.append(_sum(reduce(plus, map(F, STANDINGS)), ~inside))
    rows: dict[tuple[int, ...], list[int]] = {}
    for key, numbers in scope.folded(
        _summed(rows_of(scope, stretches, fields), fields, sums), fields
    ):
        rows[key] = _plus(rows.get(key), numbers)
    found = {key: figures_of(numbers) for key, numbers in rows.items() if any(numbers)}
    return moved_back(found, period, scope, *fields) if scope.assigned_later else found


def flows_by_bucket(period: Period, scope: Scope) -> dict[date, dict[str, int]]:
    """What was received and resolved, by the first day of its bucket: half months and, at the
    edges of a free range, days. No bucket lies in two months of the period's calendar."""
    stretches = list(_within(period, (Grain.HALF_MONTH, Grain.DAY)))
    rows = _summed(rows_of(scope, stretches, ()), ("start",), [_sum(F(name)) for name in FLOWS])
    found = {start: dict(zip(FLOWS, numbers, strict=True)) for (start,), numbers in rows}
    return flows_moved_back(found, stretches, scope) if scope.assigned_later else found


def days_spent(period: Period, scope: Scope) -> dict[int, dict[int | None, int]]:
    """Of each procedure, how many of the dossiers resolved in the period took so many working
    days; under None those of which it is not known. Half months are kept; the few days at the
    edges of a free range are read from the index of the dossiers."""
    stretches = list(_within(period, (Grain.HALF_MONTH, Grain.DAY)))
    found: dict[int, Counter[int | None]] = defaultdict(Counter)
    for procedure, days, count in (*_halves(scope, stretches), *_edges(scope, stretches)):
        if count:
            found[procedure][None if days == UNKNOWN_DAYS else days] += count
    if scope.assigned_later:
        days_moved_back(found, period, scope)
    return {procedure: dict(counts) for procedure, counts in found.items()}


def add(sums: Sums) -> None:
    """Add to the kept rows, in the caller's transaction; what an act changes in one statement.

    The rows come sorted, so that two acts that touch the same ones never wait for each other in
    a ring.
    """
    _upsert(Summary, SummaryRow._fields, MEASURES, sums)


def add_days(counts: DaysCounts) -> None:
    """As `add`, for the dossiers counted by the days they took."""
    _upsert(DaysSummary, DaysRow._fields, ("count",), counts)


def _within(period: Period, grains: Sequence[Grain] = COARSE_TO_FINE) -> Iterable[Stretch]:
    """The buckets of the days that are told of the period; none before it begins."""
    return cover(period.start, period.as_of, grains) if period.has_begun else ()


def _upsert(
    model: type[Model],
    keys: Sequence[str],
    numbers: Sequence[str],
    rows: Mapping[Any, list[int]],
) -> None:
    lines = [[*row, *counts] for row, counts in rows.items()]
    with connection.cursor() as cursor:
        if len(lines) > LINES_AT_ONCE and connection.vendor == "sqlite":
            cursor.executemany(_statement(model, keys, numbers, 1), lines)
            return
        for first in range(0, len(lines), LINES_AT_ONCE):
            some = lines[first : first + LINES_AT_ONCE]
            cursor.execute(
                _statement(model, keys, numbers, len(some)),
                [value for line in some for value in line],
            )


def _statement(model: type[Model], keys: Sequence[str], numbers: Sequence[str], lines: int) -> str:
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = [quote(name) for name in (*keys, *numbers)]
    marks = f"({', '.join(['%s'] * len(names))})"
    added = ", ".join(f"{quote(n)} = {table}.{quote(n)} + excluded.{quote(n)}" for n in numbers)
    return (  # only names of this program and marks
        f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join([marks] * lines)}"  # noqa: S608
        f" ON CONFLICT ({', '.join(map(quote, keys))}) DO UPDATE SET {added}"
    )


def _halves(scope: Scope, stretches: list[Stretch]) -> Iterable[tuple[int, int | None, int]]:
    halves = [s for s in stretches if s.grain is Grain.HALF_MONTH]
    if not halves:
        return []
    inside = reduce(or_, (Q(start__range=(s.first, s.last)) for s in halves))
    rows = DaysSummary.objects.filter(inside, office_id__in=scope.office_ids)
    return rows.order_by().values_list("procedure_id", "days").annotate(n=Sum("count"))


def _edges(scope: Scope, stretches: list[Stretch]) -> Iterable[tuple[int, int | None, int]]:
    days = [s for s in stretches if s.grain is Grain.DAY]
    if not days:
        return []
    inside = reduce(or_, (Q(resolved_on__range=(s.first, s.last)) for s in days))
    rows = Dossier.objects.filter(inside, office__in=scope.office_ids)
    return rows.order_by().values_list("procedure_id", "days_spent").annotate(n=Count("*"))


def rows_of(
    scope: Scope, stretches: Sequence[Stretch], fields: tuple[str, ...]
) -> QuerySet[Summary]:
    """The rows of these buckets, in as little detail as the key fields allow."""
    if not stretches:
        return Summary.objects.none()
    parts = []
    for stretch in stretches:
        by_sector = "procedure_id" not in fields and stretch.grain is not Grain.DAY
        parts.append(
            Q(
                grain=stretch.grain,
                detail=Detail.SECTOR if by_sector else Detail.PROCEDURE,
                start__range=(stretch.first, stretch.last),
            )
        )
    return Summary.objects.filter(reduce(or_, parts), office_id__in=scope.office_ids)


def _sum(what: Combinable, where: Q | None = None) -> Coalesce:
    return Coalesce(Sum(what, filter=where), 0)


def _summed(
    rows: QuerySet[Summary], keys: tuple[str, ...], sums: list[Coalesce]
) -> list[tuple[tuple[Any, ...], list[int]]]:
    named = {f"sum_{place}": expression for place, expression in enumerate(sums)}
    if not keys:
        return [((), list(rows.aggregate(**named).values()))]
    found = rows.order_by().values_list(*keys).annotate(**named)
    return [(row[: len(keys)], list(row[len(keys) :])) for row in found]


def _plus(before: list[int] | None, numbers: list[int]) -> list[int]:
    return numbers if before is None else [a + b for a, b in zip(before, numbers, strict=True)]


def figures_of(numbers: Sequence[int]) -> Figures:
    """The columns from the sums of FLOWS, of STANDINGS, and what was carried over."""
    sums = dict(zip((*FLOWS, *STANDINGS, "carried_over"), numbers, strict=True))
    figures = nothing()
    figures.update({name: sums[name] for name in (*FLOWS, "carried_over")})
    figures["pending_in_time"] = sums["pending_running"] + sums["pending_waiting"]
    figures["pending_overdue"] = sums["pending_overdue"]
    figures["pending_waiting"] = sums["pending_waiting"]
    return add_sums(figures)
