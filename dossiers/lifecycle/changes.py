"""What a verb reads and what it answers: the facts of one dossier, and the change that follows.

A verb is a pure function of `Facts` and its own arguments: it writes nothing. It answers with a
`Change` or raises MoveRefused with a sentence. Two writers carry changes out: `acts`, one dossier
under lock in one transaction, and `bulk`, many that are not in the database yet.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from dossiers.lifecycle.desks import ReferenceData
from dossiers.lifecycle.submitted_papers import Line
from dossiers.models import (
    Apology,
    Attachment,
    Deadline,
    Dossier,
    Event,
    Pause,
    SupplementRequest,
    Transfer,
)
from dossiers.models.event import ActRow
from dossiers.rules.entered_later import NOT_ASKED, Difference
from dossiers.rules.states import MoveRefused, State, Verb, target
from motcua import clock
from motcua.models import Staff
from procedures.workdays import NoCalendarData, WorkingCalendar

Row = TypeVar("Row", bound=ActRow)

KINDS: tuple[type[ActRow], ...] = (Transfer, Deadline, Pause, SupplementRequest, Apology)
"""The kinds of rows that an act opens."""
OPEN: dict[type[ActRow], dict[str, Any]] = {
    Transfer: {"is_void": False, "ended_at": None},
    Deadline: {"is_void": False, "until_on": None, "counts": True},
    Pause: {"is_void": False, "until_at": None, "until_on": None},
    SupplementRequest: {"is_void": False, "arrived_at": None},
}
"""The values of an open row; those that are None are filled with the moment or the day of the act
that closes it. An apology is never closed, nor is the date that it names."""

# What the first event of a dossier keeps, so that its timeline can be replayed from nothing.
FIRST_FIELDS = (
    "state",
    "code",
    "procedure_id",
    "version_id",
    "sector_id",
    "received_at",
    "received_on",
    "effective_at",
    "due_at",
    "due_on",
    "holder_office_id",
    "holder_division_id",
    "held_since",
)


class Facts(ABC):
    """What a verb may read: the dossier, its rows and acts, who acts and when.

    `at` is local; `recorded_at` is now. `records_past`: an old register tells what happened, not
    what should have, nor all that a counter writes down. It alone may ask for papers more often
    than the regime allows, name nobody who collected a result, and give no reason for a refusal.
    `late_reason`: why the act is entered later than it happened, as its form asks; empty where
    nothing was given, None where nobody asks: an old register, the demonstration.
    """

    def __init__(
        self,
        dossier: Dossier,
        reference: ReferenceData,
        *,
        by: Staff | None,
        at: datetime | None,
        records_past: bool = False,
        late_reason: str | None = None,
    ) -> None:
        self.dossier = dossier
        self.reference = reference
        self.by = by
        self.recorded_at = reference.now
        self.at = clock.local(at) if at is not None else self.recorded_at
        self.records_past = records_past
        self.late_reason = None if records_past else late_reason

    @abstractmethod
    def rows(self, kind: type[Row]) -> Sequence[Row]:
        """The dossier's rows of this kind in their order, void ones too."""

    @abstractmethod
    def acts(self) -> Sequence[Event]:
        """The acts that have not been undone (see `standing`)."""

    @abstractmethod
    def papers(self) -> list[Line]:
        """The papers that came with the dossier."""

    @abstractmethod
    def waiting_files(self, attachments: Iterable[Attachment]) -> list[int]:
        """The primary keys of those of the files that no dossier has taken yet."""

    @property
    def on(self) -> date:
        """The local date of the act."""
        return self.at.date()

    @property
    def typed_on(self) -> date:
        """The local date on which it is entered."""
        return clock.local(self.recorded_at).date()

    def standing(self, kind: type[Row]) -> list[Row]:
        """The rows of this kind whose act has not been undone."""
        return [row for row in self.rows(kind) if not row.is_void]

    def open_rows(self, kind: type[Row]) -> list[Row]:
        return [row for row in self.rows(kind) if is_open(row)]

    def calendar(self) -> WorkingCalendar:
        """That of the office which solves the dossier."""
        return self.reference.calendar(self.dossier.office)

    def check_moment(self) -> None:
        """Refuse a moment in the future, before the receipt, or before the last act with a
        moment of its own. One dated in the future, by a clock that ran ahead, keeps nobody from
        acting."""
        self.at = refuse_future(self.at, self.recorded_at)
        later = self.later_act()
        if later is not None:
            moment = clock.local(later.happened_at)
            raise MoveRefused(
                f"Thời điểm {self.at:%H:%M %d/%m/%Y} sớm hơn việc trước đó "
                f"({later.get_kind_display()} lúc {moment:%H:%M %d/%m/%Y}).",
                "at",
            )

    def later_act(self) -> Event | None:
        """The last act with a moment of its own, if this one would come before it."""
        last = last_dated(self.acts(), self.recorded_at)
        return last if last is not None and self.at < last.happened_at else None


@dataclass
class Change:
    """What a verb does to a dossier: its fields, the rows that open and close, one event."""

    fields: dict[str, Any] = field(default_factory=dict)
    to: State | None = None
    """Where the state goes, where the table of moves leaves it open."""
    kind: Event.Kind | None = None
    """Of the event, where it is not the verb's; then the state stays, unless `fields` name it."""
    note: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    opens: Sequence[ActRow] = ()
    """New rows without dossier, event and key; one may point to another before it."""
    closes: tuple[type[ActRow], ...] = ()
    """The kinds of rows of which all that are open are closed."""
    takes: Transfer | None = None
    """The hand-over that its receiver confirms."""
    undoes: Event | None = None
    papers: list[Line] | None = None
    """The papers that came with the dossier, in the place of those known so far."""
    files: Sequence[int] = ()
    """Files that waited for a dossier and are this one's now, by primary key."""
    numbers: bool = False
    """Whether the office issues a code: of a receipt, with a number in its book, or, where the
    dossier is not received, of a submission."""
    tells: bool = True
    """Whether the applicant is told, where a template says so."""
    later: Difference | None = None
    """How the dossier stands otherwise because the act is entered later than it happened."""

    @property
    def event_kind(self) -> Event.Kind:
        """Of the event. ValueError for a change that no `Rule` has answered with."""
        if self.kind is None:
            raise ValueError("The kind of the event is open until the rule has named it.")
        return self.kind


Answer = TypeVar("Answer", bound=Change | None, covariant=True)


@dataclass(frozen=True)
class Rule(Generic[Answer]):
    """A verb: whether it may be done, and what follows."""

    verb: Verb
    decide: Callable[..., Answer]
    in_table: bool

    def __call__(self, facts: Facts, **arguments: Any) -> Answer:
        """The change; None where nothing is left to do. Raises MoveRefused."""
        dossier = facts.dossier
        after = target(dossier.current_state, self.verb) if self.in_table else None
        facts.check_moment()
        try:
            change = self.decide(facts, **arguments)
        except NoCalendarData as missing:
            raise MoveRefused(str(missing)) from missing
        if change is not None and change.kind is None:
            change.kind = Event.Kind(self.verb.value)
            change.fields["state"] = int(after or change.to or dossier.state)
        if change is not None and facts.late_reason is not None:
            if change.later is not None:
                _mark(change, change.later, facts)
            elif reason := facts.late_reason.strip():
                change.details[NOT_ASKED] = reason
        return change


def _mark(change: Change, later: Difference, facts: Facts) -> None:
    """The event keeps how the dossier stands otherwise, and why it was entered only now; what a
    correction or an undoing says for itself is the reason of its lateness too."""
    asks = change.kind not in (Event.Kind.CORRECT, Event.Kind.REVERT)
    reason = (facts.late_reason or "").strip() if asks else change.note
    if not reason:
        raise MoveRefused(later.question(facts.on, facts.typed_on), "late_reason")
    change.details |= later.kept(reason)


def verb(name: Verb, *, in_table: bool = True) -> Callable[[Callable[..., Answer]], Rule[Answer]]:
    """Make a function of facts into a verb; what it needs, beside the facts, comes by keyword.

    `in_table=False`: whether the verb may be done does not depend on the state alone.
    """
    return lambda decide: Rule(name, decide, in_table)


def apply(change: Change, dossier: Dossier) -> dict[str, list[Any]]:
    """Give the dossier the fields of the change; what differs, as its event keeps it."""
    places = _places()
    names = [name for _, name in sorted(places[field] for field in change.fields)]
    before = [getattr(dossier, name) for name in names]
    lay(dossier, change.fields)
    dossier.revision += 1
    now = [getattr(dossier, name) for name in names]
    changed = zip(names, before, now, strict=True)
    return {name: [plain(old), plain(new)] for name, old, new in changed if old != new}


def lay(dossier: Dossier, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(dossier, name, value)


@cache
def _places() -> dict[str, tuple[int, str]]:
    """Field or attribute of a dossier -> its place among the fields, and the attribute."""
    fields = list(enumerate(Dossier._meta.fields))
    return {
        name: (place, each.attname) for place, each in fields for name in (each.name, each.attname)
    }


def is_open(row: ActRow) -> bool:
    """Whether the row waits for the act that closes it."""
    return all(getattr(row, name) == value for name, value in OPEN[type(row)].items())


def closing(kind: type[ActRow], at: datetime | None) -> dict[str, Any]:
    """What closes an open row of this kind at this moment; without one, what opens it again."""
    day = at.date() if at is not None else None
    ends = [name for name, value in OPEN.get(kind, {}).items() if value is None]
    return {name: day if name.endswith("_on") else at for name in ends}


def standing(acts: Iterable[Event]) -> list[Event]:
    """The acts, of these in their order, that have not been undone; without the undoings, and
    without files that a citizen sent and telephone calls, which change nothing else."""
    acts = [act for act in acts if act.kind not in (Event.Kind.ATTACH, Event.Kind.CALL)]
    undone = {act.details["reverts"] for act in acts if act.kind == Event.Kind.REVERT}
    return [act for act in acts if act.kind != Event.Kind.REVERT and act.pk not in undone]


def last_dated(acts: Sequence[Event], now: datetime) -> Event | None:
    """The act of these before which none may lie now."""
    return next((act for act in reversed(acts) if act.is_dated and act.happened_at <= now), None)


def refuse_future(at: datetime, now: datetime) -> datetime:
    """The moment, and `now` for one that is ahead by no more than clocks differ.

    Were it kept as it is, the next act would come before it. Raises MoveRefused when it is
    farther ahead.
    """
    if at > now + clock.TOLERANCE:
        raise MoveRefused(
            f"Thời điểm {clock.local(at):%H:%M %d/%m/%Y} chưa tới. Hãy nhập lại giờ, ngày.", "at"
        )
    return min(at, now)


def plain(value: Any) -> Any:
    """A field's value as JSON keeps it."""
    if isinstance(value, datetime):
        return clock.local(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value


def snapshot(dossier: Dossier) -> dict[str, list[Any]]:
    """The changes of a dossier's first event: from nothing to what it begins with."""
    return {name: [None, plain(getattr(dossier, name))] for name in FIRST_FIELDS}
