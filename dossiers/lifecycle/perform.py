"""Everything that can happen to a dossier, and the only code that writes one.

Every verb is one transaction and one event, safe to repeat with the same token. What is
refused raises MoveRefused with a Vietnamese sentence. Moments are aware; dates are those of
Asia/Ho_Chi_Minh. What a verb does stands in `verbs`, `intake`, `corrections`,
`rescheduling` and `succession`; how it is done, in `acts`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from dossiers.lifecycle import corrections, rescheduling, succession, verbs
from dossiers.lifecycle import intake as receipt
from dossiers.lifecycle.acts import StoredFacts, act, begin, done_before, lock, standing_acts
from dossiers.lifecycle.changes import standing
from dossiers.lifecycle.intake import Intake
from dossiers.models import Attachment, Dossier, Event, Transfer
from dossiers.models.notices import Notice
from dossiers.rules.deadlines import Due
from dossiers.rules.states import MoveRefused
from motcua import clock
from motcua.models import Staff
from motcua.web.sent_twice import own_token

ONE_LOOK = timedelta(minutes=10)
OWN_UNDO = timedelta(minutes=5)
"""For how long a person may undo the act that was just done, without asking a leader."""
OWN_REASON = "Người làm tự hoàn tác việc vừa làm."
NOT_SENT = (Notice.State.QUEUED, Notice.State.DROPPED)
NOT_OWN = (
    "Không tự hoàn tác được: đã quá {minutes} phút, đã có việc khác, đã in giấy tờ hoặc đã báo "
    "công dân. Nếu nhầm, mời lãnh đạo đơn vị hoàn tác."
)

attach = act(receipt.attach)
accept = act(receipt.accept)
decline = act(receipt.decline)
forward = act(verbs.forward)
take_over = act(verbs.take_over)
take_paper = act(verbs.take_paper)
note_external = act(verbs.note_external)
note_call = act(verbs.note_call)
ask_supplement = act(verbs.ask_supplement)
receive_supplement = act(verbs.receive_supplement)
ask_payment = act(verbs.ask_payment)
confirm_payment = act(verbs.confirm_payment)
apologise = act(verbs.apologise)
resolve = act(verbs.resolve)
withdraw = act(verbs.withdraw)
stop = act(verbs.stop)
hand_over = act(verbs.hand_over)
correct = act(corrections.correct)
revert = act(corrections.revert)
reschedule = act(rescheduling.reschedule)
assign = act(succession.assign)


def register(
    intake: Intake, *, by: Staff | None, at: datetime | None = None, token: UUID | None = None
) -> Dossier:
    """Receive a dossier at the counter: code, book number, due date, event, all or nothing.

    The same token of the same person again returns the dossier of the first time. Raises
    MoveRefused when the moment is in the future, when no version of the procedure is in force on
    that day, or when a year on the way to the due date has no calendar.
    """
    return begin(receipt.receive, intake, by=by, at=at, token=token)


def guide(
    intake: Intake,
    *,
    by: Staff | None,
    items: str,
    reason: str,
    contact_name: str = "",
    contact_phone: str = "",
    at: datetime | None = None,
    token: UUID | None = None,
) -> Dossier:
    """Papers are missing: nothing is received; form 02 says once and fully what to bring
    (NĐ 61/2018 Điều 17 khoản 1a). The dossier waits as a submission until they come."""
    told = {"items": items, "reason": reason}
    told |= {"contact_name": contact_name, "contact_phone": contact_phone}
    then = (verbs.ask_supplement, told)
    return begin(receipt.submit, intake, by=by, at=at, token=token, then=then, tells=False)


def turn_away(
    intake: Intake,
    *,
    by: Staff | None,
    reason: str,
    at: datetime | None = None,
    token: UUID | None = None,
) -> Dossier:
    """Refuse at the counter (form 03): the refusal is kept, nothing is received."""
    then = (receipt.decline, {"reason": reason})
    return begin(receipt.submit, intake, by=by, at=at, token=token, then=then, tells=False)


def submit(
    intake: Intake,
    attachments: Sequence[Attachment] = (),
    *,
    at: datetime | None = None,
    token: UUID | None = None,
) -> Dossier:
    """A citizen files online (mức độ 3): a submission with its scans, in no register until the
    desk accepts it. The attachments are those that wait without a dossier.

    The same token again returns the dossier of the first time.
    """
    return begin(receipt.submit, intake, by=None, at=at, token=token, attachments=attachments)


def preview_correction(dossier: Dossier, **new: Any) -> Due | None:
    """The due date that a correction would give, explained; None when the date stays.

    Writes nothing. Raises MoveRefused as `correct` would.
    """
    return corrections.preview(StoredFacts(dossier, by=None, at=None), **new)


def revertible(dossier: Dossier) -> Event | None:
    """The act that a revert would undo, or None when there is none left."""
    return corrections.revertible(standing_acts(dossier))


def undoable(dossier: Dossier, *, by: Staff | None) -> Event | None:
    """The act of the dossier that this person may undo without a leader; see `undoable_of`."""
    return undoable_of([dossier], by=by).get(dossier.pk)


def undoable_of(dossiers: Iterable[Dossier], *, by: Staff | None) -> dict[int, Event]:
    """The acts that this person may undo without a leader, by primary key of the dossier: of each
    the last one, his own, done a moment ago. None once a paper has been printed since or a notice
    went out: what is in somebody's hand is not undone in silence. A receipt is never undone, for
    its number is taken. A constant number of statements."""
    events = Event.objects.filter(dossier__in=[dossier.pk for dossier in dossiers]).order_by("pk")
    acts: dict[int, list[Event]] = defaultdict(list)
    for event in events.exclude(kind__in=Event.ACCESS):
        acts[event.dossier_id].append(event)
    last = {key: corrections.revertible(standing(rows)) for key, rows in acts.items()}
    own = {
        key: act
        for key, act in last.items()
        if act is not None and by is not None
        if act.actor_id == by.pk and may_be_recent(act)
    }
    if not own:
        return {}
    prints = dict(events.filter(kind=Event.Kind.PRINT).values_list("dossier_id", "pk"))
    sent = Notice.objects.filter(event__in=own.values()).exclude(state__in=NOT_SENT)
    told = set(sent.values_list("event_id", flat=True))
    return {
        key: act for key, act in own.items() if act.pk not in told and prints.get(key, 0) < act.pk
    }


def not_own() -> str:
    """Why nothing is there for a person to undo alone."""
    return NOT_OWN.format(minutes=OWN_UNDO // timedelta(minutes=1))


def may_be_recent(event: Event) -> bool:
    """Whether the act was entered so lately that its author may undo it."""
    return clock.now() - event.recorded_at <= OWN_UNDO


def undo_own(
    dossier: Dossier,
    *,
    by: Staff | None,
    token: UUID | None = None,
    seen: int | None = None,
    **_moment: Any,
) -> Event:
    """The person undoes what he has just done (see `undoable`): a `revert`, now, for a reason
    that is always the same. Raises MoveRefused."""
    refused = MoveRefused(not_own())
    with transaction.atomic():
        lock(dossier)
        known = done_before(token, by)
        last = None if known else undoable(dossier, by=by)
        if known is None and last is None:
            raise refused
        event = revert(dossier, by=by, token=token, seen=seen, reason=OWN_REASON)
        # A sender may have taken a notice after the look: now each is dropped, or was taken.
        if last is not None and last.notices.exclude(state=Notice.State.DROPPED).exists():
            raise refused
    return event


def untaken_transfer(dossier: Dossier) -> Transfer | None:
    """The hand-over that its receiver has not confirmed yet, if there is one."""
    return dossier.transfers.filter(
        ended_at__isnull=True, taken_at__isnull=True, is_void=False
    ).last()


def record_read(dossier: Dossier, *, by: Staff | None, paper: str = "") -> Event | None:
    """A person looked at the personal data of the dossier, on its page or, where it is named, on
    one of its papers; None is its citizen.

    Once in ten minutes for a person and a page: coming back after an act, or reloading, is
    the same look. None when the look is already recorded.
    """
    now = clock.now()
    lately = (now - ONE_LOOK, now + clock.TOLERANCE)
    looks = dossier.events.filter(kind=Event.Kind.READ, actor=by, recorded_at__range=lately)
    of_page = ~Q(details__has_key="paper")
    looks = looks.filter(Q(details__paper=paper) if paper else of_page)
    if looks.exists():
        return None
    return _record(dossier, Event.Kind.READ, by, {"paper": paper} if paper else {})


def add_note(
    dossier: Dossier,
    *,
    by: Staff | None,
    text: str,
    token: UUID | None = None,
    **_act: Any,
) -> Event:
    """A note for the officers who have the dossier, with its author and moment; no citizen sees
    it, and nobody changes it. The same token again returns the note of the first time."""
    with transaction.atomic():
        lock(dossier)
        known = done_before(token, by)
        if known is not None:
            return known
        return _record(dossier, Event.Kind.NOTE, by, {}, own_token(token, by), text.strip())


def record_print(
    dossier: Dossier,
    *,
    by: Staff,
    paper: str,
    names: dict[str, Any] | None = None,
    token: UUID | None = None,
) -> Event:
    """A paper of the dossier was printed; `details["copy"]` counts the printings of that paper.
    `names` that it bore are kept with the first of them, for every later one. The same token
    again is the same press of the same button: it returns the printing of the first time."""
    with transaction.atomic():
        lock(dossier)  # two presses at once take two numbers
        known = Event.objects.filter(token=token).first() if token else None
        if known is not None:
            return known
        printed = dossier.events.filter(kind=Event.Kind.PRINT, details__paper=paper)
        details: dict[str, Any] = {"paper": paper, "copy": printed.count() + 1}
        if names and not printed.filter(details__has_key="names").exists():
            details["names"] = names
        return _record(dossier, Event.Kind.PRINT, by, details, token)


def printed_before(token: UUID | None) -> Event | None:
    """The printing that this press of a button has recorded already."""
    if token is None:
        return None
    return Event.objects.filter(token=token, kind=Event.Kind.PRINT).first()


def _record(
    dossier: Dossier,
    kind: Event.Kind,
    by: Staff | None,
    details: dict[str, Any],
    token: UUID | None = None,
    note: str = "",
) -> Event:
    moment = clock.now()
    return Event.objects.create(
        dossier=dossier,
        kind=kind,
        actor=by,
        office=by.office if by else None,
        happened_at=moment,
        recorded_at=moment,
        details=details,
        token=token,
        note=note,
    )
