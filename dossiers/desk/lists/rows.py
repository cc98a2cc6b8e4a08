"""The lines of a queue: what each says of its dossier, and which columns the page needs.

A column that would say the same in every row is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dossiers.desk import permissions, queues
from dossiers.desk.later_entries import LaterEntry
from dossiers.desk.lists.short_words import (
    cut_names,
    short_act,
    short_code,
    short_place,
    short_time,
)
from dossiers.desk.queues import Queue
from dossiers.desk.time_left import TimeLeft, tell_time_left, waited
from dossiers.lifecycle.steps import Ways
from dossiers.models import Dossier
from dossiers.rules.states import State, Verb
from motcua import clock
from motcua.models import Staff
from procedures.models import Procedure

GOES_ON = ("forward", "sign")
"""Acts on many after which each dossier lies elsewhere: its row says where."""


@dataclass(frozen=True)
class NextAct:
    """The one act that comes next: its verb in the address, in short and in whole words."""

    verb: str
    short: str
    words: str


@dataclass(frozen=True)
class DeskRow:
    """A dossier in a queue. `place` is where it is, or where it goes next; `left` its time, in the
    whole words that `left_short` shortens; `called` the moment of the last call."""

    dossier: Dossier
    code: str
    procedure: str
    place: str
    place_short: str
    due: str
    left: TimeLeft | None
    left_short: str
    later: Sequence[LaterEntry]
    act: NextAct | None
    called: datetime | None


@dataclass(frozen=True)
class Columns:
    """Which columns a page of rows has beside code, name, procedure and time."""

    time: str
    """The heading of date and time."""
    place: str
    """The heading of the column of places; empty where there is none."""
    calls: bool
    act: bool


def rows_of(dossiers: Iterable[Dossier], staff: Staff, queue: Queue, today: date) -> list[DeskRow]:
    """The lines of a page, in a number of queries that does not depend on how many there are."""
    lines = tell_time_left(dossiers, today)
    found = [line.dossier for line in lines]
    names = cut_names({one.procedure.name for one in found}, _siblings(found))
    ways = Ways(found) if queue.bundle in GOES_ON else None
    rows = []
    for line in lines:
        dossier = line.dossier
        place = _place(dossier, ways, queue)
        left = _time(dossier, line.left, today, apologised=line.apologised)
        rows.append(
            DeskRow(
                dossier=dossier,
                code=short_code(dossier.code),
                procedure=names[dossier.procedure.name],
                place=place,
                place_short=_short(place, dossier, staff),
                due=_day(dossier.due_on, today),
                left=left,
                left_short=short_time(left.words) if left else "",
                later=line.later,
                act=_next_act(staff, dossier, queue),
                called=vars(dossier).get("called_at"),
            )
        )
    return rows


def columns_of(rows: Sequence[DeskRow], queue: Queue) -> Columns:
    goes = queue.bundle in GOES_ON
    alike = len(rows) > 1 and len({row.place for row in rows}) == 1
    heading = "Chuyển đến" if goes else "" if alike or queue.calls else "Đang ở"
    if queue.rule is queues.awaiting_paper:
        heading = "Bản giấy"
    acts = any(row.act for row in rows) and queue.bundle not in (*GOES_ON, "take_over")
    time = (
        "Hẹn trả, đã chờ" if queue.group is queues.QueueGroup.CITIZEN else "Hẹn trả, ngày làm việc"
    )
    return Columns(time=time, place=heading, calls=queue.calls, act=acts)


def _siblings(dossiers: Iterable[Dossier]) -> Iterable[str]:
    """The names of all procedures of the same sectors."""
    sectors = {dossier.procedure.sector_id for dossier in dossiers}
    return Procedure.objects.filter(sector__in=sectors).order_by().values_list("name", flat=True)


def _place(dossier: Dossier, ways: Ways | None, queue: Queue) -> str:
    if queue.rule is queues.awaiting_paper:
        when = "quá hạn" if dossier.paper_is_late else "đến trước"
        due = clock.local(dossier.paper_due_at) if dossier.paper_due_at else None
        return f"{dossier.receiver} nhận, {when} {due:%H:%M %d/%m/%Y}" if due else ""
    if ways is None:
        return dossier.holder_words
    proposal = ways.proposal(dossier)
    return proposal.words if proposal is not None else "nơi chưa rõ"


def _day(day: date | None, today: date) -> str:
    """With its year only where that is another one."""
    if day is None:
        return ""
    return f"{day:%d/%m}" if day.year == today.year else f"{day:%d/%m/%y}"


def _short(place: str, dossier: Dossier, staff: Staff) -> str:
    """Without what goes without saying: the office, where it is the reader's own."""
    office = staff.office
    if office is not None:
        place = place.removesuffix(f" {office.name_in_small}")
    return short_place(place.replace("Bộ phận một cửa ", "Một cửa "))


def _time(
    dossier: Dossier, left: TimeLeft | None, today: date, *, apologised: bool
) -> TimeLeft | None:
    """What is left; of a result how long it has lain, and whether it came too late; of what waits
    for the citizen while its clock runs, both."""
    since: datetime | None = getattr(dossier, "waiting_since", None)
    if dossier.current_state is State.RESOLVED and dossier.resolved_on is not None:
        words = waited(dossier.resolved_on, today)
        told = ", đã xin lỗi" if apologised and dossier.ended_late else ""
        return TimeLeft("ready", f"{words}, {dossier.get_timeliness_display()}{told}")
    if left is not None and left.kind != "waiting" and since is not None:
        words = waited(clock.local(since).date(), today)
        return TimeLeft(left.kind, f"{left.words}, {words}")
    if left is not None and left.kind == "open":
        return TimeLeft("ontime", left.words)
    if left is None and dossier.current_state is State.SUBMITTED:
        return TimeLeft("new", waited(clock.local(dossier.submitted_at).date(), today))
    if left is None and since is not None:
        return TimeLeft("waiting", waited(clock.local(since).date(), today))
    return left


def _next_act(staff: Staff, dossier: Dossier, queue: Queue) -> NextAct | None:
    if queue.rule is queues.newly_forwarded:
        return NextAct("take_over", "Nhận hồ sơ", "Nhận hồ sơ được chuyển")
    if queue.rule is queues.awaiting_paper:
        return NextAct("take_paper", "Đã nhận giấy", "Đã nhận bản giấy")
    verb = _verb(staff, dossier, queue)
    if verb is None:
        return None
    if verb is Verb.FORWARD and dossier.awaits_signature:
        return NextAct(verb, "Ký, chuyển", "Ký, chuyển tiếp")
    return NextAct(verb, short_act(verb), verb.label[:1].upper() + verb.label[1:])


def _verb(staff: Staff, dossier: Dossier, queue: Queue) -> Verb | None:
    if queue.act is not None:
        return queue.act if permissions.may(staff, dossier, queue.act) else None
    return permissions.likely_next(staff, dossier)
