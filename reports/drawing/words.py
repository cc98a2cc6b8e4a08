"""Words in a picture: how wide they are, where a name is cut, how labels keep apart. Pure Python.

Lengths are in units of the picture's own view box, which at the width that it is drawn for are
pixels.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

LETTER = 0.58
"""Of the size of the type: how wide a letter or digit is, on average."""
ALIKE = 18
"""Letters after which two names that begin alike can no longer be told apart at a glance."""
TAIL = 15


def width_of(text: str, size: float) -> float:
    """About how wide the text is at this size of type."""
    return len(text) * LETTER * size


def short_names(names: Sequence[str]) -> list[str]:
    """The names as a picture bears them: one whose first letters are another's too is cut in the
    middle, between words, so that its end is read."""
    begins = Counter(name[:ALIKE] for name in set(names))
    return [_cut(name) if begins[name[:ALIKE]] > 1 else name for name in names]


def pushed_apart(places: Sequence[float], least: float, highest: float) -> list[float]:
    """The places, in the given order, moved as little as it takes to lie `least` apart from each
    other and not beyond `highest`."""
    order = sorted(range(len(places)), key=lambda at: places[at])
    found = list(places)
    for before, at in pairwise(order):
        found[at] = max(found[at], found[before] + least)
    limit = highest
    for at in reversed(order):
        found[at] = min(found[at], limit)
        limit = found[at] - least
    return [round(place, 1) for place in found]


def _cut(name: str) -> str:
    if len(name) <= ALIKE + TAIL:
        return name
    head = name[: ALIKE + 1].rpartition(" ")[0] or name[:ALIKE]
    tail = name[-TAIL - 1 :].partition(" ")[2] or name[-TAIL:]
    return f"{head} … {tail}"
