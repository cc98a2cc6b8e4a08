"""The counts of the leaders' page that no other table has: what falls due soon, what of a few
procedures was resolved, who has signed, and which targets are in force."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, When

from dossiers.models import Deadline, Dossier, DossierQuerySet
from dossiers.rules.timeliness import Timeliness
from motcua.templatetags.motcua_tags import vn_number
from reports.figures.recount import clock_stands_still, due_in_force, solved_by
from reports.figures.summaries import rows_of
from reports.leaders.facts import TargetLine
from reports.models import Closing, Target
from reports.terms.buckets import cover
from reports.terms.periods import Period
from reports.terms.scopes import Scope

LATE = Timeliness.LATE.value
Due = dict[int, tuple[int, int]]
"""By row of the scope: due in the days, and due on the first of them."""


def due_between(first: date, last: date, scope: Scope, *, is_today: bool) -> Due:
    """Of what was open with its clock running at the end of `first`, how much was due from that
    day to `last`. On a day that has passed, a dossier whose clock was stopped later and never ran
    again is left out: no index finds it. At most two statements."""
    mine = Dossier.objects.alias(of_office=solved_by(scope)).filter(of_office__in=scope.office_ids)
    known = mine.filter(received_on__lte=first)
    unmoved = known.filter(
        Q(due_since__isnull=True) | Q(due_since__lte=first), due_on__range=(first, last)
    )
    was_open = Q(resolved_on__isnull=True)
    if not is_today:
        # Who was not late had ended by then; the late ones since have an index of their own.
        was_open |= Q(resolved_on__gt=first, resolved_on__lte=last)
    rows = [_due(unmoved.filter(was_open), "due_on", first, scope)]
    if not is_today:
        since = unmoved.filter(resolved_on__gt=last, timeliness=LATE)
        rows.append(_due(since, "due_on", first, scope))
    if not is_today and (moved := _moved(first, last)):
        open_then = known.filter(pk__in=moved, due_since__gt=first).filter(
            Q(resolved_on__isnull=True) | Q(resolved_on__gt=first)
        )
        then = open_then.annotate(due_then=due_in_force(first))
        rows.append(_due(then.filter(due_then__range=(first, last)), "due_then", first, scope))
    found: Due = {}
    union = rows[0].union(*rows[1:], all=True) if len(rows) > 1 else rows[0]
    for office, today, count in union:
        row = scope.row_of[office]
        soon, now = found.get(row, (0, 0))
        found[row] = (soon + count, now + (count if today else 0))
    return found


def resolved_of(
    period: Period, scope: Scope, procedures: Collection[int] | None = None
) -> dict[tuple[int, int], tuple[int, int]]:
    """By row and procedure: how many were resolved in the period, and how many of them late; of
    these procedures, or of all. Dossiers assigned to other offices since are where they are now."""
    if not period.has_begun or (procedures is not None and not procedures):
        return {}
    rows = rows_of(scope, list(cover(period.start, period.as_of)), ("procedure_id",))
    if procedures is not None:
        rows = rows.filter(procedure_id__in=procedures)
    found: dict[tuple[int, int], tuple[int, int]] = {}
    summed = (
        rows.order_by()
        .values_list("office_id", "procedure_id")
        .annotate(
            early=Sum("resolved_early"), on_time=Sum("resolved_on_time"), late=Sum("resolved_late")
        )
    )
    for office, procedure, early, on_time, late in summed:
        key = (scope.row_of[office], procedure)
        resolved, before = found.get(key, (0, 0))
        found[key] = (resolved + early + on_time + late, before + late)
    return found


def signed_offices(period: Period, scope: Scope) -> set[int]:
    """The rows that have signed the period, by primary key."""
    closings = Closing.objects.filter(
        office__in=[office.pk for office in scope.offices],
        period_key=period.key,
        calendar=period.calendar,
        reopening__isnull=True,
    )
    return set(closings.order_by().values_list("office", flat=True))


def targets_on(day: date) -> Sequence[Target]:
    """The targets in force on the day."""
    return list(Target.objects.in_force(day).order_by("from_on"))


def targets_of(targets: Iterable[Target], level: str) -> dict[str, TargetLine]:
    """Those of a level, by tile: its own before one for every level, the newest of several."""
    found: dict[str, TargetLine] = {}
    for target in sorted(targets, key=lambda t: (bool(t.level), t.from_on)):
        if target.level in ("", level):
            found[target.measure] = _line(target)
    return found


def _line(target: Target) -> TargetLine:
    value = vn_number(target.value.normalize() + 0)
    words = {
        Target.Measure.ON_TIME: f"chỉ tiêu {value} %",
        Target.Measure.OVERDUE: f"chỉ tiêu không quá {value}",
        Target.Measure.BACKLOG: f"chỉ tiêu không quá {value} ngày",
    }[Target.Measure(target.measure)]
    return TargetLine(float(target.value), words, target.from_on, target.until_on, target.source)


def _moved(first: date, last: date) -> list[int]:
    """Whose promise was due in these days and was replaced after the first of them."""
    promises = Deadline.objects.filter(
        counts=True, is_void=False, until_on__gt=first, due_on__range=(first, last)
    )
    return list(promises.order_by().values_list("dossier", flat=True))


def _due(dossiers: DossierQuerySet, due: str, day: date, scope: Scope) -> QuerySet[Dossier, Any]:
    # Grouped by the bare column, SQLite would take an index that only spares it the sorting.
    today = Case(When(**{due: day}, then=1), default=0, output_field=IntegerField())
    running = dossiers.filter(~clock_stands_still(day)).order_by()
    found = running.annotate(row=solved_by(scope), today=today)
    return found.values_list("row", "today").annotate(n=Count("pk"))
