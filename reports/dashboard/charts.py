"""Charts as numbers: where each bar stands in an SVG. Templates draw them; no script.

Lengths are in units of the chart's own view box. Every bar carries its words, so that it can
be read in grey print, by eyes that see no colour, and by a screen reader.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from motcua.templatetags.motcua_tags import vn_number

KINDS = (
    ("resolved_early", "early", "trước hạn"),
    ("resolved_on_time", "ontime", "đúng hạn"),
    ("resolved_late", "late", "quá hạn"),
)
# A part that exists is never invisible.
HAIR = 0.6


class Part(NamedTuple):
    """A piece of a bar: its kind (early, ontime, late), place, and what it says."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    value: int
    words: str
    address: str = ""
    """The list of the dossiers that it stands for."""


@dataclass(frozen=True)
class Bar:
    """A bar with its name and its parts."""

    name: str
    x: float
    y: float
    parts: list[Part]
    value: int
    words: str


@dataclass(frozen=True)
class Chart:
    width: float
    height: float
    bars: list[Bar]
    description: str
    scale: str = ""
    """What the longest bar stands for, in words."""


class Split(NamedTuple):
    """What a bar is made of: a name, and how many were early, on time and late; `addresses` are
    those of the lists behind the three, by column."""

    name: str
    early: int
    on_time: int
    late: int
    addresses: Mapping[str, str] = {}

    @property
    def total(self) -> int:
        return self.early + self.on_time + self.late


LENGTH, THICK, STEP, LABEL = 600.0, 18.0, 46.0, 20.0


def split_bars(splits: Sequence[Split]) -> Chart:
    """Horizontal bars early - on time - late, all to one scale; names and numbers above each."""
    longest = max((split.total for split in splits), default=0)
    bars = []
    for at, split in enumerate(splits):
        y = at * STEP
        parts = _parts(split, longest, LENGTH, y + LABEL, THICK)
        bars.append(Bar(split.name, 0, y, parts, split.total, _words(split)))
    return Chart(
        LENGTH,
        max(len(splits) * STEP - 6, 1),
        bars,
        "; ".join(f"{bar.name}: {bar.words}" for bar in bars),
        f"Thanh dài nhất ứng với {vn_number(longest)} hồ sơ.",
    )


def late_bars(splits: Sequence[Split]) -> Chart:
    """The late ones alone, enlarged to a scale of their own: beside thousands on time they would
    vanish."""
    longest = max((split.late for split in splits), default=0)
    bars = []
    for at, split in enumerate(splits):
        y = at * STEP
        width = _length(split.late, longest, LENGTH)
        words = f"{vn_number(split.late)} hồ sơ quá hạn"
        address = split.addresses.get("resolved_late", "")
        late = Part("late", 0, y + LABEL, width, THICK, split.late, words, address)
        parts = [late] if split.late else []
        bars.append(Bar(split.name, 0, y, parts, split.late, words))
    return Chart(
        LENGTH,
        max(len(splits) * STEP - 6, 1),
        bars,
        "; ".join(f"{bar.name}: {bar.words}" for bar in bars),
        f"Thanh dài nhất ứng với {vn_number(longest)} hồ sơ quá hạn.",
    )


def cell_bar(split: Split, longest: int) -> Chart:
    """A small bar for a table's cell, to the scale of the longest of its column."""
    parts = _parts(split, longest, 100.0, 0, 10.0)
    bar = Bar(split.name, 0, 0, parts, split.total, _words(split))
    return Chart(100.0, 10.0, [bar], f"{split.name}: giải quyết {bar.words}")


MONTH_WIDTH, MONTH_HEIGHT, COLUMN = 72.0, 170.0, 26.0
# Fewer months than this keep the size that they have beside others.
MONTHS_WIDE = 9


class Month(NamedTuple):
    """A month of a chart: what came in, and what was resolved and how."""

    received: int
    split: Split


def month_columns(months: Iterable[Month]) -> Chart:
    """Two columns a month, received and resolved (early, on time, late from the ground up)."""
    months = list(months)
    highest = max((max(m.received, m.split.total) for m in months), default=0)
    bars = []
    for at, month in enumerate(months):
        x = at * MONTH_WIDTH + 6
        height = _length(month.received, highest, MONTH_HEIGHT)
        received = Part(
            "received",
            x,
            _round(MONTH_HEIGHT - height),
            COLUMN,
            height,
            month.received,
            f"{vn_number(month.received)} tiếp nhận",
            month.split.addresses.get("received", ""),
        )
        parts, ground = [received], MONTH_HEIGHT
        for kind, value, words, address in _kinds(month.split):
            tall = _length(value, highest, MONTH_HEIGHT)
            ground = _round(ground - tall)
            parts.append(Part(kind, x + COLUMN + 4, ground, COLUMN, tall, value, words, address))
        words = f"tiếp nhận {vn_number(month.received)}, giải quyết {_words(month.split)}"
        bars.append(Bar(month.split.name, x, 0, parts, month.received, words))
    return Chart(
        max(len(months), MONTHS_WIDE) * MONTH_WIDTH,
        MONTH_HEIGHT,
        bars,
        "; ".join(f"{bar.name}: {bar.words}" for bar in bars),
        f"Cột cao nhất ứng với {vn_number(highest)} hồ sơ.",
    )


def _kinds(split: Split) -> list[tuple[str, int, str, str]]:
    values = (split.early, split.on_time, split.late)
    return [
        (kind, value, f"{vn_number(value)} {words}", split.addresses.get(column, ""))
        for (column, kind, words), value in zip(KINDS, values, strict=True)
        if value
    ]


def _parts(split: Split, longest: int, length: float, y: float, thick: float) -> list[Part]:
    parts, x = [], 0.0
    for kind, value, words, address in _kinds(split):
        width = _length(value, longest, length)
        parts.append(Part(kind, x, y, width, thick, value, words, address))
        x = _round(x + width)
    return parts


def _words(split: Split) -> str:
    kinds = ", ".join(words for _, _, words, _ in _kinds(split))
    return vn_number(split.total) + (f" ({kinds})" if kinds else "")


def _length(value: int, longest: int, length: float) -> float:
    if not value or not longest:
        return 0.0
    return max(_round(value / longest * length), HAIR)


def _round(value: float) -> float:
    return round(value, 2)
