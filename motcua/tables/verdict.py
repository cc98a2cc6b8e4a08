"""What becomes of a table whose lines were judged: good, refused or doubtful, each exactly one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from motcua.tables import letters
from motcua.tables.cells import NoValue
from motcua.tables.lines import Line
from motcua.tables.problems import Problem, Reason, lines_of

HIDDEN = "Dòng này đang bị ẩn trong bảng tính (ẩn tay hoặc do bộ lọc)."
STRUCK = "Dòng này có chữ bị gạch ngang, có thể đã bị bỏ."
EXTRA = "Có giá trị nằm ngoài các cột của mẫu. Hãy xem có ô nào bị đẩy lệch không."


@dataclass
class Verdict:
    """What a table would become, or became."""

    good: int = 0
    """How many lines are neither refused nor doubtful."""
    refused: list[Problem] = field(default_factory=list)
    doubtful: list[Problem] = field(default_factory=list)
    """Of lines that are not refused, or of the file as a whole."""
    written: int = 0

    @property
    def refused_lines(self) -> int:
        return len(lines_of(self.refused))

    @property
    def doubtful_lines(self) -> int:
        return len(lines_of(self.doubtful))

    def is_acceptable(self, *, accept_doubtful: bool) -> bool:
        return not self.refused and (accept_doubtful or not self.doubtful)


def judged(
    lines: Iterable[Line], refused: Iterable[Problem], doubtful: Iterable[Problem]
) -> Verdict:
    """The verdict on these lines, problems in their order; a refused line has no doubts."""
    problems = sorted(refused, key=lambda problem: problem.line)
    lost = lines_of(problems)
    doubts = sorted(
        (doubt for doubt in doubtful if doubt.line not in lost), key=lambda doubt: doubt.line
    )
    good = {line.number for line in lines} - lost - lines_of(doubts)
    return Verdict(len(good), problems, doubts)


def unreadable(line: Line) -> Iterator[Reason]:
    """Why cells of the line hold nothing that could be read."""
    for column, cell in line.cells.items():
        if isinstance(cell, NoValue):
            yield Reason(column, f"Ô “{cell.shown[:40]}” {cell.reason}.")
    if line.has_strange_characters:
        yield Reason(None, "Có ký tự điều khiển không đọc được.")


def unlikely(line: Line, texts: Mapping[str, str]) -> Iterator[Reason]:
    """What makes any line doubtful: not shown, struck through, beyond the columns, or a word in
    one of the `texts` (columns and their titles) that has lost its letters."""
    for applies, sentence in ((line.hidden, HIDDEN), (line.struck, STRUCK), (line.extra, EXTRA)):
        if applies:
            yield Reason(None, sentence)
    for column, title in texts.items():
        cell = line.cells.get(column)
        if isinstance(cell, str) and (words := letters.broken_words(cell)):
            yield Reason(column, letters.REASON.format(title, " ".join(words)[:60]))
