"""How a dossier begins, as pure functions (see `changes`): received at the counter or from an old
register, filed or taken down as a submission, and what the desk does with a submission."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from dossiers.lifecycle import due_dates, supplements
from dossiers.lifecycle.changes import Change, Facts, verb
from dossiers.lifecycle.submitted_papers import Paper, lines_of, replacement
from dossiers.models import Attachment, Deadline, Dossier, Event, SupplementRequest
from dossiers.rules import deadlines
from dossiers.rules.codes import code_key
from dossiers.rules.deadlines import Due, Limit, LimitUnit
from dossiers.rules.states import TAKES_FILES, MoveRefused, State, Verb
from motcua import clock
from motcua.models import Office, ReceptionPoint, Staff
from procedures.models import Procedure, ProcedureVersion


@dataclass(frozen=True)
class Intake:
    """What a clerk took down at the counter. Names are those of the dossier's fields.

    `office` solves it; `receiver` receives it, where that is another office.
    """

    office: Office
    procedure: Procedure
    applicant_name: str
    receiver: Office | None = None
    point: ReceptionPoint | None = None
    return_office: Office | None = None
    return_point: ReceptionPoint | None = None
    channel: str = Dossier.Channel.DIRECT
    applicant_kind: str = Dossier.ApplicantKind.PERSON
    applicant_id: str = ""
    applicant_id_kind: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    submitter_name: str = ""
    submitter_id: str = ""
    submitter_id_kind: str = ""
    submitter_phone: str = ""
    submitter_address: str = ""
    authority_paper: str = ""
    subject: str = ""
    concerns: str = ""
    sets: int = 1
    fee_vnd: int | None = None
    fee_paid: bool = False
    return_method: str = Dossier.ReturnMethod.DESK
    return_address: str = ""
    note: str = ""
    source: str = Dossier.Source.COUNTER
    papers: tuple[Paper, ...] = field(default=(), compare=False)


def draft(intake: Intake, *, by: Staff | None, token: UUID | None = None) -> Dossier:
    """The dossier of an intake before anything was done with it: without state, code, version
    and moments. It lies at the desk that it came to."""
    given = {f.name: getattr(intake, f.name) for f in fields(intake) if f.name != "papers"}
    receiver = intake.receiver or intake.office
    if intake.return_office == receiver:
        given["return_office"] = None
    dossier = Dossier(
        **(given | {"receiver": receiver}),
        sector_id=intake.procedure.sector_id,
        holder_office=receiver,
        created_by=by,
        request_token=token,
    )
    dossier.search_key = dossier.make_search_key()
    return dossier


@verb(Verb.ACCEPT, in_table=False)
def receive(
    facts: Facts, *, papers: Iterable[Paper] = (), code: str = "", due_at: datetime | None = None
) -> Change:
    """A dossier is received: its due date is reckoned and promised.

    `code` and `due_at` are those that an old register wrote; left out, the office issues a code
    and the date is reckoned.
    """
    dossier, reference = facts.dossier, facts.reference
    _must_exist(facts)
    version = reference.version(dossier.procedure, facts.on)
    if due_at is None:
        due, why = _due(facts, version), ""
    else:
        due = reference.due_as_written(dossier.receiver, facts.at, due_at)
        why = due_dates.WRITTEN_IN_REGISTER
    begun = {"state": State.RECEIVED.value, "code": code, "submitted_at": facts.at}
    return Change(
        begun | _received(facts, version, due),
        kind=Event.Kind.ACCEPT,
        opens=[_first_promise(facts, due, why)],
        papers=lines_of(papers),
        numbers=True,
    )


@verb(Verb.SUBMIT, in_table=False)
def submit(
    facts: Facts,
    *,
    papers: Iterable[Paper] = (),
    attachments: Sequence[Attachment] = (),
    tells: bool = True,
) -> Change:
    """A dossier waits to be received: filed online (mức độ 3) with scans that waited without a
    dossier, or taken down at the counter with papers missing. It is in no register."""
    _must_exist(facts)
    files = facts.waiting_files(attachments) if attachments else []
    version = facts.reference.version(facts.dossier.procedure, facts.on)
    if len(files) < len(attachments):
        raise MoveRefused("Có tệp đã gửi không còn ở đây nữa. Mời ông/bà chọn lại các tệp.")
    begun = {"state": State.SUBMITTED.value, "version": version}
    return Change(
        begun | {"submitted_at": facts.at, "held_since": facts.at},
        kind=Event.Kind.SUBMIT,
        papers=lines_of(papers),
        files=files,
        numbers=True,
        tells=tells,
    )


@verb(Verb.SUBMIT, in_table=False)
def attach(facts: Facts, *, attachments: Iterable[Attachment]) -> Change:
    """The citizen sends more scans, while the desk waits for papers."""
    dossier = facts.dossier
    if dossier.current_state not in TAKES_FILES:
        raise MoveRefused(
            f"Hồ sơ {dossier.state_words} nên không gửi thêm tệp được. Mời ông/bà liên hệ "
            "bộ phận một cửa."
        )
    files = facts.waiting_files(attachments)
    if not files:
        raise MoveRefused("Chưa có tệp nào được gửi.")
    return Change(kind=Event.Kind.ATTACH, details={"files": len(files)}, files=files)


@verb(Verb.ACCEPT)
def accept(
    facts: Facts, *, papers: Iterable[Paper] | None = None, came: Iterable[str] | None = None
) -> Change:
    """A submission becomes a received dossier: it gets its receipt code and its due date.

    `came`: the lines of what was asked for before that came; None where nobody says.
    """
    dossier, reference = facts.dossier, facts.reference
    version = reference.version(dossier.procedure, facts.on)
    due = _due(facts, version)
    replaced = replacement(facts.papers(), papers) if papers is not None else None
    details: dict[str, Any] = {"papers": replaced} if replaced is not None else {}
    asked = facts.open_rows(SupplementRequest)
    if came is not None and asked:
        details[supplements.BROUGHT] = supplements.brought_at_receipt(asked, came)
    submission = {"submission_code": dossier.code, "submission_key": code_key(dossier.code)}
    return Change(
        submission | _received(facts, version, due),
        details=details,
        opens=[_first_promise(facts, due)],
        closes=(SupplementRequest,),
        papers=replaced[1] if replaced is not None else None,
        numbers=True,
    )


@verb(Verb.DECLINE)
def decline(facts: Facts, *, reason: str) -> Change:
    """A submission is not received (form 03); the reason is told in writing."""
    if not reason.strip():
        raise MoveRefused("Từ chối tiếp nhận phải ghi rõ lý do.", "reason")
    return Change({"result_note": reason}, note=reason)


def _must_exist(facts: Facts) -> None:
    """An office receives nothing before its first day or after its last."""
    office = facts.dossier.office
    if not office.exists_on(facts.on):
        words = f"Ngày {facts.on:%d/%m/%Y} {office.name_in_small}"
        how = "không còn hoạt động" if office.ended_before(facts.on) else "chưa thành lập"
        raise MoveRefused(f"{words} {how} nên không tiếp nhận hồ sơ.", "received_at")


def _due(facts: Facts, version: ProcedureVersion) -> Due:
    dossier = facts.dossier
    return facts.reference.due(dossier.office, version, facts.at, desk=dossier.receiver)


def _received(facts: Facts, version: ProcedureVersion, due: Due) -> dict[str, Any]:
    return {
        "version": version,
        "received_at": facts.at,
        "received_on": facts.on,
        "held_since": facts.at,
        **due_fields(due),
        **_for_another(facts),
    }


def _for_another(facts: Facts) -> dict[str, Any]:
    """What was received for another office is there at once as an electronic file; the papers
    follow within a limit of their own."""
    dossier, reference = facts.dossier, facts.reference
    if not dossier.is_elsewhere:
        return {}
    limit = Limit(reference.paper_days(facts.on), LimitUnit.WORKING_DAY)
    calendar = reference.calendar(dossier.receiver)
    follows = deadlines.due(calendar, clock.naive_local(facts.at), limit)
    return {
        "holder_office_id": dossier.office_id,
        "paper_due_at": clock.aware(follows.due_at),
    }


def _first_promise(facts: Facts, due: Due, why: str = "") -> Deadline:
    return due_dates.promise(Deadline.Kind.RECEIPT, clock.aware(due.due_at), facts.on, why)


def due_fields(due: Due) -> dict[str, Any]:
    return {
        "effective_at": clock.aware(due.effective_at),
        "due_at": clock.aware(due.due_at),
        "due_on": due.due_at.date(),
    }
