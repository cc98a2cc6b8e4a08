"""Putting right: what was entered wrongly is corrected, the last act is undone; nothing is
deleted, old and new stay readable. Part of `lifecycle`, which re-exports these verbs."""

from collections.abc import Iterable
from copy import copy
from datetime import date, datetime
from typing import Any

from dossiers.lifecycle import due_dates, notices, submitted_papers
from dossiers.lifecycle.acts import Act, dated_acts, plain, standing_acts, verb
from dossiers.lifecycle.intake import due_fields
from dossiers.lifecycle.submitted_papers import Paper
from dossiers.models import (
    Apology,
    Deadline,
    Dossier,
    Event,
    Pause,
    SupplementRequest,
    Transfer,
)
from dossiers.rules import deadlines
from dossiers.rules.deadlines import Due
from dossiers.rules.states import MoveRefused, Verb
from dossiers.rules.timeliness import classify
from motcua import clock
from procedures.calendar import calendar_for
from procedures.models import Procedure, ProcedureVersion
from procedures.workdays import NoCalendarData

# The receipt cannot be undone: its slip is in the citizen's hand. Nor can a refusal of it.
_LASTING = (Event.Kind.ACCEPT, Event.Kind.SUBMIT, Event.Kind.DECLINE)


@verb(Verb.CORRECT)
def correct(act: Act, *, reason: str, papers: Iterable[Paper] | None = None, **new: Any) -> Event:
    """Put right what was entered wrongly; old and new values stay readable in the event.

    A new procedure or moment of receipt reckons the due date anew and, where the dossier has
    ended, its class; another day of receipt chooses version and regime anew. What was taken down
    at the receipt, papers and fee, stays unless it is corrected too: `papers`, if given, is the
    whole list of what came with the dossier. The receipt code never changes.
    """
    dossier = act.dossier
    if not reason.strip():
        raise MoveRefused("Hãy ghi lý do sửa.", "reason")
    changed, due = _changed(dossier, new, act.at)
    replaced = submitted_papers.replacement(dossier, papers) if papers is not None else None
    if not changed and replaced is None:
        raise MoveRefused("Chưa có thông tin nào thay đổi.")
    details = {}
    if replaced is not None:
        details["papers"] = replaced
        submitted_papers.lay(dossier, replaced[1])
    if due is not None:
        changed |= {**due_fields(due), "due_since": act.on}
        details[due_dates.FIRST_DUE] = plain(due_dates.first_anew(dossier))
    changed |= _class_anew(dossier, changed)
    event = act.finish(note=reason, details=details, corrected=changed)
    if due is not None:
        due_dates.next_promise(
            dossier, Deadline.Kind.CORRECTION, clock.aware(due.due_at), event, reason
        )
    return event


def _class_anew(dossier: Dossier, changed: dict[str, Any]) -> dict[str, Any]:
    """The class of an ended dossier and the days it took, where its time runs otherwise."""
    if dossier.timed_on is None or "effective_at" not in changed:
        return {}
    due_on = changed.get("due_on", dossier.due_on)
    return {
        "timeliness": classify(dossier.timed_on, due_on).value,
        "days_spent": due_dates.days_spent(dossier, dossier.timed_on, changed["effective_at"]),
    }


def preview_correction(dossier: Dossier, **new: Any) -> Due | None:
    """The due date that a correction would give, explained; None when the date stays.

    Writes nothing. Raises MoveRefused as `correct` would.
    """
    try:
        return _changed(copy(dossier), new, clock.now())[1]
    except NoCalendarData as missing:
        raise MoveRefused(str(missing)) from missing


@verb(Verb.REVERT, in_table=False)
def revert(act: Act, *, reason: str) -> Event:
    """Undo the last act: the dossier goes back to what it was, the act stays in the timeline."""
    if not reason.strip():
        raise MoveRefused("Hãy ghi lý do hoàn tác.", "reason")
    last = revertible(act.dossier)
    if last is None:
        raise MoveRefused("Không còn việc nào hoàn tác được; việc tiếp nhận không hoàn tác.")
    fields = {
        name: act.dossier._meta.get_field(name).to_python(old)
        for name, (old, _new) in last.changes.items()
    }
    if "timed_on" in fields:
        # The event of an end from before this was kept does not name it.
        fields["days_spent"] = None
    event = act.finish(
        kind=Event.Kind.REVERT, note=reason, details={"reverts": last.pk}, corrected=fields
    )
    for rows in (Deadline, Pause, SupplementRequest, Apology, Transfer):
        rows.objects.filter(opened_by=last).update(is_void=True)
    Deadline.objects.filter(closed_by=last).update(until_on=None, closed_by=None)
    Pause.objects.filter(closed_by=last).update(until_at=None, until_on=None, closed_by=None)
    SupplementRequest.objects.filter(closed_by=last).update(arrived_at=None, closed_by=None)
    Transfer.objects.filter(closed_by=last).update(ended_at=None, closed_by=None)
    if last.kind == Event.Kind.TAKE_OVER:
        Transfer.objects.filter(pk=last.details["transfer"]).update(taken_at=None, taken_by=None)
    if "papers" in last.details:
        submitted_papers.lay(act.dossier, last.details["papers"][0])
    notices.drop(last)
    return event


def revertible(dossier: Dossier) -> Event | None:
    """The act that a revert would undo, or None when there is none left."""
    last = last_standing_act(dossier)
    return None if last is None or last.kind in _LASTING else last


def last_standing_act(dossier: Dossier) -> Event | None:
    """The last act that has not been undone, nor is an undoing. Files that a citizen sent change
    nothing else and stay: what was done before them can still be undone."""
    return next(reversed(standing_acts(dossier)), None)


def _changed(
    dossier: Dossier, new: dict[str, Any], at: datetime
) -> tuple[dict[str, Any], Due | None]:
    """What differs, laid on the dossier, and the due date where it is reckoned anew by a correction
    done at this moment."""
    changed = {name: value for name, value in new.items() if getattr(dossier, name) != value}
    reckons = bool({"procedure", "received_at"} & set(changed)) and dossier.is_accepted
    if "received_at" in changed:
        changed |= _other_receipt(dossier, changed["received_at"], at)
    day = changed.get("received_on") or dossier.received_on
    if "procedure" in changed:
        procedure = changed["procedure"]
        changed |= {"version": _version(dossier, procedure, day, "procedure")}
        changed |= {"sector": procedure.sector}
    elif day != dossier.received_on:
        changed |= {"version": _version(dossier, dossier.procedure, day, "received_at")}
    for name, value in changed.items():
        setattr(dossier, name, value)
    if reckons and "procedure" not in changed and due_dates.was_written(dossier):
        # The old register's own date stays; only the day from which it runs is another.
        received = clock.naive_local(dossier.received_at)
        effective = deadlines.effective_receipt(calendar_for(dossier.office), received)
        return changed | {"effective_at": clock.aware(effective)}, None
    return changed, due_dates.reckon_anew(dossier) if reckons else None


def _version(
    dossier: Dossier, procedure: Procedure, day: date | None, field: str
) -> ProcedureVersion:
    """The procedure's version of the day of receipt, or of the submission; where there is none,
    `field` is at fault."""
    day = day or clock.local(dossier.submitted_at).date()
    version = procedure.version_on(day)
    if version is None:
        raise MoveRefused(f"Thủ tục này không có phiên bản áp dụng ngày {day:%d/%m/%Y}.", field)
    return version


def _other_receipt(dossier: Dossier, received_at: datetime, at: datetime) -> dict[str, Any]:
    now = clock.now()
    if received_at > now:
        raise MoveRefused("Thời điểm tiếp nhận chưa tới.", "received_at")
    if received_at > at:
        raise MoveRefused(
            f"Thời điểm tiếp nhận không được sau lúc sửa ({clock.local(at):%H:%M %d/%m/%Y}).",
            "received_at",
        )
    # A clock that ran ahead when it was submitted keeps nobody from putting the receipt right.
    ahead = dossier.submitted_at > now
    if dossier.submission_code and not ahead and received_at < dossier.submitted_at:
        raise MoveRefused(
            "Thời điểm tiếp nhận không được trước lúc nộp "
            f"({clock.local(dossier.submitted_at):%H:%M %d/%m/%Y}).",
            "received_at",
        )
    acts = dated_acts(dossier)
    kinds = [act.kind for act in acts]
    after = acts[kinds.index(Event.Kind.ACCEPT) + 1 :] if Event.Kind.ACCEPT in kinds else []
    after = [act for act in after if act.happened_at <= now]
    second = min(after, key=lambda act: act.happened_at, default=None)
    if second is not None and received_at > second.happened_at:
        moment = clock.local(second.happened_at)
        raise MoveRefused(
            "Thời điểm tiếp nhận không được sau việc tiếp theo của hồ sơ "
            f"({second.get_kind_display()} lúc {moment:%H:%M %d/%m/%Y}).",
            "received_at",
        )
    local = clock.local(received_at)
    return {"received_at": local, "received_on": local.date()} | (
        {"submitted_at": local} if ahead else {}
    )
