"""Keeps the summaries current: every act on a dossier changes them in its own transaction.

An act that moves no figure (a hand-over, a look, an apology) reads and writes nothing here. A
receipt costs one statement; any other act that moves a figure two reads of the pauses and due
dates, before and after, and one write of the difference, an end one more for the days that it
took.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Value

from dossiers.lifecycle import observers
from dossiers.lifecycle.unsaved import UnsavedDossier
from dossiers.models import Deadline, Dossier, Pause
from reports.figures import summaries
from reports.terms.contributions import OWN, Facts, spent_of, sums_of

# Whenever a counting promise or a pause comes or goes, one of these moves too.
WATCHED = (*OWN, "due_at", "paused_on")

Stretch = tuple[date, date | None]
Stretches = tuple[tuple[Stretch, ...], tuple[Stretch, ...]]
NO_STRETCHES: Stretches = ((), ())


class Bookkeeper:
    """The observer of the dossiers that keeps the summaries."""

    def changing(self, dossier: Dossier, before: Mapping[str, Any]) -> Callable[[], None] | None:
        if all(getattr(dossier, name) == before[name] for name in WATCHED):
            return None
        was_accepted = before["received_on"] is not None
        then = _facts(before, _stretches(dossier) if was_accepted else NO_STRETCHES)

        def settle() -> None:
            now = _facts(vars(dossier), _stretches(dossier) if was_accepted else NO_STRETCHES)
            _enter([(then, -1), (now, 1)])

        return settle

    def begun(self, dossier: Dossier) -> None:
        _enter([(_facts(vars(dossier), NO_STRETCHES), 1)])

    def written(self, dossiers: Sequence[UnsavedDossier]) -> None:
        _enter([(_facts(vars(each.dossier), _stretches_of(each)), 1) for each in dossiers])


def keep() -> None:
    """From now on every act is entered in the summaries."""
    observers.observe(Bookkeeper())


def _enter(many: list[tuple[Facts, int]]) -> None:
    sums, days = sums_of(many), spent_of(many)
    if sums:
        summaries.add(sums)
    if days:
        summaries.add_days(days)


def _facts(values: Mapping[str, Any], stretches: Stretches) -> Facts:
    return Facts._make([*(values[name] for name in OWN), *stretches])


def _stretches(dossier: Dossier) -> Stretches:
    """The promises and pauses of the dossier, in one query."""
    promises = Deadline.objects.filter(dossier=dossier, counts=True, is_void=False)
    pauses = Pause.objects.filter(dossier=dossier, is_void=False)
    rows = sorted(
        promises.order_by()
        .values_list(Value(0), "pk", "due_on", "until_on")
        .union(pauses.order_by().values_list(Value(1), "pk", "from_on", "until_on"), all=True)
        .order_by()
    )
    return (
        tuple((due_on, until_on) for kind, _, due_on, until_on in rows if kind == 0),
        tuple((from_on, until_on) for kind, _, from_on, until_on in rows if kind == 1),
    )


def _stretches_of(unsaved: UnsavedDossier) -> Stretches:
    promises, pauses = unsaved.rows[Deadline], unsaved.rows[Pause]
    return (
        tuple((row.due_on, row.until_on) for row in promises if row.counts),
        tuple((row.from_on, row.until_on) for row in pauses),
    )
