"""The life of a dossier: states, verbs, and the fixed table of moves between them.

States carry the codes of the national portal (TrangThaiHoSo). Pure Python, no Django.
"""

from enum import IntEnum, StrEnum


class State(IntEnum):
    SUBMITTED = 1
    RECEIVED = 2
    DECLINED = 3
    PROCESSING = 4
    AWAITING_SUPPLEMENT = 5
    AWAITING_PAYMENT = 6
    WITHDRAWN = 7
    STOPPED = 8
    RESOLVED = 9
    HANDED_OVER = 10

    @property
    def label(self) -> str:
        return STATE_WORDS[self]


STATE_WORDS: dict[State, str] = {
    State.SUBMITTED: "mới nộp, chưa tiếp nhận",
    State.RECEIVED: "đã tiếp nhận",
    State.DECLINED: "không được tiếp nhận",
    State.PROCESSING: "đang giải quyết",
    State.AWAITING_SUPPLEMENT: "chờ bổ sung",
    State.AWAITING_PAYMENT: "chờ nghĩa vụ tài chính",
    State.WITHDRAWN: "đã rút hồ sơ",
    State.STOPPED: "đã dừng giải quyết",
    State.RESOLVED: "đã có kết quả",
    State.HANDED_OVER: "đã trả kết quả",
}

WAITING = frozenset({State.AWAITING_SUPPLEMENT, State.AWAITING_PAYMENT})
NOT_ACCEPTED = frozenset({State.SUBMITTED, State.DECLINED})
ENDED = frozenset({State.WITHDRAWN, State.STOPPED, State.RESOLVED, State.HANDED_OVER})
TAKES_FILES = frozenset({State.SUBMITTED, State.AWAITING_SUPPLEMENT})
OPEN = frozenset({State.RECEIVED, State.PROCESSING}) | WAITING


class Verb(StrEnum):
    SUBMIT = "submit"
    ACCEPT = "accept"
    DECLINE = "decline"
    FORWARD = "forward"
    ASK_SUPPLEMENT = "ask_supplement"
    RECEIVE_SUPPLEMENT = "receive_supplement"
    ASK_PAYMENT = "ask_payment"
    CONFIRM_PAYMENT = "confirm_payment"
    APOLOGISE = "apologise"
    RESOLVE = "resolve"
    HAND_OVER = "hand_over"
    WITHDRAW = "withdraw"
    STOP = "stop"
    CORRECT = "correct"
    REVERT = "revert"

    @property
    def label(self) -> str:
        return VERB_WORDS[self]


VERB_WORDS: dict[Verb, str] = {
    Verb.SUBMIT: "nộp hồ sơ",
    Verb.ACCEPT: "tiếp nhận",
    Verb.DECLINE: "từ chối tiếp nhận",
    Verb.FORWARD: "chuyển xử lý",
    Verb.ASK_SUPPLEMENT: "yêu cầu bổ sung",
    Verb.RECEIVE_SUPPLEMENT: "nhận giấy tờ bổ sung",
    Verb.ASK_PAYMENT: "thông báo nghĩa vụ tài chính",
    Verb.CONFIRM_PAYMENT: "xác nhận đã nộp nghĩa vụ tài chính",
    Verb.APOLOGISE: "xin lỗi và hẹn lại",
    Verb.RESOLVE: "ghi nhận kết quả",
    Verb.HAND_OVER: "trả kết quả",
    Verb.WITHDRAW: "rút hồ sơ",
    Verb.STOP: "dừng giải quyết",
    Verb.CORRECT: "sửa thông tin",
    Verb.REVERT: "hoàn tác",
}

# A target of None means: the state stays, or goes back to where it was before the clock
# stopped. Reverting is not in the table: what it may undo depends on the last act.
_WORK: dict[Verb, State | None] = {
    Verb.FORWARD: State.PROCESSING,
    Verb.ASK_SUPPLEMENT: State.AWAITING_SUPPLEMENT,
    Verb.ASK_PAYMENT: State.AWAITING_PAYMENT,
    Verb.APOLOGISE: None,
    Verb.RESOLVE: State.RESOLVED,
    Verb.WITHDRAW: State.WITHDRAWN,
    Verb.STOP: State.STOPPED,
    Verb.CORRECT: None,
}
_ENDING: dict[Verb, State | None] = {
    Verb.RESOLVE: State.RESOLVED,
    Verb.WITHDRAW: State.WITHDRAWN,
    Verb.STOP: State.STOPPED,
    Verb.CORRECT: None,
}
MOVES: dict[State, dict[Verb, State | None]] = {
    State.SUBMITTED: {
        Verb.ACCEPT: State.RECEIVED,
        Verb.DECLINE: State.DECLINED,
        Verb.ASK_SUPPLEMENT: None,
        Verb.CORRECT: None,
    },
    State.DECLINED: {},
    State.RECEIVED: _WORK,
    State.PROCESSING: _WORK,
    State.AWAITING_SUPPLEMENT: {Verb.RECEIVE_SUPPLEMENT: None, **_ENDING},
    State.AWAITING_PAYMENT: {Verb.CONFIRM_PAYMENT: None, **_ENDING},
    State.WITHDRAWN: {Verb.CORRECT: None},
    State.STOPPED: {Verb.CORRECT: None},
    State.RESOLVED: {Verb.HAND_OVER: State.HANDED_OVER, Verb.CORRECT: None},
    State.HANDED_OVER: {Verb.CORRECT: None},
}

_SENTENCES: dict[tuple[Verb, State], str] = {
    (Verb.HAND_OVER, State.HANDED_OVER): "Hồ sơ này đã được trả kết quả rồi.",
    (Verb.RESOLVE, State.RESOLVED): "Hồ sơ này đã có kết quả rồi.",
    (Verb.RESOLVE, State.HANDED_OVER): "Hồ sơ này đã trả kết quả cho công dân rồi.",
    (Verb.ACCEPT, State.DECLINED): (
        "Hồ sơ này đã bị từ chối tiếp nhận. Hãy lập hồ sơ mới nếu công dân nộp lại."
    ),
    (Verb.WITHDRAW, State.RESOLVED): (
        "Hồ sơ đã có kết quả nên không rút được nữa (NĐ 118/2025 Điều 21)."
    ),
    (Verb.WITHDRAW, State.HANDED_OVER): "Hồ sơ đã trả kết quả nên không rút được nữa.",
    (Verb.ASK_SUPPLEMENT, State.AWAITING_SUPPLEMENT): (
        "Hồ sơ đang chờ bổ sung theo yêu cầu trước. Hãy nhận giấy tờ bổ sung trước."
    ),
    (Verb.RECEIVE_SUPPLEMENT, State.PROCESSING): "Hồ sơ không có yêu cầu bổ sung nào đang chờ.",
    (Verb.RECEIVE_SUPPLEMENT, State.RECEIVED): "Hồ sơ không có yêu cầu bổ sung nào đang chờ.",
    (Verb.FORWARD, State.AWAITING_SUPPLEMENT): (
        "Hồ sơ đang chờ bổ sung. Hãy nhận giấy tờ bổ sung rồi mới chuyển tiếp."
    ),
    (Verb.APOLOGISE, State.AWAITING_SUPPLEMENT): (
        "Hồ sơ đang chờ công dân bổ sung nên thời hạn đang dừng, chưa cần xin lỗi."
    ),
    (Verb.APOLOGISE, State.AWAITING_PAYMENT): (
        "Hồ sơ đang chờ công dân thực hiện nghĩa vụ tài chính, chưa cần xin lỗi. Công dân đã nộp "
        "thì hãy xác nhận trước."
    ),
}
for _state in (State.RECEIVED, State.PROCESSING, *sorted(WAITING)):
    _SENTENCES[Verb.HAND_OVER, _state] = (
        "Hồ sơ chưa có kết quả nên chưa trả được. Hãy ghi nhận kết quả trước."
    )
for _state in sorted(ENDED):
    _SENTENCES.setdefault(
        (Verb.FORWARD, _state), "Hồ sơ đã kết thúc nên không chuyển xử lý được nữa."
    )
    _SENTENCES.setdefault(
        (Verb.ASK_SUPPLEMENT, _state), "Hồ sơ đã kết thúc nên không yêu cầu bổ sung được nữa."
    )


class MoveRefused(Exception):
    """An act that the table of moves, or a rule of the regime, does not allow.

    The text is a Vietnamese sentence for the person who tried; `field` names the input at
    fault, when there is one.
    """

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class StalePage(MoveRefused):
    """Somebody else acted on the dossier since this person's page was made."""


def may_move(state: State, verb: Verb) -> bool:
    """Whether the table allows the verb in this state."""
    return verb in MOVES[state]


def target(state: State, verb: Verb) -> State | None:
    """The state that the verb leads to; None when the state does not come from the table.

    Raises MoveRefused with a sentence for the clerk when the table has no such move.
    """
    if verb not in MOVES[state]:
        raise MoveRefused(refusal(state, verb))
    return MOVES[state][verb]


def refusal(state: State, verb: Verb) -> str:
    """Why the verb cannot be done in this state, said so that a clerk understands."""
    return _SENTENCES.get((verb, state), f"Hồ sơ {state.label} nên không thể {verb.label}.")
