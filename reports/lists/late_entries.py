"""Acts that were entered after the figures they reach back into had been signed.

Such entries are allowed: the signed figures stay, and the dossier is marked wherever it is shown.
An act reaches back when it happened on or before the last day of the period; a correction or an
undoing when a date of receipt or of a result that it took away or put in lies there.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dossiers.desk import remarks
from dossiers.models import Dossier, Event
from motcua import clock
from reports.models import Closing

# What of a correction or an undoing moves figures, and by which days.
DATES = ("received_on", "resolved_on")
COUNTED = (*DATES, "due_on", "paused_on", "sector_id", "channel", "timeliness", "outcome")


@dataclass(frozen=True)
class LateEntry:
    """An act entered after `closing`, the signed period that ends first among those it reaches."""

    event: Event
    closing: Closing
    others: int
    """How many further signed periods it reaches into."""


def late_entries_of(dossiers: Iterable[Dossier]) -> dict[int, list[LateEntry]]:
    """By key of each dossier of a page the late entries on it, the latest first; two queries."""
    dossiers = list(dossiers)
    signed: dict[int, list[Closing]] = defaultdict(list)
    latest: dict[tuple[int, str, str], Closing] = {}
    closings = Closing.objects.filter(office__in={d.office_id for d in dossiers})
    for closing in closings.select_related("reopening").order_by("version"):
        latest[closing.office_id, closing.period_key, closing.calendar] = closing
    for closing in latest.values():
        if not closing.is_reopened:
            signed[closing.office_id].append(closing)
    events: dict[int, list[Event]] = defaultdict(list)
    if signed:
        first = min(closing.signed_at for of_office in signed.values() for closing in of_office)
        rows = Event.objects.filter(
            dossier__in=[d.pk for d in dossiers if d.office_id in signed], recorded_at__gt=first
        ).exclude(kind__in=Event.ACCESS)
        for event in rows.order_by("-pk"):
            events[event.dossier_id].append(event)
    found: dict[int, list[LateEntry]] = {}
    for dossier in dossiers:
        told = (_entry(event, dossier, signed[dossier.office_id]) for event in events[dossier.pk])
        found[dossier.pk] = [entry for entry in told if entry is not None]
    return found


def say_on_dossiers() -> None:
    """Say it on the dossier's own page too."""
    remarks.add_source(_remark)


def _remark(dossier: Dossier) -> remarks.Remark | None:
    found = late_entries_of([dossier])[dossier.pk]
    return remarks.Remark("reports/_late_entries.html", found) if found else None


def _entry(event: Event, dossier: Dossier, signed: list[Closing]) -> LateEntry | None:
    day = reaches_back_to(event, dossier)
    if day is None:
        return None
    reached = [c for c in signed if day <= c.ends_on and event.recorded_at > c.signed_at]
    if not reached:
        return None
    first = min(reached, key=lambda closing: (closing.ends_on, -closing.starts_on.toordinal()))
    return LateEntry(event, first, len(reached) - 1)


def reaches_back_to(event: Event, dossier: Dossier) -> date | None:
    """The first day whose figures the act can move; None for one that moves none."""
    moved = [name for name in COUNTED if name in event.changes]
    if not moved:
        return None
    if event.kind not in (Event.Kind.CORRECT, Event.Kind.REVERT):
        return clock.local(event.happened_at).date()
    days = [
        date.fromisoformat(value)
        for name in DATES
        for value in event.changes.get(name, ())
        if value is not None
    ]
    return min(days, default=dossier.received_on)
