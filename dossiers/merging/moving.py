"""Which dossiers a merger concerns, and how they are moved: each with its event, in batches."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from dossiers.lifecycle.acts import StoredFacts, write
from dossiers.lifecycle.succession import LIVING, Succession, succeed, takes_effect
from dossiers.models import Dossier, DossierQuerySet, Transfer
from motcua.models import Staff

BATCH = 500
_LIVING = sorted(state.value for state in LIVING)


@dataclass(frozen=True)
class MovedCounts:
    """How many dossiers a merger concerns."""

    open: int = 0
    """Not ended, or with a result that nobody has collected; not yet received ones too."""
    late: int = 0
    """Received by an ending office on the day or later."""
    waiting: int = 0
    """That will wait for an assignment, late ones of such an office too."""


def concerned(day: date, following: Iterable[int], orphans: Iterable[int]) -> DossierQuerySet:
    """The dossiers that change over: open ones of ending offices or in their hands, and what
    these received on the day or later."""
    following, orphans = list(following), list(orphans)
    ending = [*following, *orphans]
    is_open = Q(state__in=_LIVING) & (
        Q(office__in=ending)
        | Q(holder_office__in=ending)
        | Q(receiver__in=orphans)
        | Q(return_office__in=orphans)
    )
    late = Q(received_on__gte=day) & (Q(office__in=following) | Q(receiver__in=following))
    return Dossier.objects.filter(is_open | late)


def counts(day: date, following: Iterable[int], orphans: Iterable[int]) -> MovedCounts:
    """As `concerned`, in numbers, by office."""
    following, orphans = set(following), set(orphans)
    found: Counter[str] = Counter()
    rows = concerned(day, following, orphans).values_list("received_on", "office")
    for received_on, office in rows:
        if office in orphans:
            found["waiting"] += 1
        elif received_on is not None and received_on >= day and office in following:
            found["late"] += 1
        else:
            found["open"] += 1
    late_orphans = Dossier.objects.filter(office__in=orphans, received_on__gte=day)
    found["waiting"] += late_orphans.exclude(state__in=_LIVING).count()
    return MovedCounts(**found)


def move(succession: Succession, details: dict[str, Any], by: Staff | None) -> list[int]:
    """Every concerned dossier changes over, with one event; the keys of these. Four or five
    statements for a dossier."""
    following = [old for old, new in succession.successors.items() if new is not None]
    orphans = [old for old, new in succession.successors.items() if new is None]
    keys = list(
        concerned(succession.day, following, orphans).order_by("pk").values_list("pk", flat=True)
    )
    events = []
    for start in range(0, len(keys), BATCH):
        for dossier, transfers in _locked(keys[start : start + BATCH]):
            facts = StoredFacts(
                dossier, by=by, at=takes_effect(dossier, succession.day), transfers=transfers
            )
            events.append(write(facts, succeed(facts, succession, details)).pk)
    return events


def _locked(keys: list[int]) -> Iterator[tuple[Dossier, list[Transfer]]]:
    transfers: dict[int, list[Transfer]] = defaultdict(list)
    for row in Transfer.objects.filter(dossier__in=keys).order_by("dossier", "number"):
        transfers[row.dossier_id].append(row)
    dossiers = (
        Dossier.objects.select_for_update(of=("self",))
        .filter(pk__in=keys)
        .select_related("office__successor", "version", "procedure")
        .order_by("pk")
    )
    for dossier in dossiers:
        yield dossier, transfers[dossier.pk]
