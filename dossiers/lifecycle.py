"""The verbs: everything that can happen to a dossier, and the only code that writes one.

Every verb is one transaction and one event, safe to repeat with the same token. What is
refused raises MoveRefused with a Vietnamese sentence. Moments are aware; dates are those of
Asia/Ho_Chi_Minh.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from dossiers import promises, steps
from dossiers.acts import Act, acts_of, lock, plain, verb
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
from dossiers.receipt import accept, decline, guide, register, turn_away
from dossiers.states import MoveRefused, State, Verb
from dossiers.timeliness import classify
from motcua import clock
from motcua.models import Division, Office, Staff
from procedures.calendar import calendar_for
from procedures.models import Procedure, ProcedureStep

__all__ = [
    "accept",
    "apologise",
    "ask_payment",
    "ask_supplement",
    "confirm_payment",
    "correct",
    "decline",
    "forward",
    "guide",
    "hand_over",
    "receive_supplement",
    "record_print",
    "record_read",
    "register",
    "resolve",
    "revert",
    "stop",
    "take_over",
    "turn_away",
    "withdraw",
]


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


@transaction.atomic
def take_over(dossier: Dossier, *, by: Staff, at: datetime | None = None) -> Event | None:
    """The receiver confirms a hand-over; a second confirmation changes nothing."""
    act = Act(lock(dossier), Verb.FORWARD, by=by, at=at)
    open_transfer = act.dossier.transfers.filter(
        ended_at__isnull=True, taken_at__isnull=True, is_void=False
    ).last()
    if open_transfer is None:
        return None
    act.check_moment()
    event = act.finish(kind=Event.Kind.TAKE_OVER, details={"transfer": open_transfer.pk})
    open_transfer.taken_at = act.at
    open_transfer.taken_by = by
    open_transfer.save(update_fields=["taken_at", "taken_by"])
    return event


@verb(Verb.ASK_SUPPLEMENT)
def ask_supplement(
    act: Act, *, items: str, reason: str, contact_name: str = "", contact_phone: str = ""
) -> Event:
    """Ask the citizen for papers (form 02): the clock stops on this day.

    Under the rules of 2018 and 2025 only once, unless the procedure's version allows more;
    later than 3 working days after the effective receipt it is allowed and marked.
    """
    dossier = act.dossier
    number = dossier.supplements.filter(is_void=False, before_acceptance=False).count() + 1
    allowed = dossier.version.max_supplements or dossier.regime.max_supplements
    if allowed is not None and number > allowed:
        raise MoveRefused(
            f"Hồ sơ này đã được yêu cầu bổ sung {number - 1} lần. "
            f"{dossier.regime.supplement_article} chỉ cho phép {allowed} lần."
        )
    event = act.finish(note=reason, paused_on=act.on)
    pause = _open_pause(event, Pause.Kind.SUPPLEMENT)
    SupplementRequest.objects.create(
        dossier=dossier,
        number=dossier.supplements.count() + 1,
        items=items,
        reason=reason,
        contact_name=contact_name,
        contact_phone=contact_phone,
        asked_at=act.at,
        asked_late=_asked_late(dossier, act.at),
        pause=pause,
        opened_by=event,
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
    dossier, regime = act.dossier, act.dossier.regime
    number = dossier.apologies.filter(is_void=False).count() + 1
    if regime.max_apologies is not None and number > regime.max_apologies:
        raise MoveRefused(
            f"Hồ sơ này đã xin lỗi {number - 1} lần. {regime.apology_article} chỉ cho phép "
            f"hẹn lại {regime.max_apologies} lần."
        )
    promised = promises.promised_to_citizen(dossier)
    if new_due_at <= act.at or (promised is not None and new_due_at <= promised):
        raise MoveRefused("Ngày hẹn lại phải sau ngày đã hẹn và sau hôm nay.", "new_due_at")
    lead = regime.apology_lead_days
    told_late = (
        lead is not None and dossier.due_on is not None and (dossier.due_on - act.on).days < lead
    )
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
        told_late=told_late,
        apologised_at=act.at,
        opened_by=event,
    )
    promises.next_promise(dossier, Deadline.Kind.APOLOGY, new_due_at, event, reason)
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
def withdraw(act: Act, *, reason: str) -> Event:
    """The citizen takes the dossier back, while no result exists."""
    return _end(act, Dossier.Outcome.WITHDRAWN, reason)


@verb(Verb.STOP)
def stop(act: Act, *, reason: str) -> Event:
    """The office stops the proceeding (form 05 of 2025; NĐ 118/2025 Điều 21)."""
    return _end(act, Dossier.Outcome.STOPPED, reason)


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


@verb(Verb.CORRECT)
def correct(act: Act, *, reason: str, **new: Any) -> Event:
    """Put right what was entered wrongly; old and new values stay readable in the event.

    A new procedure or moment of receipt reckons the due date anew and, where the dossier has
    ended, its class. The receipt code never changes.
    """
    dossier = act.dossier
    if not reason.strip():
        raise MoveRefused("Hãy ghi lý do sửa.", "reason")
    changed = {name: value for name, value in new.items() if getattr(dossier, name) != value}
    if not changed:
        raise MoveRefused("Chưa có thông tin nào thay đổi.")
    reckons = bool({"procedure", "received_at"} & set(changed)) and dossier.is_accepted
    if "procedure" in changed:
        changed |= _other_procedure(dossier, changed["procedure"])
    if "received_at" in changed:
        changed |= _other_receipt(dossier, changed["received_at"])
    for name, value in changed.items():
        setattr(dossier, name, value)
    if not reckons:
        return act.finish(note=reason, **changed)
    due = promises.reckon_anew(dossier)
    due_at = clock.aware(due.due_at)
    changed |= {"effective_at": clock.aware(due.effective_at), "due_at": due_at}
    changed |= {"due_on": due.due_at.date(), "due_since": act.on}
    if dossier.timed_on is not None:
        changed["timeliness"] = classify(dossier.timed_on, due.due_at.date()).value
    event = act.finish(note=reason, **changed)
    promises.next_promise(dossier, Deadline.Kind.CORRECTION, due_at, event, reason)
    return event


@transaction.atomic
def revert(dossier: Dossier, *, by: Staff, reason: str, at: datetime | None = None) -> Event:
    """Undo the last act: the dossier goes back to what it was, the act stays in the timeline.

    The receipt itself cannot be undone, since its slip is in the citizen's hand.
    """
    act = Act(lock(dossier), Verb.REVERT, by=by, at=at)
    if not reason.strip():
        raise MoveRefused("Hãy ghi lý do hoàn tác.", "reason")
    last = last_standing_act(act.dossier)
    if last is None or last.kind in (Event.Kind.ACCEPT, Event.Kind.SUBMIT, Event.Kind.DECLINE):
        raise MoveRefused("Không còn việc nào hoàn tác được; việc tiếp nhận không hoàn tác.")
    fields = {
        name: act.dossier._meta.get_field(name).to_python(old)
        for name, (old, _new) in last.changes.items()
    }
    event = act.finish(kind=Event.Kind.REVERT, note=reason, details={"reverts": last.pk}, **fields)
    for rows in (Deadline, Pause, SupplementRequest, Apology, Transfer):
        rows.objects.filter(opened_by=last).update(is_void=True)
    Deadline.objects.filter(closed_by=last).update(until_on=None, closed_by=None)
    Pause.objects.filter(closed_by=last).update(until_at=None, until_on=None, closed_by=None)
    SupplementRequest.objects.filter(closed_by=last).update(arrived_at=None, closed_by=None)
    Transfer.objects.filter(closed_by=last).update(ended_at=None, closed_by=None)
    dossier.refresh_from_db()
    return event


def last_standing_act(dossier: Dossier) -> Event | None:
    """The last act that has not been undone, nor is an undoing."""
    undone: set[int] = set()
    for event in acts_of(dossier).reverse():
        if event.kind == Event.Kind.REVERT:
            undone.add(event.details["reverts"])
        elif event.pk not in undone:
            return event
    return None


def record_read(dossier: Dossier, *, by: Staff) -> Event:
    """A person looked at the personal data of the dossier."""
    return _record(dossier, Event.Kind.READ, by, {})


def record_print(dossier: Dossier, *, by: Staff, paper: str) -> Event:
    """A paper of the dossier was printed; `details["copy"]` counts the printings of that paper."""
    earlier = dossier.events.filter(kind=Event.Kind.PRINT, details__paper=paper).count()
    return _record(dossier, Event.Kind.PRINT, by, {"paper": paper, "copy": earlier + 1})


def _record(dossier: Dossier, kind: Event.Kind, by: Staff, details: dict[str, Any]) -> Event:
    moment = clock.now()
    return Event.objects.create(
        dossier=dossier,
        kind=kind,
        actor=by,
        office=by.office,
        happened_at=moment,
        recorded_at=moment,
        details=details,
    )


def _end(act: Act, outcome: str, note: str) -> Event:
    """Every end is classified by the day it came, or by the day on which the clock stopped."""
    dossier = act.dossier
    timed_on = dossier.paused_on or act.on
    event = act.finish(
        note=note,
        resolved_at=act.at,
        resolved_on=act.on,
        timed_on=timed_on,
        timeliness=classify(timed_on, dossier.due_on).value,
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
    due = promises.due_after_pause(dossier, pause, act.at)
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
    promises.next_promise(dossier, kind, due_at, event)
    return event


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


def _asked_late(dossier: Dossier, asked_at: datetime) -> bool:
    days = dossier.regime.supplement_notice_days
    if days is None or dossier.effective_at is None:
        return False
    received = clock.local(dossier.effective_at).date()
    asked = clock.local(asked_at).date()
    return calendar_for(dossier.office).working_days_between(received, asked) > days


def _other_procedure(dossier: Dossier, procedure: Procedure) -> dict[str, Any]:
    day = dossier.received_on or clock.local(dossier.submitted_at).date()
    version = procedure.version_on(day)
    if version is None:
        raise MoveRefused(
            f"Thủ tục này không có phiên bản áp dụng ngày {day:%d/%m/%Y}.", "procedure"
        )
    return {"version": version, "sector": procedure.sector}


def _other_receipt(dossier: Dossier, received_at: datetime) -> dict[str, Any]:
    if received_at > clock.now():
        raise MoveRefused("Thời điểm tiếp nhận chưa tới.", "received_at")
    second = acts_of(dossier).exclude(kind__in=[Event.Kind.ACCEPT, Event.Kind.SUBMIT]).first()
    if second is not None and received_at > second.happened_at:
        moment = clock.local(second.happened_at)
        raise MoveRefused(
            "Thời điểm tiếp nhận không được sau việc tiếp theo của hồ sơ "
            f"({second.get_kind_display()} lúc {moment:%H:%M %d/%m/%Y}).",
            "received_at",
        )
    local = clock.local(received_at)
    return {"received_at": local, "received_on": local.date()}
