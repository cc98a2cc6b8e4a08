"""The papers that came with a dossier: taken down at the receipt, put right later.

A list that is replaced stays readable in the event that replaced it, and can be put back.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dossiers.models import Dossier, SubmittedPaper
from dossiers.models.submitted import without_count
from procedures.models import RequiredPaper


@dataclass(frozen=True)
class Paper:
    """A paper that was handed in."""

    name: str
    kind: str = RequiredPaper.Kind.ORIGINAL
    copies: int = 1
    required: RequiredPaper | None = None


Line = list[Any]
"""A paper as an event keeps it: name, kind, copies, key of the required paper or None."""


def lines_of(papers: Iterable[Paper]) -> list[Line]:
    return [
        [paper.name, str(paper.kind), paper.copies, paper.required.pk if paper.required else None]
        for paper in papers
    ]


def known_lines(dossier: Dossier) -> list[Line]:
    """The papers that came with the dossier, in their order. Asks the database."""
    return [[p.name, p.kind, p.copies, p.required_id] for p in dossier.papers.all()]


def rows_of(lines: Iterable[Line]) -> Iterator[dict[str, Any]]:
    """The values of the rows, without the dossier's."""
    for position, (name, kind, copies, required) in enumerate(lines, start=1):
        yield {
            "required_id": required,
            "position": position,
            "name": name,
            "kind": kind,
            "copies": copies,
        }


def replacement(before: list[Line], papers: Iterable[Paper]) -> list[list[Line]] | None:
    """[old list, new list] for the event; None when the list is the same."""
    after = lines_of(papers)
    return None if before == after else [before, after]


def lay(dossier: Dossier, lines: Iterable[Line], *, is_new: bool = False) -> None:
    """Put this list in the place of the present one; a new dossier has none."""
    if not is_new:
        dossier.papers.all().delete()
    SubmittedPaper.objects.bulk_create(
        SubmittedPaper(dossier=dossier, **row) for row in rows_of(lines)
    )


def words_of(line: Line) -> str:
    """A kept line for a reader: "Đơn xin cấp giấy (2 bản chính)"."""
    name, kind, copies, _required = line
    return f"{without_count(name)} ({copies} {RequiredPaper.Kind(kind).label})"
