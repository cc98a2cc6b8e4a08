"""The papers that came with a dossier: taken down at the receipt, put right later.

A list that is replaced stays readable in the event that replaced it, and can be put back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dossiers.models import Dossier, SubmittedPaper
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


def keep(dossier: Dossier, papers: Iterable[Paper]) -> None:
    """Take down the papers of a dossier that has none yet."""
    _write(dossier, _lines(papers))


def replacement(dossier: Dossier, papers: Iterable[Paper]) -> list[list[Line]] | None:
    """[old list, new list] for the event; None when the list is the same."""
    before = [[p.name, p.kind, p.copies, p.required_id] for p in dossier.papers.all()]
    after = _lines(papers)
    return None if before == after else [before, after]


def lay(dossier: Dossier, lines: Iterable[Line]) -> None:
    """Put this list in the place of the present one."""
    dossier.papers.all().delete()
    _write(dossier, lines)


def words_of(line: Line) -> str:
    """A kept line for a reader: "Đơn xin cấp giấy (2 bản chính)"."""
    name, kind, copies, _required = line
    return f"{name} ({copies} {RequiredPaper.Kind(kind).label})"


def _lines(papers: Iterable[Paper]) -> list[Line]:
    return [
        [paper.name, str(paper.kind), paper.copies, paper.required.pk if paper.required else None]
        for paper in papers
    ]


def _write(dossier: Dossier, lines: Iterable[Line]) -> None:
    SubmittedPaper.objects.bulk_create(
        SubmittedPaper(
            dossier=dossier,
            position=position,
            name=name,
            kind=kind,
            copies=copies,
            required_id=required,
        )
        for position, (name, kind, copies, required) in enumerate(lines, start=1)
    )
