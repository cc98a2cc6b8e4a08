"""The writer of one dossier: what a verb answers is carried out in one transaction, as one event,
safe to repeat.

The facts that a verb asks for are read from the database, under the lock of the dossier.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import wraps
from typing import Any, overload
from uuid import UUID

from django.db import IntegrityError, models, transaction

from dossiers.lifecycle import notices, observers, submitted_papers
from dossiers.lifecycle.changes import (
    KINDS,
    OPEN,
    Change,
    Facts,
    Row,
    Rule,
    apply,
    closing,
    last_dated,
    lay,
    snapshot,
    standing,
)
from dossiers.lifecycle.codes import issue_receipt_code, issue_submission_code, next_book_number
from dossiers.lifecycle.desks import ReferenceData
from dossiers.lifecycle.intake import Intake, draft
from dossiers.lifecycle.submitted_papers import Line
from dossiers.models import Attachment, Dossier, Event, Transfer
from dossiers.models.event import ActRow
from dossiers.rules.codes import code_key
from dossiers.rules.states import MoveRefused, StalePage
from motcua import clock
from motcua.models import Office, Staff
from motcua.web.sent_twice import own_token

OTHER_FORM = "Trang này thuộc một việc khác đã làm xong. Mời mở lại hồ sơ rồi làm lại."


class StoredFacts(Facts):
    """The facts of a dossier of the database, each read when it is first asked for.

    `begun_with` is the one event of a dossier that this transaction has begun as a submission:
    there is nothing else to read. `transfers` are its hand-overs, where many dossiers' were read
    together.
    """

    def __init__(
        self,
        dossier: Dossier,
        *,
        by: Staff | None,
        at: datetime | None,
        begun_with: Event | None = None,
        late_reason: str | None = None,
        transfers: list[Transfer] | None = None,
    ) -> None:
        super().__init__(dossier, ReferenceData(), by=by, at=at, late_reason=late_reason)
        is_known = begun_with is not None or dossier.pk is None
        self._rows: dict[type[ActRow], list[Any]] = {kind: [] for kind in KINDS if is_known}
        if transfers is not None:
            self._rows[Transfer] = transfers
        self._acts: list[Event] | None = [begun_with] if begun_with else [] if is_known else None

    def rows(self, kind: type[Row]) -> Sequence[Row]:
        if kind not in self._rows:
            rows = kind._default_manager.filter(dossier=self.dossier).select_related("closed_by")
            self._rows[kind] = list(rows)
        return self._rows[kind]

    def acts(self) -> Sequence[Event]:
        if self._acts is None:
            self._acts = standing_acts(self.dossier)
        return self._acts

    def papers(self) -> list[Line]:
        return submitted_papers.known_lines(self.dossier)

    def waiting_files(self, attachments: Iterable[Attachment]) -> list[int]:
        """Locked: nobody else takes them, nor throws them away, before this act is done."""
        keys = [attachment.pk for attachment in attachments]
        waiting = Attachment.objects.select_for_update().filter(pk__in=keys, dossier__isnull=True)
        return list(waiting.order_by("pk").values_list("pk", flat=True))


@overload
def act(rule: Rule[Change]) -> Callable[..., Event]: ...


@overload
def act(rule: Rule[Change | None]) -> Callable[..., Event | None]: ...


def act(rule: Rule[Any]) -> Callable[..., Event | None]:
    """The verb as it is done to a dossier: locked, checked, atomic, and safe to repeat.

    It takes the dossier and, by keyword: `by` (who acts; None for the system), `at` (when it
    happened; now by default), `token` (of the form that was sent: the same token of the same
    person again returns the event of the first time), `seen` (the revision that the person's
    page showed) and `late_reason` (see `Facts`). It returns the event, or None where nothing was
    left to do, and raises MoveRefused with a sentence, or StalePage.
    """

    @wraps(rule.decide)
    def run(
        dossier: Dossier,
        *,
        by: Staff | None,
        at: datetime | None = None,
        token: UUID | None = None,
        seen: int | None = None,
        late_reason: str | None = None,
        **arguments: Any,
    ) -> Event | None:
        with transaction.atomic():
            locked = lock(dossier)
            event = done_before(token, by)
            if event is None:
                if seen is not None and seen != locked.revision:
                    raise StalePage(what_changed(locked))
                facts = StoredFacts(locked, by=by, at=at, late_reason=late_reason)
                change = rule(facts, **arguments)
                if change is not None:
                    event = write(facts, change, own_token(token, by))
            elif event.dossier_id != locked.pk:
                raise StalePage(OTHER_FORM)
        dossier.refresh_from_db()
        return event

    return run


def begin(
    rule: Rule[Change],
    intake: Intake,
    *,
    by: Staff | None,
    at: datetime | None,
    token: UUID | None,
    then: tuple[Rule[Change], dict[str, Any]] | None = None,
    **arguments: Any,
) -> Dossier:
    """A new dossier, begun by this verb; `then` is another verb, with its arguments, that is done
    to it at once.

    The same token of the same person again returns the dossier of the first time; two at the
    same moment make one. The unique token decides, not a look beforehand: the common case is the
    first click.
    """
    try:
        with transaction.atomic():
            dossier = draft(intake, by=by, token=own_token(token, by))
            facts = StoredFacts(dossier, by=by, at=at)
            change = rule(facts, papers=intake.papers, **arguments)
            event = _write_first(facts, change)
            if then is not None:
                facts = StoredFacts(dossier, by=by, at=facts.at, begun_with=event)
                write(facts, then[0](facts, **then[1]))
            return dossier
    except (IntegrityError, MoveRefused):
        known = begun_before(token, by)
        if known is None:
            raise
        return known


def begun_before(token: UUID | None, by: Staff | None) -> Dossier | None:
    """The dossier that this person's form of this token has begun already."""
    own = own_token(token, by)
    return Dossier.objects.filter(request_token=own).first() if own else None


def write(facts: StoredFacts, change: Change, token: UUID | None = None) -> Event:
    """Carry the change out on the locked dossier: fields, event, rows, notices, and those who
    follow the dossiers."""
    dossier = facts.dossier
    before = dict(vars(dossier))
    if change.numbers:
        change.fields |= _numbers(facts, is_receipt=True)
    changes = apply(change, dossier)
    dossier.search_key = dossier.make_search_key()
    afterwards = observers.changing(dossier, before)
    dossier.save()
    office = facts.by.office if facts.by else None
    event = _record(facts, change, changes, office, before["state"], token)
    if change.papers is not None:
        submitted_papers.lay(dossier, change.papers)
    _write_rows(facts, change, event)
    for settle in afterwards:
        settle()
    return event


def _write_first(facts: StoredFacts, change: Change) -> Event:
    """A new dossier, with the change by which it begins."""
    dossier = facts.dossier
    is_receipt = change.kind == Event.Kind.ACCEPT
    lay(dossier, change.fields | _numbers(facts, is_receipt=is_receipt))
    dossier.save(force_insert=True)
    submitted_papers.lay(dossier, change.papers or [], is_new=True)
    office = facts.by.office if facts.by else dossier.receiver
    event = _record(facts, change, snapshot(dossier), office)
    _write_rows(facts, change, event)
    if is_receipt:
        observers.begun(dossier)
    return event


def _record(
    facts: StoredFacts,
    change: Change,
    changes: dict[str, list[Any]],
    office: Office | None,
    from_state: int | None = None,
    token: UUID | None = None,
) -> Event:
    taken = {"transfer": change.takes.pk} if change.takes is not None else {}
    return Event.objects.create(
        dossier=facts.dossier,
        kind=change.event_kind,
        actor=facts.by,
        office=office,
        happened_at=facts.at,
        recorded_at=facts.recorded_at,
        from_state=from_state,
        to_state=facts.dossier.state,
        note=change.note,
        changes=changes,
        details=change.details | taken,
        token=token,
    )


def _write_rows(facts: StoredFacts, change: Change, event: Event) -> None:
    dossier = facts.dossier
    if change.undoes is not None:
        _undo(change.undoes)
    if change.files:
        Attachment.objects.filter(pk__in=change.files).update(dossier=dossier)
    for kind in change.closes:
        of_dossier: dict[str, Any] = {"dossier": dossier, **OPEN[kind]}
        rows = kind._default_manager.filter(**of_dossier)
        rows.update(closed_by=event, **closing(kind, facts.at))
    for row in change.opens:
        row.dossier, row.opened_by = dossier, event
        row.save(force_insert=True)
    if change.takes is not None:
        _take(change.takes.pk, facts.at, facts.by)
    if change.tells:
        notices.queue(event)


def _undo(undone: Event) -> None:
    """What the act opened is void, what it closed is open again, and nobody is told of it."""
    for kind in KINDS:
        kind._default_manager.filter(opened_by=undone).update(is_void=True)
        if ends := closing(kind, None):
            kind._default_manager.filter(closed_by=undone).update(closed_by=None, **ends)
    if undone.kind == Event.Kind.TAKE_OVER:
        _take(undone.details["transfer"], None, None)
    notices.drop(undone)


def _take(transfer: int, at: datetime | None, by: Staff | None) -> None:
    Transfer.objects.filter(pk=transfer).update(taken_at=at, taken_by=by)


def _numbers(facts: StoredFacts, *, is_receipt: bool) -> dict[str, Any]:
    """The code that the receiver issues, and the number of a receipt in its book."""
    office = facts.dossier.receiver
    if not is_receipt:
        code = _free_code(office, facts.on, issue_submission_code)
        return {"code": code, "code_key": code_key(code)}
    code = _free_code(office, facts.on, issue_receipt_code)
    number = next_book_number(office, facts.on)
    return {"code": code, "code_key": code_key(code), "book_number": number}


def _free_code(office: Office, day: date, issue: Callable[[Office, date], str]) -> str:
    """The next code that no dossier has: an old register, or another office before, may have
    brought one that fits the office's identity only since an administrator gave it another."""
    code = issue(office, day)
    while Dossier.objects.by_code(code).exists():
        code = issue(office, day)
    return code


def done_before(token: UUID | None, by: Staff | None) -> Event | None:
    """The act that this person's form of this token has done already."""
    if token is None:
        return None
    events = Event.objects.select_related("dossier")
    return events.filter(token=own_token(token, by)).first()


def lock(dossier: Dossier) -> Dossier:
    """The dossier as it is now, locked until the transaction ends."""
    return (
        Dossier.objects.select_for_update(of=("self",))
        .select_related("office", "receiver", "return_office", "version", "procedure")
        .get(pk=dossier.pk)
    )


def acts_of(dossier: Dossier) -> models.QuerySet[Event]:
    """The events that are acts, in the order in which they were recorded."""
    return dossier.events.exclude(kind__in=Event.ACCESS).order_by("pk")


def standing_acts(dossier: Dossier) -> list[Event]:
    """The acts that have not been undone, in the order in which they were recorded."""
    return standing(acts_of(dossier))


def last_dated_act(dossier: Dossier) -> Event | None:
    """The act before which none may lie now. One dated in the future, by a clock that ran ahead,
    keeps nobody from acting."""
    return last_dated(standing_acts(dossier), clock.now())


def what_changed(dossier: Dossier) -> str:
    """A sentence for somebody whose page is older than the last act."""
    last = acts_of(dossier).select_related("actor").last()
    if last is None:
        return "Hồ sơ đã thay đổi từ lúc ông/bà mở trang. Hãy xem lại rồi làm tiếp."
    who = last.actor.display_name if last.actor else "hệ thống"
    moment = clock.local(last.recorded_at)
    return (
        f"Hồ sơ đã thay đổi từ lúc ông/bà mở trang: {who} đã {last.get_kind_display()} "
        f"lúc {moment:%H:%M %d/%m/%Y}. Việc của ông/bà chưa được ghi; hãy xem lại rồi làm tiếp."
    )
