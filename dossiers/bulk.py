"""Whole lives written at once: for the demonstration, and for the register from before.

A `Life` is a dossier that is not in the database yet. It takes the acts that `lifecycle` has
verbs for, with the same names and arguments, and `write` puts many lives into the database in
few statements: exactly the rows that the verbs would have left, act by act. A test does both
and compares.

Two things differ. No notice is queued, since what is long past is told to nobody; and how often
papers may be asked for is not checked, since an old register tells what happened.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models, transaction

from dossiers import deadlines, promises
from dossiers.acts import plain, refuse_future, snapshot
from dossiers.codes import SERIAL_DIGITS, code_key, identity_code
from dossiers.deadlines import Due
from dossiers.lifecycle import _asked_late
from dossiers.models import (
    Deadline,
    Dossier,
    Event,
    Pause,
    SubmittedPaper,
    SupplementRequest,
    Transfer,
)
from dossiers.receipt import Intake, _due_fields, _new
from dossiers.states import MoveRefused, State, Verb, target
from dossiers.timeliness import classify
from motcua import clock
from motcua.models import Division, Office, Staff
from procedures.calendar import calendar_for
from procedures.models import Procedure, ProcedureVersion
from procedures.workdays import NoCalendarData, WorkingCalendar

BATCH = 2000

Row = dict[str, Any]
T = TypeVar("T")


class Desks:
    """What the lives of one run share: calendars and versions, read once."""

    def __init__(self) -> None:
        self.now = clock.now()
        self._calendars: dict[int, WorkingCalendar] = {}
        self._versions: dict[tuple[int, date], ProcedureVersion | None] = {}
        self._dues: dict[tuple[int, int, datetime], Due] = {}
        self._only = {
            versions[0].procedure_id: versions[0]
            for versions in _grouped(
                ProcedureVersion.objects.select_related("procedure"), lambda v: v.procedure_id
            ).values()
            if len(versions) == 1
            and versions[0].in_force_from is None
            and versions[0].in_force_to is None
        }

    def calendar(self, office: Office) -> WorkingCalendar:
        if office.pk not in self._calendars:
            self._calendars[office.pk] = calendar_for(office)
        return self._calendars[office.pk]

    def version(self, procedure: Procedure, day: date) -> ProcedureVersion:
        """The version in force on the day. Raises MoveRefused when there is none."""
        if procedure.pk in self._only:
            return self._only[procedure.pk]
        if (procedure.pk, day) not in self._versions:
            self._versions[procedure.pk, day] = procedure.version_on(day)
        version = self._versions[procedure.pk, day]
        if version is None:
            raise MoveRefused(
                f"Thủ tục này không có phiên bản áp dụng ngày {day:%d/%m/%Y}.", "procedure"
            )
        return version

    def due(self, office: Office, version: ProcedureVersion, received_at: datetime) -> Due:
        """When a dossier received at this moment is due.

        Raises NoCalendarData when a year on the way has no calendar.
        """
        key = (office.pk, version.pk, received_at)
        if key not in self._dues:
            if len(self._dues) > 100_000:
                self._dues.clear()
            self._dues[key] = deadlines.due(
                self.calendar(office),
                clock.naive_local(received_at),
                promises.limit_of(version),
            )
        return self._dues[key]

    def due_as_written(self, office: Office, received_at: datetime, due_at: datetime) -> Due:
        """A due date copied from an old register; the calendar of its year may be unknown."""
        received = clock.naive_local(received_at)
        try:
            effective = deadlines.effective_receipt(self.calendar(office), received)
        except NoCalendarData:
            effective = received
        return Due(received, effective, clock.naive_local(due_at), days=())


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
        moment = clock.local(at)
        refuse_future(moment, desks.now)
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
        self.dossier = dossier = _new(intake, version, moment, by, None)
        dossier.state = State.RECEIVED
        dossier.code = code
        dossier.received_at = moment
        dossier.received_on = moment.date()
        for name, value in _due_fields(due).items():
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
            Deadline.Kind.RECEIPT, promises.WRITTEN_IN_REGISTER if due_at is not None else ""
        )

    def forward(
        self,
        *,
        by: Staff | None,
        at: datetime,
        division: Division | None = None,
        office: Office | None = None,
        due_at: datetime | None = None,
        note: str = "",
    ) -> None:
        dossier = self.dossier
        to_office = division.office_id if division else office.pk if office else dossier.office_id
        to_division = division.pk if division else None
        giver = (dossier.holder_office_id, dossier.holder_division_id)
        if giver == (to_office, to_division):
            raise MoveRefused("Hồ sơ đang ở chính nơi này.", "division")
        self._act(
            Verb.FORWARD,
            at,
            by,
            note=note,
            holder_office_id=to_office,
            holder_division_id=to_division,
            held_since=clock.local(at),
        )
        self._close(self.transfers, "ended_at", ended_at=at)
        self._open(
            self.transfers,
            number=len(self.transfers) + 1,
            from_office_id=giver[0],
            from_division_id=giver[1],
            to_office_id=to_office,
            to_division_id=to_division,
            sent_at=at,
            sent_by_id=by.pk if by else None,
            due_at=due_at,
            note=note,
        )

    def take_over(self, *, by: Staff, at: datetime) -> None:
        """The receiver confirms the last hand-over, if it is open and not yet confirmed."""
        waiting = [t for t in self.transfers if not t.get("ended_at") and not t.get("taken_at")]
        if waiting:
            # The event names the row of the transfer, which gets its key when it is written.
            self._act(Verb.FORWARD, at, by, kind=Event.Kind.TAKE_OVER, details=waiting[-1])
            waiting[-1].update(taken_at=at, taken_by_id=by.pk)

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
        day = clock.local(at).date()
        self._act(Verb.ASK_SUPPLEMENT, at, by, note=reason, paused_on=day)
        self._open(self.pauses, kind=Pause.Kind.SUPPLEMENT, from_at=at, from_on=day)
        self._open(
            self.supplements,
            number=len(self.supplements) + 1,
            items=items,
            reason=reason,
            contact_name=contact_name,
            contact_phone=contact_phone,
            asked_at=at,
            asked_late=_asked_late(self.dossier, at),
            pause=len(self.pauses) - 1,
        )

    def receive_supplement(self, *, by: Staff | None, at: datetime, note: str = "") -> None:
        self._resume(Verb.RECEIVE_SUPPLEMENT, Deadline.Kind.SUPPLEMENT, at, by, note)
        self._close(self.supplements, "arrived_at", arrived_at=at)

    def ask_payment(self, *, by: Staff | None, at: datetime, note: str = "") -> None:
        stops = self.dossier.version.payment_stops_clock
        day = clock.local(at).date()
        self._act(Verb.ASK_PAYMENT, at, by, note=note, paused_on=day if stops else None)
        if stops:
            self._open(self.pauses, kind=Pause.Kind.PAYMENT, from_at=at, from_on=day)

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
        self._act(
            Verb.HAND_OVER,
            at,
            by,
            handed_over_at=clock.local(at),
            handed_over_on=clock.local(at).date(),
            collector_name=collector_name.strip(),
            collector_paper=collector_paper.strip(),
            handed_over_by=method,
        )

    def _end(self, verb: Verb, outcome: str, at: datetime, by: Staff | None, note: str) -> None:
        dossier = self.dossier
        moment = clock.local(at)
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
            outcome=str(outcome),
            result_note=note,
            paused_on=None,
            holder_office_id=dossier.office_id,
            holder_division_id=None,
            held_since=moment,
        )
        self._close(self.pauses, "until_at", until_at=moment, until_on=moment.date())
        self._close(self.transfers, "ended_at", ended_at=moment)

    def _resume(
        self, verb: Verb, kind: Deadline.Kind, at: datetime, by: Staff | None, note: str
    ) -> None:
        dossier = self.dossier
        working = State.PROCESSING if self.transfers else State.RECEIVED
        pause = next((p for p in self.pauses if not p.get("until_at")), None)
        if pause is None:
            self._act(verb, at, by, to=working, note=note)
            return
        moment = clock.local(at)
        waited = Pause(kind=pause["kind"], from_at=pause["from_at"])
        due = promises.due_after_pause(dossier, waited, moment)
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
        moment = clock.local(at)
        refuse_future(moment, self.desks.now)
        if moment < self.last_at:
            raise MoveRefused(
                f"Thời điểm {moment:%H:%M %d/%m/%Y} sớm hơn việc trước đó của hồ sơ.", "at"
            )
        before = State(dossier.state)
        if kind is None:
            fields["state"] = target(before, verb) or to or before
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


@transaction.atomic
def write(
    lives: Iterable[Life],
    *,
    recorded_at: datetime | None = None,
    progress: Callable[[int], object] | None = None,
) -> int:
    """Put the lives into the database, all or nothing, and return how many.

    Codes and book numbers are issued in order of receipt, after those already issued and those
    given. `recorded_at` is when the acts were typed in; left out, each when it happened.
    `progress` is told how many more are written. Raises IntegrityError when a given code is
    taken.
    """
    ordered = sorted(lives, key=lambda life: life.dossier.received_at or life.last_at)
    _issue_numbers(ordered)
    remaining = iter(ordered)
    while batch := list(islice(remaining, BATCH)):
        _write_batch(batch, recorded_at)
        if progress is not None:
            progress(len(batch))
    return len(ordered)


def _write_batch(lives: list[Life], recorded_at: datetime | None) -> None:
    Dossier.objects.bulk_create([life.dossier for life in lives])
    SubmittedPaper.objects.bulk_create(
        SubmittedPaper(
            dossier_id=life.dossier.pk,
            required=paper.required,
            position=position,
            name=paper.name,
            kind=paper.kind,
            copies=paper.copies,
        )
        for life in lives
        for position, paper in enumerate(life.papers, start=1)
    )
    transfers = [(life, row) for life in lives for row in life.transfers]
    for (_, row), key in zip(transfers, _keys(Transfer, len(transfers)), strict=True):
        row["id"] = key
    events = [_events_of(life, recorded_at) for life in lives]
    Event.objects.bulk_create(event for of_life in events for event in of_life)

    def rows(name: str) -> Iterator[Row]:
        for life, acts in zip(lives, events, strict=True):
            for row in getattr(life, name):
                closed_by = row.get("closed_by")
                yield {
                    **row,
                    "dossier_id": life.dossier.pk,
                    "opened_by": acts[row["opened_by"]],
                    "closed_by": acts[closed_by] if closed_by is not None else None,
                }

    Transfer.objects.bulk_create(Transfer(**row) for row in rows("transfers"))
    Deadline.objects.bulk_create(Deadline(**row) for row in rows("deadlines"))
    pauses = Pause.objects.bulk_create(Pause(**row) for row in rows("pauses"))
    of_dossier = _grouped(pauses, lambda pause: pause.dossier_id)
    SupplementRequest.objects.bulk_create(
        SupplementRequest(**{**row, "pause": of_dossier[row["dossier_id"]][row["pause"]]})
        for row in rows("supplements")
    )


def _events_of(life: Life, recorded_at: datetime | None) -> list[Event]:
    return [
        Event(
            dossier_id=life.dossier.pk,
            recorded_at=recorded_at or row["happened_at"],
            **row
            if row["kind"] != Event.Kind.TAKE_OVER
            else {**row, "details": {"transfer": row["details"]["id"]}},
        )
        for row in life.events
    ]


def _issue_numbers(lives: list[Life]) -> None:
    days = _grouped(lives, lambda life: (life.dossier.office_id, life.dossier.received_on))
    for (_, day), of_day in days.items():
        office = of_day[0].dossier.office
        series = f"{day:%y%m%d}"
        prefix = f"{identity_code(office)}-{series}-"
        waiting = [life for life in of_day if not life.dossier.code]
        given = [_serial(life.dossier.code, prefix) for life in of_day if life.dossier.code]
        first = _take_serials(office, series, len(waiting), above=max(given, default=0))
        for serial, life in enumerate(waiting, start=first):
            life.dossier.code = f"{prefix}{serial:0{SERIAL_DIGITS}d}"
        for life in of_day:
            life.dossier.code_key = code_key(life.dossier.code)
            life.events[0]["changes"]["code"] = [None, life.dossier.code]
    years = _grouped(lives, lambda life: (life.dossier.office_id, life.dossier.received_on.year))
    for (_, year), of_year in years.items():
        first = _take_serials(of_year[0].dossier.office, f"book-{year}", len(of_year))
        for number, life in enumerate(of_year, start=first):
            life.dossier.book_number = number


def _serial(code: str, prefix: str) -> int:
    """The serial of a given code of the office's own pattern and this day; otherwise 0."""
    tail = code.removeprefix(prefix)
    return int(tail) if tail != code and tail.isdecimal() else 0


def _take_serials(office: Office, series: str, count: int, above: int = 0) -> int:
    """Take `count` numbers of the series at once, all greater than `above`; the first of them.

    One statement, as in `codes.next_serial`, so that no clerk gets the same at that moment.
    """
    if not count and not above:
        return 1
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dossiers_serialcounter (office_id, series, last) VALUES (%s, %s, %s)"
            " ON CONFLICT (office_id, series) DO UPDATE SET last ="
            " CASE WHEN dossiers_serialcounter.last < %s THEN %s"
            " ELSE dossiers_serialcounter.last END + %s RETURNING last",
            [office.pk, series, above + count, above, above, count],
        )
        return int(cursor.fetchone()[0]) - count + 1


def _keys(model: type[models.Model], count: int) -> list[int]:
    """Primary keys for that many rows, known before the rows are written."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, count],
            )
            return [key for (key,) in cursor.fetchall()]
        # A write transaction of SQLite is alone, so nobody else takes the next key.
        last = model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0
        return list(range(last + 1, last + 1 + count))


def _grouped(items: Iterable[T], key: Callable[[T], Any]) -> dict[Any, list[T]]:
    found: dict[Any, list[T]] = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return found
