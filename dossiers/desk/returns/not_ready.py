"""Somebody stands at the counter and there is no result: why, when, what to bring, what to say."""

from dataclasses import dataclass

from dossiers.desk.returns.returning import is_ready, returned_words
from dossiers.desk.time_left import TimeLeft, time_left
from dossiers.models import Dossier
from dossiers.rules.states import OPEN, WAITING, State
from motcua import clock
from motcua.models import Staff
from motcua.templatetags.motcua_tags import vn_date, vn_moment
from procedures.calendar import calendar_for

HEADINGS = {
    State.SUBMITTED: "Hồ sơ chưa được tiếp nhận",
    State.DECLINED: "Hồ sơ không được tiếp nhận",
    State.AWAITING_SUPPLEMENT: "Hồ sơ đang chờ bổ sung giấy tờ",
    State.AWAITING_PAYMENT: "Hồ sơ đang chờ nghĩa vụ tài chính",
    State.WITHDRAWN: "Hồ sơ đã được rút, không có kết quả để trả",
    State.STOPPED: "Hồ sơ đã dừng giải quyết, không có kết quả để trả",
    State.RESOLVED: "Kết quả được trả ở nơi khác",
    State.HANDED_OVER: "Kết quả đã được trả",
}
BRING = (
    "giấy tiếp nhận hồ sơ và hẹn trả kết quả (phiếu hẹn)",
    "giấy tờ tùy thân",
    "giấy ủy quyền, nếu nhận thay người khác",
    "phí, lệ phí còn phải nộp, nếu có",
)
"""What is brought along to collect a result."""
NOT_YET = "Chưa có kết quả để trả"


@dataclass(frozen=True)
class NotReady:
    """What the clerk reads, and the sentence to say to who has come. `why` names places, never
    a person of the office."""

    dossier: Dossier
    heading: str
    when: str
    left: TimeLeft | None
    why: str
    bring: tuple[str, ...]
    say: str


def not_ready(staff: Staff, dossier: Dossier) -> NotReady | None:
    """Why this result cannot be handed over at this desk; None where it can."""
    if is_ready(staff, dossier):
        return None
    state = dossier.current_state
    missing = _missing(dossier) if state is State.AWAITING_SUPPLEMENT else ()
    when = vn_moment(dossier.due_at) if state in OPEN - WAITING and dossier.due_at else ""
    left = time_left(dossier, calendar_for(dossier.office), clock.today()) if when else None
    return NotReady(
        dossier=dossier,
        heading=HEADINGS.get(state, NOT_YET),
        when=when,
        left=left,
        why=_why(dossier, state),
        bring=missing if missing else BRING if state in OPEN else (),
        say=_say(dossier, state, left),
    )


def _missing(dossier: Dossier) -> tuple[str, ...]:
    asked = dossier.supplements.filter(is_void=False).last()
    lines = asked.items.splitlines() if asked else []
    return tuple(line.strip() for line in lines if line.strip())


def _why(dossier: Dossier, state: State) -> str:
    if state is State.HANDED_OVER:
        return returned_words(dossier)
    if state is State.RESOLVED:
        return f"Kết quả nằm ở {dossier.holder_words}, trả tại {dossier.return_place}."
    if state in (State.WITHDRAWN, State.STOPPED):
        return f"Từ {vn_date(dossier.resolved_on)}. Lý do ghi ở hồ sơ."
    if state is State.DECLINED:
        return "Lý do ghi ở phiếu từ chối."
    if state is State.SUBMITTED:
        return "Hồ sơ mới nộp, đang chờ tiếp nhận."
    if state in WAITING:
        return f"Thời hạn dừng từ {vn_date(dossier.paused_on)}." if dossier.paused_on else ""
    return f"{dossier.holder_words} đang giải quyết."


def _say(dossier: Dossier, state: State, left: TimeLeft | None) -> str:
    call = f" Có kết quả, chúng tôi gọi số {dossier.phone}." if dossier.phone else ""
    if state is State.HANDED_OVER:
        return f"Kết quả hồ sơ này đã được trả {vn_date(dossier.handed_over_on)} rồi ạ."
    if state is State.RESOLVED:
        return f"Kết quả hồ sơ này đã có, mời ông/bà đến nhận tại {dossier.return_place}."
    if state is State.AWAITING_SUPPLEMENT:
        return (
            "Hồ sơ của ông/bà còn thiếu giấy tờ. Nộp đủ rồi chúng tôi giải quyết tiếp và hẹn lại."
        )
    if state is State.AWAITING_PAYMENT:
        return "Mời ông/bà nộp khoản tiền đã thông báo rồi mang chứng từ đến đây."
    if state not in OPEN or not dossier.due_at:
        return "Mời ông/bà ngồi chờ, tôi xem lại hồ sơ."
    if left is not None and left.kind == "late":
        return f"Hồ sơ của ông/bà đã quá hẹn, chúng tôi xin lỗi ông/bà.{call}"
    return f"Hồ sơ của ông/bà hẹn trả {vn_moment(dossier.due_at)}.{call}"
