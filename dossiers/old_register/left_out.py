"""The doubtful lines that nobody took, as a file to be mended and sent again."""

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterable

from dossiers.old_register.lines import COLUMNS, WHY_LEFT, Line
from motcua.tables.cells import as_written
from motcua.tables.problems import Problem
from motcua.text import no_formula


def as_csv(lines: Iterable[Line], doubts: Iterable[Problem], left: Collection[int]) -> str:
    """These lines in the columns of the template, with the reasons in one more that is not read."""
    why: defaultdict[int, list[str]] = defaultdict(list)
    for doubt in doubts:
        why[doubt.line].append(doubt.reason)
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow((*COLUMNS, WHY_LEFT))
    for line in lines:
        if line.number in left:
            cells = [no_formula(as_written(line.cells.get(column))) for column in COLUMNS]
            table.writerow((*cells, " ".join(why[line.number])))
    return file.getvalue()
