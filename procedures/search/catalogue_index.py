"""The index of the whole catalogue, held by each process and made anew after a change."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log
from threading import Lock
from uuid import UUID

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save

from motcua import clock
from procedures.models import (
    CatalogueStamp,
    HandledElsewhere,
    LifeEvent,
    Procedure,
    ProcedureCode,
    ProcedureVersion,
    ProcedureWords,
    SearchTerm,
    Sector,
)
from procedures.search.entries import Entry, TextKind
from procedures.search.ranking import Index

RENEWED_AFTER = timedelta(hours=12)
"""How long an index counts what is filed as it was when it was made."""
ENOUGH_TO_COUNT = 300
"""From so many dossiers on, what an office files itself says more than what is usual elsewhere."""
MOST_OFTEN = 5
CHANGES = (
    HandledElsewhere,
    LifeEvent,
    Procedure,
    ProcedureCode,
    ProcedureVersion,
    ProcedureWords,
    SearchTerm,
    Sector,
)


@dataclass(frozen=True)
class _Held:
    stamp: UUID | None
    made_at: datetime
    index: Index

    def is_of(self, stamp: UUID | None) -> bool:
        return self.stamp == stamp and clock.now() - self.made_at <= RENEWED_AFTER


_held: _Held | None = None
_making = Lock()
_counts: Callable[[], Mapping[int, int]] = dict


def count_received_by(counts: Callable[[], Mapping[int, int]]) -> None:
    """Say who knows how many dossiers of each procedure came in during a year, by its key: an app
    above, for imports point one way."""
    global _counts
    _counts = counts


def catalogue_index() -> Index:
    """The index of the catalogue as it stands; one statement unless something changed."""
    global _held
    held = _held
    if held is None or not held.is_of(CatalogueStamp.current()):
        with _making:  # who waited here finds it made, and asks whether of what stands there now
            stamp, held = CatalogueStamp.current(), _held
            if held is None or not held.is_of(stamp):
                held = _held = _Held(stamp, clock.now(), _made())
    return held.index


def catalogue_changed(**_: object) -> None:
    """After rows were written in bulk, of which no signal tells."""
    CatalogueStamp.renew()


def watch_catalogue() -> None:
    """When the program starts: every change of what is searched makes the indexes old."""
    for model in CHANGES:
        name = model._meta.label
        post_save.connect(catalogue_changed, sender=model, dispatch_uid=f"search save {name}")
        post_delete.connect(catalogue_changed, sender=model, dispatch_uid=f"search delete {name}")
    tagged: type[Model] = Procedure.life_events.through
    m2m_changed.connect(catalogue_changed, sender=tagged, dispatch_uid="search life events")


def _made() -> Index:
    procedures = list(
        Procedure.objects.filter(is_active=True).select_related("sector").order_by("pk")
    )
    results: defaultdict[int, set[str]] = defaultdict(set)
    for key, result in (
        ProcedureVersion.objects.filter(in_force_to__isnull=True)
        .exclude(result="")
        .values_list("procedure_id", "result")
    ):
        results[key].add(result)
    words = {each.procedure_id: each for each in ProcedureWords.objects.all()}
    events: defaultdict[int, list[str]] = defaultdict(list)
    for key, name in LifeEvent.procedures.through.objects.values_list(
        "procedure_id", "lifeevent__name"
    ):
        events[key].append(name)
    often = _how_often(words.values())
    entries = [
        Entry(
            procedure.pk,
            tuple(_texts(procedure, words.get(procedure.pk), results, events)),
            often.get(procedure.pk, 0.0),
        )
        for procedure in procedures
    ]
    entries += [
        Entry(matter.pk, tuple((TextKind.ELSEWHERE, one) for one in matter.all_words))
        for matter in HandledElsewhere.objects.all()
    ]
    return Index(entries, SearchTerm.objects.values_list("word", "means"))


def _texts(
    procedure: Procedure,
    words: ProcedureWords | None,
    results: Mapping[int, Iterable[str]],
    events: Mapping[int, Iterable[str]],
) -> Iterable[tuple[TextKind, str]]:
    yield TextKind.NAME, procedure.name
    if words is not None:
        for name in words.all_names:
            yield TextKind.COMMON_NAME, name
    for result in results.get(procedure.pk, ()):
        yield TextKind.RESULT, result
    yield TextKind.SECTOR, procedure.sector.name
    for event in events.get(procedure.pk, ()):
        yield TextKind.LIFE_EVENT, event


def _how_often(words: Iterable[ProcedureWords]) -> dict[int, float]:
    """How often each is filed, 0 to 1: as this installation counted it in a year, once there is
    enough to count, otherwise as it is usual."""
    counts = _counts()
    if sum(counts.values()) >= ENOUGH_TO_COUNT:
        most = max(counts.values())
        return {key: log(1 + count) / log(1 + most) for key, count in counts.items()}
    return {each.procedure_id: each.often / MOST_OFTEN for each in words}
