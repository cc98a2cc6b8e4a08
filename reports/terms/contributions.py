"""What one dossier adds to the figures, day by day. Pure Python, no Django.

Flows are counted on the day on which they happened. What is pending is kept as changes: +1 on
the first day at whose end a dossier stands in a column, -1 on the first at whose end it no
longer does; the sum of all changes up to a day is what was pending at its end. A day may lie in
the future: who is open and due on the 10th becomes overdue on the 11th. The rules of a standing
are those of `reports.figures.recount`, which counts the same from the rows of the dossiers.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from dossiers.rules.timeliness import is_overdue, overdue_from
from reports.terms.buckets import COARSE_TO_FINE, Grain, bucket_start

FLOWS = (
    "received_online",
    "received_direct",
    "resolved_early",
    "resolved_on_time",
    "resolved_late",
    "ended_refused",
    "ended_withdrawn",
    "ended_stopped",
)
# In time with the clock running, overdue, and in time because the clock stands still.
RUNNING, OVERDUE, WAITING = STANDINGS = ("pending_running", "pending_overdue", "pending_waiting")
MEASURES = FLOWS + STANDINGS
_PLACE = {measure: place for place, measure in enumerate(MEASURES)}
_ENDED = {"refused": "ended_refused", "withdrawn": "ended_withdrawn", "stopped": "ended_stopped"}


class Detail(IntEnum):
    """Whose a row is; the numbers stand in the database.

    Halves and years are kept in both: adding up those of hundreds of procedures would take as
    long as counting the dossiers. Days stand only by procedure: a range has few at its edges.
    """

    SECTOR = 1
    PROCEDURE = 2


# In a row of a whole sector, in place of the procedure.
ALL_PROCEDURES = 0


class Facts(NamedTuple):
    """All of a dossier that the figures depend on; the names are those of its fields."""

    office_id: int
    sector_id: int
    procedure_id: int
    channel: str
    received_on: date | None
    resolved_on: date | None
    timeliness: str
    outcome: str
    due_on: date | None
    due_since: date | None
    days_spent: int | None = None
    promises: tuple[tuple[date, date | None], ...] = ()
    """(due, until) of each counting deadline that is not void, in the order of their making."""
    pauses: tuple[tuple[date, date | None], ...] = ()
    """(from, until) of each pause that is not void."""


OWN = tuple(name for name in Facts._fields if name not in ("promises", "pauses"))
"""Those that stand on the dossier itself."""


class SummaryRow(NamedTuple):
    """Where a sum stands: the bucket, and whose it is."""

    grain: Grain
    detail: Detail
    start: date
    office_id: int
    sector_id: int
    procedure_id: int


# In place of a number of days: the dossier ended in a year without a calendar.
UNKNOWN_DAYS = -1


class DaysRow(NamedTuple):
    """Which dossiers are counted together by how long they took: the half month of their end."""

    start: date
    office_id: int
    procedure_id: int
    days: int
    """Working days, or UNKNOWN_DAYS."""


Sums = dict[SummaryRow, list[int]]
"""A number for each of MEASURES, by row."""
DaysCounts = dict[DaysRow, list[int]]
"""One number by row: how many dossiers."""


def contributions(facts: Facts) -> Counter[tuple[date, str]]:
    """What the dossier adds, by day and measure; nothing while it is not accepted."""
    found: Counter[tuple[date, str]] = Counter()
    received_on, resolved_on = facts.received_on, facts.resolved_on
    if received_on is None:
        return found
    channel = "received_online" if facts.channel == "online" else "received_direct"
    found[received_on, channel] = 1
    if resolved_on is not None:
        found[resolved_on, f"resolved_{facts.timeliness}"] = 1
        if facts.outcome in _ENDED:
            found[resolved_on, _ENDED[facts.outcome]] = 1
    stood = None
    for day in _days_of_change(facts):
        stands = _standing(facts, day)
        if stands != stood:
            if stood is not None:
                found[day, stood] -= 1
            found[day, stands] += 1
            stood = stands
    if stood is not None and resolved_on is not None:
        found[resolved_on, stood] -= 1
    return found


def sums_of(many: Iterable[tuple[Facts, int]]) -> Sums:
    """The rows that these dossiers change, and by how much, in the order of the rows.

    Each dossier comes with 1 for what it is from now on, -1 for what it was. A row that does
    not change is left out: nothing at all comes of a change that moves no figure.
    """
    by_day: dict[tuple[date, int, int, int], list[int]] = {}
    for facts, times in many:
        for (day, measure), count in contributions(facts).items():
            key = (day, facts.office_id, facts.sector_id, facts.procedure_id)
            if key not in by_day:
                by_day[key] = [0] * len(MEASURES)
            by_day[key][_PLACE[measure]] += times * count
    found: Sums = {}
    for (day, office, sector, procedure), counts in by_day.items():
        for grain in COARSE_TO_FINE:
            start = bucket_start(grain, day)
            row = SummaryRow(grain, Detail.PROCEDURE, start, office, sector, procedure)
            _add(found, row, counts)
            if grain is not Grain.DAY:
                row = row._replace(detail=Detail.SECTOR, procedure_id=ALL_PROCEDURES)
                _add(found, row, counts)
    return {row: found[row] for row in sorted(found) if any(found[row])}


def spent_of(many: Iterable[tuple[Facts, int]]) -> DaysCounts:
    """As `sums_of`, for the count of dossiers that ended by the working days they took."""
    found: Counter[DaysRow] = Counter()
    for facts, times in many:
        if facts.resolved_on is not None:
            start = bucket_start(Grain.HALF_MONTH, facts.resolved_on)
            days = UNKNOWN_DAYS if facts.days_spent is None else facts.days_spent
            found[DaysRow(start, facts.office_id, facts.procedure_id, days)] += times
    return {row: [found[row]] for row in sorted(found) if found[row]}


def _add(sums: Sums, row: SummaryRow, counts: list[int]) -> None:
    kept = sums.get(row)
    sums[row] = counts if kept is None else [a + b for a, b in zip(kept, counts, strict=True)]


def _days_of_change(facts: Facts) -> list[date]:
    """The days on which the standing may change while the dossier is open, in order."""
    days = {facts.received_on, facts.due_since}
    for due_on in (facts.due_on, *(due_on for due_on, _ in facts.promises)):
        if due_on is not None:
            days.add(overdue_from(due_on))
    days.update(until_on for _, until_on in facts.promises)
    for from_on, until_on in facts.pauses:
        days |= {from_on, until_on}
    return sorted(
        day
        for day in days
        if day is not None
        and facts.received_on is not None
        and day >= facts.received_on
        and (facts.resolved_on is None or day < facts.resolved_on)
    )


def _standing(facts: Facts, day: date) -> str:
    """In which column of what is pending the open dossier stood at the end of the day."""
    for from_on, until_on in facts.pauses:
        if from_on <= day and (until_on is None or until_on > day):
            return WAITING
    due_on = _due_in_force(facts, day)
    return OVERDUE if is_overdue(due_on, day) else RUNNING


def _due_in_force(facts: Facts, day: date) -> date | None:
    if facts.due_since is None or facts.due_since <= day:
        return facts.due_on
    for due_on, until_on in facts.promises:
        if until_on is None or until_on > day:
            return due_on
    return None
