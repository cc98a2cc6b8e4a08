"""How the sums were counted when migrations 0003 and 0005 were released. It stays as it is,
whatever the program counts later: the columns of their tables are those of that time. Python and
the models of that time alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.apps.registry import Apps

MEASURES = (
    "received_online",
    "received_direct",
    "resolved_early",
    "resolved_on_time",
    "resolved_late",
    "ended_refused",
    "ended_withdrawn",
    "ended_stopped",
    "pending_running",
    "pending_overdue",
    "pending_waiting",
)
RUNNING, OVERDUE, WAITING = MEASURES[-3:]
_PLACE = {measure: place for place, measure in enumerate(MEASURES)}
_ENDED = {"refused": "ended_refused", "withdrawn": "ended_withdrawn", "stopped": "ended_stopped"}
DAY, HALF_MONTH, YEAR = 1, 2, 3
BY_SECTOR, BY_PROCEDURE = 1, 2
ALL_PROCEDURES = 0
UNKNOWN_DAYS = -1
ONE_DAY = timedelta(days=1)
AT_ONCE = 2_000  # rows on their way to or from the database


class Facts(NamedTuple):
    office_id: int
    sector_id: int
    procedure_id: int
    channel: str
    received_on: date
    resolved_on: date | None
    timeliness: str
    outcome: str
    due_on: date | None
    due_since: date | None
    days_spent: int | None
    promises: tuple[tuple[date, date | None], ...]
    pauses: tuple[tuple[date, date | None], ...]


class Row(NamedTuple):
    grain: int
    detail: int
    start: date
    office_id: int
    sector_id: int
    procedure_id: int


class DaysRow(NamedTuple):
    start: date
    office_id: int
    procedure_id: int
    days: int


def fill_summary(apps: Apps) -> None:
    model = apps.get_model("reports", "Summary")
    for dossiers in by_office(apps):
        lines = (
            model(**row._asdict(), **dict(zip(MEASURES, counts, strict=True)))
            for row, counts in sums_of(dossiers).items()
        )
        model.objects.bulk_create(lines, batch_size=AT_ONCE)


def fill_days_summary(apps: Apps) -> None:
    model = apps.get_model("reports", "DaysSummary")
    for dossiers in by_office(apps):
        lines = (model(**row._asdict(), count=n) for row, n in spent_of(dossiers).items())
        model.objects.bulk_create(lines, batch_size=AT_ONCE)


def by_office(apps: Apps) -> Iterator[list[Facts]]:
    """Every accepted dossier, once, an office at a time."""
    dossiers = apps.get_model("dossiers", "Dossier").objects.order_by()
    for office in sorted(set(dossiers.values_list("office_id", flat=True).distinct())):
        yield _facts_of(apps, office)


def _facts_of(apps: Apps, office: int) -> list[Facts]:
    turns = {"dossier__office_id": office, "is_void": False}
    # A promise that was never replaced is the dossier's own due date.
    replaced = {"counts": True, "dossier__due_since__isnull": False}
    promises = _by_dossier(apps, "Deadline", "due_on", **replaced, **turns)
    pauses = _by_dossier(apps, "Pause", "from_on", **turns)
    rows = (
        apps.get_model("dossiers", "Dossier")
        .objects.order_by()
        .filter(office_id=office, received_on__isnull=False)
    )
    return [
        Facts(*own, tuple(promises.get(key, ())), tuple(pauses.get(key, ())))
        for key, *own in rows.values_list("pk", *Facts._fields[:-2]).iterator(AT_ONCE)
    ]


def _by_dossier(apps: Apps, name: str, begins: str, **where: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    rows = apps.get_model("dossiers", name).objects.filter(**where).order_by("pk")
    for key, *days in rows.values_list("dossier_id", begins, "until_on").iterator(AT_ONCE):
        found[key].append(tuple(days))
    return found


def sums_of(many: Iterable[Facts]) -> dict[Row, list[int]]:
    by_day: dict[tuple[date, int, int, int], list[int]] = {}
    for facts in many:
        for (day, measure), count in contributions(facts).items():
            key = (day, facts.office_id, facts.sector_id, facts.procedure_id)
            by_day.setdefault(key, [0] * len(MEASURES))[_PLACE[measure]] += count
    found: dict[Row, list[int]] = {}
    for (day, office, sector, procedure), counts in by_day.items():
        for grain in (YEAR, HALF_MONTH, DAY):
            start = bucket_start(grain, day)
            row = Row(grain, BY_PROCEDURE, start, office, sector, procedure)
            _add(found, row, counts)
            if grain != DAY:
                row = row._replace(detail=BY_SECTOR, procedure_id=ALL_PROCEDURES)
                _add(found, row, counts)
    return {row: found[row] for row in sorted(found) if any(found[row])}


def spent_of(many: Iterable[Facts]) -> Counter[DaysRow]:
    found: Counter[DaysRow] = Counter()
    for facts in many:
        if facts.resolved_on is not None:
            start = bucket_start(HALF_MONTH, facts.resolved_on)
            days = UNKNOWN_DAYS if facts.days_spent is None else facts.days_spent
            found[DaysRow(start, facts.office_id, facts.procedure_id, days)] += 1
    return found


def bucket_start(grain: int, day: date) -> date:
    if grain == YEAR:
        return day.replace(month=1, day=1)
    if grain == HALF_MONTH:
        return day.replace(day=15 if day.day >= 15 else 1)
    return day


def _add(sums: dict[Row, list[int]], row: Row, counts: list[int]) -> None:
    kept = sums.get(row)
    sums[row] = counts if kept is None else [a + b for a, b in zip(kept, counts, strict=True)]


def contributions(facts: Facts) -> Counter[tuple[date, str]]:
    """What the dossier adds, by day and measure."""
    found: Counter[tuple[date, str]] = Counter()
    received_on, resolved_on = facts.received_on, facts.resolved_on
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


def _days_of_change(facts: Facts) -> list[date]:
    """The days on which the standing may change while the dossier is open, in order."""
    days = {facts.received_on, facts.due_since}
    for due_on in (facts.due_on, *(due_on for due_on, _ in facts.promises)):
        if due_on is not None:
            days.add(due_on + ONE_DAY)
    days.update(until_on for _, until_on in facts.promises)
    for from_on, until_on in facts.pauses:
        days |= {from_on, until_on}
    return sorted(
        day
        for day in days
        if day is not None
        and day >= facts.received_on
        and (facts.resolved_on is None or day < facts.resolved_on)
    )


def _standing(facts: Facts, day: date) -> str:
    """In which column of what is pending the open dossier stood at the end of the day."""
    for from_on, until_on in facts.pauses:
        if from_on <= day and (until_on is None or until_on > day):
            return WAITING
    due_on = _due_in_force(facts, day)
    return OVERDUE if due_on is not None and due_on < day else RUNNING


def _due_in_force(facts: Facts, day: date) -> date | None:
    if facts.due_since is None or facts.due_since <= day:
        return facts.due_on
    for due_on, until_on in facts.promises:
        if until_on is None or until_on > day:
            return due_on
    return None
