"""Where what is late or overdue lies: by division, then by procedure, the most first. Pure Python,
no Django."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from motcua.templatetags.motcua_tags import vn_number
from motcua.text import alphabetical
from reports.leaders.facts import Pareto, ParetoRow, Segment, Sentence
from reports.leaders.thresholds import ENOUGH

DIVISIONS, PROCEDURES = 8, 5
REST = "còn lại"
Named = tuple[str, str, Callable[[], str]]
"""Key and name of a row, and what gives its address where it is shown."""
Group = TypeVar("Group")
Counts = tuple[int, int]
"""Late and overdue."""


def counted_by(
    groups: Iterable[Group], key: Callable[[Group], str], counts: Callable[[Group], Counts]
) -> dict[str, Counts]:
    """Late and overdue, summed by key."""
    found: dict[str, Counts] = defaultdict(lambda: (0, 0))
    for group in groups:
        late, overdue = counts(group)
        before = found[key(group)]
        found[key(group)] = (before[0] + late, before[1] + overdue)
    return dict(found)


def pareto_of(
    level: str,
    heading: str,
    divisions: Sequence[tuple[Named, Counts]],
    procedures: Sequence[tuple[Named, Counts]],
    total: tuple[tuple[str, str, str], Counts],
) -> Pareto:
    """The rows of a level; `total` are its figures, from which the per cent is reckoned."""
    whole = sum(total[1])
    of_divisions = _in_order(divisions)
    if len(of_divisions) > DIVISIONS:
        of_divisions = [*of_divisions[: DIVISIONS - 1], _together(of_divisions[DIVISIONS - 1 :])]
    of_procedures = _in_order(procedures)
    left = of_procedures[PROCEDURES:]
    (key, name, address), (late, overdue) = total
    return Pareto(
        level=level,
        heading=heading,
        divisions=tuple(_rows(of_divisions, whole)),
        procedures=tuple(_rows(of_procedures[:PROCEDURES], whole)),
        rest=_rest(left, address),
        total=ParetoRow(key, name, late, overdue, None, address),
    )


def _in_order(found: Sequence[tuple[Named, Counts]]) -> list[tuple[Named, Counts]]:
    named = sorted((one for one in found if sum(one[1])), key=lambda one: alphabetical(one[0][1]))
    return sorted(named, key=lambda one: (-sum(one[1]), -one[1][0]))


def _together(rows: Sequence[tuple[Named, Counts]]) -> tuple[Named, Counts]:
    late, overdue = (sum(counts[at] for _, counts in rows) for at in (0, 1))
    return ("", f"{len(rows)} nơi {REST}", rows[0][0][2]), (late, overdue)


def _rows(found: Sequence[tuple[Named, Counts]], whole: int) -> list[ParetoRow]:
    rows, so_far = [], 0
    for (key, name, address), (late, overdue) in found:
        so_far += late + overdue
        cumulative = round(100 * so_far / whole) if whole >= ENOUGH else None
        rows.append(ParetoRow(key, name, late, overdue, cumulative, address()))
    return rows


def _rest(left: Sequence[tuple[Named, Counts]], address: str) -> Sentence:
    if not left:
        return ()
    sums = [sum(counts) for _, counts in left]
    low, high = min(sums), max(sums)
    each = f"mỗi thủ tục {low}" if low == high else f"mỗi thủ tục từ {low} đến {high}"
    words = f"Còn {vn_number(len(left))} thủ tục khác: {vn_number(sum(sums))} hồ sơ"
    return (Segment(f"{words}, {each}" if len(left) > 1 else words, address),)
