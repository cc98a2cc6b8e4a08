"""What is said of a table: of the file as a whole, of a line, of a cell."""

from collections.abc import Iterable
from dataclasses import dataclass

WHOLE_FILE = 0
"""Stands where the number of a line would, when it is the file that is at fault."""


@dataclass(frozen=True)
class Reason:
    """Why something is refused or doubtful: a Vietnamese sentence, and the column of the template
    where it is one cell's."""

    column: str | None
    text: str


@dataclass(frozen=True)
class Problem:
    """A reason with its line, and the line as it stands in the file."""

    line: int
    reason: str
    words: str = ""
    column: str | None = None

    def __str__(self) -> str:
        return f"Dòng {self.line}: {self.reason}" if self.line else self.reason


class UnreadableFile(Exception):
    """The file as a whole cannot be read as a table; the text is a Vietnamese sentence, or
    several: one of each reason."""

    def __init__(self, *reasons: str | Reason) -> None:
        self.reasons = [
            reason if isinstance(reason, Reason) else Reason(None, reason) for reason in reasons
        ]
        super().__init__(" ".join(reason.text for reason in self.reasons))

    @property
    def problems(self) -> list[Problem]:
        return [Problem(WHOLE_FILE, of.text, column=of.column) for of in self.reasons]


def lines_of(problems: Iterable[Problem]) -> set[int]:
    """The lines that the problems are about; not the file as a whole."""
    return {problem.line for problem in problems} - {WHOLE_FILE}
