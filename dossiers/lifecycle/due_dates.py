"""The deadlines of a dossier as rows: reckoned by the pure rules, kept, never rewritten.

The first row is the promise printed on the slip. A later one comes from a supplement, a
financial obligation, a correction or a change of calendar; an apology adds a promise to the
citizen that does not count for timeliness.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from dossiers.models import Deadline, Dossier, Event, Pause, SupplementRequest
from dossiers.rules import days_spent as spending
from dossiers.rules import deadlines
from dossiers.rules.deadlines import Due, Limit, LimitUnit
from dossiers.rules.regimes import SupplementPolicy
from motcua import clock
from motcua.models import Office
from procedures.calendar import calendar_for
from procedures.models import ProcedureVersion
from procedures.workdays import NoCalendarData, WorkingCalendar

# Marks a due date that was copied from an old register, not reckoned here.
WRITTEN_IN_REGISTER = "theo sổ cũ"
# What the event of a correction keeps: the first promise reckoned anew, moved by nothing later.
FIRST_DUE = "first_due_at"
_FIRST = Deadline.Kind.RECEIPT
_ENDS = (Event.Kind.RESOLVE, Event.Kind.WITHDRAW, Event.Kind.STOP)


def limit_of(version: ProcedureVersion) -> Limit:
    return Limit(version.limit_value, LimitUnit(version.limit_unit))


def reckon(
    office: Office,
    version: ProcedureVersion,
    received_at: datetime,
    *,
    desk: Office | None = None,
) -> Due:
    """The due date of a dossier that this office solves, received at this moment, by `desk` if
    that is another office, with every day explained.

    Raises NoCalendarData when a year on the way has no calendar.
    """
    return deadlines.due(
        calendar_for(office),
        clock.naive_local(received_at),
        limit_of(version),
        desk=calendar_for(desk) if desk is not None and desk.pk != office.pk else None,
    )


def desk_calendar(
    dossier: Dossier, known: Mapping[int, WorkingCalendar] | None = None
) -> WorkingCalendar | None:
    """That of the desk which received it for another office, out of the `known` if it is there;
    None where the solver received it."""
    if not dossier.is_elsewhere:
        return None
    return (known or {}).get(dossier.receiver_id) or calendar_for(dossier.receiver)


def policy_of(dossier: Dossier, kind: str) -> SupplementPolicy:
    """How the clock goes on after a pause: by the version, else by the regime; the time of a
    financial obligation is simply not counted."""
    if kind == Pause.Kind.PAYMENT:
        return SupplementPolicy.CONTINUE
    return SupplementPolicy(dossier.version.supplement_policy or dossier.regime.supplement_policy)


def due_after_pause(
    dossier: Dossier, pause: Pause, ended_at: datetime, calendar: WorkingCalendar | None = None
) -> Due:
    """The due date if the citizen's turn ends at this moment (papers brought, money paid).

    `calendar` is the one of the solving office, where the caller has it at hand.
    """
    due_at = clock.naive_local(dossier.due_at or pause.from_at)
    return _after_pause(dossier, pause.kind, due_at, pause.from_at, ended_at, calendar)


def _after_pause(
    dossier: Dossier,
    kind: str,
    due_at: datetime,
    from_at: datetime,
    ended_at: datetime,
    calendar: WorkingCalendar | None = None,
    desk: WorkingCalendar | None = None,
) -> Due:
    calendar = calendar or calendar_for(dossier.office)
    limit = limit_of(dossier.version)
    arrived = clock.naive_local(ended_at)
    if policy_of(dossier, kind) is SupplementPolicy.RESTART:
        return deadlines.due(calendar, arrived, limit, desk=desk or desk_calendar(dossier))
    return deadlines.continued(calendar, limit, due_at, clock.naive_local(from_at), arrived)


def reckon_anew(
    dossier: Dossier,
    pauses: Iterable[Pause],
    calendar: WorkingCalendar | None = None,
    desk: WorkingCalendar | None = None,
) -> Due:
    """The due date in force, from the receipt on, by the calendar and version as they are now.

    `pauses` are the dossier's; `calendar` is the one of the solving office, where the caller
    has it at hand, `desk` that of the receiver, if it is another.
    """
    moving = [pause for pause in pauses if not pause.is_void and gave_a_date(pause)]
    stages = reckon_stages(dossier, moving, calendar, desk)
    first, last = stages[0], stages[-1]
    return replace(last, received_at=first.received_at, effective_at=first.effective_at)


def gave_a_date(pause: Pause) -> bool:
    """Whether papers came, or money was paid: a pause that goes on, or ended with the dossier, gave
    no new date."""
    return pause.closed_by is not None and pause.closed_by.kind not in _ENDS


def was_written(rows: Iterable[Deadline]) -> bool:
    """Whether the time of the dossier with these promises runs from a date that was copied from
    an old register, and that no correction has reckoned here since."""
    row = _from_receipt(rows)
    return row is not None and row.kind == _FIRST and row.why == WRITTEN_IN_REGISTER


def on_the_slip(dossier: Dossier) -> datetime | None:
    """The date that form 01 bears, however often it is printed: the first promise, or the one that
    a correction of the receipt or the procedure put in its place; never a date that a supplement,
    a payment, an apology or a change of calendar moved."""
    row = _from_receipt(dossier.deadlines.all())
    if row is None:
        return dossier.due_at
    kept = row.opened_by.details.get(FIRST_DUE) if row.kind != _FIRST else None
    if kept:
        return datetime.fromisoformat(kept)
    return first_anew(dossier) if _was_moved(dossier, row) else row.due_at


def after_supplement(
    dossier: Dossier, request: SupplementRequest
) -> tuple[datetime | None, Due | None]:
    """The date that was promised when the papers of this request came, however often its paper is
    printed, or the one that a correction of the receipt or the procedure put in its place; and
    the days that lead there, None when the calendar now would lead elsewhere."""
    rows = [row for row in dossier.deadlines.all() if not row.is_void]
    given = [row for row in rows if row.opened_by_id == request.closed_by_id]
    if not given:
        return None, None
    due = _stage_of(dossier, request)
    later = rows[rows.index(given[-1]) + 1 :]
    kinds = [row.kind for row in later]
    promised_at = given[-1].due_at
    if Deadline.Kind.CORRECTION in kinds:
        last = len(kinds) - 1 - kinds[::-1].index(Deadline.Kind.CORRECTION)
        moved = set(kinds[:last]) & {Deadline.Kind.SUPPLEMENT, Deadline.Kind.PAYMENT}
        promised_at = later[last].due_at
        if moved and due is not None:
            promised_at = clock.aware(due.due_at)
    is_the_same = due is not None and due.due_at == clock.naive_local(promised_at)
    return promised_at, due if is_the_same else None


def _stage_of(dossier: Dossier, request: SupplementRequest) -> Due | None:
    """The date after this request, by receipt, version and calendar as they are now."""
    pauses = [
        pause
        for pause in dossier.pauses.filter(is_void=False).select_related("closed_by")
        if gave_a_date(pause)
    ]
    keys = [pause.pk for pause in pauses]
    if request.pause_id not in keys:
        return None
    try:
        return reckon_stages(dossier, pauses[: keys.index(request.pause_id) + 1])[-1]
    except NoCalendarData:
        return None


def _from_receipt(rows: Iterable[Deadline]) -> Deadline | None:
    """The last date that was reckoned from the receipt on."""
    kinds = (_FIRST, Deadline.Kind.CORRECTION)
    rows = [row for row in rows if row.kind in kinds and not row.is_void]
    return rows[-1] if rows else None


def _was_moved(dossier: Dossier, row: Deadline) -> bool:
    """Whether a correction from before `FIRST_DUE` was kept came after a pause."""
    moving = (Deadline.Kind.SUPPLEMENT, Deadline.Kind.PAYMENT)
    earlier = [other for other in dossier.deadlines.all() if other.pk < row.pk]
    return any(other.kind in moving and not other.is_void for other in earlier)


def first_anew(dossier: Dossier, calendar: WorkingCalendar | None = None) -> datetime | None:
    """The first promise by receipt, version and calendar as they are now; the date in force where
    a year on the way has no calendar."""
    try:
        return clock.aware(reckon_stages(dossier, (), calendar)[0].due_at)
    except NoCalendarData:
        return dossier.due_at


def reckon_stages(
    dossier: Dossier,
    pauses: Iterable[Pause],
    calendar: WorkingCalendar | None = None,
    desk: WorkingCalendar | None = None,
) -> list[Due]:
    """The date given at the receipt, then the one after each of these pauses that ended, by the
    calendar and version as they are now. Raises NoCalendarData."""
    own = calendar or calendar_for(dossier.office)
    received_at = clock.naive_local(dossier.received_at or dossier.submitted_at)
    desk = desk or desk_calendar(dossier)
    dues = [deadlines.due(own, received_at, limit_of(dossier.version), desk=desk)]
    for pause in pauses:
        if pause.until_at is not None:
            moved = _after_pause(
                dossier, pause.kind, dues[-1].due_at, pause.from_at, pause.until_at, own, desk
            )
            dues.append(moved)
    return dues


def days_spent(
    calendar: WorkingCalendar, began_at: datetime, timed_on: date, pauses: Iterable[Pause]
) -> int | None:
    """The working days that a dossier took of its office's time (`spending`), to be kept with
    its class; None where a year on the way has no calendar: an end is not refused for that."""
    waited = [(pause.from_on, pause.until_on) for pause in pauses]
    try:
        return spending.days_spent(calendar, clock.local(began_at).date(), timed_on, waited)
    except NoCalendarData:
        return None


def promise(kind: Deadline.Kind, due_at: datetime, day: date, why: str = "") -> Deadline:
    """A row, not yet written, of what is promised from this day on. An apology promises another
    date and changes nothing in how the dossier is classified."""
    return Deadline(
        kind=kind.value,
        counts=kind != Deadline.Kind.APOLOGY,
        due_at=due_at,
        due_on=clock.local(due_at).date(),
        from_on=day,
        why=why,
    )


def promised_to_citizen(dossier: Dossier) -> datetime | None:
    """The latest promise, apologies included: what the citizen is told."""
    last = dossier.deadlines.filter(is_void=False).last()
    return last.due_at if last is not None else dossier.due_at
