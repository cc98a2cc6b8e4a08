"""Degree of completion: what a citizen may know from a receipt code alone.

TT 01/2018/TT-VPCP Điều 16 khoản 2 điểm d: without authentication a look-up shows the code and
the degree of completion. So no name, no paper, no reason and no outcome leaves the database
here: the query names the columns that it reads. NĐ 61/2018/NĐ-CP Điều 6 says what to bring.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import OuterRef, Q, QuerySet, Subquery

from dossiers.codes import code_key
from dossiers.models import Deadline, Dossier, Event, SupplementRequest, Transfer
from dossiers.states import ENDED, WAITING, State
from motcua import clock
from motcua.models import Office

LONGEST_TYPED = 100

CALL = "Ông/bà gọi điện thoại hoặc đến bộ phận một cửa nếu cần biết thêm."
BRING = (
    "giấy tiếp nhận hồ sơ và hẹn trả kết quả (phiếu hẹn)",
    "giấy tờ tùy thân",
    "giấy ủy quyền, nếu nhận thay người khác",
    "phí, lệ phí còn phải nộp, nếu có",
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
    """The answer to a look-up. `due_at` is the latest promise, None while none is running."""

    code: str
    procedure: str
    office: Office
    state: State
    headline: str
    since: date | None
    due_at: datetime | None
    is_overdue: bool
    is_postponed: bool
    is_clock_stopped: bool
    steps: tuple[Step, ...]
    advice: tuple[str, ...]
    bring: tuple[str, ...]


def find(typed: str) -> Progress | None:
    """The progress of the dossier with this code, however typed; None when there is none.

    One query, whatever was typed, so that a wrong code and a code that cannot be one take the
    same time.
    """
    clipped = typed[:LONGEST_TYPED]
    submission = re.sub(r"[^0-9A-Z.-]", "", clipped.upper())
    dossier = (
        _public_columns()
        .filter(
            Q(code_key=code_key(clipped))
            # Said twice, since an index that leaves out the empty codes serves only who does so.
            | Q(submission_code=submission) & ~Q(submission_code="")
        )
        .first()
    )
    return None if dossier is None else progress_of(dossier)


def _public_columns() -> QuerySet[Dossier]:
    """Dossiers with nothing but what the answer needs, in one statement."""
    of_this = {"dossier": OuterRef("pk"), "is_void": False}
    return (
        Dossier.objects.select_related("procedure", "office")
        .only(
            "code",
            "state",
            "submitted_at",
            "received_on",
            "due_at",
            "due_on",
            "paused_on",
            "resolved_on",
            "handed_over_on",
            "procedure__name",
            "office__name",
            "office__address",
            "office__phone",
            "office__email",
        )
        .annotate(
            promised_at=Subquery(
                Deadline.objects.filter(**of_this).order_by("-pk").values("due_at")[:1]
            ),
            forwarded_at=Subquery(
                Transfer.objects.filter(**of_this).order_by("number").values("sent_at")[:1]
            ),
            asked_at=Subquery(
                SupplementRequest.objects.filter(**of_this, arrived_at__isnull=True)
                .order_by("-number")
                .values("asked_at")[:1]
            ),
            billed_at=Subquery(
                Event.objects.filter(dossier=OuterRef("pk"), kind=Event.Kind.ASK_PAYMENT)
                .order_by("-pk")
                .values("happened_at")[:1]
            ),
        )
        .order_by()
    )


def progress_of(dossier: Dossier) -> Progress:
    """What may be said of a dossier read by `find`, as of today."""
    state = dossier.current_state
    stopped = dossier.paused_on is not None
    runs = state not in ENDED and dossier.received_on is not None and not stopped
    due_at = (dossier.promised_at or dossier.due_at) if runs else None
    today = clock.today()
    overdue = due_at is not None and clock.local(due_at).date() < today
    return Progress(
        code=dossier.code,
        procedure=dossier.procedure.name,
        office=dossier.office,
        state=state,
        headline=_headline(dossier, state),
        since=_since(dossier, state),
        due_at=due_at,
        is_overdue=overdue,
        is_postponed=due_at is not None
        and not overdue
        and dossier.due_on is not None
        and dossier.due_on < today,
        is_clock_stopped=stopped,
        steps=_steps(dossier, state),
        advice=_advice(dossier, state, overdue),
        bring=BRING if state is State.RESOLVED else (),
    )


def _asks_before_receipt(dossier: Dossier, state: State) -> bool:
    return state is State.SUBMITTED and dossier.asked_at is not None


def _headline(dossier: Dossier, state: State) -> str:
    if _asks_before_receipt(dossier, state):
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


def _since(dossier: Dossier, state: State) -> date | None:
    """The date from which the headline holds."""
    if state is State.SUBMITTED:
        return _date(dossier.asked_at or dossier.submitted_at)
    return {
        State.RECEIVED: dossier.received_on,
        State.PROCESSING: _date(dossier.forwarded_at),
        State.AWAITING_SUPPLEMENT: _date(dossier.asked_at) or dossier.paused_on,
        State.AWAITING_PAYMENT: _date(dossier.billed_at) or dossier.paused_on,
        State.HANDED_OVER: dossier.handed_over_on,
    }.get(state, dossier.resolved_on)


def _steps(dossier: Dossier, state: State) -> tuple[Step, ...]:
    submitted = _date(dossier.submitted_at)
    if state is State.DECLINED:
        return (
            Step("Nộp hồ sơ", Mark.DONE, submitted),
            Step("Không được tiếp nhận", Mark.NOW),
        )
    if state is State.SUBMITTED:
        waiting = _asks_before_receipt(dossier, state)
        words = "Chờ ông/bà bổ sung giấy tờ" if waiting else "Chờ tiếp nhận"
        return (
            Step("Nộp hồ sơ", Mark.DONE, submitted),
            Step(words, Mark.NOW, _date(dossier.asked_at)),
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
    return (first, *_work(dossier, state))


def _work(dossier: Dossier, state: State) -> tuple[Step, ...]:
    """The steps after receipt of a dossier that goes, or went, to its result."""
    finished = state in (State.RESOLVED, State.HANDED_OVER)
    if finished or (state in WAITING and dossier.forwarded_at is not None):
        mark = Mark.DONE
    else:
        mark = Mark.NOW if state is State.PROCESSING else Mark.TODO
    steps = [Step("Giải quyết hồ sơ", mark, _date(dossier.forwarded_at))]
    if state in WAITING:
        words = (
            "Chờ ông/bà bổ sung giấy tờ"
            if state is State.AWAITING_SUPPLEMENT
            else "Chờ ông/bà thực hiện nghĩa vụ tài chính"
        )
        place = 1 if dossier.forwarded_at is not None else 0
        steps.insert(place, Step(words, Mark.NOW, _since(dossier, state)))
    ready = {State.RESOLVED: Mark.NOW, State.HANDED_OVER: Mark.DONE}.get(state, Mark.TODO)
    handed = Mark.DONE if state is State.HANDED_OVER else Mark.TODO
    steps.append(Step("Có kết quả", ready, dossier.resolved_on))
    steps.append(Step("Trả kết quả", handed, dossier.handed_over_on))
    return tuple(steps)


def _advice(dossier: Dossier, state: State, overdue: bool) -> tuple[str, ...]:
    """What the citizen should do now."""
    if _asks_before_receipt(dossier, state):
        return (
            "Mời ông/bà mang các giấy tờ ghi trên phiếu hướng dẫn đến bộ phận một cửa. "
            "Thời hạn giải quyết tính từ khi hồ sơ được tiếp nhận.",
        )
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
        State.AWAITING_SUPPLEMENT: (
            "Mời ông/bà bổ sung các giấy tờ ghi trên phiếu yêu cầu bổ sung tại bộ phận một cửa. "
            "Ngày hẹn mới sẽ được báo khi ông/bà bổ sung đủ.",
        ),
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
            "Nếu đã đăng ký nhận qua bưu chính hoặc bản điện tử thì ông/bà không cần đến.",
        ),
        State.HANDED_OVER: (
            "Ông/bà không cần làm gì thêm. Nếu chưa nhận được kết quả, "
            "mời ông/bà gọi điện thoại hoặc đến bộ phận một cửa.",
        ),
    }[state]


def _date(moment: datetime | None) -> date | None:
    return None if moment is None else clock.local(moment).date()
