"""Degree of completion: what a citizen may know from a receipt code alone.

TT 01/2018/TT-VPCP Điều 16 khoản 2 điểm d: without authentication a look-up shows the code and
the degree of completion. So no name, no paper, no reason and no outcome leaves the database
here: the query names the columns that it reads. NĐ 61/2018/NĐ-CP Điều 6 says what to bring.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from dossiers.desk.returns.not_ready import BRING
from dossiers.lifecycle.due_dates import promised_to_citizen
from dossiers.models import Dossier
from dossiers.rules.codes import code_key, readings
from dossiers.rules.states import ENDED, OPEN, WAITING, State
from dossiers.rules.timeliness import is_overdue
from motcua import clock
from motcua.models import Office, ReceptionPoint
from motcua.operations import replica

_DONE_ON_A_DAY = frozenset({State.HANDED_OVER, State.WITHDRAWN, State.DECLINED})

CALL = "Ông/bà gọi điện thoại hoặc đến bộ phận một cửa nếu cần biết thêm."
# Nobody learns from a code alone how the dossier was filed, so the paper that asks, which only a
# counter gives, is not spoken of.
SEND = (
    "Mời ông/bà bấm “Xem giấy tờ thiếu, phí phải nộp” để xem cần bổ sung gì rồi gửi ngay tại đó, "
    "hoặc mang giấy tờ đến bộ phận một cửa."
)


class Mark(StrEnum):
    DONE = "done"
    NOW = "now"
    TODO = "todo"


@dataclass(frozen=True)
class Step:
    words: str
    mark: Mark
    on: date | None = None


@dataclass(frozen=True)
class Progress:
    """The answer to a look-up. `due_at` is the latest promise, None while none is running;
    `office` is where the result is returned."""

    code: str
    procedure: str
    office: Office
    point: ReceptionPoint | None
    """The point of that office where it is returned."""
    solver: str
    """The office that solves, where it is another; and where the dossier is now."""
    lies_at: str
    state: State
    headline: str
    since: date | None
    due_at: datetime | None
    is_overdue: bool
    is_postponed: bool
    """Another date than the first one, which is on the paper in the citizen's hand."""
    is_clock_stopped: bool
    steps: tuple[Step, ...]
    advice: tuple[str, ...]
    bring: tuple[str, ...]

    @property
    def since_word(self) -> str:
        """Before `since`: the day on which it was done, or from which it lasts."""
        return "ngày" if self.state in _DONE_ON_A_DAY else "từ"

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED


def find(typed: str) -> Progress | None:
    """The progress of the dossier with this code, however typed; None when there is none.

    One statement, found or not and whatever is wrong with the code, so that all of them take the
    same time. Where a replica is read, what it does not have is asked of the primary as well,
    since a slip may have been printed a second ago.
    """
    database = replica.reading()
    found = _find(database, typed)
    if found is None and database.alias != DEFAULT_DB_ALIAS:
        return _find(connection, typed)
    return found


def _find(database: BaseDatabaseWrapper, typed: str) -> Progress | None:
    with database.cursor() as cursor:
        cursor.execute(PUBLIC_COLUMNS, parameters(typed))
        rows = cursor.fetchall()
    if not rows:
        return None
    of_dossier = len(Public._fields)
    keys = readings(typed)
    # Of several dossiers that the readings fit, the one of the first.
    pk = min(rows, key=lambda row: place_among(keys, row[1]))[0]
    events = [row[of_dossier:] for row in rows if row[0] == pk]
    acts = _acts([event for event in events if event[0] is not None])
    dossier = next(row[:of_dossier] for row in rows if row[0] == pk)
    return progress_of(Public(*dossier), acts)


def parameters(typed: str) -> list[str]:
    """What BY_CODE takes for a code, however typed."""
    return [*readings(typed)] * 2


def place_among(keys: Sequence[str], code: str) -> int:
    """How early among the readings this code stands; first, where it was found by the code of its
    submission, which no reading of another code equals."""
    key = code_key(code)
    return keys.index(key) if key in keys else 0


def key_of(typed: str) -> str:
    """One key for all ways of writing a code: what is counted, so that writing it otherwise gives
    no further try."""
    return readings(typed)[-1]


class Public(NamedTuple):
    """The columns of PUBLIC_COLUMNS: all that a stranger may learn comes from these."""

    pk: int
    code: str
    state: int
    submitted_at: datetime
    received_on: date | None
    due_at: datetime | None
    first_due_on: date | None
    paused_on: date | None
    resolved_on: date | None
    handed_over_on: date | None
    procedure_name: str
    office_pk: int
    office_code: str
    office_name: str
    office_level: str
    office_address: str
    office_phone: str
    office_email: str
    solver_pk: int
    solver_name: str
    holder_name: str
    point_name: str | None
    point_address: str | None
    point_phone: str | None


# Written out, for two reasons: what a stranger may learn can be read here column by column, and
# making the same statement through the ORM takes ten times as long as running it. A row for each
# act that may be told, or one without an act. The empty submission key is excluded in the very
# words of the index that leaves it out: in others, SQLite would read every dossier.
BY_CODE = (
    "(d.code_key IN (%s, %s, %s)"
    " OR (d.submission_key IN (%s, %s, %s) AND NOT (d.submission_key = '')))"
)
PUBLIC_COLUMNS = f"""
    SELECT d.id, d.code, d.state, d.submitted_at, d.received_on, d.due_at, f.due_on, d.paused_on,
           d.resolved_on, d.handed_over_on,
           p.name, o.id, o.code, o.name, o.level, o.address, o.phone, o.email,
           s.id, s.name, h.name, t.name, t.address, t.phone,
           e.id, e.kind, e.happened_at, e.details
      FROM dossiers_dossier d
      JOIN procedures_procedure p ON p.id = d.procedure_id
      JOIN motcua_office o ON o.id = COALESCE(d.return_office_id, d.receiver_id)
      LEFT JOIN motcua_office s ON s.id = d.office_id
      LEFT JOIN motcua_office h ON h.id = d.holder_office_id
      LEFT JOIN motcua_receptionpoint t ON t.id = d.return_point_id
      LEFT JOIN dossiers_deadline f ON f.dossier_id = d.id AND f.kind = 'receipt' AND NOT f.is_void
      LEFT JOIN dossiers_event e ON e.dossier_id = d.id
       AND e.kind IN ('forward', 'ask_supplement', 'ask_payment', 'apologise', 'decline', 'revert')
     WHERE {BY_CODE}
     ORDER BY e.id
"""  # noqa: S608  (no value stands in it)


@dataclass(frozen=True)
class Acts:
    """When the acts that a citizen may know of happened; None for what has not, or was undone."""

    forwarded_on: date | None = None
    asked_on: date | None = None
    billed_on: date | None = None
    apologised_on: date | None = None
    declined_on: date | None = None


def _acts(events: list[tuple[int, str, datetime, str]]) -> Acts:
    undone = {json.loads(details)["reverts"] for _, kind, _, details in events if kind == "revert"}
    standing = [(kind, _date(at)) for pk, kind, at, _ in events if pk not in undone]
    first, last = dict(reversed(standing)), dict(standing)
    return Acts(
        forwarded_on=first.get("forward"),
        asked_on=last.get("ask_supplement"),
        billed_on=last.get("ask_payment"),
        apologised_on=last.get("apologise"),
        declined_on=last.get("decline"),
    )


def progress_of(dossier: Public, acts: Acts) -> Progress:
    """What may be said, as of today, of a dossier read by `find`."""
    state = State(dossier.state)
    due_at = _promise(dossier, acts, state)
    today = clock.today()
    overdue = is_overdue(_date(due_at), today)
    return Progress(
        code=dossier.code,
        procedure=dossier.procedure_name,
        office=Office(
            pk=dossier.office_pk,
            code=dossier.office_code,
            name=dossier.office_name,
            level=dossier.office_level,
            address=dossier.office_address,
            phone=dossier.office_phone,
            email=dossier.office_email,
        ),
        point=ReceptionPoint(
            name=dossier.point_name,
            address=dossier.point_address or "",
            phone=dossier.point_phone or "",
        )
        if dossier.point_name
        else None,
        solver=Office(name=dossier.solver_name).name_in_small
        if dossier.solver_pk != dossier.office_pk
        else "",
        lies_at=_in_small(dossier.holder_name) if state in OPEN else "",
        state=state,
        headline=_headline(acts, state),
        since=_since(dossier, acts, state),
        due_at=due_at,
        is_overdue=overdue,
        is_postponed=due_at is not None
        and not overdue
        and dossier.first_due_on not in (None, _date(due_at)),
        is_clock_stopped=dossier.paused_on is not None,
        steps=_steps(dossier, acts, state),
        advice=_advice(acts, state, overdue),
        bring=BRING if state is State.RESOLVED else (),
    )


def _in_small(name: str) -> str:
    return Office(name=name).name_in_small


def _promise(dossier: Public, acts: Acts, state: State) -> datetime | None:
    """The latest promise, an apology's included; None before receipt, after the end, and while
    the clock stands still."""
    if state not in OPEN or dossier.paused_on is not None:
        return None
    if acts.apologised_on is not None:
        return promised_to_citizen(Dossier.objects.only("due_at").get(pk=dossier.pk))
    return _aware(dossier.due_at)


def _asks_before_receipt(acts: Acts, state: State) -> bool:
    return state is State.SUBMITTED and acts.asked_on is not None


def _headline(acts: Acts, state: State) -> str:
    if _asks_before_receipt(acts, state):
        return "Hồ sơ chưa được tiếp nhận, đang chờ ông/bà bổ sung giấy tờ"
    return {
        State.SUBMITTED: "Hồ sơ đã nộp, đang chờ tiếp nhận",
        State.RECEIVED: "Hồ sơ đã được tiếp nhận",
        State.DECLINED: "Hồ sơ không được tiếp nhận",
        State.PROCESSING: "Hồ sơ đang được giải quyết",
        State.AWAITING_SUPPLEMENT: "Hồ sơ đang chờ ông/bà bổ sung giấy tờ",
        State.AWAITING_PAYMENT: "Hồ sơ đang chờ ông/bà thực hiện nghĩa vụ tài chính",
        State.WITHDRAWN: "Hồ sơ đã được rút theo yêu cầu",
        State.STOPPED: "Hồ sơ đã dừng giải quyết",
        State.RESOLVED: "Hồ sơ đã có kết quả",
        State.HANDED_OVER: "Kết quả đã được trả",
    }[state]


def _since(dossier: Public, acts: Acts, state: State) -> date | None:
    """The date from which the headline holds."""
    if state is State.SUBMITTED:
        return acts.asked_on or _date(dossier.submitted_at)
    return {
        State.RECEIVED: dossier.received_on,
        State.DECLINED: acts.declined_on,
        State.PROCESSING: acts.forwarded_on,
        State.AWAITING_SUPPLEMENT: acts.asked_on or dossier.paused_on,
        State.AWAITING_PAYMENT: acts.billed_on or dossier.paused_on,
        State.HANDED_OVER: dossier.handed_over_on,
    }.get(state, dossier.resolved_on)


def _steps(dossier: Public, acts: Acts, state: State) -> tuple[Step, ...]:
    submitted = _date(dossier.submitted_at)
    if state is State.DECLINED:
        return (
            Step("Nộp hồ sơ", Mark.DONE, submitted),
            Step("Không được tiếp nhận", Mark.NOW, acts.declined_on),
        )
    if state is State.SUBMITTED:
        waiting = _asks_before_receipt(acts, state)
        words = "Chờ ông/bà bổ sung giấy tờ" if waiting else "Chờ tiếp nhận"
        return (
            Step("Nộp hồ sơ", Mark.DONE, submitted),
            Step(words, Mark.NOW, acts.asked_on),
            Step("Giải quyết hồ sơ", Mark.TODO),
            Step("Trả kết quả", Mark.TODO),
        )
    first = Step(
        "Tiếp nhận hồ sơ",
        Mark.NOW if state is State.RECEIVED else Mark.DONE,
        dossier.received_on,
    )
    if state in (State.WITHDRAWN, State.STOPPED):
        words = "Rút hồ sơ" if state is State.WITHDRAWN else "Dừng giải quyết"
        return (first, Step(words, Mark.NOW, dossier.resolved_on))
    return (first, *_work(dossier, acts, state))


def _work(dossier: Public, acts: Acts, state: State) -> tuple[Step, ...]:
    """The steps after receipt of a dossier that goes, or went, to its result."""
    finished = state in (State.RESOLVED, State.HANDED_OVER)
    if finished or (state in WAITING and acts.forwarded_on is not None):
        mark = Mark.DONE
    else:
        mark = Mark.NOW if state is State.PROCESSING else Mark.TODO
    steps = [Step("Giải quyết hồ sơ", mark, acts.forwarded_on)]
    if state in WAITING:
        words = (
            "Chờ ông/bà bổ sung giấy tờ"
            if state is State.AWAITING_SUPPLEMENT
            else "Chờ ông/bà thực hiện nghĩa vụ tài chính"
        )
        place = 1 if acts.forwarded_on is not None else 0
        steps.insert(place, Step(words, Mark.NOW, _since(dossier, acts, state)))
    ready = {State.RESOLVED: Mark.NOW, State.HANDED_OVER: Mark.DONE}.get(state, Mark.TODO)
    handed = Mark.DONE if state is State.HANDED_OVER else Mark.TODO
    steps.append(Step("Có kết quả", ready, dossier.resolved_on))
    steps.append(Step("Trả kết quả", handed, dossier.handed_over_on))
    return tuple(steps)


def _advice(acts: Acts, state: State, overdue: bool) -> tuple[str, ...]:
    """What the citizen should do now."""
    if _asks_before_receipt(acts, state):
        return (f"{SEND} Thời hạn giải quyết tính từ khi hồ sơ được tiếp nhận.",)
    if overdue:
        return (
            "Hồ sơ đã quá ngày hẹn mà chưa có kết quả. "
            "Chúng tôi xin lỗi ông/bà vì sự chậm trễ này.",
            "Mời ông/bà gọi điện thoại hoặc đến bộ phận một cửa để được báo ngày trả.",
        )
    wait = "Ông/bà chưa cần làm gì. Mời ông/bà đến nhận kết quả theo ngày hẹn."
    return {
        State.SUBMITTED: ("Ông/bà chưa cần làm gì. Cán bộ một cửa đang kiểm tra hồ sơ.",),
        State.RECEIVED: (wait,),
        State.DECLINED: (
            "Lý do đã ghi trên phiếu từ chối giao cho ông/bà. "
            "Ông/bà có thể nộp hồ sơ mới khi đủ điều kiện.",
            CALL,
        ),
        State.PROCESSING: (wait,),
        State.AWAITING_SUPPLEMENT: (f"{SEND} Ngày hẹn mới sẽ được báo khi ông/bà bổ sung đủ.",),
        State.AWAITING_PAYMENT: (
            "Mời ông/bà nộp tiền theo thông báo đã nhận và mang chứng từ đến bộ phận một cửa.",
        ),
        State.WITHDRAWN: ("Ông/bà không cần làm gì thêm.", CALL),
        State.STOPPED: (
            "Lý do đã ghi trên thông báo gửi ông/bà.",
            CALL,
        ),
        State.RESOLVED: (
            "Mời ông/bà đến bộ phận một cửa nhận kết quả. "
            "Nếu đã đăng ký nhận qua bưu chính thì ông/bà không cần đến.",
        ),
        State.HANDED_OVER: (
            "Ông/bà không cần làm gì thêm. Nếu chưa nhận được kết quả, "
            "mời ông/bà gọi điện thoại hoặc đến bộ phận một cửa.",
        ),
    }[state]


def _date(moment: datetime | None) -> date | None:
    aware = _aware(moment)
    return None if aware is None else clock.local(aware).date()


def _aware(moment: datetime | None) -> datetime | None:
    """SQLite gives moments in UTC without saying so; PostgreSQL says so."""
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=UTC)
