"""The class of a dossier explained from its rows: the sentences, and the days behind each date."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from dossiers.desk.later_entries import LaterEntry, later_entries_of
from dossiers.lifecycle import due_dates
from dossiers.models import Deadline, Dossier, Pause
from dossiers.rules.class_words import ClassFacts, Promise, Standstill, explain, margin
from dossiers.rules.deadlines import Due
from dossiers.rules.weeks import Weeks, weeks_of
from motcua import clock
from procedures.calendar import calendar_for, calendars_for
from procedures.workdays import NoCalendarData


@dataclass(frozen=True)
class Stage:
    """The days of one date: from the receipt, or from a pause that ended; `weeks` marks those on
    which the clock stood still."""

    heading: str
    due: Due
    weeks: Weeks


@dataclass(frozen=True)
class Explanation:
    """`stages` is empty where a year on the way has no calendar, and `missing` says which. When
    `differs`, the days lead to another date than the one in force, which was copied or given
    by a calendar that has changed since."""

    sentences: list[str]
    stages: list[Stage]
    missing: str
    differs: bool

    @property
    def reckoned(self) -> Due | None:
        """The last date by the calendar as it is now."""
        return self.stages[-1].due if self.stages else None


def explanation_of(dossier: Dossier, deadlines: list[Deadline]) -> Explanation | None:
    """Why an accepted dossier stands where it does; None for one that was never accepted.

    `deadlines` are its promises that are not void, apologies included, in their order.
    """
    if dossier.received_at is None:
        return None
    calendar = calendar_for(dossier.office)
    pauses = list(
        dossier.pauses.filter(is_void=False).select_related("supplementrequest", "closed_by")
    )
    stages, missing = [], ""
    try:
        moving = [pause for pause in pauses if due_dates.gave_a_date(pause)]
        dues = due_dates.reckon_stages(dossier, moving, calendar)
        headings = ["Từ ngày tiếp nhận", *(_heading(pause) for pause in moving)]
        stops = [(pause.from_on, pause.until_on) for pause in pauses]
        stages = [
            Stage(heading, due, weeks_of(due.days, stops))
            for heading, due in zip(headings, dues, strict=True)
        ]
    except NoCalendarData as unknown:
        missing = str(unknown)
    reckoned = clock.aware(stages[-1].due.due_at) if stages else None
    return Explanation(
        sentences=explain(
            facts_of(dossier, deadlines, pauses, later_entries_of(dossier)), calendar
        ),
        stages=stages,
        missing=missing,
        differs=reckoned is not None and dossier.due_on != clock.local(reckoned).date(),
    )


def facts_of(
    dossier: Dossier,
    deadlines: Iterable[Deadline],
    pauses: Iterable[Pause],
    later: Iterable[LaterEntry] = (),
) -> ClassFacts:
    """What the words need to know, read from the rows."""
    deadlines = list(deadlines)
    received_at = dossier.received_at or dossier.submitted_at
    return ClassFacts(
        received_at=clock.naive_local(received_at),
        effective_at=clock.naive_local(dossier.effective_at or received_at),
        limit=str(due_dates.limit_of(dossier.version)),
        promises=tuple(_told(dossier, [d for d in deadlines if d.counts])),
        standstills=tuple(
            Standstill(p.get_kind_display(), p.from_on, p.until_on, _reason(p)) for p in pauses
        ),
        due_on=dossier.due_on,
        today=clock.today(),
        ended_on=dossier.resolved_on,
        timed_on=dossier.timed_on,
        ending=dossier.get_outcome_display(),
        apologies=sum(not d.counts for d in deadlines),
        later=tuple(entry.sentence for entry in later),
    )


def _told(dossier: Dossier, rows: list[Deadline]) -> Iterator[Promise]:
    """The dates that count, as they are told. The receipt is told as it was last corrected, so the
    first date is the one that this correction reckoned from it; the correction is told again
    only where it moved what a pause had given, earlier ones not at all."""
    corrections = [row for row in rows if row.kind == Deadline.Kind.CORRECTION]
    last = corrections[-1] if corrections else None
    told: date | None = None
    for row in rows:
        promise = Promise(
            row.due_on,
            row.from_on,
            row.get_kind_display(),
            row.why == due_dates.WRITTEN_IN_REGISTER,
        )
        if told is None and last is not None:
            promise = _anew(dossier, promise, last)
        elif row in corrections and (row != last or row.due_on == told):
            continue
        told = promise.due_on
        yield promise


def _anew(dossier: Dossier, first: Promise, correction: Deadline) -> Promise:
    """The first promise as the correction reckoned it, beside what it was before."""
    slip = due_dates.on_the_slip(dossier)
    due_on = clock.local(slip).date() if slip is not None else first.due_on
    if due_on == first.due_on:
        return replace(first, is_copied=False)
    return replace(
        first,
        due_on=due_on,
        is_copied=False,
        instead_of=first.due_on,
        corrected_on=correction.from_on,
    )


def margins_of(dossiers: Iterable[Dossier]) -> dict[int, str]:
    """By key of each dossier of a page by how much it was early or late ("sớm 2 ngày làm việc"),
    empty while it is open; in a constant number of queries."""
    dossiers = list(dossiers)
    calendars = calendars_for(dossier.office_id for dossier in dossiers)
    return {
        dossier.pk: (
            margin(calendars[dossier.office_id], dossier.timed_on, dossier.due_on)
            if dossier.timed_on
            else ""
        )
        for dossier in dossiers
    }


def _heading(pause: Pause) -> str:
    words = f"Sau khi {pause.get_kind_display()} xong"
    return f"{words}, {clock.local(pause.until_at):%d/%m/%Y}" if pause.until_at else words


def _reason(pause: Pause) -> str:
    """What the citizen was asked to bring; nothing for a payment."""
    asked = getattr(pause, "supplementrequest", None)
    return "; ".join(asked.item_lines) if asked is not None else ""
