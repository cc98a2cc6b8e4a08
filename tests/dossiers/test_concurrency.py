"""Two people, two hands on one dossier: one act happens, the other is told what changed.

Real threads, each with a connection of its own, on the database of the run.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from dossiers.desk import bundles
from dossiers.desk.bundles import BundleOutcome
from dossiers.desk.returns import returning
from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.lifecycle.perform import reschedule
from dossiers.models import Dossier, Event, LateCause
from dossiers.rules.states import MoveRefused, StalePage, State
from motcua.models import Staff
from procedures.models import CalendarDay
from tests.cast import Cast, make_cast, make_staff, vn
from tests.dossiers.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def dossier(cast: Cast) -> Dossier:
    return cast.received("2016-03-01T09:00")


def on(dossier: Dossier, verb: Callable[..., Any], **arguments: Any) -> Callable[[], Any]:
    """The verb, done by somebody who opened the page now: with a copy of the dossier's own."""
    seen = Dossier.objects.get(pk=dossier.pk).revision
    arguments = {"token": uuid4(), "seen": seen, **arguments}
    return lambda: verb(Dossier.objects.get(pk=dossier.pk), **arguments)


def kinds(dossier: Dossier) -> list[str]:
    return list(dossier.events.values_list("kind", flat=True))


@pytest.mark.parametrize(
    "pair",
    [
        ("resolve", "withdraw"),
        ("forward", "ask_supplement"),
        ("stop", "correct"),
        ("apologise", "resolve"),
    ],
)
def test_concurrency_of_two_acts_at_once_one_happens_and_the_other_is_told_who_did_what(
    cast: Cast, dossier: Dossier, pair: tuple[str, str]
) -> None:
    cause = LateCause.objects.create(code="B4", name="Xác minh")
    arguments: dict[str, dict[str, Any]] = {
        "resolve": {"outcome": "approved"},
        "withdraw": {"reason": "Đổi ý"},
        "forward": {"division": cast.land_division},
        "ask_supplement": {"items": "Đơn", "reason": "Thiếu"},
        "stop": {"reason": "Trùng hồ sơ"},
        "correct": {"reason": "Viết nhầm", "applicant_name": "Nguyễn Văn An"},
        "apologise": {
            "cause": cause,
            "reason": "Đo lại",
            "new_due_at": vn("2027-03-31T17:00"),
            "signer": "Phạm Hoàng Khởi",
        },
    }
    people = (cast.clerk, cast.leader)
    acts = [
        on(dossier, getattr(perform, verb), by=who, **arguments[verb])
        for verb, who in zip(pair, people, strict=True)
    ]
    (refused,) = at_once(*acts)
    assert type(refused) is StalePage
    done = dossier.events.get(kind__in=pair)
    assert str(refused).startswith(
        f"Hồ sơ đã thay đổi từ lúc ông/bà mở trang: {done.actor.display_name} đã "
        f"{done.get_kind_display()} lúc "
    )
    assert dossier.events.count() == 2
    dossier.refresh_from_db()
    assert dossier.revision == 2


def test_concurrency_two_clerks_hand_the_result_over_once(cast: Cast, dossier: Dossier) -> None:
    perform.resolve(dossier, by=cast.clerk, outcome="approved")
    acts = [
        on(dossier, perform.hand_over, by=cast.clerk, collector_name=name, seen=None)
        for name in ("Nguyễn Văn Ân", "Trần Thị Bưởi")
    ]
    (refused,) = at_once(*acts)
    assert str(refused) == "Hồ sơ này đã được trả kết quả rồi."
    assert kinds(dossier) == ["accept", "resolve", "hand_over"]


def test_revert_and_an_act_at_once_do_not_undo_the_wrong_one(cast: Cast, dossier: Dossier) -> None:
    perform.forward(dossier, by=cast.clerk, division=cast.land_division)
    (refused,) = at_once(
        on(dossier, perform.revert, by=cast.leader, reason="Nhầm phòng"),
        on(dossier, perform.resolve, by=cast.specialist, outcome="approved"),
    )
    assert type(refused) is StalePage
    dossier.refresh_from_db()
    ends = {"revert": State.RECEIVED, "resolve": State.RESOLVED}
    assert dossier.current_state is ends[kinds(dossier)[-1]]


def test_hand_over_is_confirmed_by_one_of_two_receivers(cast: Cast, dossier: Dossier) -> None:
    perform.forward(dossier, by=cast.clerk, division=cast.land_division)
    raised = at_once(
        on(dossier, perform.take_over, by=cast.specialist, seen=None),
        on(dossier, perform.take_over, by=cast.leader, seen=None),
    )
    assert raised == []
    assert kinds(dossier) == ["accept", "forward", "take_over"]


def test_concurrency_submission_is_either_accepted_or_declined(cast: Cast) -> None:
    intake = Intake(office=cast.district, procedure=cast.land, applicant_name="Lê Thị Út")
    dossier = perform.guide(intake, by=cast.clerk, items="Đơn", reason="Thiếu")
    (refused,) = at_once(
        on(dossier, perform.accept, by=cast.clerk, seen=None),
        on(dossier, perform.decline, by=cast.clerk, reason="Không thuộc thẩm quyền", seen=None),
    )
    assert isinstance(refused, MoveRefused)
    dossier.refresh_from_db()
    assert dossier.current_state in (State.RECEIVED, State.DECLINED)
    assert {"accept", "decline"} & set(kinds(dossier)) != {"accept", "decline"}


def test_concurrency_form_that_is_sent_twice_at_once_makes_one_dossier(cast: Cast) -> None:
    token = UUID(int=7)
    intake = Intake(office=cast.district, procedure=cast.land, applicant_name="Nguyễn Văn Ân")

    def send() -> None:
        perform.register(intake, by=cast.clerk, at=vn("2016-03-01T09:00"), token=token)

    assert at_once(*[send] * 6) == []
    assert Dossier.objects.get().code == "H12.TAM.967-160301-0001"
    assert Event.objects.count() == 1


def test_concurrency_retried_act_happens_once_whatever_comes_in_between(
    cast: Cast, dossier: Dossier
) -> None:
    token = UUID(int=9)
    retry = on(dossier, perform.resolve, by=cast.clerk, outcome="approved", token=token)
    assert at_once(*[retry] * 4) == []
    perform.hand_over(dossier, by=cast.clerk, collector_name="Nguyễn Văn Ân")
    assert retry().kind == Event.Kind.RESOLVE
    assert kinds(dossier) == ["accept", "resolve", "hand_over"]


@pytest.mark.parametrize("act", ["forward", "resolve", "hand_over"])
def test_concurrency_one_bundle_pressed_twice_at_once_does_each_dossier_once(
    cast: Cast, act: str
) -> None:
    dossiers = [cast.received(f"2016-03-01T09:0{minute}") for minute in range(4)]
    for dossier in dossiers if act == "hand_over" else ():
        perform.resolve(dossier, by=cast.clerk, outcome="approved")
    token = uuid4()
    outcomes: list[bundles.Outcome] = []

    def press() -> None:
        mine = Dossier.objects.filter(pk__in=[d.pk for d in dossiers]).order_by("pk")
        outcomes.append(bundles.ACTS[act](mine, by=cast.clerk, token=token))

    assert at_once(press, press, press) == []
    assert [len(outcome.done) for outcome in outcomes] == [4, 4, 4]
    assert Event.objects.filter(kind=act).count() == 4


def test_concurrency_two_leaders_move_a_date_once(cast: Cast) -> None:
    dossier = cast.received("2016-08-29T09:00")
    CalendarDay.objects.create(date="2016-09-05", kind="holiday", name="Nghỉ đột xuất")

    def move() -> None:
        reschedule(Dossier.objects.get(pk=dossier.pk), by=cast.leader, reason="Công văn 12")

    (refused,) = at_once(move, move)
    assert str(refused) == "Ngày hẹn của hồ sơ này không thay đổi theo lịch hiện tại."
    assert kinds(dossier) == ["accept", "reschedule"]


def test_concurrency_of_two_clerks_at_the_return_counter_each_result_goes_once(
    cast: Cast,
) -> None:
    """Both have all results of one person before them, one with money owed, and press at once."""
    results = [cast.received("2016-03-01T09:00", fee_vnd=fee) for fee in (None, 50000, 0, 75000)]
    for result in results:
        perform.resolve(result, by=cast.leader, outcome="approved")
    other = make_staff("quay-2", cast.district, "clerk")
    outcomes: list[BundleOutcome] = []

    def hands_over(by: Staff, name: str) -> Callable[[], Any]:
        rows = list(Dossier.objects.filter(pk__in=[r.pk for r in results]).order_by("pk"))
        taken_by = returning.Collector(name)
        return lambda: outcomes.append(returning.hand_over(rows, taken_by, by=by, token=uuid4()))

    assert at_once(hands_over(cast.clerk, "Lê Văn Rạch"), hands_over(other, "Trần Thị Mẫu")) == []
    assert [kinds(r).count("hand_over") for r in results] == [1, 1, 1, 1]
    assert [kinds(r).count("correct") for r in results] == [0, 1, 0, 1]
    done, refused = (sum(len(getattr(o, n)) for o in outcomes) for n in ("done", "refused"))
    assert (done, refused) == (4, 4)
    for outcome in outcomes:
        for _, sentence in outcome.refused:
            assert "trả" in sentence or "thay đổi" in sentence


def test_concurrency_of_undoing_twice_at_the_return_counter_it_is_undone_once(cast: Cast) -> None:
    result = cast.received("2016-03-01T09:00", fee_vnd=50000)
    perform.resolve(result, by=cast.leader, outcome="approved")
    taken_by = returning.Collector("Lê Văn Rạch")
    returning.hand_over([result], taken_by, by=cast.clerk, token=uuid4())

    def undoes() -> Callable[[], Any]:
        row = Dossier.objects.get(pk=result.pk)
        return lambda: returning.undo([row], by=cast.clerk, token=uuid4())

    assert at_once(undoes(), undoes()) == []
    result.refresh_from_db()
    assert (result.current_state, result.fee_paid) == (State.RESOLVED, False)
    assert kinds(result).count("revert") == 2
