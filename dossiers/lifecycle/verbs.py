"""The verbs of a dossier that has been received, as pure functions (see `changes`).

How a dossier begins stands in `intake`, what puts one right in `corrections` and `rescheduling`.
"""

from collections.abc import Iterable
from datetime import date, datetime

from dossiers.lifecycle import allowances, due_dates, steps, supplements
from dossiers.lifecycle.changes import Change, Facts, plain, verb
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
from dossiers.rules import entered_later
from dossiers.rules.entered_later import Difference
from dossiers.rules.states import MoveRefused, State, Verb
from dossiers.rules.timeliness import classify, is_overdue
from motcua import clock
from motcua.models import Division, Office
from motcua.text import tidy
from procedures.models import ProcedureStep

NOTHING_TO_COLLECT = "Hồ sơ này không có kết quả đang chờ trả nên không cần gọi."
WHY = "Hãy ghi lý do."
WHICH_OUTCOME = "Hãy chọn kết quả: giải quyết xong hoặc từ chối."


@verb(Verb.FORWARD)
def forward(
    facts: Facts,
    *,
    division: Division | None = None,
    office: Office | None = None,
    step: ProcedureStep | None = None,
    due_at: datetime | None = None,
    note: str = "",
) -> Change:
    """Hand the dossier on: to a division, to another office's desk, or back to the own desk.

    `due_at` is the receiver's share of the time; left out, it comes from the step, if any
    (NĐ 61/2018 Điều 19 khoản 6: the slip for the next unit names its task and deadline).
    """
    dossier, at = facts.dossier, facts.at
    to_office = division.office if division is not None else office or dossier.office.heir
    if office is not None and office != to_office:
        raise MoveRefused("Phòng đã chọn không thuộc đơn vị đã chọn.", "division")
    place = (to_office.pk, division.pk if division else None)
    held = (dossier.holder_office_id, dossier.holder_division_id)
    if held == place:
        raise MoveRefused("Hồ sơ đang ở chính nơi này.", "division")
    if due_at is None and step is not None:
        due_at = steps.step_due(step, to_office, at, facts.reference.calendar(to_office))
    elif due_at is not None and due_at <= at:
        raise MoveRefused("Hạn của bước này phải sau lúc chuyển.", "due_at")
    transfer = Transfer(
        number=len(facts.rows(Transfer)) + 1,
        from_office_id=held[0],
        from_division_id=held[1],
        to_office_id=place[0],
        to_division_id=place[1],
        sent_at=at,
        sent_by_id=facts.by.pk if facts.by else None,
        step_id=step.pk if step else None,
        due_at=due_at,
        note=note,
    )
    moved = {"holder_office_id": place[0], "holder_division_id": place[1], "held_since": at}
    return Change(moved, note=note, closes=(Transfer,), opens=[transfer])


@verb(Verb.FORWARD, in_table=False)
def take_over(facts: Facts) -> Change | None:
    """The receiver confirms a hand-over; a second confirmation changes nothing, and is None."""
    waiting = [row for row in facts.open_rows(Transfer) if row.taken_at is None]
    return Change(kind=Event.Kind.TAKE_OVER, takes=waiting[-1]) if waiting else None


@verb(Verb.FORWARD, in_table=False)
def take_paper(facts: Facts) -> Change | None:
    """The office that solves has the papers of a dossier received for it elsewhere; a second
    confirmation changes nothing, and is None."""
    if facts.dossier.paper_due_at is None:
        raise MoveRefused("Hồ sơ này không do nơi khác nhận thay nên không chờ bản giấy.")
    if facts.dossier.paper_came_at is not None:
        return None
    return Change({"paper_came_at": facts.at}, kind=Event.Kind.TAKE_PAPER)


@verb(Verb.CORRECT, in_table=False)
def note_external(facts: Facts, *, system: str, code: str, status: str = "") -> Change | None:
    """Another system, of a ministry or the nation, handles the dossier too: its name, its code
    and what it says. No second code, no second slip; None where nothing changed."""
    given = {
        "external_system": tidy(system),
        "external_code": tidy(code),
        "external_status": tidy(status),
    }
    if not given["external_system"] and (given["external_code"] or given["external_status"]):
        raise MoveRefused("Hãy ghi tên hệ thống.", "system")
    changed = {name: to for name, to in given.items() if getattr(facts.dossier, name) != to}
    return Change(changed, kind=Event.Kind.EXTERNAL) if changed else None


@verb(Verb.HAND_OVER, in_table=False)
def note_call(facts: Facts) -> Change:
    """The citizen was told by telephone that the result lies at the desk."""
    if facts.dossier.current_state is not State.RESOLVED:
        raise MoveRefused(NOTHING_TO_COLLECT)
    return Change(kind=Event.Kind.CALL)


@verb(Verb.ASK_SUPPLEMENT)
def ask_supplement(
    facts: Facts, *, items: str, reason: str, contact_name: str = "", contact_phone: str = ""
) -> Change:
    """Ask the citizen for papers (form 02): the clock stops on this day.

    Under the rules of 2018 and 2025 only once, unless the procedure's version allows more;
    later than 3 working days after the effective receipt it is allowed and marked. A submission
    has no clock to stop: what is missing is said again.
    """
    dossier = facts.dossier
    _must_say(facts, items, "Hãy ghi những gì cần bổ sung.", "items")
    _must_say(facts, reason, WHY, "reason")
    request = SupplementRequest(
        number=len(facts.rows(SupplementRequest)) + 1,
        items=items,
        reason=reason,
        contact_name=contact_name,
        contact_phone=contact_phone,
        asked_at=facts.at,
        before_acceptance=not dossier.is_accepted,
    )
    if not dossier.is_accepted:
        return Change(note=reason, opens=[request])
    if not facts.records_past:
        done = [row for row in facts.standing(SupplementRequest) if not row.before_acceptance]
        _refuse(allowances.supplement_refusal(dossier, len(done)))
    if dossier.regime.supplement_notice_days is not None:
        request.asked_late = allowances.asks_late(dossier, facts.at, facts.calendar())
    request.pause = _pause(facts, Pause.Kind.SUPPLEMENT)
    opens = [request.pause, request]
    return Change({"paused_on": facts.on}, note=reason, opens=opens, later=_later_pause(facts))


@verb(Verb.RECEIVE_SUPPLEMENT)
def receive_supplement(
    facts: Facts,
    *,
    note: str = "",
    came: Iterable[str] | None = None,
    others: Iterable[str] = (),
    waits: bool = False,
) -> Change:
    """The papers arrived: the clock restarts or continues, by the version or the regime.

    `came` are the lines of the request that came in this act, None for all of them without
    naming them; `others` came beside them. `waits`: the rest is still to come. The clock is
    counted anew from the whole dossier (NĐ 61/2018 Điều 19 khoản 4), so it stands until then.
    """
    asked = facts.open_rows(SupplementRequest)
    details = {}
    if came is not None and asked:
        arrival = supplements.brought(asked[-1], facts.acts(), came, others, waits=waits)
        details = {supplements.BROUGHT: arrival}
        if waits:
            stays = State.AWAITING_SUPPLEMENT
            return Change(to=stays, note=note, details=details, tells=False)
    change = _resume(facts, Deadline.Kind.SUPPLEMENT, note)
    change.details |= details
    change.closes += (SupplementRequest,)
    return change


@verb(Verb.ASK_PAYMENT)
def ask_payment(facts: Facts, *, note: str = "") -> Change:
    """The citizen must meet a financial obligation; the clock stops where the version says so."""
    if not facts.dossier.version.payment_stops_clock:
        return Change({"paused_on": None}, note=note)
    pause = _pause(facts, Pause.Kind.PAYMENT)
    return Change({"paused_on": facts.on}, note=note, opens=[pause], later=_later_pause(facts))


@verb(Verb.CONFIRM_PAYMENT)
def confirm_payment(facts: Facts, *, note: str = "") -> Change:
    """The obligation is met: the time it took is not counted."""
    return _resume(facts, Deadline.Kind.PAYMENT, note)


@verb(Verb.APOLOGISE)
def apologise(
    facts: Facts,
    *,
    cause: LateCause,
    reason: str,
    new_due_at: datetime,
    signer: str,
    signer_title: str = "",
    told_how: str = "",
) -> Change:
    """A letter of apology with a new date (form 04). The dossier stays late in the figures.

    At most one since 2018, at the latest one day before the deadline passes, otherwise marked
    as late (NĐ 61/2018 Điều 19 khoản 9).
    """
    dossier = facts.dossier
    _must_say(facts, reason, WHY, "reason")
    _must_say(facts, signer, "Hãy ghi người ký.", "signer")
    _refuse(allowances.apology_refusal(dossier, len(facts.standing(Apology))))
    known = facts.standing(Deadline)
    promised = known[-1].due_at if known else dossier.due_at
    if new_due_at <= facts.at or (promised is not None and new_due_at <= promised):
        raise MoveRefused("Ngày hẹn lại phải sau ngày đã hẹn và sau hôm nay.", "new_due_at")
    apology = Apology(
        number=len(facts.rows(Apology)) + 1,
        cause=cause,
        reason=reason,
        promised_before=promised or facts.at,
        new_due_at=new_due_at,
        signer=signer,
        signer_title=signer_title,
        told_how=told_how,
        told_late=allowances.apologises_late(dossier, facts.on),
        apologised_at=facts.at,
    )
    promise = due_dates.promise(Deadline.Kind.APOLOGY, new_due_at, facts.on, reason)
    return Change(note=reason, opens=[apology, promise])


@verb(Verb.RESOLVE)
def resolve(facts: Facts, *, outcome: str, result_note: str = "") -> Change:
    """The result, approval or refusal, has reached the desk: the dossier is classified now."""
    if outcome not in (Dossier.Outcome.APPROVED, Dossier.Outcome.REFUSED):
        raise MoveRefused(WHICH_OUTCOME, "outcome")
    if outcome == Dossier.Outcome.REFUSED:
        _must_say(facts, result_note, "Từ chối giải quyết phải ghi rõ lý do.", "result_note")
    return _end(facts, outcome, result_note)


@verb(Verb.WITHDRAW)
def withdraw(facts: Facts, *, reason: str, asked_by: str = "") -> Change:
    """The citizen takes the dossier back, while no result exists; `asked_by` is the channel of
    the request, which form 05 of 2025 prints."""
    _must_say(facts, reason, WHY, "reason")
    return _end(facts, Dossier.Outcome.WITHDRAWN, reason, asked_by)


@verb(Verb.STOP)
def stop(facts: Facts, *, reason: str, asked_by: str = "") -> Change:
    """The office stops the proceeding (form 05 of 2025; NĐ 118/2025 Điều 21), of itself or, by
    the channel `asked_by`, because the citizen asked for it."""
    _must_say(facts, reason, WHY, "reason")
    return _end(facts, Dossier.Outcome.STOPPED, reason, asked_by)


@verb(Verb.HAND_OVER)
def hand_over(
    facts: Facts, *, collector_name: str, collector_paper: str = "", method: str = "desk"
) -> Change:
    """The citizen has the result: who took it, with which paper, how."""
    _must_say(facts, collector_name, "Hãy ghi tên người nhận kết quả.", "collector_name")
    if method not in Dossier.ReturnMethod.values:
        raise MoveRefused("Hãy chọn cách trả.", "method")
    return Change(
        {
            "handed_over_at": facts.at,
            "handed_over_on": facts.on,
            "collector_name": tidy(collector_name),
            "collector_paper": tidy(collector_paper),
            "handed_over_by": str(method),
        }
    )


def _end(facts: Facts, outcome: str, note: str, asked_by: str = "") -> Change:
    """Every end is classified by the day it came, or by the day on which the clock stopped."""
    dossier = facts.dossier
    _refuse_end_before_receipt(facts)
    # A pause that begins in the future is one of a clock that ran ahead.
    timed_on = min(dossier.paused_on or facts.on, facts.on)
    began = dossier.effective_at or dossier.received_at or dossier.submitted_at
    pauses = facts.standing(Pause)
    fields = {
        "resolved_at": facts.at,
        "resolved_on": facts.on,
        "timed_on": timed_on,
        "timeliness": classify(timed_on, dossier.due_on).value,
        "days_spent": due_dates.days_spent(facts.calendar(), began, timed_on, pauses),
        "outcome": str(outcome),
        "result_note": note,
        "paused_on": None,
        "holder_office_id": dossier.return_place.heir.pk,
        "holder_division_id": None,
        "held_since": facts.at,
    }
    details = {"asked_by": str(asked_by)} if asked_by else {}
    later = entered_later.of_end(
        facts.on, facts.typed_on, dossier.due_on, stopped_on=dossier.paused_on
    )
    return Change(fields, note=note, details=details, closes=(Pause, Transfer), later=later)


def _resume(facts: Facts, kind: Deadline.Kind, note: str) -> Change:
    working = State.PROCESSING if facts.standing(Transfer) else State.RECEIVED
    pauses = facts.open_rows(Pause)
    if not pauses:
        return Change(to=working, note=note)
    due = due_dates.due_after_pause(facts.dossier, pauses[0], facts.at, facts.calendar())
    due_at = clock.aware(due.due_at)
    fields = {
        "paused_on": None,
        "due_at": due_at,
        "due_on": due.due_at.date(),
        "due_since": facts.on,
    }
    return Change(
        fields,
        to=working,
        note=note,
        details={"due_at": plain(due_at)},
        closes=(Pause, Deadline),
        opens=[due_dates.promise(kind, due_at, facts.on)],
        later=_later_resumption(facts, pauses[0], due.due_at.date()),
    )


def _pause(facts: Facts, kind: Pause.Kind) -> Pause:
    return Pause(kind=kind.value, from_at=facts.at, from_on=facts.on)


def _later_pause(facts: Facts) -> Difference | None:
    return entered_later.of_pause(facts.on, facts.typed_on, facts.dossier.due_on)


def _later_resumption(facts: Facts, pause: Pause, due_on: date) -> Difference | None:
    is_asked = facts.late_reason is not None
    if not is_asked or not facts.on < facts.typed_on or not is_overdue(due_on, facts.typed_on):
        return None
    typed = due_dates.due_after_pause(facts.dossier, pause, facts.recorded_at, facts.calendar())
    return entered_later.of_resumption(facts.typed_on, due_on, typed.due_at.date())


def _must_say(facts: Facts, words: str, sentence: str, at: str) -> None:
    if not tidy(words) and not facts.records_past:
        raise MoveRefused(sentence, at)


def _refuse(sentence: str) -> None:
    if sentence:
        raise MoveRefused(sentence)


def _refuse_end_before_receipt(facts: Facts) -> None:
    """A receipt dated in the future, by a clock that ran ahead, is corrected first: figures and
    class hang on its day."""
    received_at, received_on = facts.dossier.received_at, facts.dossier.received_on
    if received_at is not None and received_on is not None and facts.on < received_on:
        moment = clock.local(received_at)
        raise MoveRefused(
            f"Hồ sơ này ghi tiếp nhận lúc {moment:%H:%M %d/%m/%Y}, là lúc chưa tới: khi đó đồng hồ "
            "máy chủ chạy nhanh. Việc này chưa được ghi. Hãy sửa thời điểm tiếp nhận trước, rồi "
            "làm lại.",
            "at",
        )
