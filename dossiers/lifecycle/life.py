"""A dossier that is not in the database yet, and what happens to it.

A `Life` takes the acts that `lifecycle` has verbs for, with the same names and arguments;
`bulk.write` puts many lives into the database at once, exactly as the verbs would have left
them, act by act. How often papers may be asked for is not checked: an old register tells what
happened, not what should have.
"""

from datetime import date, datetime
from typing import Any

from dossiers.lifecycle import due_dates, steps
from dossiers.lifecycle.acts import plain, refuse_future, snapshot
from dossiers.lifecycle.allowances import asks_late
from dossiers.lifecycle.desks import Desks
from dossiers.lifecycle.intake import Intake, due_fields, new_dossier
from dossiers.models import Deadline, Dossier, Event, Pause
from dossiers.rules.states import MoveRefused, State, Verb, target
from dossiers.rules.timeliness import classify
from motcua import clock
from motcua.models import Division, Office, Staff
from procedures.models import ProcedureStep
from procedures.workdays import NoCalendarData

Row = dict[str, Any]
"""A row to be, as plain values by column; `opened_by` and `closed_by` are places in `events`."""


class Life:
    """A dossier received at the counter, and what happened to it, in the order of the acts.

    `code` and `due_at` are given for a dossier of an old register; otherwise the code is issued
    when the life is written and the due date is reckoned. Acts raise MoveRefused like the verbs
    of `lifecycle`: when the table has no such move, when the moment lies before the last act or
    in the future.
    """

    def __init__(
        self,
        desks: Desks,
        intake: Intake,
        *,
        by: Staff | None,
        at: datetime,
        code: str = "",
        due_at: datetime | None = None,
    ) -> None:
        moment = refuse_future(clock.local(at), desks.now)
        version = desks.version(intake.procedure, moment.date())
        try:
            if due_at is None:
                due = desks.due(intake.office, version, moment)
            else:
                due = desks.due_as_written(intake.office, moment, due_at)
        except NoCalendarData as missing:
            raise MoveRefused(str(missing)) from missing
        self.desks = desks
        self.papers = intake.papers
        self.dossier = dossier = new_dossier(intake, version, moment, by, None)
        dossier.state = State.RECEIVED.value
        dossier.code = code
        dossier.received_at = moment
        dossier.received_on = moment.date()
        for name, value in due_fields(due).items():
            setattr(dossier, name, value)
        self.last_at = moment
        self.events: list[Row] = []
        self.deadlines: list[Row] = []
        self.pauses: list[Row] = []
        self.supplements: list[Row] = []
        self.transfers: list[Row] = []
        self._record(Event.Kind.ACCEPT, moment, by, None, changes=snapshot(dossier))
        self.events[0]["office_id"] = by.office_id if by else dossier.office_id
        self._promise(
            Deadline.Kind.RECEIPT, due_dates.WRITTEN_IN_REGISTER if due_at is not None else ""
        )

    def forward(
        self,
        *,
        by: Staff | None,
        at: datetime,
        division: Division | None = None,
        office: Office | None = None,
        step: ProcedureStep | None = None,
        due_at: datetime | None = None,
        note: str = "",
    ) -> None:
        dossier = self.dossier
        to = division.office if division else office or dossier.office
        to_division = division.pk if division else None
        giver = (dossier.holder_office_id, dossier.holder_division_id)
        if giver == (to.pk, to_division):
            raise MoveRefused("Hồ sơ đang ở chính nơi này.", "division")
        self._act(
            Verb.FORWARD,
            at,
            by,
            note=note,
            holder_office_id=to.pk,
            holder_division_id=to_division,
            held_since=self._moment(at),
        )
        self._close(self.transfers, "ended_at", ended_at=self.last_at)
        self._open(
            self.transfers,
            number=len(self.transfers) + 1,
            from_office_id=giver[0],
            from_division_id=giver[1],
            to_office_id=to.pk,
            to_division_id=to_division,
            sent_at=self.last_at,
            sent_by_id=by.pk if by else None,
            step_id=step.pk if step else None,
            due_at=due_at or (self._step_due(step, to) if step else None),
            note=note,
        )

    def _step_due(self, step: ProcedureStep, office: Office) -> datetime:
        return steps.step_due(step, office, self.last_at, self.desks.calendar(office))

    def take_over(self, *, by: Staff, at: datetime) -> None:
        """The receiver confirms the last hand-over, if it is open and not yet confirmed."""
        moment = self._moment(at)
        waiting = [t for t in self.transfers if not t.get("ended_at") and not t.get("taken_at")]
        if waiting:
            # The event names the row of the transfer, which gets its key when it is written.
            self._act(Verb.FORWARD, at, by, kind=Event.Kind.TAKE_OVER, details=waiting[-1])
            waiting[-1].update(taken_at=moment, taken_by_id=by.pk)

    def ask_supplement(
        self,
        *,
        by: Staff | None,
        at: datetime,
        items: str,
        reason: str,
        contact_name: str = "",
        contact_phone: str = "",
    ) -> None:
        moment = self._moment(at)
        try:
            late = asks_late(self.dossier, moment, self.desks.calendar(self.dossier.office))
        except NoCalendarData as missing:
            raise MoveRefused(str(missing)) from missing
        self._act(Verb.ASK_SUPPLEMENT, moment, by, note=reason, paused_on=moment.date())
        self._pause(Pause.Kind.SUPPLEMENT)
        self._open(
            self.supplements,
            number=len(self.supplements) + 1,
            items=items,
            reason=reason,
            contact_name=contact_name,
            contact_phone=contact_phone,
            asked_at=moment,
            asked_late=late,
            pause=len(self.pauses) - 1,
        )

    def receive_supplement(self, *, by: Staff | None, at: datetime, note: str = "") -> None:
        self._resume(Verb.RECEIVE_SUPPLEMENT, Deadline.Kind.SUPPLEMENT, at, by, note)
        self._close(self.supplements, "arrived_at", arrived_at=self.last_at)

    def ask_payment(self, *, by: Staff | None, at: datetime, note: str = "") -> None:
        stops = self.dossier.version.payment_stops_clock
        moment = self._moment(at)
        paused_on = moment.date() if stops else None
        self._act(Verb.ASK_PAYMENT, moment, by, note=note, paused_on=paused_on)
        if stops:
            self._pause(Pause.Kind.PAYMENT)

    def confirm_payment(self, *, by: Staff | None, at: datetime, note: str = "") -> None:
        self._resume(Verb.CONFIRM_PAYMENT, Deadline.Kind.PAYMENT, at, by, note)

    def resolve(
        self, *, by: Staff | None, at: datetime, outcome: str, result_note: str = ""
    ) -> None:
        self._end(Verb.RESOLVE, outcome, at, by, result_note)

    def withdraw(self, *, by: Staff | None, at: datetime, reason: str) -> None:
        self._end(Verb.WITHDRAW, Dossier.Outcome.WITHDRAWN, at, by, reason)

    def stop(self, *, by: Staff | None, at: datetime, reason: str) -> None:
        self._end(Verb.STOP, Dossier.Outcome.STOPPED, at, by, reason)

    def hand_over(
        self,
        *,
        by: Staff | None,
        at: datetime,
        collector_name: str,
        collector_paper: str = "",
        method: str = "desk",
    ) -> None:
        moment = self._moment(at)
        self._act(
            Verb.HAND_OVER,
            moment,
            by,
            handed_over_at=moment,
            handed_over_on=moment.date(),
            collector_name=collector_name.strip(),
            collector_paper=collector_paper.strip(),
            handed_over_by=method,
        )

    def _end(self, verb: Verb, outcome: str, at: datetime, by: Staff | None, note: str) -> None:
        dossier = self.dossier
        moment = self._moment(at)
        timed_on = dossier.paused_on or moment.date()
        self._act(
            verb,
            at,
            by,
            note=note,
            resolved_at=moment,
            resolved_on=moment.date(),
            timed_on=timed_on,
            timeliness=classify(timed_on, dossier.due_on).value,
            days_spent=self._days_spent(timed_on),
            outcome=str(outcome),
            result_note=note,
            paused_on=None,
            holder_office_id=dossier.office_id,
            holder_division_id=None,
            held_since=moment,
        )
        self._close(self.pauses, "until_at", until_at=moment, until_on=moment.date())
        self._close(self.transfers, "ended_at", ended_at=moment)

    def _days_spent(self, timed_on: date) -> int | None:
        dossier = self.dossier
        pauses = tuple((pause["from_on"], pause.get("until_on")) for pause in self.pauses)
        return self.desks.days_spent(dossier.office, dossier.effective_at, timed_on, pauses)

    def _resume(
        self, verb: Verb, kind: Deadline.Kind, at: datetime, by: Staff | None, note: str
    ) -> None:
        dossier = self.dossier
        working = State.PROCESSING if self.transfers else State.RECEIVED
        pause = next((p for p in self.pauses if not p.get("until_at")), None)
        if pause is None:
            self._act(verb, at, by, to=working, note=note)
            return
        moment = self._moment(at)
        waited = Pause(kind=pause["kind"], from_at=pause["from_at"])
        try:
            calendar = self.desks.calendar(dossier.office)
            due = due_dates.due_after_pause(dossier, waited, moment, calendar)
        except NoCalendarData as missing:
            raise MoveRefused(str(missing)) from missing
        due_at = clock.aware(due.due_at)
        self._act(
            verb,
            at,
            by,
            to=working,
            note=note,
            details={"due_at": plain(due_at)},
            paused_on=None,
            due_at=due_at,
            due_on=due.due_at.date(),
            due_since=moment.date(),
        )
        self._close(self.pauses, "until_at", until_at=moment, until_on=moment.date())
        self._close(self.deadlines, "until_on", until_on=moment.date())
        self._promise(kind)

    def _moment(self, at: datetime) -> datetime:
        moment = refuse_future(clock.local(at), self.desks.now)
        if moment < self.last_at:
            raise MoveRefused(
                f"Thời điểm {moment:%H:%M %d/%m/%Y} sớm hơn việc trước đó của hồ sơ.", "at"
            )
        return moment

    def _act(
        self,
        verb: Verb,
        at: datetime,
        by: Staff | None,
        *,
        to: State | None = None,
        kind: Event.Kind | None = None,
        note: str = "",
        details: Row | None = None,
        **fields: Any,
    ) -> None:
        dossier = self.dossier
        moment = self._moment(at)
        before = State(dossier.state)
        # Whether a hand-over can be confirmed does not depend on the state.
        if kind is None:
            fields["state"] = (target(before, verb) or to or before).value
        changes = {}
        for name, new in fields.items():
            old = getattr(dossier, name)
            if old != new:
                changes[name] = [plain(old), plain(new)]
                setattr(dossier, name, new)
        dossier.revision += 1
        self.last_at = moment
        self._record(
            kind or Event.Kind(verb.value), moment, by, before, changes, note=note, details=details
        )

    def _record(
        self,
        kind: Event.Kind,
        at: datetime,
        by: Staff | None,
        before: State | None,
        changes: Row,
        *,
        note: str = "",
        details: Row | None = None,
    ) -> None:
        self.events.append(
            {
                "kind": kind.value,
                "actor_id": by.pk if by else None,
                "office_id": by.office_id if by else None,
                "happened_at": at,
                "from_state": before.value if before is not None else None,
                "to_state": int(self.dossier.state),
                "note": note,
                "changes": changes,
                "details": details if details is not None else {},
            }
        )

    def _pause(self, kind: Pause.Kind) -> None:
        self._open(self.pauses, kind=kind.value, from_at=self.last_at, from_on=self.last_at.date())

    def _promise(self, kind: Deadline.Kind, why: str = "") -> None:
        self._open(
            self.deadlines,
            kind=kind.value,
            due_at=self.dossier.due_at,
            due_on=self.dossier.due_on,
            from_on=self.last_at.date(),
            why=why,
        )

    def _open(self, rows: list[Row], **fields: Any) -> None:
        """A row that the last act opens; acts are named by their place until they are written."""
        rows.append({**fields, "opened_by": len(self.events) - 1})

    def _close(self, rows: list[Row], mark: str, **fields: Any) -> None:
        for row in rows:
            if row.get(mark) is None:
                row.update(fields, closed_by=len(self.events) - 1)
