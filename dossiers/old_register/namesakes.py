"""Lines of one name, procedure, office and moment: two people, or one written down twice.

Different codes or different numbers of identity tell them apart. Pure Python.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class TypedLine:
    """A line by what tells it from its namesakes; `who` is alike for namesakes."""

    line: int
    who: Hashable
    code: str
    number: str


def indistinct(entries: Iterable[TypedLine]) -> list[tuple[int, int]]:
    """Lines that a namesake among the others cannot be told from, each with the first such line.
    No two entries have the same code."""
    groups: defaultdict[Hashable, list[TypedLine]] = defaultdict(list)
    for entry in entries:
        groups[entry.who].append(entry)
    found = []
    for group in groups.values():
        if len(group) > 1:
            found += _indistinct(group)
    return sorted(found)


def _indistinct(group: list[TypedLine]) -> list[tuple[int, int]]:
    """Counted by number, not pair by pair: a file may have one name in every line."""
    of_all = Counter(entry.number for entry in group)
    without_code = Counter(entry.number for entry in group if not entry.code)
    found = []
    for entry in group:
        others = without_code if entry.code else of_all
        alike = others.total() if not entry.number else others[entry.number] + others[""]
        if alike > (0 if entry.code else 1):
            other = group[0] if group[0] is not entry else group[1]
            found.append((entry.line, other.line))
    return found
