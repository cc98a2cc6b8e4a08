"""The verbs: everything that can happen to a dossier, and the only code that writes one.

Every verb is one transaction and one event, safe to repeat with the same token. What is
refused raises MoveRefused with a Vietnamese sentence. Moments are aware; dates are those of
Asia/Ho_Chi_Minh.
"""

from datetime import datetime, timedelta
from typing import Any

from dossiers.lifecycle import allowances, due_dates, steps
from dossiers.lifecycle.acts import Act, plain, refuse_end_before_receipt, verb
from dossiers.lifecycle.corrections import (
    correct,
    last_standing_act,
    preview_correction,
    revert,
    revertible,
)
from dossiers.lifecycle.intake import accept, attach, decline, guide, register, submit, turn_away
from dossiers.models import (
    Apology,
    Deadline,
    Dossier,
    Event,
    LateCause,
    Pause,
    SupplementRequest,
    Transfer,
)
from dossiers.rules.states import MoveRefused, State, Verb
from dossiers.rules.timeliness import classify
from motcua import clock
from motcua.models import Division, Office, Staff
from procedures.models import ProcedureStep

__all__ = [
    "accept",
    "apologise",
    "ask_payment",
    "ask_supplement",
    "attach",
    "confirm_payment",
    "correct",
    "decline",
    "forward",
    "guide",
    "hand_over",
    "last_standing_act",
    "preview_correction",
    "receive_supplement",
    "record_print",
    "record_read",
    "register",
    "resolve",
    "revert",
    "revertible",
    "stop",
    "submit",
    "take_over",
    "turn_away",
    "untaken_transfer",
    "withdraw",
]

ONE_LOOK = timedelta(minutes=10)


@verb(Verb.FORWARD)
def forward(
    act: Act,
    *,
    division: Division | None = None,
    office: Office | None = None,
    step: ProcedureStep | None = None,
    due_at: datetime | None = None,
    note: str = "",
) -> Event:
    """Hand the dossier on: to a division, to another office's desk, or back to the own desk.

    `due_at` is the receiver's share of the time; left out, it comes from the step, if any
    (NĐ 61/2018 Điều 19 khoản 6: the slip for the next unit names its task and deadline).
    """
    dossier = act.dossier
    to_office = division.office if division is not None else office or dossier.office
    held = (dossier.holder_office_id, dossier.holder_division_id)
    if held == (to_office.pk, division.pk if division else None):
        raise MoveRefused("Hồ sơ đang ở chính nơi này.", "division")
    giver = (dossier.holder_office, dossier.holder_division)
    event = act.finish(
        note=note,
        holder_office_id=to_office.pk,
        holder_division_id=division.pk if division else None,
        held_since=act.at,
    )
    _close_transfers(event)
    Transfer.objects.create(
        dossier=dossier,
        number=dossier.transfers.count() + 1,
        from_office=giver[0],
        from_division=giver[1],
        to_office=to_office,
        to_division=division,
        sent_at=act.at,
        sent_by=act.by,
        step=step,
        due_at=due_at or (steps.step_due(step, to_office, act.at) if step else None),
        note=note,
        opened_by=event,
    )
    return event


@verb(Verb.FORWARD, in_table=False)
def take_over(act: Act) -> Event | None:
    """The receiver confirms a hand-over; a second confirmation changes nothing, and is None."""
    open_transfer = untaken_transfer(act.dossier)
    if open_transfer is None:
        return None
    event = act.finish(kind=Event.Kind.TAKE_OVER, details={"transfer": open_transfer.pk})
    open_transfer.taken_at = act.at
    open_transfer.taken_by = act.by
    open_transfer.save(update_fields=["taken_at", "taken_by"])
    return event


def untaken_transfer(dossier: Dossier) -> Transfer | None:
    """The hand-over that its receiver has not confirmed yet, if there is one."""
    return dossier.transfers.filter(
        ended_at__isnull=True, taken_at__isnull=True, is_void=False
    ).last()


@verb(Verb.ASK_SUPPLEMENT)
def ask_supplement(
    act: Act, *, items: str, reason: str, contact_name: str = "", contact_phone: str = ""
) -> Event:
    """Ask the citizen for papers (form 02): the clock stops on this day.

    Under the rules of 2018 and 2025 only once, unless the procedure's version allows more;
    later than 3 working days after the effective receipt it is allowed and marked. A submission
    has no clock to stop: what is missing is said again.
    """
    dossier = act.dossier
    if not dossier.is_accepted:
        event = act.finish(note=reason)
        _ask(event, items, reason, contact_name, contact_phone, before_acceptance=True)
        return event
    _refuse_one_more(dossier, Verb.ASK_SUPPLEMENT)
    event = act.finish(note=reason, paused_on=act.on)
    _ask(
        event,
        items,
        reason,
        contact_name,
        contact_phone,
        asked_late=allowances.asks_late(dossier, act.at),
        pause=_open_pause(event, Pause.Kind.SUPPLEMENT),
    )
    return event


@verb(Verb.RECEIVE_SUPPLEMENT)
def receive_supplement(act: Act, *, note: str = "") -> Event:
    """The papers arrived: the clock restarts or continues, by the version or the regime."""
    event = _resume(act, Deadline.Kind.SUPPLEMENT, note)
    act.dossier.supplements.filter(arrived_at__isnull=True, is_void=False).update(
        arrived_at=act.at, closed_by=event
    )
    return event


@verb(Verb.ASK_PAYMENT)
def ask_payment(act: Act, *, note: str = "") -> Event:
    """The citizen must meet a financial obligation; the clock stops where the version says so."""
    stops = act.dossier.version.payment_stops_clock
    event = act.finish(note=note, paused_on=act.on if stops else None)
    if stops:
        _open_pause(event, Pause.Kind.PAYMENT)
    return event


@verb(Verb.CONFIRM_PAYMENT)
def confirm_payment(act: Act, *, note: str = "") -> Event:
    """The obligation is met: the time it took is not counted."""
    return _resume(act, Deadline.Kind.PAYMENT, note)


@verb(Verb.APOLOGISE)
def apologise(
    act: Act,
    *,
    cause: LateCause,
    reason: str,
    new_due_at: datetime,
    signer: str,
    signer_title: str = "",
    told_how: str = "",
) -> Event:
    """A letter of apology with a new date (form 04). The dossier stays late in the figures.

    At most one since 2018, at the latest one day before the deadline passes, otherwise marked
    as late (NĐ 61/2018 Điều 19 khoản 9).
    """
    dossier = act.dossier
    _refuse_one_more(dossier, Verb.APOLOGISE)
    promised = due_dates.promised_to_citizen(dossier)
    if new_due_at <= act.at or (promised is not None and new_due_at <= promised):
        raise MoveRefused("Ngày hẹn lại phải sau ngày đã hẹn và sau hôm nay.", "new_due_at")
    event = act.finish(note=reason)
    Apology.objects.create(
        dossier=dossier,
        number=dossier.apologies.count() + 1,
        cause=cause,
        reason=reason,
        promised_before=promised or act.at,
        new_due_at=new_due_at,
        signer=signer,
        signer_title=signer_title,
        told_how=told_how,
        told_late=allowances.apologises_late(dossier, act.on),
        apologised_at=act.at,
        opened_by=event,
    )
    due_dates.next_promise(dossier, Deadline.Kind.APOLOGY, new_due_at, event, reason)
    return event


@verb(Verb.RESOLVE)
def resolve(act: Act, *, outcome: str, result_note: str = "") -> Event:
    """The result, approval or refusal, has reached the desk: the dossier is classified now."""
    if outcome not in (Dossier.Outcome.APPROVED, Dossier.Outcome.REFUSED):
        raise MoveRefused("Hãy chọn kết quả: giải quyết xong hoặc từ chối.", "outcome")
    if outcome == Dossier.Outcome.REFUSED and not result_note.strip():
        raise MoveRefused("Từ chối giải quyết phải ghi rõ lý do.", "result_note")
    return _end(act, outcome, result_note)


@verb(Verb.WITHDRAW)
def withdraw(act: Act, *, reason: str, asked_by: str = "") -> Event:
    """The citizen takes the dossier back, while no result exists; `asked_by` is the channel of
    the request, which form 05 of 2025 prints."""
    return _end(act, Dossier.Outcome.WITHDRAWN, reason, asked_by)


@verb(Verb.STOP)
def stop(act: Act, *, reason: str, asked_by: str = "") -> Event:
    """The office stops the proceeding (form 05 of 2025; NĐ 118/2025 Điều 21), of itself or, by
    the channel `asked_by`, because the citizen asked for it."""
    return _end(act, Dossier.Outcome.STOPPED, reason, asked_by)


@verb(Verb.HAND_OVER)
def hand_over(
    act: Act, *, collector_name: str, collector_paper: str = "", method: str = "desk"
) -> Event:
    """The citizen has the result: who took it, with which paper, how."""
    if not collector_name.strip():
        raise MoveRefused("Hãy ghi tên người nhận kết quả.", "collector_name")
    return act.finish(
        handed_over_at=act.at,
        handed_over_on=act.on,
        collector_name=collector_name.strip(),
        collector_paper=collector_paper.strip(),
        handed_over_by=method,
    )


def record_read(dossier: Dossier, *, by: Staff | None) -> Event | None:
    """A person looked at the personal data of the dossier; None is its citizen.

    Once in ten minutes for a person and a dossier: coming back after an act, or reloading, is
    the same look. None when the look is already recorded.
    """
    now = clock.now()
    lately = (now - ONE_LOOK, now + clock.TOLERANCE)
    looks = dossier.events.filter(kind=Event.Kind.READ, actor=by)
    if looks.filter(recorded_at__range=lately).exists():
        return None
    return _record(dossier, Event.Kind.READ, by, {})


def record_print(
    dossier: Dossier, *, by: Staff, paper: str, names: dict[str, Any] | None = None
) -> Event:
    """A paper of the dossier was printed; `details["copy"]` counts the printings of that paper.
    `names` that it bore are kept with the first of them, for every later one."""
    printed = dossier.events.filter(kind=Event.Kind.PRINT, details__paper=paper)
    details: dict[str, Any] = {"paper": paper, "copy": printed.count() + 1}
    if names and not printed.filter(details__has_key="names").exists():
        details["names"] = names
    return _record(dossier, Event.Kind.PRINT, by, details)


def _record(dossier: Dossier, kind: Event.Kind, by: Staff | None, details: dict[str, Any]) -> Event:
    moment = clock.now()
    return Event.objects.create(
        dossier=dossier,
        kind=kind,
        actor=by,
        office=by.office if by else None,
        happened_at=moment,
        recorded_at=moment,
        details=details,
    )


def _end(act: Act, outcome: str, note: str, asked_by: str = "") -> Event:
    """Every end is classified by the day it came, or by the day on which the clock stopped."""
    dossier = act.dossier
    refuse_end_before_receipt(act)
    # A pause that begins in the future is one of a clock that ran ahead.
    timed_on = min(dossier.paused_on or act.on, act.on)
    event = act.finish(
        note=note,
        details={"asked_by": str(asked_by)} if asked_by else None,
        resolved_at=act.at,
        resolved_on=act.on,
        timed_on=timed_on,
        timeliness=classify(timed_on, dossier.due_on).value,
        days_spent=due_dates.days_spent(dossier, timed_on),
        outcome=outcome,
        result_note=note,
        paused_on=None,
        holder_office_id=dossier.office_id,
        holder_division_id=None,
        held_since=act.at,
    )
    _close_pause(event)
    _close_transfers(event)
    return event


def _resume(act: Act, kind: Deadline.Kind, note: str) -> Event:
    dossier = act.dossier
    working = State.PROCESSING if dossier.transfers.filter(is_void=False).exists() else None
    pause = dossier.pauses.filter(until_on__isnull=True, is_void=False).first()
    if pause is None:
        return act.finish(working or State.RECEIVED, note=note)
    due = due_dates.due_after_pause(dossier, pause, act.at)
    due_at = clock.aware(due.due_at)
    event = act.finish(
        working or State.RECEIVED,
        note=note,
        details={"due_at": plain(due_at)},
        paused_on=None,
        due_at=due_at,
        due_on=due.due_at.date(),
        due_since=act.on,
    )
    _close_pause(event)
    due_dates.next_promise(dossier, kind, due_at, event)
    return event


def _refuse_one_more(dossier: Dossier, verb: Verb) -> None:
    sentence = allowances.refusal(dossier, verb)
    if sentence:
        raise MoveRefused(sentence)


def _ask(
    event: Event, items: str, reason: str, contact_name: str, contact_phone: str, **more: Any
) -> SupplementRequest:
    return SupplementRequest.objects.create(
        dossier=event.dossier,
        number=event.dossier.supplements.count() + 1,
        items=items,
        reason=reason,
        contact_name=contact_name,
        contact_phone=contact_phone,
        asked_at=event.happened_at,
        opened_by=event,
        **more,
    )


def _open_pause(event: Event, kind: Pause.Kind) -> Pause:
    return Pause.objects.create(
        dossier=event.dossier,
        kind=kind,
        from_at=event.happened_at,
        from_on=clock.local(event.happened_at).date(),
        opened_by=event,
    )


def _close_pause(event: Event) -> None:
    event.dossier.pauses.filter(until_on__isnull=True, is_void=False).update(
        until_at=event.happened_at,
        until_on=clock.local(event.happened_at).date(),
        closed_by=event,
    )


def _close_transfers(event: Event) -> None:
    event.dossier.transfers.filter(ended_at__isnull=True, is_void=False).update(
        ended_at=event.happened_at, closed_by=event
    )
