"""How a dossier begins: received at the counter, guided (form 02), turned away (form 03), filed
online, or accepted from a submission. Part of `lifecycle`, which re-exports these verbs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from dossiers.lifecycle import due_dates, notices, observers, submitted_papers
from dossiers.lifecycle.acts import Act, refuse_future, snapshot, verb
from dossiers.lifecycle.codes import issue_receipt_code, issue_submission_code, next_book_number
from dossiers.lifecycle.submitted_papers import Paper
from dossiers.models import Attachment, Dossier, Event, SupplementRequest
from dossiers.rules.codes import code_key
from dossiers.rules.deadlines import Due
from dossiers.rules.states import TAKES_FILES, MoveRefused, State, Verb
from motcua import clock
from motcua.models import Office, Staff
from motcua.web.sent_twice import own_token
from procedures.models import Procedure, ProcedureVersion
from procedures.workdays import NoCalendarData


@dataclass(frozen=True)
class Intake:
    """What a clerk took down at the counter. Names are those of the dossier's fields."""

    office: Office
    procedure: Procedure
    applicant_name: str
    channel: str = Dossier.Channel.DIRECT
    applicant_kind: str = Dossier.ApplicantKind.PERSON
    applicant_id: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    submitter_name: str = ""
    submitter_id: str = ""
    submitter_phone: str = ""
    submitter_address: str = ""
    authority_paper: str = ""
    subject: str = ""
    sets: int = 1
    fee_vnd: int | None = None
    fee_paid: bool = False
    return_method: str = Dossier.ReturnMethod.DESK
    return_address: str = ""
    note: str = ""
    source: str = Dossier.Source.COUNTER
    papers: tuple[Paper, ...] = field(default=(), compare=False)


def register(
    intake: Intake, *, by: Staff | None, at: datetime | None = None, token: UUID | None = None
) -> Dossier:
    """Receive a dossier at the counter: code, book number, due date, event, all or nothing.

    The same token of the same person again returns the dossier of the first time. Raises
    MoveRefused when the moment is in the future, when no version of the procedure is in force on
    that day, or when a year on the way to the due date has no calendar.
    """
    return _once(token, by, lambda own: _register(intake, by, at, own))


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

    def begin(own: UUID | None) -> Dossier:
        dossier = _submission(intake, by, at, own)
        event = Act(dossier, Verb.ASK_SUPPLEMENT, by=by, at=dossier.submitted_at).finish(
            note=reason
        )
        SupplementRequest.objects.create(
            dossier=dossier,
            number=1,
            items=items,
            reason=reason,
            contact_name=contact_name,
            contact_phone=contact_phone,
            asked_at=dossier.submitted_at,
            before_acceptance=True,
            opened_by=event,
        )
        notices.queue(event)
        return dossier

    return _once(token, by, begin)


def turn_away(
    intake: Intake,
    *,
    by: Staff | None,
    reason: str,
    at: datetime | None = None,
    token: UUID | None = None,
) -> Dossier:
    """Refuse at the counter (form 03): the refusal is kept, nothing is received."""

    def begin(own: UUID | None) -> Dossier:
        dossier = _submission(intake, by, at, own)
        decline(dossier, by=by, at=dossier.submitted_at, reason=reason)
        return dossier

    return _once(token, by, begin)


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

    def begin(own: UUID | None) -> Dossier:
        dossier = _submission(intake, None, at, own)
        if _lay_in(dossier, attachments) < len(attachments):
            raise MoveRefused("Có tệp đã gửi không còn ở đây nữa. Mời ông/bà chọn lại các tệp.")
        notices.queue(dossier.events.get(kind=Event.Kind.SUBMIT))
        return dossier

    return _once(token, None, begin)


@verb(Verb.SUBMIT, in_table=False)
def attach(act: Act, *, attachments: Iterable[Attachment]) -> Event:
    """The citizen sends more scans, while the desk waits for papers."""
    dossier = act.dossier
    if dossier.current_state not in TAKES_FILES:
        raise MoveRefused(
            f"Hồ sơ {dossier.state_words} nên không gửi thêm tệp được. Mời ông/bà liên hệ "
            "bộ phận một cửa."
        )
    count = _lay_in(dossier, attachments)
    if not count:
        raise MoveRefused("Chưa có tệp nào được gửi.")
    return act.finish(kind=Event.Kind.ATTACH, details={"files": count})


@verb(Verb.ACCEPT)
def accept(act: Act, *, papers: tuple[Paper, ...] | None = None) -> Event:
    """A submission becomes a received dossier: it gets its receipt code and its due date."""
    dossier = act.dossier
    version, due = _promise(dossier.office, dossier.procedure, act.at)
    submission_code = dossier.code
    code = _free_code(dossier.office, act.on)
    replaced = submitted_papers.replacement(dossier, papers) if papers is not None else None
    event = act.finish(
        details={"papers": replaced} if replaced is not None else None,
        code=code,
        code_key=code_key(code),
        submission_code=submission_code,
        submission_key=code_key(submission_code),
        version_id=version.pk,
        book_number=next_book_number(dossier.office, act.on),
        received_at=act.at,
        received_on=act.on,
        held_since=act.at,
        **due_fields(due),
    )
    due_dates.first_promise(dossier, due, event)
    if replaced is not None:
        submitted_papers.lay(dossier, replaced[1])
    dossier.supplements.filter(before_acceptance=True, arrived_at__isnull=True).update(
        arrived_at=act.at, closed_by=event
    )
    return event


@verb(Verb.DECLINE)
def decline(act: Act, *, reason: str) -> Event:
    """A submission is not received (form 03); the reason is told in writing."""
    if not reason.strip():
        raise MoveRefused("Từ chối tiếp nhận phải ghi rõ lý do.", "reason")
    return act.finish(note=reason, result_note=reason)


def _lay_in(dossier: Dossier, attachments: Iterable[Attachment]) -> int:
    """Give the waiting files to the dossier; those of another dossier stay where they are."""
    keys = [attachment.pk for attachment in attachments]
    waiting = Attachment.objects.filter(pk__in=keys, dossier__isnull=True)
    return waiting.update(dossier=dossier)


def begun_before(token: UUID | None, by: Staff | None) -> Dossier | None:
    """The dossier that this person's form of this token has begun already."""
    own = own_token(token, by)
    return Dossier.objects.filter(request_token=own).first() if own else None


def _once(token: UUID | None, by: Staff | None, begin: Callable[[UUID | None], Dossier]) -> Dossier:
    """Begin a dossier unless this form already did; two at the same moment make one.

    The unique token decides, not a look beforehand: the common case is the first click.
    """
    try:
        with transaction.atomic():
            return begin(own_token(token, by))
    except (IntegrityError, MoveRefused):
        known = begun_before(token, by)
        if known is None:
            raise
        return known


def _register(intake: Intake, by: Staff | None, at: datetime | None, token: UUID | None) -> Dossier:
    now = clock.now()
    moment = refuse_future(clock.local(at) if at is not None else now, now)
    version, due = _promise(intake.office, intake.procedure, moment)
    code = _free_code(intake.office, moment.date())
    dossier = new_dossier(intake, version, moment, by, token)
    dossier.state = State.RECEIVED
    dossier.code = code
    dossier.code_key = code_key(code)
    dossier.received_at = moment
    dossier.received_on = moment.date()
    dossier.book_number = next_book_number(intake.office, moment.date())
    for name, value in due_fields(due).items():
        setattr(dossier, name, value)
    dossier.save(force_insert=True)
    submitted_papers.keep(dossier, intake.papers)
    event = _first_event(dossier, Event.Kind.ACCEPT, by, moment, now)
    due_dates.first_promise(dossier, due, event)
    notices.queue(event)
    observers.begun(dossier)
    return dossier


def _free_code(
    office: Office, day: date, issue: Callable[[Office, date], str] = issue_receipt_code
) -> str:
    """The next code that no dossier has: an old register, or another office before, may have
    brought one that fits the office's identity only since an administrator gave it another."""
    code = issue(office, day)
    while Dossier.objects.by_code(code).exists():
        code = issue(office, day)
    return code


def _submission(
    intake: Intake, by: Staff | None, at: datetime | None, token: UUID | None
) -> Dossier:
    now = clock.now()
    moment = refuse_future(clock.local(at) if at is not None else now, now)
    version = _version(intake.procedure, moment)
    dossier = new_dossier(intake, version, moment, by, token)
    dossier.state = State.SUBMITTED
    dossier.code = _free_code(intake.office, moment.date(), issue_submission_code)
    dossier.code_key = code_key(dossier.code)
    dossier.save(force_insert=True)
    submitted_papers.keep(dossier, intake.papers)
    _first_event(dossier, Event.Kind.SUBMIT, by, moment, now)
    return dossier


def new_dossier(
    intake: Intake,
    version: ProcedureVersion,
    moment: datetime,
    by: Staff | None,
    token: UUID | None,
) -> Dossier:
    given = {f.name: getattr(intake, f.name) for f in fields(intake) if f.name != "papers"}
    dossier = Dossier(
        **given,
        version=version,
        sector_id=intake.procedure.sector_id,
        submitted_at=moment,
        holder_office=intake.office,
        held_since=moment,
        created_by=by,
        request_token=token,
    )
    dossier.search_key = dossier.make_search_key()
    return dossier


def _first_event(
    dossier: Dossier, kind: Event.Kind, by: Staff | None, at: datetime, recorded_at: datetime
) -> Event:
    return Event.objects.create(
        dossier=dossier,
        kind=kind,
        actor=by,
        office=by.office if by else dossier.office,
        happened_at=at,
        recorded_at=recorded_at,
        to_state=dossier.state,
        changes=snapshot(dossier),
    )


def _promise(
    office: Office, procedure: Procedure, moment: datetime
) -> tuple[ProcedureVersion, Due]:
    version = _version(procedure, moment)
    try:
        return version, due_dates.reckon(office, version, moment)
    except NoCalendarData as missing:
        raise MoveRefused(str(missing)) from missing


def _version(procedure: Procedure, moment: datetime) -> ProcedureVersion:
    version = procedure.version_on(moment.date())
    if version is None:
        raise MoveRefused(
            f"Thủ tục này không có phiên bản áp dụng ngày {moment:%d/%m/%Y}.", "procedure"
        )
    return version


def due_fields(due: Due) -> dict[str, object]:
    return {
        "effective_at": clock.aware(due.effective_at),
        "due_at": clock.aware(due.due_at),
        "due_on": due.due_at.date(),
    }
