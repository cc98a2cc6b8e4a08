"""UnitsChart as dots: late per 1,000 over how many were resolved, a panel for each level, with the
limits within which chance alone puts them. Pure Python.

All panels share the horizontal axis; each has its own vertical one, and says so. A level of one
unit is a square with its interval; of others a name stands only at what lies outside, and names
are pushed apart.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from motcua.templatetags.motcua_tags import vn_number
from reports.drawing.words import pushed_apart, width_of
from reports.leaders.facts import Funnel, UnitPoint

TYPE = 12.5
LEFT, RIGHT = 44.0, 20.0
TITLE = 22.0
SINGLE_HIGH, PANEL_HIGH = 70.0, 190.0
BETWEEN = 24.0
AXIS = 46.0
DOT = 10.0
"""Dots at the same place are shifted by this."""
NAME_APART = 16.0


Along = Callable[[float], float]
"""Where a value lies on an axis."""


@dataclass(frozen=True)
class Tick:
    at: float
    words: str


@dataclass(frozen=True)
class Dot:
    point: UnitPoint
    x: float
    y: float
    low: float | None = None
    high: float | None = None
    """The ends of the interval."""


@dataclass(frozen=True)
class Name:
    """A name beside a dot, at its place after names have been pushed apart."""

    dot: Dot
    x: float
    y: float
    anchor: str
    words: str
    more: str = ""


@dataclass(frozen=True)
class Panel:
    id: str
    level: str
    title: str
    top: float
    ground: float
    height: float
    ticks: tuple[Tick, ...]
    centre: float | None
    """How high the level's own rate lies."""
    centre_words: str
    area_95: str
    area_998: str
    line_95: str
    line_998: str
    """The points of the limits, as SVG wants them; empty without any."""
    words_95: tuple[float, float] | None
    words_998: tuple[float, float] | None
    """Where the words of a limit stand."""
    dots: tuple[Dot, ...]
    names: tuple[Name, ...]


@dataclass(frozen=True)
class UnitsChart:
    id: str
    width: float
    height: float
    left: float
    right: float
    ground: float
    ticks: tuple[Tick, ...]
    panels: tuple[Panel, ...]
    description: str


def units_chart(
    funnels: Sequence[Funnel], *, width: float = 640.0, panel_high: float = PANEL_HIGH
) -> UnitsChart | None:
    """The panels of the levels one under the other; None where no level has anything to draw."""
    drawn = [funnel for funnel in funnels if funnel.points]
    if not drawn:
        return None
    id = f"don-vi-{width:.0f}"
    high = max(funnel.x_high for funnel in drawn)
    right = width - RIGHT

    def across(resolved: float) -> float:
        return round(LEFT + (right - LEFT) * resolved / high, 1)

    panels, top = [], TITLE
    for at, funnel in enumerate(drawn):
        panels.append(_panel(funnel, f"{id}-{at}", top, across, right, panel_high))
        top = panels[-1].ground + BETWEEN + TITLE
    ground = panels[-1].ground
    steps = 7 if width > 500 else 4
    return UnitsChart(
        id=id,
        width=width,
        height=round(ground + AXIS, 1),
        left=LEFT,
        right=right,
        ground=ground,
        ticks=tuple(
            Tick(across(value), vn_number(round(value)))
            for value in _ticks(high, steps)
            if value <= high
        ),
        panels=tuple(panels),
        description="; ".join(point.words for funnel in drawn for point in funnel.points),
    )


def _panel(
    funnel: Funnel, id: str, top: float, across: Along, right: float, panel_high: float
) -> Panel:
    single = any(point.interval for point in funnel.points)
    tall = SINGLE_HIGH if single else panel_high
    ground = top + tall
    ticks = _ticks(funnel.y_high, 2 if single else 4)
    high = max(funnel.y_high, ticks[-1])

    def up(value: float) -> float:
        return round(ground - tall * min(value, high) / high, 1)

    dots = tuple(_dots(funnel.points, across, up))
    lines = {"95": "", "99.8": ""}
    words: dict[str, tuple[float, float] | None] = {"95": None, "99.8": None}
    for key, values in (
        ("95", [(limit.resolved, limit.upper_95) for limit in funnel.limits]),
        ("99.8", [(limit.resolved, limit.upper_998) for limit in funnel.limits]),
    ):
        inside = _cut_at(values, high)
        if len(inside) > 1:
            lines[key] = " ".join(f"{across(n)},{up(value)}" for n, value in inside)
            words[key] = _free_place(inside, across, up, dots, right, top)
    return Panel(
        id=id,
        level=funnel.level,
        title=f"{funnel.heading} (thang 0 - {_number(high)} trên 1.000)",
        top=top,
        ground=ground,
        height=tall,
        ticks=tuple(Tick(up(value), _number(value)) for value in ticks),
        centre=up(funnel.centre) if funnel.limits else None,
        centre_words=f"mức chung {_two(funnel.centre)}",
        area_95=_area(lines["95"], LEFT, top, right, ground),
        area_998=_area(lines["99.8"], LEFT, top, right, ground),
        line_95=lines["95"],
        line_998=lines["99.8"],
        words_95=words["95"],
        words_998=words["99.8"],
        dots=dots,
        names=tuple(_names(dots, right, top, ground, single=single)),
    )


def _dots(points: Sequence[UnitPoint], across: Along, up: Along) -> Iterator[Dot]:
    taken: set[tuple[int, int]] = set()
    for point in sorted(points, key=lambda one: (one.resolved, one.name)):
        x, y = across(point.resolved), up(point.per_1000)
        while (round(x / DOT), round(y / 4)) in taken:
            x = round(x + DOT, 1)
        taken.add((round(x / DOT), round(y / 4)))
        low, high = point.interval or (None, None)
        yield Dot(
            point,
            x,
            y,
            low=None if low is None else up(low),
            high=None if high is None else up(high),
        )


def _names(
    dots: Sequence[Dot], right: float, top: float, ground: float, *, single: bool
) -> Iterator[Name]:
    named = [dot for dot in dots if single or dot.point.outside]
    places = pushed_apart([max(dot.y + 4, top + 12) for dot in named], NAME_APART, ground - 2)
    for dot, y in zip(named, places, strict=True):
        point = dot.point
        words = f"{point.name} {_two(point.per_1000)}"
        more = ""
        if point.interval:
            low, high = point.interval
            more = (
                f"{vn_number(point.late)} / {vn_number(point.resolved)}; "
                f"95 %: {_two(low)} - {_two(high)}"
            )
            y = min(max(y - 8, top + 12), ground - 22)
        wide = max(width_of(words, 13.5), width_of(more, TYPE)) + 14
        left = dot.x + wide > right and dot.x - wide > 0
        x = dot.x + (-12 if left else 12)
        yield Name(dot, round(x, 1), y, "end" if left else "start", words, more)


def _cut_at(values: Sequence[tuple[int, float]], high: float) -> list[tuple[float, float]]:
    """The part of a falling curve that lies within the panel, from where it enters at the top."""
    found: list[tuple[float, float]] = []
    for (n, value), (following, next_value) in pairwise(values):
        if value > high >= next_value:
            share = (value - high) / (value - next_value)
            found.append((n + share * (following - n), high))
        elif value <= high:
            found.append((n, value))
    if values and values[-1][1] <= high:
        found.append(values[-1])
    return found


def _free_place(
    inside: Sequence[tuple[float, float]],
    across: Along,
    up: Along,
    dots: Sequence[Dot],
    right: float,
    top: float,
) -> tuple[float, float]:
    """Where the words of a limit stand: over its curve, where no dot is."""
    for share in (0.12, 0.25, 0.4, 0.6):
        n, value = inside[min(int(share * len(inside)) + 1, len(inside) - 1)]
        x, y = across(n) + 8, up(value) - 4
        if all(abs(dot.x - x - 15) > 28 or abs(dot.y - y + 4) > 14 for dot in dots):
            break
    return (min(x, right - 44), max(y, top + 14))


def _area(line: str, left: float, top: float, right: float, ground: float) -> str:
    """The limit's inside as a polygon: all that lies under its curve."""
    if not line:
        return ""
    first = line.partition(",")[0]
    return f"{left},{ground} {left},{top} {first},{top} {line} {right},{ground}"


def _ticks(high: float, steps: int) -> list[float]:
    """From 0, at round numbers, `steps` of them or a few less or more, until `high` is reached."""
    size = 1.0
    while size * 10 <= high / steps:
        size *= 10
    while size > high / steps and size > 0.1:
        size /= 10
    step = next((size * by for by in (1, 2, 2.5, 5, 10) if size * by >= high / steps), size * 10)
    found = [0.0]
    while found[-1] < high:
        found.append(round(found[-1] + step, 4))
    return found


def _number(value: float) -> str:
    return vn_number(int(value)) if value == int(value) else f"{value:g}".replace(".", ",")


def _two(value: float) -> str:
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
