"""The verbs, with literal dates: what each writes, what each refuses, and with which sentence."""

from datetime import date

import pytest

from dossiers.lifecycle import perform
from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier, Event, LateCause
from dossiers.rules.states import MoveRefused, State
from procedures.models import ProcedureVersion
from tests.cast import Cast, vn
from tests.dossiers.acts_done import REASON, forwarded, waiting


def cause() -> LateCause:
    return LateCause.objects.get_or_create(code="B4", name="Hồ sơ phức tạp")[0]


# The straight way


@pytest.mark.django_db
def test_received_forwarded_resolved_early_and_handed_over(cast: Cast) -> None:
    dossier = forwarded(cast)
    assert dossier.due_at == vn("2016-03-15T17:00")
    assert dossier.current_state is State.PROCESSING
    assert dossier.holder_division == cast.land_division

    perform.resolve(dossier, by=cast.specialist, at=vn("2016-03-14T16:59"), outcome="approved")
    assert dossier.current_state is State.RESOLVED
    assert (dossier.timeliness, dossier.timed_on) == ("early", date(2016, 3, 14))
    assert dossier.holder_division is None

    perform.hand_over(
        dossier,
        by=cast.clerk,
        at=vn("2016-04-20T08:00"),
        collector_name="Nguyễn Thị Lài",
        collector_paper="CMND 381234567",
        method="desk",
    )
    assert dossier.current_state is State.HANDED_OVER
    assert dossier.handed_over_on == date(2016, 4, 20)
    assert dossier.timeliness == "early", "a citizen who collects late makes nobody late"
    assert [event.kind for event in dossier.events.order_by("pk")] == [
        "accept",
        "forward",
        "resolve",
        "hand_over",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("resolved", "timeliness"),
    [
        ("2016-03-14T16:59", "early"),
        ("2016-03-15T07:00", "on_time"),
        ("2016-03-15T23:59", "on_time"),
        ("2016-03-16T00:01", "late"),
    ],
)
def test_dates_decide_not_hours(cast: Cast, resolved: str, timeliness: str) -> None:
    dossier = forwarded(cast)
    perform.resolve(dossier, by=cast.specialist, at=vn(resolved), outcome="approved")
    assert dossier.timeliness == timeliness


@pytest.mark.django_db
def test_refused_result_needs_its_reason(cast: Cast) -> None:
    dossier = forwarded(cast)
    with pytest.raises(MoveRefused, match="Từ chối giải quyết phải ghi rõ lý do") as refused:
        perform.resolve(dossier, by=cast.specialist, at=vn("2016-03-10T09:00"), outcome="refused")
    assert refused.value.field == "result_note"
    perform.resolve(
        dossier,
        by=cast.specialist,
        at=vn("2016-03-10T09:00"),
        outcome="refused",
        result_note="Đất đang tranh chấp",
    )
    assert (dossier.outcome, dossier.timeliness) == ("refused", "early")
    assert dossier.result_note == "Đất đang tranh chấp"


@pytest.mark.django_db
def test_lifecycle_same_place_is_no_hand_over(cast: Cast) -> None:
    dossier = forwarded(cast)
    with pytest.raises(MoveRefused, match="Hồ sơ đang ở chính nơi này"):
        perform.forward(
            dossier, by=cast.clerk, at=vn("2016-03-02T09:00"), division=cast.land_division
        )


@pytest.mark.django_db
def test_receiver_confirms_once(cast: Cast) -> None:
    dossier = forwarded(cast)
    event = perform.take_over(dossier, by=cast.specialist, at=vn("2016-03-01T14:00"))
    assert event is not None
    transfer = dossier.transfers.get()
    assert (transfer.taken_by, transfer.taken_at) == (cast.specialist, vn("2016-03-01T14:00"))
    assert perform.take_over(dossier, by=cast.specialist, at=vn("2016-03-01T14:05")) is None
    assert dossier.events.filter(kind="take_over").count() == 1


# Supplements


@pytest.mark.django_db
def test_lifecycle_in_2015_the_clock_goes_on_after_a_supplement(cast: Cast) -> None:
    """Asked on Thursday 3/3, brought on Wednesday 9/3: four working days waited, so 15/3
    becomes 21/3."""
    dossier = waiting(cast, "2016-03-01T09:00", "2016-03-03T09:00")
    assert dossier.current_state is State.AWAITING_SUPPLEMENT
    assert dossier.paused_on == date(2016, 3, 3)
    perform.receive_supplement(dossier, by=cast.clerk, at=vn("2016-03-09T15:00"))
    assert dossier.due_at == vn("2016-03-21T17:00")
    assert dossier.paused_on is None
    assert dossier.current_state is State.RECEIVED
    assert dossier.deadlines.first().due_on == date(2016, 3, 15), "the slip's promise stays"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("received", "asked", "brought", "due"),
    [
        # 2018: a whole new limit of ten working days; 29/4 is off, Saturday 4/5 makes up for it.
        ("2019-04-15T09:00", "2019-04-17T09:00", "2019-04-24T09:00", "2019-05-10T17:00"),
        # Brought after the close of a Friday: counted from Monday 10/6, due ten days later.
        ("2019-06-03T09:00", "2019-06-05T09:00", "2019-06-07T17:30", "2019-06-24T17:00"),
        # 2025: past 1 and 2/9.
        ("2025-08-18T09:00", "2025-08-20T09:00", "2025-08-25T09:00", "2025-09-10T17:00"),
    ],
)
def test_since_2018_the_limit_begins_anew_when_the_papers_come(
    cast: Cast, received: str, asked: str, brought: str, due: str
) -> None:
    dossier = waiting(cast, received, asked)
    perform.receive_supplement(dossier, by=cast.clerk, at=vn(brought))
    assert dossier.due_at == vn(due)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("year", "article"),
    [
        ("2019", "NĐ 61/2018/NĐ-CP Điều 11 khoản 2 điểm c"),
        ("2025", "NĐ 118/2025/NĐ-CP"),
    ],
)
def test_lifecycle_second_supplement_is_refused_with_the_article(
    cast: Cast, year: str, article: str
) -> None:
    dossier = waiting(cast, f"{year}-08-05T09:00", f"{year}-08-06T09:00")
    perform.receive_supplement(dossier, by=cast.clerk, at=vn(f"{year}-08-07T09:00"))
    with pytest.raises(MoveRefused) as refused:
        perform.ask_supplement(
            dossier,
            by=cast.clerk,
            at=vn(f"{year}-08-08T09:00"),
            items="Ảnh",
            reason="Mờ",
        )
    assert str(refused.value) == (
        f"Hồ sơ này đã được yêu cầu bổ sung 1 lần. {article} chỉ cho phép 1 lần."
    )
    ProcedureVersion.objects.filter(pk=dossier.version_id).update(max_supplements=2)
    perform.ask_supplement(
        dossier, by=cast.clerk, at=vn(f"{year}-08-08T09:00"), items="Ảnh", reason="Mờ"
    )
    assert dossier.supplements.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "late"), [("2019-06-06T16:00", False), ("2019-06-07T08:00", True)]
)
def test_supplement_asked_after_three_working_days_is_allowed_and_marked(
    cast: Cast, asked: str, late: bool
) -> None:
    dossier = waiting(cast, "2019-06-03T09:00", asked)
    assert dossier.supplements.get().asked_late is late


@pytest.mark.django_db
def test_lifecycle_what_is_missing_of_a_submission_stops_no_clock_and_may_be_said_again(
    cast: Cast,
) -> None:
    intake = Intake(office=cast.district, procedure=cast.land, applicant_name="Lê Thị Út")
    dossier = perform.guide(
        intake, by=cast.clerk, items="Đơn", reason=REASON, at=vn("2019-06-03T09:00")
    )
    perform.ask_supplement(
        dossier, by=cast.clerk, at=vn("2019-06-04T09:00"), items="Ảnh", reason="Mờ"
    )
    assert dossier.current_state is State.SUBMITTED
    assert (dossier.paused_on, dossier.pauses.count()) == (None, 0)
    perform.accept(dossier, by=cast.clerk, at=vn("2019-06-05T09:00"))
    assert dossier.due_at == vn("2019-06-19T17:00")
    assert [s.arrived_at for s in dossier.supplements.all()] == [vn("2019-06-05T09:00")] * 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stopped", "timeliness"),
    [("2016-03-14T09:00", "early"), ("2016-03-15T09:00", "on_time"), ("2016-03-16T09:00", "late")],
)
def test_lifecycle_who_ends_while_waiting_is_classified_by_the_day_the_clock_stopped(
    cast: Cast, stopped: str, timeliness: str
) -> None:
    dossier = waiting(cast, "2016-03-01T09:00", stopped)
    perform.withdraw(dossier, by=cast.clerk, at=vn("2016-05-30T09:00"), reason="Không làm nữa")
    assert dossier.resolved_on == date(2016, 5, 30)
    assert dossier.timed_on == vn(stopped).date()
    assert dossier.timeliness == timeliness
    assert dossier.pauses.get().until_on == date(2016, 5, 30)


# Payment, apology, withdrawal, stop


@pytest.mark.django_db
def test_lifecycle_financial_obligation_of_land_stops_the_clock(cast: Cast) -> None:
    dossier = forwarded(cast, "2025-08-04T09:00")
    assert dossier.due_at == vn("2025-08-18T17:00")
    perform.ask_payment(dossier, by=cast.specialist, at=vn("2025-08-06T09:00"))
    assert dossier.paused_on == date(2025, 8, 6)
    perform.confirm_payment(dossier, by=cast.clerk, at=vn("2025-08-08T09:00"))
    assert dossier.due_at == vn("2025-08-20T17:00"), "the time waited is added, no new limit"
    assert dossier.current_state is State.PROCESSING


@pytest.mark.django_db
def test_lifecycle_payment_that_stops_no_clock_leaves_the_date(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00", procedure=cast.building)
    due_at = dossier.due_at
    perform.ask_payment(dossier, by=cast.clerk, at=vn("2016-03-02T09:00"))
    assert dossier.paused_on is None
    perform.confirm_payment(dossier, by=cast.clerk, at=vn("2016-03-10T09:00"))
    assert dossier.due_at == due_at


def apologise(dossier: Dossier, cast: Cast, at: str, new: str) -> Event:
    return perform.apologise(
        dossier,
        by=cast.clerk,
        at=vn(at),
        cause=cause(),
        reason="Phải đo đạc lại",
        new_due_at=vn(new),
        signer="Phạm Hoàng Khởi",
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "late"), [("2019-06-14T16:00", False), ("2019-06-17T08:00", True)]
)
def test_apology_is_due_a_day_before_and_leaves_the_dossier_late(
    cast: Cast, told: str, late: bool
) -> None:
    dossier = cast.received("2019-06-03T09:00")
    assert dossier.due_on == date(2019, 6, 17)
    apologise(dossier, cast, told, "2019-06-28T17:00")
    assert dossier.apologies.get().told_late is late
    assert dossier.due_on == date(2019, 6, 17)
    perform.resolve(dossier, by=cast.clerk, at=vn("2019-06-27T09:00"), outcome="approved")
    assert dossier.timeliness == "late"


@pytest.mark.django_db
def test_lifecycle_second_apology_is_refused_with_the_article(cast: Cast) -> None:
    dossier = cast.received("2019-06-03T09:00")
    apologise(dossier, cast, "2019-06-14T09:00", "2019-06-28T17:00")
    with pytest.raises(MoveRefused) as refused:
        apologise(dossier, cast, "2019-06-27T09:00", "2019-07-12T17:00")
    assert str(refused.value) == (
        "Hồ sơ này đã xin lỗi 1 lần. NĐ 61/2018/NĐ-CP Điều 19 khoản 9 chỉ cho phép hẹn lại 1 lần."
    )


@pytest.mark.django_db
def test_new_date_before_the_old_one_is_refused(cast: Cast) -> None:
    dossier = cast.received("2019-06-03T09:00")
    with pytest.raises(MoveRefused) as refused:
        apologise(dossier, cast, "2019-06-14T09:00", "2019-06-14T17:00")
    assert str(refused.value) == "Ngày hẹn lại phải sau ngày đã hẹn và sau hôm nay."
    assert refused.value.field == "new_due_at"


@pytest.mark.django_db
def test_lifecycle_in_2016_apologies_are_not_counted(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    apologise(dossier, cast, "2016-03-15T09:00", "2016-03-22T17:00")
    apologise(dossier, cast, "2016-03-22T09:00", "2016-03-29T17:00")
    assert [apology.told_late for apology in dossier.apologies.all()] == [False, False]


@pytest.mark.django_db
def test_lifecycle_withdrawal_only_while_no_result_exists(cast: Cast) -> None:
    dossier = forwarded(cast)
    perform.resolve(dossier, by=cast.specialist, at=vn("2016-03-10T09:00"), outcome="approved")
    with pytest.raises(MoveRefused) as refused:
        perform.withdraw(dossier, by=cast.clerk, at=vn("2016-03-11T09:00"), reason="Đổi ý")
    assert str(refused.value) == (
        "Hồ sơ đã có kết quả nên không rút được nữa (NĐ 118/2025 Điều 21)."
    )


@pytest.mark.django_db
def test_lifecycle_stop_ends_the_dossier_where_it_is(cast: Cast) -> None:
    dossier = forwarded(cast)
    perform.stop(dossier, by=cast.leader, at=vn("2016-03-16T09:00"), reason="Tòa án thụ lý")
    assert dossier.current_state is State.STOPPED
    assert (dossier.outcome, dossier.timeliness) == ("stopped", "late")
    assert dossier.transfers.get().ended_at == vn("2016-03-16T09:00")
