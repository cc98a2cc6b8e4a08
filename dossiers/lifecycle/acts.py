"""How every act on a dossier is done: one transaction, one event, safe to repeat.

A verb of `lifecycle` is a body that gets an `Act`: the dossier, locked, and who acts when.
It ends with `act.finish(...)`, which writes the changed fields and the one event.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import models, transaction

from dossiers.lifecycle import notices, observers
from dossiers.models import Dossier, Event
from dossiers.rules.states import MoveRefused, StalePage, State, Verb, target
from motcua import clock
from motcua.models import Staff
from motcua.web.sent_twice import own_token
from procedures.workdays import NoCalendarData

# What a snapshot of a new dossier keeps, so that its timeline can be replayed from nothing.
LIFE_FIELDS = (
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

OTHER_FORM = "Trang này thuộc một việc khác đã làm xong. Mời mở lại hồ sơ rồi làm lại."


class Act:
    """One act being done on a locked dossier."""

    def __init__(
        self,
        dossier: Dossier,
        verb: Verb,
        *,
        by: Staff | None,
        at: datetime | None,
        token: UUID | None = None,
    ) -> None:
        self.dossier = dossier
        self.verb = verb
        self.by = by
        self.recorded_at = clock.now()
        self.at = clock.local(at) if at is not None else self.recorded_at
        self.token = token
        self.before = {f.attname: getattr(dossier, f.attname) for f in dossier._meta.fields}
        self._afterwards: list[observers.Afterwards] = []

    @property
    def on(self) -> date:
        """The local date of the act."""
        return self.at.date()

    def check_moment(self) -> None:
        """Refuse a moment in the future, before the receipt, or before the last act with a
        moment of its own."""
        self.at = refuse_future(self.at, self.recorded_at)
        last = last_dated_act(self.dossier)
        if last is not None and self.at < last.happened_at:
            moment = clock.local(last.happened_at)
            raise MoveRefused(
                f"Thời điểm {self.at:%H:%M %d/%m/%Y} sớm hơn việc trước đó "
                f"({last.get_kind_display()} lúc {moment:%H:%M %d/%m/%Y}).",
                "at",
            )

    def finish(
        self,
        to_state: State | None = None,
        *,
        note: str = "",
        details: dict[str, Any] | None = None,
        kind: str | None = None,
        corrected: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> Event:
        """Write the changed fields and the event; the state goes where the table says,
        or to `to_state` where the table leaves it open. `note` is the event's; fields of the
        dossier that may be any, its own note among them, come as `corrected`."""
        fields |= corrected or {}
        before = State(self.before["state"])
        if kind is None:
            fields["state"] = target(before, self.verb) or to_state or before
        for name, value in fields.items():
            setattr(self.dossier, name, value)
        self.dossier.revision += 1
        self.dossier.search_key = self.dossier.make_search_key()
        changes = self._changes()
        self._afterwards = observers.changing(self.dossier, self.before)
        self.dossier.save()
        return Event.objects.create(
            dossier=self.dossier,
            kind=kind or self.verb.value,
            actor=self.by,
            office=self.by.office if self.by else None,
            happened_at=self.at,
            recorded_at=self.recorded_at,
            from_state=before.value,
            to_state=self.dossier.state,
            note=note,
            changes=changes,
            details=details or {},
            token=self.token,
        )

    def settle(self) -> None:
        """Everything of the act is written: those who follow the dossiers take it into account."""
        for afterwards in self._afterwards:
            afterwards()

    def _changes(self) -> dict[str, list[Any]]:
        changes = {}
        for field in self.dossier._meta.fields:
            if field.attname in ("revision", "search_key"):
                continue
            old, new = self.before[field.attname], getattr(self.dossier, field.attname)
            if old != new:
                changes[field.attname] = [plain(old), plain(new)]
        return changes


def verb(
    name: Verb, *, in_table: bool = True
) -> Callable[[Callable[..., Event | None]], Callable[..., Event]]:
    """Make a body into a verb: locked, checked, atomic, and safe to repeat.

    The verb takes the dossier and, by keyword: `by` (who acts; None for the system), `at`
    (when it happened; now by default), `token` (of the form that was sent: the same token of
    the same person again returns the event of the first time) and `seen` (the revision that the
    person's page showed). It returns the event and raises MoveRefused with a sentence, or
    StalePage.
    `in_table=False`: whether the verb may be done does not depend on the state alone.
    """

    def decorate(body: Callable[..., Event | None]) -> Callable[..., Event]:
        @wraps(body)
        def run(
            dossier: Dossier,
            *,
            by: Staff | None,
            at: datetime | None = None,
            token: UUID | None = None,
            seen: int | None = None,
            **kwargs: Any,
        ) -> Event:
            with transaction.atomic():
                locked = lock(dossier)
                done = done_before(token, by)
                if done is not None and done.dossier_id == locked.pk:
                    dossier.refresh_from_db()
                    return done
                if done is not None:
                    raise StalePage(OTHER_FORM)
                if seen is not None and seen != locked.revision:
                    raise StalePage(what_changed(locked))
                if in_table:
                    target(locked.current_state, name)
                act = Act(locked, name, by=by, at=at, token=own_token(token, by))
                act.check_moment()
                try:
                    event = body(act, **kwargs)
                except NoCalendarData as missing:
                    raise MoveRefused(str(missing)) from missing
                if event is not None:
                    notices.queue(event)
                act.settle()
            dossier.refresh_from_db()
            return event

        return run

    return decorate


def done_before(token: UUID | None, by: Staff | None) -> Event | None:
    """The act that this person's form of this token has done already."""
    if token is None:
        return None
    events = Event.objects.select_related("dossier")
    return events.filter(token=own_token(token, by)).first()


def lock(dossier: Dossier) -> Dossier:
    """The dossier as it is now, locked until the transaction ends."""
    return (
        Dossier.objects.select_for_update(of=("self",))
        .select_related("office", "version", "procedure")
        .get(pk=dossier.pk)
    )


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


def refuse_end_before_receipt(act: Act) -> None:
    """A receipt dated in the future, by a clock that ran ahead, is corrected first: figures and
    class hang on its day."""
    received_at, received_on = act.dossier.received_at, act.dossier.received_on
    if received_at is not None and received_on is not None and act.on < received_on:
        moment = clock.local(received_at)
        raise MoveRefused(
            f"Hồ sơ này ghi tiếp nhận lúc {moment:%H:%M %d/%m/%Y}, là lúc chưa tới: khi đó đồng hồ "
            "máy chủ chạy nhanh. Việc này chưa được ghi. Hãy sửa thời điểm tiếp nhận trước, rồi "
            "làm lại.",
            "at",
        )


def acts_of(dossier: Dossier) -> models.QuerySet[Event]:
    """The events that are acts, in the order in which they were recorded."""
    return dossier.events.exclude(kind__in=Event.ACCESS).order_by("pk")


def last_act(dossier: Dossier) -> Event | None:
    return acts_of(dossier).select_related("actor").last()


def standing_acts(dossier: Dossier) -> list[Event]:
    """The acts that have not been undone, in the order in which they were recorded; without the
    undoings, and without files that a citizen sent, which change nothing else."""
    acts = list(acts_of(dossier).exclude(kind=Event.Kind.ATTACH))
    undone = {act.details["reverts"] for act in acts if act.kind == Event.Kind.REVERT}
    return [act for act in acts if act.kind != Event.Kind.REVERT and act.pk not in undone]


def dated_acts(dossier: Dossier) -> list[Event]:
    """The standing acts whose moment counts; that of what was undone does not."""
    return [act for act in standing_acts(dossier) if act.is_dated]


def last_dated_act(dossier: Dossier) -> Event | None:
    """The act before which none may lie now. One dated in the future, by a clock that ran ahead,
    keeps nobody from acting."""
    now = clock.now()
    return next((act for act in reversed(dated_acts(dossier)) if act.happened_at <= now), None)


def what_changed(dossier: Dossier) -> str:
    """A sentence for somebody whose page is older than the last act."""
    last = last_act(dossier)
    if last is None:
        return "Hồ sơ đã thay đổi từ lúc ông/bà mở trang. Hãy xem lại rồi làm tiếp."
    who = last.actor.display_name if last.actor else "hệ thống"
    moment = clock.local(last.recorded_at)
    return (
        f"Hồ sơ đã thay đổi từ lúc ông/bà mở trang: {who} đã {last.get_kind_display()} "
        f"lúc {moment:%H:%M %d/%m/%Y}. Việc của ông/bà chưa được ghi; hãy xem lại rồi làm tiếp."
    )


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
    """The changes of the first event of a life: from nothing to what it begins with."""
    return {name: [None, plain(getattr(dossier, name))] for name in LIFE_FIELDS}
