"""The populations behind the figures, as SQL: who was received, carried over, resolved, pending.

Every population is reckoned from dates alone, as they stood at the end of a day; the present
state of a dossier is never read (docs/domain.md, figures). `recount` counts them all in one
statement, so that no act can fall between two of its parts; `dossiers_behind` gives the dossiers
of any one column, and its count is always the figure.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable

from dossiers.models import Deadline, Dossier, DossierQuerySet, Pause
from dossiers.rules.timeliness import Timeliness, overdue_from, overdue_sql
from reports.terms.buckets import ONE_DAY
from reports.terms.columns import Figures, add_sums, nothing
from reports.terms.periods import Period
from reports.terms.scopes import Scope

_RECEIVED, _RESOLVED, _PENDING = 1, 2, 3
_IN_TIME, _OVERDUE, _WAITING = "in_time", "overdue", "waiting"

_ENDED = {
    Dossier.Outcome.REFUSED.value: "ended_refused",
    Dossier.Outcome.WITHDRAWN.value: "ended_withdrawn",
    Dossier.Outcome.STOPPED.value: "ended_stopped",
}
_ENDED_LATE = Q(timeliness=Timeliness.LATE.value)
_PENDING_COLUMNS = {
    _IN_TIME: ("pending_in_time",),
    _OVERDUE: ("pending_overdue",),
    _WAITING: ("pending_in_time", "pending_waiting"),
}


def recount(
    period: Period, scope: Scope, *fields: str, among: DossierQuerySet | None = None
) -> dict[tuple[int, ...], Figures]:
    """All columns of the period for every combination of these key fields, counted from the
    dossiers in one query. No page does so: pages read the same from `summaries.tally`, and
    `manage.py verify_figures` holds the two together.

    `fields` are columns of the dossier ("office_id", "sector_id", "procedure_id"). What has no
    dossier is not in the answer. The row "carried over" is counted among those that ended or
    are pending, "received" by itself: the identity of the two sides is a real check.
    """
    start, end = period.start, period.as_of
    mine, solver = _of(scope, among), solved_by(scope)
    timeliness, outcome = F("timeliness"), F("outcome")
    parts = [
        _grouped(_received(mine, period), fields, solver, _RECEIVED, None, F("channel")),
        _grouped(_resolved(mine, period), fields, solver, _RESOLVED, start, timeliness, outcome),
        *(
            _grouped(part, fields, solver, _PENDING, start, _standing(end))
            for part in _pending_parts(mine, end)
        ),
    ]
    rows = parts[0].union(*parts[1:], all=True).order_by()
    found: dict[tuple[int, ...], Figures] = {}
    keyed = (((*key,), rest) for *key, rest in ((*row[:-5], row[-5:]) for row in rows))
    for key, (population, carried, tag, mark, count) in scope.folded(keyed, fields):
        figures = found.setdefault(key, nothing())
        if carried:
            figures["carried_over"] += count
        if population == _RECEIVED:
            online = tag == Dossier.Channel.ONLINE
            figures["received_online" if online else "received_direct"] += count
        elif population == _RESOLVED:
            figures[f"resolved_{tag}"] += count
            if mark in _ENDED:
                figures[_ENDED[mark]] += count
        else:
            for name in _PENDING_COLUMNS[tag]:
                figures[name] += count
    for figures in found.values():
        add_sums(figures)
    return found


def due_in_force(day: date) -> Case:
    """The due date of a dossier as it stood at the end of the day; null without one.

    The dossier's own due date, unless that came later: then the first promise not yet
    replaced by the end of that day. Promises follow one another, so it is the one in force.
    """
    then = (
        Deadline.objects.filter(dossier=OuterRef("pk"), counts=True, is_void=False)
        .filter(Q(until_on__isnull=True) | Q(until_on__gt=day))
        .order_by("pk")
    )
    return Case(
        When(due_since__gt=day, then=Subquery(then.values("due_on")[:1])),
        default=F("due_on"),
        output_field=DateField(),
    )


def clock_stands_still(day: date) -> Exists:
    """Whether the clock of the dossier stood still at the end of the day."""
    pauses = Pause.objects.filter(dossier=OuterRef("pk"), is_void=False, from_on__lte=day)
    return Exists(pauses.filter(Q(until_on__isnull=True) | Q(until_on__gt=day)))


def dossiers_behind(
    column: str,
    period: Period,
    scope: Scope,
    *,
    among: DossierQuerySet | None = None,
    **key: object,
) -> DossierQuerySet:
    """The dossiers that a figure counts: as many as the cell says, always.

    `key` narrows to a row (`sector__name="Đất đai"`), `among` to what a person may see. Each
    dossier carries `due_then`, its due date as it stood at the end of `as_of`. Raises KeyError for
    a column that is none.
    """
    found = _of(scope, among).filter(**key)
    return _BEHIND[column](found, period).annotate(due_then=due_in_force(period.as_of))


def resolved_late(period: Period, scope: Scope) -> DossierQuerySet:
    """The dossiers of "resolved_late", without the due date that stood at the end of `as_of`."""
    return _resolved(_of(scope), period).filter(_ENDED_LATE)


def due_then(dossier: Dossier) -> date | None:
    """What `dossiers_behind` has told of the dossier besides: its due date as it stood then."""
    due: date | None = vars(dossier)["due_then"]
    return due


def overdue_parts(
    day: date, scope: Scope, replaced: list[int], *, due_by: date | None = None
) -> list[DossierQuerySet]:
    """The dossiers that were open and overdue at the end of the day ("pending_overdue"), or those
    of them that were due by another, in parts that have none in common, each by an index of the
    few that can be overdue. Each carries `due_then`; `replaced` is `replaced_since(day)`."""
    passed = overdue_from(due_by) if due_by else day
    running = Q(~clock_stands_still(day))
    still_open, ended_since = _pending_parts(_of(scope), day)
    # One that was overdue and has ended since ended late, unless its date was moved meanwhile.
    unmoved = ended_since.filter(_ENDED_LATE, overdue_sql(passed, clock_runs=running)).filter(
        Q(due_since__isnull=True) | Q(due_since__lte=day)
    )
    moved = [still_open]
    if replaced:
        moved.append(ended_since.filter(due_since__gt=day, pk__in=replaced))
    return [
        unmoved.annotate(due_then=F("due_on")),
        *(
            part.annotate(due_then=due_in_force(day)).filter(
                overdue_sql(passed, F("due_then"), running)
            )
            for part in moved
        ),
    ]


def late_parts(period: Period, scope: Scope, replaced: list[int]) -> list[DossierQuerySet]:
    """The dossiers resolved late in the period together with those that were open and overdue at
    its end, in parts that have none in common, each by an index of the few that can be so. Each
    carries `ended`, 1 of the former, and `due_then`; `replaced` is `replaced_since(as_of)`."""
    day = period.as_of
    running = Q(~clock_stands_still(day))
    still_open, ended_since = _pending_parts(_of(scope), day)
    unmoved = Q(due_since__isnull=True) | Q(due_since__lte=day)
    was_overdue = Q(unmoved, overdue_sql(day, clock_runs=running), received_on__lte=day)
    late = _of(scope).filter(_ENDED_LATE, resolved_on__gte=_first_day(period))
    ended = Case(When(resolved_on__lte=day, then=1), default=0, output_field=IntegerField())
    moved = [still_open]
    if replaced:
        moved.append(ended_since.filter(due_since__gt=day, pk__in=replaced))
    return [
        late.filter(Q(resolved_on__lte=day) | was_overdue).annotate(
            ended=ended, due_then=F("due_on")
        ),
        *(
            part.annotate(ended=Value(0, IntegerField()), due_then=due_in_force(day)).filter(
                overdue_sql(day, F("due_then"), running)
            )
            for part in moved
        ),
    ]


def replaced_since(day: date) -> list[int]:
    """Whose promise had passed at the end of the day and was replaced after it: a handful, asked
    first, since no planner guesses that and each other moved date would be looked up."""
    promises = Deadline.objects.filter(counts=True, is_void=False)
    passed = promises.filter(overdue_sql(day, clock_runs=Q()), until_on__gt=day)
    # In an order of its own SQLite would read every promise, in that order.
    return list(passed.order_by().values_list("dossier", flat=True))


def _can_be_overdue(dossiers: DossierQuerySet, period: Period) -> DossierQuerySet:
    return dossiers.filter(
        Q(resolved_on__isnull=True) | _ENDED_LATE | Q(due_since__gt=period.as_of)
    )


class _NoWayIn(Func):
    """The column's value, but no way into the table for SQLite's planner, which knows nothing of
    the data (its documented unary plus); PostgreSQL has statistics and gets the bare column."""

    arity = 1
    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **extra)


def _of(scope: Scope, among: DossierQuerySet | None = None) -> DossierQuerySet:
    dossiers = Dossier.objects.all() if among is None else among
    offices = scope.office_ids
    if len(offices) == 1 and not scope.assigned_later:
        return dossiers.filter(office=offices[0])
    # Several offices hold most of the table: the way in are the indexes of dates, which hold all
    # that is counted.
    return dossiers.alias(of_office=solved_by(scope)).filter(of_office__in=offices)


def solved_by(scope: Scope) -> Combinable:
    """In whose figures a dossier counts at the end of the scope's day: its office's, or that of the
    office that it was assigned from later."""
    office = _NoWayIn("office_id", output_field=BigIntegerField())
    if not scope.assigned_later:
        return office
    return Case(
        When(assigned_on__gt=scope.day, then=F("assigned_from_id")),
        default=office,
        output_field=BigIntegerField(),
    )


def _grouped(
    dossiers: DossierQuerySet,
    fields: tuple[str, ...],
    solver: Combinable,
    population: int,
    carried_before: date | None,
    tag: Case | F,
    mark: F | None = None,
) -> QuerySet[Dossier, Any]:
    # Grouping by a bare indexed column would lure SQLite away from the index of dates into one
    # that only spares it the sorting.
    keys: dict[str, Combinable] = {
        f"key_{field}": solver
        if field == "office_id"
        else _NoWayIn(field, output_field=BigIntegerField())
        for field in fields
    }
    carried = (
        Value(0, IntegerField())
        if carried_before is None
        else Case(When(received_on__lt=carried_before, then=1), default=0)
    )
    return (
        dossiers.order_by()
        .annotate(
            **keys,
            population=Value(population, IntegerField()),
            carried=carried,
            tag=tag,
            mark=mark or Value("", CharField()),
        )
        .values_list(*keys, "population", "carried", "tag", "mark")
        .annotate(n=Count("*"))
    )


def _pending_parts(dossiers: DossierQuerySet, day: date) -> list[DossierQuerySet]:
    """Open at the end of the day, in two parts: an OR over both would lose the index."""
    return [
        dossiers.filter(resolved_on__isnull=True, received_on__lte=day),
        # Nearly everything was received before the day, little was resolved after it.
        dossiers.alias(came=_NoWayIn("received_on", output_field=DateField())).filter(
            resolved_on__gt=day, came__lte=day
        ),
    ]


def _standing(day: date) -> Case:
    return Case(
        When(clock_stands_still(day), then=Value(_WAITING)),
        When(overdue_sql(day, due_in_force(day), Q()), then=Value(_OVERDUE)),
        default=Value(_IN_TIME),
        output_field=CharField(),
    )


def _received(dossiers: DossierQuerySet, period: Period) -> DossierQuerySet:
    return dossiers.received_between(period.start, period.as_of)


def _resolved(dossiers: DossierQuerySet, period: Period) -> DossierQuerySet:
    return dossiers.resolved_between(period.start, period.as_of)


def _pending(dossiers: DossierQuerySet, period: Period, *standing: str) -> DossierQuerySet:
    found = dossiers.open_at(period.as_of)
    if not standing:
        return found
    return found.annotate(standing=_standing(period.as_of)).filter(standing__in=standing)


def _first_day(period: Period) -> date:
    """The first day that is told of the period; before one that has not begun, the next."""
    return min(period.start, period.as_of + ONE_DAY)


def _not_resolved_before(dossiers: DossierQuerySet, period: Period) -> DossierQuerySet:
    return dossiers.filter(Q(resolved_on__isnull=True) | Q(resolved_on__gte=_first_day(period)))


_ONLINE = Dossier.Channel.ONLINE
_BEHIND: dict[str, Callable[[DossierQuerySet, Period], DossierQuerySet]] = {
    "received_online": lambda ds, p: _received(ds, p).filter(channel=_ONLINE),
    "received_direct": lambda ds, p: _received(ds, p).exclude(channel=_ONLINE),
    "received": _received,
    "carried_over": lambda ds, p: _not_resolved_before(ds, p).filter(received_on__lt=_first_day(p)),
    "total_in": lambda ds, p: _not_resolved_before(ds, p).filter(received_on__lte=p.as_of),
    "resolved_early": lambda ds, p: _resolved(ds, p).filter(timeliness=Timeliness.EARLY),
    "resolved_on_time": lambda ds, p: _resolved(ds, p).filter(timeliness=Timeliness.ON_TIME),
    "resolved_late": lambda ds, p: _resolved(ds, p).filter(timeliness=Timeliness.LATE),
    "resolved_total": _resolved,
    "pending_in_time": lambda ds, p: _pending(ds, p, _IN_TIME, _WAITING),
    "pending_overdue": lambda ds, p: _pending(_can_be_overdue(ds, p), p, _OVERDUE),
    "pending_total": _pending,
    "ended_refused": lambda ds, p: _resolved(ds, p).filter(outcome=Dossier.Outcome.REFUSED),
    "ended_withdrawn": lambda ds, p: _resolved(ds, p).filter(outcome=Dossier.Outcome.WITHDRAWN),
    "ended_stopped": lambda ds, p: _resolved(ds, p).filter(outcome=Dossier.Outcome.STOPPED),
    "pending_waiting": lambda ds, p: _pending(ds, p, _WAITING),
}
