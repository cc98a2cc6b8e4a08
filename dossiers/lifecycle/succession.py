"""What becomes of a dossier when its office ends: it goes to the successor, or, where there is
none, to the office that the level above assigns. Pure functions (see `changes`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from dossiers.lifecycle.changes import Change, Facts, verb
from dossiers.models import Dossier, Event, Transfer
from dossiers.rules.states import OPEN, MoveRefused, State, Verb
from motcua import clock
from motcua.models import Office

LIVING = frozenset({State.SUBMITTED, *OPEN, State.RESOLVED})
"""Open as a merger means it: what somebody still has to do something for."""


@dataclass(frozen=True)
class Succession:
    """Which offices end on a day, by primary key, and who follows each."""

    day: date
    """The first day of those that follow."""
    successors: Mapping[int, int | None]
    """Ended office -> who follows, None where the level above will assign."""
    divisions: Mapping[int, int] = field(default_factory=dict)
    """Division of an ended office -> that of its successor."""
    words: Mapping[int, str] = field(default_factory=dict)
    """Office -> its name."""

    def follower(self, office: int) -> int:
        """Who has the office's dossiers: its successor, otherwise itself."""
        return self.successors.get(office) or office

    def place(self, office: int, division: int | None) -> tuple[int, int | None]:
        """Where lies what lay here."""
        follower = self.follower(office)
        if follower == office:
            return office, division
        return follower, self.divisions.get(division) if division is not None else None


def takes_effect(facts_of: Dossier, day: date) -> datetime:
    """When the dossier changes over: with the day, or when it last moved, if that was later."""
    begin = clock.aware(datetime.combine(day, time.min))
    moments = (facts_of.submitted_at, facts_of.received_at, facts_of.held_since)
    return clock.local(max([begin, *(moment for moment in moments if moment is not None)]))


def succeed(facts: Facts, succession: Succession, details: Mapping[str, Any]) -> Change:
    """The dossier goes where its office's successor has it.

    One that was received before the day keeps its office and receiver, which figures follow by
    `Office.successor`; one received on the day or later, or not received yet, is the
    successor's wholly. What an office without successor had of another's dossier goes back to
    that one's desk, and so does a result that it would have returned.
    """
    dossier = facts.dossier
    held = (dossier.holder_office_id, dossier.holder_division_id)
    place = succession.place(*held)
    is_orphaned = succession.successors.get(held[0], held[0]) is None
    if is_orphaned and not _waits(dossier, succession):
        place = (dossier.office.heir.pk, None)
    fields: dict[str, Any] = {}
    if place != held:
        names = ("holder_office_id", "holder_division_id")
        fields = {**dict(zip(names, place, strict=True)), "held_since": facts.at}
    if is_late(dossier, succession.day):
        fields["office_id"] = succession.follower(dossier.office_id)
        fields["receiver_id"] = succession.follower(dossier.receiver_id)
        if dossier.return_office_id is not None:
            fields["return_office_id"] = succession.follower(dossier.return_office_id)
    elif dossier.current_state in LIVING and not _waits(dossier, succession):
        returned = dossier.return_office_id or dossier.receiver_id
        if succession.successors.get(returned, returned) is None:
            fields["return_office_id"] = succession.follower(dossier.office.heir.pk)
    waiting = facts.open_rows(Transfer)
    moves = place != held and bool(waiting)
    return Change(
        fields,
        kind=Event.Kind.MERGE,
        note=_sentence(dossier, succession),
        details=dict(details),
        closes=(Transfer,) if moves else (),
        opens=[_onwards(facts, waiting[-1], place, is_new=is_orphaned)] if moves else (),
        tells=False,
    )


def is_late(dossier: Dossier, day: date) -> bool:
    """Whether an ended office received it when it no longer was there, or has not received it."""
    if dossier.state == State.SUBMITTED:
        return True
    return dossier.received_on is not None and dossier.received_on >= day


def _waits(dossier: Dossier, succession: Succession) -> bool:
    """Whether its own office ends, or has ended, without successor."""
    if dossier.office_id in succession.successors:
        return succession.successors[dossier.office_id] is None
    return dossier.office.heir.exists_until is not None


def _sentence(dossier: Dossier, succession: Succession) -> str:
    concerned = dossier.office_id
    if concerned not in succession.successors:
        concerned = dossier.holder_office_id
    old = succession.words.get(concerned, "")
    ends = f"{old} thôi hoạt động hết ngày {succession.day - timedelta(days=1):%d/%m/%Y}"
    follower = succession.successors.get(concerned)
    if follower is not None:
        return f"{ends}; {succession.words[follower]} kế thừa."
    if concerned != dossier.office_id:
        return f"{ends}; hồ sơ về lại bộ phận một cửa."
    return f"{ends}; hồ sơ chờ cấp trên phân công."


def _onwards(
    facts: Facts, row: Transfer, place: tuple[int, int | None], *, is_new: bool
) -> Transfer:
    """The hand-over that is under way, as it goes on at the successor: with its step and its
    share of the time, taken over where it was."""
    was_taken = row.taken_at is not None and not is_new
    return Transfer(
        number=len(facts.rows(Transfer)) + 1,
        from_office_id=facts.dossier.holder_office_id,
        from_division_id=facts.dossier.holder_division_id,
        to_office_id=place[0],
        to_division_id=place[1],
        sent_at=facts.at,
        taken_at=facts.at if was_taken else None,
        taken_by_id=row.taken_by_id if was_taken else None,
        step_id=None if is_new else row.step_id,
        due_at=None if is_new else row.due_at,
        note=row.note,
    )


def waits_for_office(dossier: Dossier) -> bool:
    """Whether its office has ended without successor and somebody must still be given it."""
    last = dossier.office.heir
    if last.exists_until is None:
        return False
    came_late = dossier.received_on is not None and dossier.received_on > last.exists_until
    return dossier.current_state in LIVING or came_late


@verb(Verb.FORWARD, in_table=False)
def assign(facts: Facts, *, office: Office, paper_number: str, paper_date: date) -> Change:
    """The level above gives a dossier, whose office ended without successor, to another (NĐ
    140/2025 Điều 32 khoản 2), by a paper with number and day.

    From that day, the office's end at the earliest, it counts there wholly.
    """
    dossier = facts.dossier
    if not waits_for_office(dossier):
        raise MoveRefused("Hồ sơ này không chờ phân công.")
    if not paper_number.strip():
        raise MoveRefused("Hãy ghi số văn bản phân công.", "paper_number")
    if paper_date > facts.typed_on:
        raise MoveRefused("Ngày văn bản phân công chưa tới.", "paper_date")
    if dossier.received_on is not None and paper_date < dossier.received_on:
        received = f"{dossier.received_on:%d/%m/%Y}"
        raise MoveRefused(f"Văn bản phân công có trước ngày tiếp nhận {received}.", "paper_date")
    ended = dossier.office.heir
    first = (ended.exists_until or paper_date) + timedelta(days=1)
    day = max(paper_date, first)
    if not office.exists_on(facts.typed_on) or office.is_hidden:
        raise MoveRefused("Đơn vị được giao không còn hoạt động.", "office")
    fields: dict[str, Any] = {
        "office_id": office.pk,
        "holder_office_id": office.pk,
        "holder_division_id": None,
        "held_since": facts.at,
    }
    if dossier.return_place.heir.exists_until is not None:
        fields["return_office_id"] = office.pk
    if is_late(dossier, first):
        # Received by another desk for the office that ended: that desk's code and book stay.
        if not dossier.is_elsewhere:
            fields["receiver_id"] = office.pk
    else:
        fields |= {"assigned_from_id": dossier.office_id, "assigned_on": day}
    waiting = facts.open_rows(Transfer)
    transfer = Transfer(
        number=len(facts.rows(Transfer)) + 1,
        from_office_id=dossier.holder_office_id,
        from_division_id=dossier.holder_division_id,
        to_office_id=office.pk,
        to_division_id=None,
        sent_at=facts.at,
        sent_by_id=facts.by.pk if facts.by else None,
        note=f"Phân công theo {paper_number.strip()} ngày {paper_date:%d/%m/%Y}",
    )
    hands_on = bool(waiting) and dossier.current_state in OPEN
    return Change(
        fields,
        kind=Event.Kind.ASSIGN,
        note=f"Giao {office.name} theo {paper_number.strip()} ngày {paper_date:%d/%m/%Y}.",
        details={"paper_number": paper_number.strip(), "paper_date": paper_date.isoformat()},
        closes=(Transfer,) if waiting else (),
        opens=[transfer] if hands_on else (),
        tells=False,
    )
