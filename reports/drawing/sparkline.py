"""A small line of the last months. Pure Python.

A month without a value is a dotted piece of the ground, never a zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

LEFT, TOP = 4.0, 5.0


@dataclass(frozen=True)
class Sparkline:
    width: int
    height: int
    base: float
    """Where the ground is."""
    lines: tuple[str, ...]
    """The points of each unbroken piece, as SVG wants them."""
    missing: tuple[tuple[float, float], ...]
    """From where to where the ground is dotted."""
    dot: tuple[float, float] | None
    """The last month, if it has a value."""
    target: float | None
    """How high the target lies."""


def sparkline(
    points: Sequence[float | None],
    low: float,
    high: float,
    *,
    target: float | None = None,
    width: int = 92,
    height: int = 28,
) -> Sparkline:
    """The line of the points on the scale from `low` to `high`."""
    base = height - 4.0
    step = (width - 2 * LEFT - 2) / max(len(points) - 1, 1)

    def up(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.0
        return round(base - min(max(share, 0.0), 1.0) * (base - TOP), 1)

    places = [round(LEFT + at * step, 1) for at in range(len(points))]
    pieces: list[list[tuple[float, float]]] = [[]]
    for x, point in zip(places, points, strict=True):
        if point is None:
            pieces.append([])
        else:
            pieces[-1].append((x, up(point)))
    missing = [
        (x, following)
        for (x, one), (following, two) in pairwise(zip(places, points, strict=True))
        if one is None or two is None
    ]
    last = points[-1] if points else None
    return Sparkline(
        width=width,
        height=height,
        base=base,
        lines=tuple(" ".join(f"{x},{y}" for x, y in piece) for piece in pieces if len(piece) > 1),
        missing=_joined(missing),
        dot=None if last is None else (places[-1], up(last)),
        target=None if target is None or not low <= target <= high else up(target),
    )


def _joined(pieces: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Neighbours as one piece."""
    found: list[tuple[float, float]] = []
    for begin, end in pieces:
        if found and found[-1][1] == begin:
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return tuple(found)
