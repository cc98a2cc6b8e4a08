"""Refused acts and their sentences: nothing is written, and the person reads why."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine

from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier, Event
from dossiers.rules.states import MOVES, MoveRefused, State, Verb, refusal
from tests.cast import Cast, vn
from tests.dossiers.pages import logged_in, path, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_a_wednesday() -> object:
    with time_machine.travel(vn("2016-03-09T10:00"), tick=False):
        yield


@pytest.fixture
def land(cast: Cast) -> Dossier:
    return cast.received("2016-03-01T09:00")


def refused(act: Callable[..., Any], dossier: Dossier, **arguments: Any) -> tuple[str, str | None]:
    """The sentence and its field; whatever was refused has left no event."""
    before = Event.objects.count()
    with pytest.raises(MoveRefused) as told:
        act(dossier, **arguments)
    assert Event.objects.count() == before
    return str(told.value), told.value.field


def test_result_is_one_of_two(cast: Cast, land: Dossier) -> None:
    assert refused(perform.resolve, land, by=cast.clerk, outcome="withdrawn") == (
        "Hãy chọn kết quả: giải quyết xong hoặc từ chối.",
        "outcome",
    )


def test_result_is_handed_over_to_somebody(cast: Cast, land: Dossier) -> None:
    perform.resolve(land, by=cast.clerk, outcome="approved")
    assert refused(perform.hand_over, land, by=cast.clerk, collector_name="  ") == (
        "Hãy ghi tên người nhận kết quả.",
        "collector_name",
    )


def test_refusals_undoing_has_its_reason(cast: Cast, land: Dossier) -> None:
    perform.forward(land, by=cast.clerk, division=cast.land_division)
    assert refused(perform.revert, land, by=cast.leader, reason=" ") == (
        "Hãy ghi lý do hoàn tác.",
        "reason",
    )


def test_receipt_is_not_corrected_into_the_future(cast: Cast, land: Dossier) -> None:
    later = {"received_at": vn("2016-03-10T09:00"), "reason": "Nhầm ngày"}
    assert refused(perform.correct, land, by=cast.clerk, **later) == (
        "Thời điểm tiếp nhận chưa tới.",
        "received_at",
    )


def test_procedure_that_was_not_in_force_is_refused_at_receipt_and_in_a_correction(
    cast: Cast, land: Dossier
) -> None:
    cast.building.versions.update(in_force_from=date(2016, 3, 5))
    sentence = "Thủ tục này không có phiên bản áp dụng ngày 01/03/2016."
    wrong = {"procedure": cast.building, "reason": "Nhầm thủ tục"}
    assert refused(perform.correct, land, by=cast.clerk, **wrong) == (sentence, "procedure")
    intake = Intake(office=cast.district, procedure=cast.building, applicant_name="Lê Thị Út")
    with pytest.raises(MoveRefused, match=sentence):
        perform.register(intake, by=cast.clerk, at=vn("2016-03-01T09:00"))


def in_state(cast: Cast, state: State) -> Dossier:
    """A land dossier in this state."""
    by = cast.clerk
    if state in (State.SUBMITTED, State.DECLINED):
        intake = Intake(office=cast.district, procedure=cast.land, applicant_name="Lê Thị Út")
        dossier = perform.guide(intake, by=by, items="Đơn", reason="Thiếu")
        if state is State.DECLINED:
            perform.decline(dossier, by=by, reason="Không thuộc thẩm quyền")
        return dossier
    dossier = cast.received("2016-03-01T09:00")
    steps: dict[State, Callable[[], Any]] = {
        State.RECEIVED: lambda: None,
        State.PROCESSING: lambda: perform.forward(dossier, by=by, division=cast.land_division),
        State.AWAITING_SUPPLEMENT: lambda: perform.ask_supplement(
            dossier, by=by, items="Đơn", reason="Thiếu"
        ),
        State.AWAITING_PAYMENT: lambda: perform.ask_payment(dossier, by=by),
        State.WITHDRAWN: lambda: perform.withdraw(dossier, by=by, reason="Đổi ý"),
        State.STOPPED: lambda: perform.stop(dossier, by=by, reason="Trùng hồ sơ"),
        State.RESOLVED: lambda: perform.resolve(dossier, by=by, outcome="approved"),
        State.HANDED_OVER: lambda: perform.resolve(dossier, by=by, outcome="approved"),
    }
    steps[state]()
    if state is State.HANDED_OVER:
        perform.hand_over(dossier, by=by, collector_name="Nguyễn Văn Ân")
    return dossier


@pytest.mark.parametrize("state", list(State))
def test_page_of_every_act_that_the_state_forbids_says_why_and_keeps_the_dossier(
    cast: Cast, state: State
) -> None:
    cast.clerk.is_leader = True
    cast.clerk.save()
    client = logged_in(cast.clerk)
    dossier = in_state(cast, state)
    assert dossier.current_state is state
    acts = dossier.events.exclude(kind="read").count()
    for verb in set(Verb) - {Verb.SUBMIT, Verb.REVERT} - set(MOVES[state]):
        page = client.get(path(dossier, verb))
        assert page.status_code == 409, verb
        assert refusal(state, verb) in text(page)
        assert client.post(path(dossier, verb), {}).status_code in (409, 422)
    dossier.refresh_from_db()
    assert dossier.current_state is state
    assert dossier.events.exclude(kind="read").count() == acts
