"""The index of the shipped catalogues of 2016 with the shipped words, without a database."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from procedures.catalogue import DATA, FILES
from procedures.search.catalogue_index import MOST_OFTEN
from procedures.search.entries import Entry, TextKind
from procedures.search.ranking import Index

QUESTIONS = Path(__file__).with_name("questions.csv")


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def shipped_index() -> tuple[Index, dict[int, str]]:
    """The index, and the key in the catalogue of each number in it."""
    words = {row["key"]: row for row in rows(DATA / "common_names.csv")}
    entries: list[Entry] = []
    keys: dict[int, str] = {}
    for name in FILES.values():
        for row in rows(DATA / name):
            held = words[row["id"]]
            keys[len(entries)] = row["id"]
            texts = [(TextKind.NAME, row["name"])]
            texts += [(TextKind.COMMON_NAME, each) for each in held["names"].split(" | ")]
            texts += [(TextKind.RESULT, row["result"])] if row["result"] else []
            texts.append((TextKind.SECTOR, row["field"]))
            entries.append(Entry(len(entries), tuple(texts), int(held["often"]) / MOST_OFTEN))
    for number, row in enumerate(rows(DATA / "handled_elsewhere.csv"), start=10_000):
        said = [row["matter"], *row["words"].split(" | ")]
        entries.append(Entry(number, tuple((TextKind.ELSEWHERE, each) for each in said)))
    terms = [(row["word"], row["means"]) for row in rows(DATA / "search_terms.csv")]
    return Index(entries, terms), keys
