"""The table of moves: what each state allows, and the sentence for what it does not."""

import pytest

from dossiers.rules.states import (
    ENDED,
    MOVES,
    NOT_ACCEPTED,
    OPEN,
    STATE_WORDS,
    WAITING,
    MoveRefused,
    State,
    Verb,
    may_move,
    refusal,
    target,
)

S, V = State, Verb

# Written out a second time, on purpose: state -> verb -> where it leads (None: the state stays,
# or goes back to what it was before the clock stopped).
WORKING = {
    V.FORWARD: S.PROCESSING,
    V.ASK_SUPPLEMENT: S.AWAITING_SUPPLEMENT,
    V.ASK_PAYMENT: S.AWAITING_PAYMENT,
    V.APOLOGISE: None,
    V.RESOLVE: S.RESOLVED,
    V.WITHDRAW: S.WITHDRAWN,
    V.STOP: S.STOPPED,
    V.CORRECT: None,
}
ENDING = {V.RESOLVE: S.RESOLVED, V.WITHDRAW: S.WITHDRAWN, V.STOP: S.STOPPED, V.CORRECT: None}
EXPECTED = {
    S.SUBMITTED: {
        V.ACCEPT: S.RECEIVED,
        V.DECLINE: S.DECLINED,
        V.ASK_SUPPLEMENT: None,
        V.CORRECT: None,
    },
    S.RECEIVED: WORKING,
    S.DECLINED: {},
    S.PROCESSING: WORKING,
    S.AWAITING_SUPPLEMENT: {V.RECEIVE_SUPPLEMENT: None, **ENDING},
    S.AWAITING_PAYMENT: {V.CONFIRM_PAYMENT: None, **ENDING},
    S.WITHDRAWN: {V.CORRECT: None},
    S.STOPPED: {V.CORRECT: None},
    S.RESOLVED: {V.HAND_OVER: S.HANDED_OVER, V.CORRECT: None},
    S.HANDED_OVER: {V.CORRECT: None},
}


def test_states_carry_the_codes_of_the_national_portal() -> None:
    assert [state.value for state in State] == list(range(1, 11))
    assert State.AWAITING_SUPPLEMENT == 5
    assert State.HANDED_OVER == 10
    assert set(STATE_WORDS) == set(State)


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize("state", list(State))
def test_states_every_verb_in_every_state_moves_as_the_table_says_or_is_refused_with_a_sentence(
    state: State, verb: Verb
) -> None:
    if verb in EXPECTED[state]:
        assert may_move(state, verb)
        assert target(state, verb) == EXPECTED[state][verb]
        return
    assert not may_move(state, verb)
    with pytest.raises(MoveRefused) as refused:
        target(state, verb)
    sentence = str(refused.value)
    assert sentence == refusal(state, verb)
    assert sentence.startswith("Hồ sơ")
    assert sentence.endswith((".", ")."))


@pytest.mark.parametrize(
    ("state", "verb", "sentence"),
    [
        (S.HANDED_OVER, V.HAND_OVER, "Hồ sơ này đã được trả kết quả rồi."),
        (
            S.PROCESSING,
            V.HAND_OVER,
            "Hồ sơ chưa có kết quả nên chưa trả được. Hãy ghi nhận kết quả trước.",
        ),
        (S.RESOLVED, V.RESOLVE, "Hồ sơ này đã có kết quả rồi."),
        (
            S.RESOLVED,
            V.WITHDRAW,
            "Hồ sơ đã có kết quả nên không rút được nữa (NĐ 118/2025 Điều 21).",
        ),
        (
            S.AWAITING_SUPPLEMENT,
            V.FORWARD,
            "Hồ sơ đang chờ bổ sung. Hãy nhận giấy tờ bổ sung rồi mới chuyển tiếp.",
        ),
        (
            S.AWAITING_SUPPLEMENT,
            V.APOLOGISE,
            "Hồ sơ đang chờ công dân bổ sung nên thời hạn đang dừng, chưa cần xin lỗi.",
        ),
        (S.WITHDRAWN, V.FORWARD, "Hồ sơ đã kết thúc nên không chuyển xử lý được nữa."),
        (
            S.DECLINED,
            V.ACCEPT,
            "Hồ sơ này đã bị từ chối tiếp nhận. Hãy lập hồ sơ mới nếu công dân nộp lại.",
        ),
        (
            S.RECEIVED,
            V.RECEIVE_SUPPLEMENT,
            "Hồ sơ không có yêu cầu bổ sung nào đang chờ.",
        ),
        (S.STOPPED, V.APOLOGISE, "Hồ sơ đã dừng giải quyết nên không thể xin lỗi và hẹn lại."),
    ],
)
def test_refused_move_says_why_so_that_a_clerk_understands(
    state: State, verb: Verb, sentence: str
) -> None:
    assert refusal(state, verb) == sentence


def test_states_every_state_is_open_or_ended_or_not_accepted() -> None:
    assert set(State) == OPEN | ENDED | NOT_ACCEPTED
    assert not OPEN & ENDED
    assert WAITING <= OPEN
    assert set(MOVES) == set(State)
