"""What the leaders' page says and draws, as plain values: no Django, no database.

`reports.leaders.reading.leader_facts` makes them, templates and pictures read them. A number that
has dossiers behind it comes with the address of their list; an empty address means that there is
none. All is as of the end of `LeaderFacts.as_of`. A rate is a pair, numerator and denominator.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from reports.terms.periods import Period

SLOTS = 13
"""Months that a sparkline has."""


class Segment(NamedTuple):
    """A piece of a sentence; with an address it is a link."""

    text: str
    address: str = ""


Sentence = tuple[Segment, ...]


def text_of(sentence: Sentence) -> str:
    """The sentence as it is read."""
    return "".join(segment.text for segment in sentence)


@dataclass(frozen=True)
class VerdictLine:
    """A line of the verdict: "Ở đâu", "Việc gì", "Từ khi nào", "Các xã"."""

    head: str
    sentence: Sentence


@dataclass(frozen=True)
class Unit:
    """An office of a level, or, where the scope is one office, one of its divisions."""

    key: str
    """The office's code; of a division its key, empty for the desk."""
    name: str
    figures: Mapping[str, int]
    address: str = ""
    """The same page of this unit alone; empty for a division."""
    late_address: str = ""
    overdue_address: str = ""


@dataclass(frozen=True)
class MonthEnd:
    """A month of a level: the stock at its end, the flow within. Of the last month `day` is
    `as_of`, and the flow goes as far."""

    month: date
    """Its first day."""
    day: date
    label: str
    """Such as "9", or "1/16" where the year must be said."""
    pending: int
    overdue: int
    received: int
    resolved: int
    in_time: int
    due_soon: int | None
    """Due from `day` to five working days after it, the clock running; None where not known."""
    pending_address: str = ""
    overdue_address: str = ""
    received_address: str = ""
    resolved_address: str = ""


@dataclass(frozen=True)
class ParetoRow:
    """A division or procedure: what it resolved late, and what is overdue at the end."""

    key: str
    name: str
    late: int
    overdue: int
    cumulative: int | None
    """Per cent of the level, so far down the rows; None where the level has fewer than 20."""
    address: str = ""

    @property
    def total(self) -> int:
        return self.late + self.overdue


@dataclass(frozen=True)
class Pareto:
    """Of a level, by division, then by procedure, to one scale for all levels."""

    level: str
    heading: str
    """Such as "Huyện, theo phòng"."""
    divisions: tuple[ParetoRow, ...]
    procedures: tuple[ParetoRow, ...]
    rest: Sentence
    """Such as "Còn 32 thủ tục khác: 55 hồ sơ"; empty without any."""
    total: ParetoRow


@dataclass(frozen=True)
class TargetLine:
    """A target in force at the end of the period."""

    value: float
    words: str
    """Such as "chỉ tiêu 95 %"."""
    from_on: date
    until_on: date | None
    source: str


@dataclass(frozen=True)
class Tile:
    """A measure of one level."""

    kind: str
    """One of TILES."""
    level: str
    label: str
    """Such as "Huyện", "12 xã"."""
    value: str
    """Such as "96,5 %", "29", "44 ngày"."""
    beside: str
    """What stands small beside the value: "trong 580"; may be empty."""
    fraction: tuple[int, int] | None
    words: str
    """The second line: the fraction and the change."""
    alarm: bool
    """Red and the mark of alarm, always both."""
    target: TargetLine | None
    points: tuple[float | None, ...]
    """SLOTS numbers; None where nothing is drawn."""
    low: float
    high: float
    """The ends of the sparkline's scale."""
    aria: str
    """All the values in words."""
    address: str = ""

    @property
    def drawn(self) -> bool:
        """Fewer than two points are no line: "chưa đủ tháng"."""
        return sum(point is not None for point in self.points) > 1


@dataclass(frozen=True)
class TileGroup:
    """A tile: a measure, with a row for each level."""

    kind: str
    heading: str
    rows: tuple[Tile, ...]


TILES = ("on_time", "overdue", "backlog", "due_soon")


class LimitPoint(NamedTuple):
    """The upper limits at a number of resolved dossiers, late per 1,000; None where above all."""

    resolved: int
    upper_95: float
    upper_998: float


@dataclass(frozen=True)
class UnitPoint:
    key: str
    name: str
    resolved: int
    late: int
    per_1000: float
    outside: str
    """Such as "", "95" or "99.8": above which limit of the level's own rate it lies."""
    words: str
    """Such as "Xã Trí Phải: 3 trễ trong 3.249, 0,92 trên 1.000"."""
    address: str = ""
    interval: tuple[float, float] | None = None
    """Clopper-Pearson 95 %, per 1,000: of a level with one unit alone."""


@dataclass(frozen=True)
class Funnel:
    """The units of a level: late per 1,000 against how many were resolved."""

    level: str
    heading: str
    late: int
    resolved: int
    centre: float
    """The level's own rate, per 1,000."""
    limits: tuple[LimitPoint, ...]
    """Empty for a level with one unit."""
    points: tuple[UnitPoint, ...]
    left_out: tuple[str, ...]
    """Names of the units with fewer than 20 resolved."""
    x_high: int
    y_high: float
    chi2: float | None
    df: int
    p: float | None
    """None where nothing can be compared."""
    by_draws: bool
    """Whether p comes from draws, since some expected number is below 5."""
    sentence: Sentence


@dataclass(frozen=True)
class StepRow:
    name: str
    inner: bool
    """A division within the step above it."""
    number: int
    median: int
    ninety: int
    """Working days."""
    limit: int | None
    address: str = ""


@dataclass(frozen=True)
class Steps:
    """Where the late dossiers of a level lost their time."""

    level: str
    heading: str
    rows: tuple[StepRow, ...]
    """Empty where there are fewer than 20 late ones."""
    high: int
    """The end of the scale in working days."""
    note: str
    """Of the rows that are left out."""
    summary: Sentence


@dataclass(frozen=True)
class ToDo:
    kind: str
    """Such as "due_today", "no_apology", "no_cause", "unsigned", "due_soon"."""
    count: int
    words: str
    more: str
    """The line beneath: the parts by level, or the names."""
    act: str
    """What the link says."""
    address: str


@dataclass(frozen=True)
class Oldest:
    """One of the open dossiers that are overdue longest."""

    code: str
    procedure: str
    where: str
    """Who held it then: office and division."""
    due_on: date
    days: int | None
    """Working days past it; None in a year without calendar."""
    address: str


@dataclass(frozen=True)
class Forecast:
    """What will be overdue at the end of a running period if nothing is resolved any more."""

    until: date
    total: int
    by_level: tuple[tuple[str, int], ...]
    address: str


@dataclass(frozen=True)
class SignedUnits:
    """How many units have signed the period, or the last named one that ended."""

    number: int
    of: int
    label: str
    """Such as "" for the period itself, else the name of the one meant."""
    unsigned: tuple[str, ...]
    address: str


@dataclass(frozen=True)
class Level:
    """A level of the tree in the scope: the district; its communes; a province with its own
    departments. A scope of one unit has one level, whose units are the divisions."""

    key: str
    """The scope's key in addresses."""
    name: str
    """Such as "Huyện Thới Bình", "12 xã, thị trấn"."""
    short: str
    """Such as "Huyện", "12 xã"."""
    inside: str
    """In a sentence: "huyện", "các xã"."""
    figures: Mapping[str, int]
    units: tuple[Unit, ...]
    by_division: bool
    """Whether `units` are divisions of one office."""
    slots: tuple[MonthEnd | None, ...]
    """SLOTS months ending with that of `as_of`; None before the level's first dossier."""
    backlog: tuple[MonthEnd, ...]
    """Those of the chart: from the month before the period to its end."""
    pareto: Pareto
    funnel: Funnel
    steps: Steps
    single: bool
    """Whether the level has one unit."""
    addresses: Mapping[str, str] = field(default_factory=dict)
    """By column of figures."""

    @property
    def late_or_overdue(self) -> int:
        return self.figures["resolved_late"] + self.figures["pending_overdue"]


@dataclass(frozen=True)
class LeaderFacts:
    period: Period
    scope_key: str
    scope_name: str
    as_of: date
    today: date
    running: bool
    """Whether the period has not ended."""
    empty: bool
    """No dossier at all: "Kỳ này chưa có hồ sơ nào."."""
    verdict: tuple[VerdictLine, ...]
    tiles: tuple[TileGroup, ...]
    levels: tuple[Level, ...]
    """The one with the larger sum of late and overdue first."""
    pareto_scale: int
    """The longest bar of all levels."""
    before_months: str
    """What is said of the months without figures; empty where none is missing."""
    todo: tuple[ToDo, ...]
    oldest: tuple[Oldest, ...]
    overdue_address: str
    forecast: Forecast | None
    signed: SignedUnits | None
    without_same_day: bool
    """Whether procedures answered on the same day are left out of the comparison."""
    problems: tuple[str, ...]
    """What does not add up; then nothing else is shown."""
    notices: tuple[str, ...] = ()
    """Of opening figures in it."""
    entered: Mapping[str, int] = field(default_factory=dict)
    """What of the figures are opening figures; empty without any."""
