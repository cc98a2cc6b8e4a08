"""A dossier that is not in the database yet, and what happened to it, until `bulk` writes it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from dossiers.lifecycle import intake as receipt
from dossiers.lifecycle.changes import (
    KINDS,
    Change,
    Facts,
    Row,
    Rule,
    apply,
    closing,
    is_open,
    lay,
    snapshot,
)
from dossiers.lifecycle.desks import Desks
from dossiers.lifecycle.intake import Intake, draft
from dossiers.lifecycle.submitted_papers import Line
from dossiers.models import Attachment, Event
from dossiers.models.event import ActRow
from motcua.models import Staff

T = TypeVar("T")


class UnsavedDossier:
    """A dossier received at the counter, and the verbs done to it, in their order.

    `code` and `due_at` are given for a dossier of an old register; otherwise the code is issued
    when the dossier is written and the due date is reckoned. `records_past`: see `Facts`. Raises
    MoveRefused like the verbs of `lifecycle`; no notice is queued.
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
        records_past: bool = False,
    ) -> None:
        self.desks = desks
        self.records_past = records_past
        self.dossier = draft(intake, by=by)
        self.rows: dict[type[ActRow], list[Any]] = {kind: [] for kind in KINDS}
        self.events: list[dict[str, Any]] = []
        """Plain values by column: they are many, and an instance of the model is slow to make."""
        self.links: list[tuple[ActRow, str, dict[str, Any]]] = []
        """Rows with the attribute that gets the key of the event."""
        self.papers: list[Line] = []
        facts = _Facts(self, by, at)
        change = receipt.receive(facts, papers=intake.papers, code=code, due_at=due_at)
        lay(self.dossier, change.fields)
        self._record(facts, change, snapshot(self.dossier))
        self.numbered_on = self.received_on
        """The day of which it takes its code and its number; a correction moves neither."""
        self.events[0]["office_id"] = by.office_id if by else self.dossier.receiver_id

    @property
    def received_at(self) -> datetime:
        return _given(self.dossier.received_at)

    @property
    def received_on(self) -> date:
        return _given(self.dossier.received_on)

    @property
    def effective_at(self) -> datetime:
        return _given(self.dossier.effective_at)

    @property
    def due_at(self) -> datetime:
        return _given(self.dossier.due_at)

    @property
    def due_on(self) -> date:
        return _given(self.dossier.due_on)

    def do(
        self,
        rule: Rule[Any],
        *,
        by: Staff | None,
        at: datetime,
        late_reason: str | None = None,
        **arguments: Any,
    ) -> None:
        """Do the verb in memory, unless nothing is left to do. An act that is not written yet
        cannot be undone."""
        facts = _Facts(self, by, at, late_reason)
        change = rule(facts, **arguments)
        if change is None:
            return
        if change.undoes is not None:
            raise NotImplementedError
        before = self.dossier.state
        changes = apply(change, self.dossier)
        if change.kind in (Event.Kind.CORRECT, Event.Kind.EXTERNAL):
            self.dossier.search_key = self.dossier.make_search_key()
        self._record(facts, change, changes, before)

    def _record(
        self,
        facts: Facts,
        change: Change,
        changes: dict[str, list[Any]],
        before: int | None = None,
    ) -> None:
        event = {
            "kind": change.kind,
            "actor_id": facts.by.pk if facts.by else None,
            "office_id": facts.by.office_id if facts.by else None,
            "happened_at": facts.at,
            "from_state": before,
            "to_state": self.dossier.state,
            "note": change.note,
            "changes": changes,
            # The row of a hand-over gets the key that the event names when it is written.
            "details": change.details | ({"transfer": change.takes} if change.takes else {}),
        }
        self.events.append(event)
        self.last_at = facts.at
        for kind in change.closes:
            for row in filter(is_open, self.rows[kind]):
                vars(row).update(closing(kind, facts.at))
                self.links.append((row, "closed_by_id", event))
        for row in change.opens:
            self.rows[type(row)].append(row)
            self.links.append((row, "opened_by_id", event))
        if change.takes is not None:
            change.takes.taken_at = facts.at
            change.takes.taken_by_id = facts.by.pk if facts.by else None
        if change.papers is not None:
            self.papers = change.papers


def _given(value: T | None) -> T:
    """A value that every receipt gives: no unsaved dossier begins as a submission."""
    if value is None:
        raise ValueError("The dossier was not received.")
    return value


class _Facts(Facts):
    def __init__(
        self,
        unsaved: UnsavedDossier,
        by: Staff | None,
        at: datetime,
        late_reason: str | None = None,
    ) -> None:
        super().__init__(
            unsaved.dossier,
            unsaved.desks,
            by=by,
            at=at,
            records_past=unsaved.records_past,
            late_reason=late_reason,
        )
        self._unsaved = unsaved

    def rows(self, kind: type[Row]) -> Sequence[Row]:
        return self._unsaved.rows[kind]

    def acts(self) -> Sequence[Event]:
        return [Event(**event) for event in self._unsaved.events]

    def later_act(self) -> Event | None:
        for event in reversed(self._unsaved.events):
            if self.at >= event["happened_at"]:
                return None
            if (act := Event(**event)).is_dated:
                return act
        return None

    def papers(self) -> list[Line]:
        return self._unsaved.papers

    def waiting_files(self, attachments: Iterable[Attachment]) -> list[int]:
        return []  # files wait for dossiers that are filed online, one by one
