"""How the events of a dossier read in Vietnamese: what was done, by whom, old -> new."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models

from dossiers.desk import later_entries
from dossiers.lifecycle.submitted_papers import words_of
from dossiers.lifecycle.supplements import BROUGHT, arrival_words
from dossiers.models import Dossier, Event
from dossiers.rules.entered_later import DETAIL, NOT_ASKED, Difference
from dossiers.rules.states import State
from motcua import clock

# An act typed in later than this says so.
TYPED_LATER = timedelta(minutes=5)

# What a reader wants to know of each act; a correction or an undoing shows whatever it changed.
_SHOWN: dict[str, tuple[str, ...]] = {
    Event.Kind.ACCEPT: ("code", "due_at"),
    Event.Kind.FORWARD: ("holder_office_id", "holder_division_id"),
    Event.Kind.MERGE: (
        *("office_id", "receiver_id", "return_office_id"),
        *("holder_office_id", "holder_division_id"),
    ),
    Event.Kind.ASSIGN: ("office_id", "holder_office_id", "holder_division_id"),
    Event.Kind.TAKE_PAPER: ("paper_came_at",),
    Event.Kind.EXTERNAL: ("external_system", "external_code", "external_status"),
    Event.Kind.RECEIVE_SUPPLEMENT: ("due_at",),
    Event.Kind.CONFIRM_PAYMENT: ("due_at",),
    Event.Kind.RESCHEDULE: ("due_at",),
    Event.Kind.RESOLVE: ("outcome", "timeliness"),
    Event.Kind.WITHDRAW: ("timeliness",),
    Event.Kind.STOP: ("timeliness",),
    Event.Kind.HAND_OVER: ("collector_name", "collector_paper", "handed_over_by"),
}
_ANY = (Event.Kind.CORRECT, Event.Kind.REVERT)

# Kept beside a field that is shown: the date of a moment, the version of a procedure.
_SHADOWS = frozenset(
    {
        "code_key",
        "submission_key",
        "version_id",
        "sector_id",
        "received_on",
        "due_on",
        "due_since",
        "resolved_on",
        "timed_on",
        "handed_over_on",
        "held_since",
        "book_number",
        "created_by_id",
        "request_token",
        "source",
    }
)
AT_THE_DESK = "bộ phận một cửa"
_PAPERS = {
    "slip": "phiếu hẹn",
    "supplement": "phiếu yêu cầu bổ sung",
    "new_date": "phiếu hẹn lại sau bổ sung",
    "refusal": "phiếu từ chối",
    "apology": "phiếu xin lỗi",
    "stop": "thông báo dừng giải quyết",
    "control": "phiếu kiểm soát",
    "receipt": "giấy ký nhận kết quả",
    "handed_list": "danh sách giao nhận",
}


@dataclass(frozen=True)
class FieldChange:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    event: Event
    words: str
    who: str
    changes: tuple[FieldChange, ...]
    is_undone: bool
    was_typed_later: bool
    is_ahead: bool
    """Dated in the future, by a clock that ran ahead."""
    later: str
    """Why it was entered later, and what that changed; empty where it changed nothing."""
    late_reason: str
    """Why it was entered later, where that changed nothing and somebody typed it all the same."""
    prints: tuple["Entry", ...] = ()
    """The printings that this one line stands for, the latest first."""


def timeline(dossier: Dossier) -> list[Entry]:
    """The acts and printings of the dossier, the latest first. A constant number of queries."""
    events = list(dossier.events.exclude(kind=Event.Kind.READ).select_related("actor", "office"))
    undone = {e.details["reverts"] for e in events if e.kind == Event.Kind.REVERT}
    by_pk = {event.pk: event for event in events}
    names = _names(events)
    entries = [
        Entry(
            event=event,
            words=_words(event, by_pk),
            who=_who(event),
            changes=tuple(_changes(event, names)),
            is_undone=event.pk in undone,
            was_typed_later=event.recorded_at - event.happened_at > TYPED_LATER,
            is_ahead=clock.is_ahead(event.happened_at),
            later=_later(event),
            late_reason=str(event.details.get(NOT_ASKED, "")),
        )
        for event in reversed(events)
    ]
    return _folded(entries)


def _folded(entries: list[Entry]) -> list[Entry]:
    """More than one printing is one line, where the last of them stands."""
    prints = [entry for entry in entries if entry.event.kind == Event.Kind.PRINT]
    if len(prints) < 2:
        return entries
    times = Counter(paper_words(entry.event) for entry in reversed(prints))
    words = ", ".join(f"{paper} {count} lần" for paper, count in times.items())
    line = replace(prints[0], words=f"In {words}", prints=tuple(prints))
    acts = [entry for entry in entries if entry not in prints or entry is prints[0]]
    return [line if entry is prints[0] else entry for entry in acts]


def access_words(event: Event) -> str:
    """A reading or printing in words: "Xem hồ sơ", "In phiếu hẹn, bản in thứ 2"."""
    return _words(event, {})


def paper_words(event: Event) -> str:
    """The paper that was printed or looked at: "phiếu xin lỗi lần 1"."""
    paper = str(event.details.get("paper", ""))
    kind, _, number = paper.partition("-")
    return f"{_PAPERS.get(kind, paper)}{f' lần {number}' if number else ''}"


def _words(event: Event, by_pk: dict[int, Event]) -> str:
    words = event.get_kind_display()
    if event.kind == Event.Kind.PRINT:
        words = f"in {paper_words(event)}"
        copy = event.details.get("copy", 1)
        if copy > 1:
            words += f", bản in thứ {copy}"
    elif event.kind == Event.Kind.READ and "paper" in event.details:
        words = f"xem {paper_words(event)}, không in"
    elif event.kind == Event.Kind.READ and "file" in event.details:
        words = f"tải danh sách có tên người nộp ({event.details['file']})"
    elif event.kind == Event.Kind.REVERT:
        undone = by_pk.get(event.details["reverts"])
        if undone is not None:
            moment = clock.local(undone.happened_at)
            words += f": {undone.get_kind_display()} lúc {moment:%H:%M %d/%m/%Y}"
    elif event.details.get("asked_by"):
        channel = Dossier.Channel(event.details["asked_by"])
        words += f" (công dân đề nghị: {channel.label})"
    elif event.details.get("paid_by"):
        words += f" (thu {Dossier.PaidBy(event.details['paid_by']).label})"
    return words[:1].upper() + words[1:]


def _later(event: Event) -> str:
    difference = Difference.read(event.details)
    if difference is None:
        return ""
    reason = event.details[DETAIL]["reason"].rstrip(".")
    return f"Nhập muộn: {reason} ({later_entries.difference_words(event, difference)})."


def _who(event: Event) -> str:
    if event.actor is None:
        by_citizen = event.kind in (Event.Kind.SUBMIT, Event.Kind.ATTACH)
        return "công dân, qua mạng" if by_citizen else "hệ thống"
    return f"{event.actor.display_name}, {event.office.name}" if event.office else str(event.actor)


def _changes(event: Event, names: dict[str, dict[Any, str]]) -> Iterable[FieldChange]:
    wanted = event.changes if event.kind in _ANY else _SHOWN.get(event.kind, ())
    for name in wanted:
        if name not in event.changes or name in _SHADOWS:
            continue
        field = _field(name)
        old, new = event.changes[name]
        yield FieldChange(
            label=str(field.verbose_name),
            old=_value(field, old, names),
            new=_value(field, new, names) or (AT_THE_DESK if name == "holder_division_id" else ""),
        )
    if "papers" in event.details:
        old, new = (
            "; ".join(words_of(line) for line in lines) for lines in event.details["papers"]
        )
        yield FieldChange(label="giấy tờ đã nộp", old=old, new=new)
    if BROUGHT in event.details:
        arrival = event.details[BROUGHT]
        if arrival_words(arrival):
            yield FieldChange(label="đã nhận", old="", new=arrival_words(arrival))
        if arrival["missing"]:
            waits = event.to_state == State.AWAITING_SUPPLEMENT
            yield FieldChange(
                label="còn thiếu" if waits else "không nộp",
                old="",
                new="; ".join(arrival["missing"]),
            )


def _names(events: Iterable[Event]) -> dict[str, dict[Any, str]]:
    """Field -> key -> name, for every link that an event speaks of."""
    keys: dict[str, set[Any]] = defaultdict(set)
    for event in events:
        for name, pair in event.changes.items():
            if name.endswith("_id") and name not in _SHADOWS:
                keys[name] |= {key for key in pair if key is not None}
    found: dict[str, dict[Any, str]] = {}
    for name, wanted in keys.items():
        field = _field(name)
        if isinstance(field, models.ForeignKey) and wanted:
            rows = field.related_model._default_manager.in_bulk(wanted)
            found[name] = {key: str(row) for key, row in rows.items()}
    return found


def _field(name: str) -> "models.Field[Any, Any]":
    """The field of the dossier's own row that an event speaks of."""
    field = Dossier._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} is not kept in the row of a dossier.")
    return field


def _value(field: "models.Field[Any, Any]", value: Any, names: dict[str, dict[Any, str]]) -> str:
    if value is None or value == "":
        return ""
    if field.is_relation:
        return names.get(field.attname, {}).get(value, "")
    if field.name == "state":
        return State(value).label
    if isinstance(field, models.BooleanField):
        return "có" if value else "không"
    if isinstance(field, models.DateTimeField):
        return f"{clock.local(datetime.fromisoformat(value)):%H:%M %d/%m/%Y}"
    if isinstance(field, models.DateField):
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    if field.name == "fee_vnd":
        return f"{value:,} đ".replace(",", ".")
    return str(dict(field.flatchoices).get(value, value))
