"""Putting right, as pure functions (see `changes`): what was entered wrongly is corrected, the last
act is undone; nothing is deleted, old and new stay readable."""

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date, datetime
from typing import Any

from django.db import models

from dossiers.lifecycle import due_dates
from dossiers.lifecycle.changes import Change, Facts, lay, plain, verb
from dossiers.lifecycle.intake import due_fields
from dossiers.lifecycle.submitted_papers import Paper, replacement
from dossiers.models import Deadline, Dossier, Event, Pause
from dossiers.rules import deadlines, entered_later
from dossiers.rules.deadlines import Due
from dossiers.rules.entered_later import Times
from dossiers.rules.states import MoveRefused, Verb
from dossiers.rules.timeliness import classify
from motcua import clock
from procedures.workdays import NoCalendarData

# The receipt cannot be undone: its slip is in the citizen's hand. Nor can a refusal of it, nor
# what another office did before a merger or an assignment.
_LASTING = (
    *(Event.Kind.ACCEPT, Event.Kind.SUBMIT, Event.Kind.DECLINE),
    *(Event.Kind.MERGE, Event.Kind.ASSIGN),
)


@verb(Verb.CORRECT)
def correct(
    facts: Facts,
    *,
    reason: str,
    papers: Iterable[Paper] | None = None,
    paid_by: str = "",
    **new: Any,
) -> Change:
    """Put right what was entered wrongly; old and new values stay readable in the event.

    A new procedure or moment of receipt reckons the due date anew and, where the dossier has
    ended, its class; another day of receipt chooses version and regime anew. What was taken down
    at the receipt, papers and fee, stays unless it is corrected too: `papers`, if given, is the
    whole list of what came with the dossier; `paid_by` says how a fee was taken
    (`Dossier.PaidBy`). The receipt code never changes.
    """
    if not reason.strip():
        raise MoveRefused("Hãy ghi lý do sửa.", "reason")
    changed, due, corrected = _changed(facts, new)
    replaced = replacement(facts.papers(), papers) if papers is not None else None
    if not changed and replaced is None:
        raise MoveRefused("Chưa có thông tin nào thay đổi.")
    change = Change(changed, note=reason, details={"paid_by": paid_by} if paid_by else {})
    if replaced is not None:
        change.details["papers"] = replaced
        change.papers = replaced[1]
    if due is not None:
        changed |= {**due_fields(due), "due_since": facts.on}
        first = due_dates.first_anew(corrected, facts.calendar())
        change.details[due_dates.FIRST_DUE] = plain(first)
        due_at = clock.aware(due.due_at)
        change.opens = [due_dates.promise(Deadline.Kind.CORRECTION, due_at, facts.on, reason)]
        change.closes = (Deadline,)
    changed |= _class_anew(facts, changed)
    if "due_on" in changed:
        before = _times(facts.dossier, {})
        after = _times(facts.dossier, changed)
        change.later = entered_later.of_correction(facts.typed_on, before, after)
    return change


def preview(facts: Facts, **new: Any) -> Due | None:
    """The due date that a correction would give, explained; None when the date stays.

    Raises MoveRefused as `correct` would.
    """
    try:
        return _changed(facts, new)[1]
    except NoCalendarData as missing:
        raise MoveRefused(str(missing)) from missing


def _class_anew(facts: Facts, changed: dict[str, Any]) -> dict[str, Any]:
    """The class of an ended dossier and the days it took, where its time runs otherwise."""
    timed_on = facts.dossier.timed_on
    if timed_on is None or "effective_at" not in changed:
        return {}
    due_on, began = changed.get("due_on", facts.dossier.due_on), changed["effective_at"]
    pauses = facts.standing(Pause)
    return {
        "timeliness": classify(timed_on, due_on).value,
        "days_spent": due_dates.days_spent(facts.calendar(), began, timed_on, pauses),
    }


@verb(Verb.REVERT, in_table=False)
def revert(facts: Facts, *, reason: str) -> Change:
    """Undo the last act: the dossier goes back to what it was, the act stays in the timeline."""
    if not reason.strip():
        raise MoveRefused("Hãy ghi lý do hoàn tác.", "reason")
    last = revertible(facts.acts())
    if last is None:
        raise MoveRefused("Không còn việc nào hoàn tác được; việc tiếp nhận không hoàn tác.")
    fields = as_before(last)
    if "timed_on" in fields:
        # The event of an end from before this was kept does not name it.
        fields["days_spent"] = None
    return Change(
        fields,
        kind=Event.Kind.REVERT,
        note=reason,
        details={"reverts": last.pk},
        undoes=last,
        papers=last.details["papers"][0] if "papers" in last.details else None,
        later=entered_later.of_undoing(
            facts.typed_on, _times(facts.dossier, {}), _times(facts.dossier, fields)
        ),
    )


def _times(dossier: Dossier, changed: dict[str, Any]) -> Times:
    """What the time of the dossier hangs on once these fields have changed."""
    names = ("due_on", "timed_on", "paused_on")
    return Times(*(changed.get(name, getattr(dossier, name)) for name in names))


def as_before(event: Event) -> dict[str, Any]:
    """The fields that the act changed, as it found them."""
    return {name: _as_field_value(name, old) for name, (old, _new) in event.changes.items()}


def _as_field_value(name: str, kept: Any) -> Any:
    """What an event keeps as JSON, as the dossier's field of this name holds it."""
    field = Dossier._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} is no column of a dossier.")
    return field.to_python(kept)


def revertible(acts: Sequence[Event]) -> Event | None:
    """Of the acts that stand, the one that a revert would undo; None when there is none left."""
    last = acts[-1] if acts else None
    return None if last is None or last.kind in _LASTING else last


def _changed(facts: Facts, new: dict[str, Any]) -> tuple[dict[str, Any], Due | None, Dossier]:
    """What differs, the due date where it is reckoned anew, and the dossier as it would be."""
    known, reference, dossier = facts.dossier, facts.reference, copy(facts.dossier)
    changed = {name: value for name, value in new.items() if getattr(known, name) != value}
    reckons = bool({"procedure", "received_at"} & set(changed)) and known.is_accepted
    if "received_at" in changed:
        changed |= _other_receipt(facts, changed["received_at"])
    day: date | None = changed.get("received_on") or known.received_on
    if "procedure" in changed:
        procedure = changed["procedure"]
        of_receipt = day or clock.local(known.submitted_at).date()
        changed |= {"version": reference.version(procedure, of_receipt)}
        changed |= {"sector": procedure.sector}
    elif day is not None and day != known.received_on:
        changed |= {"version": reference.version(known.procedure, day, "received_at")}
    lay(dossier, changed)
    if not reckons:
        return changed, None, dossier
    if "procedure" not in changed and due_dates.was_written(facts.rows(Deadline)):
        # The old register's own date stays; only the day from which it runs is another.
        received = clock.naive_local(dossier.received_at or dossier.submitted_at)
        effective = deadlines.effective_receipt(reference.calendar(dossier.receiver), received)
        return changed | {"effective_at": clock.aware(effective)}, None, dossier
    due = due_dates.reckon_anew(dossier, facts.rows(Pause), facts.calendar())
    return changed, due, dossier


def _other_receipt(facts: Facts, received_at: datetime) -> dict[str, Any]:
    dossier, at, now = facts.dossier, facts.at, facts.recorded_at
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
    acts = [act for act in facts.acts() if act.is_dated]
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
