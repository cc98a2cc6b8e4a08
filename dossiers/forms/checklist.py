"""The check-list of an intake: which papers came, original or copy, how many.

Its rows are those of the procedure's version, so it reads the posted fields itself:
`paper-<pk>-given|kind|copies` for a paper of the list, and the lists `other-name`,
`other-kind`, `other-copies` for papers that the list does not know.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from dossiers.lifecycle.submitted_papers import Paper
from dossiers.models import SubmittedPaper
from motcua.text import tidy, whole_number
from procedures.models import RequiredPaper

MOST_COPIES = 999
LONGEST_NAME = 500
MOST_OTHERS = 30
SHORT_LIST = 6
KINDS = RequiredPaper.Kind.choices


@dataclass
class Row:
    """A line of the check-list as it is shown again: what was typed, right or wrong."""

    name: str
    kind: str
    copies: str
    given: bool = False
    required: RequiredPaper | None = None
    error: str = ""
    replaced: str = ""
    """The rule under which a database says what the paper would; then it is not asked for."""

    @property
    def is_demanded(self) -> bool:
        return self.required is not None and self.required.is_required and not self.replaced

    @property
    def kind_words(self) -> str:
        """Count and kind in words: "1 bản chính"; what is only shown is not counted."""
        words = dict(KINDS).get(self.kind, "")
        if self.kind == RequiredPaper.Kind.SHOWN and self.copies == "1":
            return words
        return f"{self.copies} {words}"

    @property
    def says_if_any(self) -> bool:
        """Whether the name itself says that only some cases have the paper."""
        return "nếu " in self.name.lower()

    @property
    def count(self) -> int | None:
        """The number of copies; None when what was typed is no sensible number."""
        number = whole_number(self.copies.strip() or "1")
        return number if number is not None and 1 <= number <= MOST_COPIES else None

    def check(self) -> None:
        if self.given and self.count is None:
            self.error = f"Số lượng từ 1 đến {MOST_COPIES}."
        elif self.given and len(self.name) > LONGEST_NAME:
            self.error = f"Tên giấy tờ không quá {LONGEST_NAME} ký tự."

    def as_paper(self) -> Paper:
        return Paper(self.name, self.kind, self.count or 1, self.required)


class Checklist:
    """The papers of one version, ticked or not, and the papers that it does not list."""

    kinds = KINDS
    most_copies = MOST_COPIES
    longest_name = LONGEST_NAME

    def __init__(
        self,
        required: list[RequiredPaper],
        data: QueryDict | None = None,
        brought: Iterable[SubmittedPaper] = (),
        *,
        day: date,
    ) -> None:
        """As posted, or, before anything is posted, as brought earlier. `day` is that of receipt:
        what data replace then is not asked for."""
        if data is not None:
            self.rows = [_row(paper, data, day) for paper in required]
            self.others = _others(data)
            return
        earlier = {paper.required_id: paper for paper in brought if paper.required_id}
        self.rows = [_brought_row(paper, earlier.get(paper.pk), day) for paper in required]
        listed = {row.required.pk for row in self.rows if row.required}
        self.others = [
            Row(paper.name, paper.kind, str(paper.copies), given=True)
            for paper in brought
            if paper.required_id not in listed
        ]

    def is_valid(self) -> bool:
        """Whether every count can be read; each row that is wrong says so."""
        for row in (*self.rows, *self.others):
            row.check()
        return not any(row.error for row in (*self.rows, *self.others))

    @property
    def missing(self) -> list[RequiredPaper]:
        """Papers that the procedure demands and that were not handed in."""
        return [
            row.required
            for row in self.rows
            if row.required is not None and row.is_demanded and not row.given
        ]

    @property
    def papers(self) -> tuple[Paper, ...]:
        return tuple(row.as_paper() for row in (*self.rows, *self.others) if row.given)

    @property
    def first_rows(self) -> list[Row]:
        """The lines that are always in sight: all of a short list, else what is demanded, what
        was brought and what is wrong."""
        if len(self.rows) <= SHORT_LIST:
            return self.rows
        return [row for row in self.rows if row.is_demanded or row.given or row.error]

    @property
    def folded_rows(self) -> list[Row]:
        """Papers of a long list that only some cases need."""
        shown = self.first_rows
        return [row for row in self.rows if row not in shown]

    @property
    def empty_others(self) -> list[Row]:
        """Lines to write on: two on a fresh page, then always one more."""
        return [Row("", RequiredPaper.Kind.ORIGINAL, "1") for _ in range(1 if self.others else 2)]


def _row(paper: RequiredPaper, data: QueryDict, day: date) -> Row:
    prefix = f"paper-{paper.pk}"
    return Row(
        paper.name,
        _kind(data.get(f"{prefix}-kind"), paper.kind),
        data.get(f"{prefix}-copies", str(paper.copies)),
        given=bool(data.get(f"{prefix}-given")),
        required=paper,
        replaced=_rule(paper, day),
    )


def _brought_row(paper: RequiredPaper, brought: SubmittedPaper | None, day: date) -> Row:
    """A paper of the list, with kind and count as it was brought, if it was."""
    as_it_is = brought or paper
    return Row(
        paper.name,
        as_it_is.kind,
        str(as_it_is.copies),
        given=brought is not None,
        required=paper,
        replaced=_rule(paper, day),
    )


def _rule(paper: RequiredPaper, day: date) -> str:
    return str(paper.data_rule) if paper.is_replaced_on(day) else ""


def _others(data: QueryDict) -> list[Row]:
    kinds, copies = data.getlist("other-kind"), data.getlist("other-copies")
    rows = []
    for index, name in enumerate(data.getlist("other-name")[:MOST_OTHERS]):
        if tidy(name):
            kind = kinds[index] if index < len(kinds) else None
            count = copies[index] if index < len(copies) else "1"
            rows.append(Row(tidy(name), _kind(kind, RequiredPaper.Kind.ORIGINAL), count, True))
    return rows


def _kind(text: str | None, default: str) -> str:
    return text if text in RequiredPaper.Kind.values else default
