"""The words that the project ships, laid beside the catalogues; what an administrator keeps stays.

They were written from the two catalogues, procedure by procedure, as people of the south speak. A
procedure of the catalogue of 2026 that is the same as one of 2016 takes that one's words.
"""

import csv
from collections.abc import Iterator

from django.db import transaction

from procedures.catalogue import DATA
from procedures.models import (
    HandledElsewhere,
    LifeEvent,
    LifeEventStep,
    Procedure,
    ProcedureWords,
    SearchTerm,
)
from procedures.search.catalogue_index import catalogue_changed

SOURCE = "kèm chương trình"


@transaction.atomic
def load_search_words() -> int:
    """Give the shipped words to every procedure that has none, and the terms, the matters of other
    agencies and the steps of events where there are none at all; how many rows came.

    Safe to repeat: what is there, and a table that an administrator has begun, is left alone.
    """
    keys = dict(Procedure.objects.values_list("key", "pk"))
    loaded = _load_names(keys)
    if not SearchTerm.objects.exists() and not SearchTerm.history.exists():
        loaded += _load_terms()
    if not HandledElsewhere.objects.exists() and not HandledElsewhere.history.exists():
        loaded += _load_elsewhere(keys)
    loaded += _load_steps(keys)
    if loaded:
        catalogue_changed()
    return loaded


def _load_names(keys: dict[str, int]) -> int:
    same: dict[str, list[str]] = {}
    for row in _rows("catalogue_2016_to_2026.csv"):
        same.setdefault(row["key"], []).append(row["national_code"])
    known = set(ProcedureWords.objects.values_list("procedure_id", flat=True))
    known |= set(ProcedureWords.history.values_list("procedure_id", flat=True))
    fresh: dict[int, ProcedureWords] = {}
    for row in _rows("common_names.csv"):
        for key in (row["key"], *same.get(row["key"], ())):
            procedure = keys.get(key)
            if procedure is None or procedure in known or procedure in fresh:
                continue
            fresh[procedure] = ProcedureWords(
                procedure_id=procedure,
                names="\n".join(row["names"].split(" | ")),
                when=row["when"],
                often=int(row["often"]),
                source=SOURCE,
            )
    return len(ProcedureWords.objects.bulk_create(fresh.values()))


def _load_terms() -> int:
    terms = [
        SearchTerm(word=row["word"], means=row["means"], source=row["source"])
        for row in _rows("search_terms.csv")
    ]
    for term in terms:
        term.set_search_key()
    return len(SearchTerm.objects.bulk_create(terms))


def _load_elsewhere(keys: dict[str, int]) -> int:
    loaded = 0
    for row in _rows("handled_elsewhere.csv"):
        matter = HandledElsewhere.objects.create(
            matter=row["matter"],
            words="\n".join(row["words"].split(" | ")),
            where=row["where"],
            advice=row["advice"],
            source=SOURCE,
        )
        matter.neighbours.add(*(keys[key] for key in row["neighbours"].split() if key in keys))
        loaded += 1
    return loaded


def _load_steps(keys: dict[str, int]) -> int:
    """The steps of the events that have none."""
    events = {event.key: event for event in LifeEvent.objects.filter(steps__isnull=True)}
    loaded = 0
    for row in _rows("life_event_steps.csv"):
        event = events.get(row["event"])
        if event is None:
            continue
        step = LifeEventStep.objects.create(
            event=event,
            position=int(row["step"]),
            name=row["name"],
            when=row["when"],
            elsewhere=row["elsewhere"],
        )
        step.procedures.add(*(keys[key] for key in row["keys"].split() if key in keys))
        loaded += 1
    return loaded


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
