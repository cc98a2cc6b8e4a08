"""The verbs, with literal dates: what each writes, what each refuses, and with which sentence."""

import threading
from datetime import date
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from dossiers import lifecycle
from dossiers.models import Deadline, Dossier, Event, LateCause
from dossiers.receipt import Intake
from dossiers.states import MoveRefused, StalePage, State
from procedures.models import ProcedureVersion
from tests.cast import Cast, make_cast, vn

REASON = "Thiếu giấy chứng nhận"


def forwarded(cast: Cast, at: str = "2016-03-01T09:00") -> Dossier:
    """A land dossier of ten working days, received on a Tuesday: due on 15/03/2016."""
    dossier = cast.received(at)
    lifecycle.forward(
        dossier, by=cast.clerk, at=vn(f"{at[:10]}T10:00"), division=cast.land_division
    )
    return dossier


def waiting(cast: Cast, received: str, asked: str) -> Dossier:
    dossier = cast.received(received)
    lifecycle.ask_supplement(
        dossier, by=cast.clerk, at=vn(asked), items="Giấy chứng nhận", reason=REASON
    )
    return dossier


def cause() -> LateCause:
    return LateCause.objects.get_or_create(code="B4", name="Hồ sơ phức tạp")[0]


# The straight way


@pytest.mark.django_db
def test_received_forwarded_resolved_early_and_handed_over(cast: Cast) -> None:
    dossier = forwarded(cast)
    assert dossier.due_at == vn("2016-03-15T17:00")
    assert dossier.current_state is State.PROCESSING
    assert dossier.holder_division == cast.land_division

    lifecycle.resolve(dossier, by=cast.specialist, at=vn("2016-03-14T16:59"), outcome="approved")
    assert dossier.current_state is State.RESOLVED
    assert (dossier.timeliness, dossier.timed_on) == ("early", date(2016, 3, 14))
    assert dossier.holder_division is None

    lifecycle.hand_over(
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
    lifecycle.resolve(dossier, by=cast.specialist, at=vn(resolved), outcome="approved")
    assert dossier.timeliness == timeliness


@pytest.mark.django_db
def test_a_refused_result_needs_its_reason(cast: Cast) -> None:
    dossier = forwarded(cast)
    with pytest.raises(MoveRefused, match="Từ chối giải quyết phải ghi rõ lý do") as refused:
        lifecycle.resolve(dossier, by=cast.specialist, at=vn("2016-03-10T09:00"), outcome="refused")
    assert refused.value.field == "result_note"
    lifecycle.resolve(
        dossier,
        by=cast.specialist,
        at=vn("2016-03-10T09:00"),
        outcome="refused",
        result_note="Đất đang tranh chấp",
    )
    assert (dossier.outcome, dossier.timeliness) == ("refused", "early")
    assert dossier.result_note == "Đất đang tranh chấp"


@pytest.mark.django_db
def test_the_same_place_is_no_hand_over(cast: Cast) -> None:
    dossier = forwarded(cast)
    with pytest.raises(MoveRefused, match="Hồ sơ đang ở chính nơi này"):
        lifecycle.forward(
            dossier, by=cast.clerk, at=vn("2016-03-02T09:00"), division=cast.land_division
        )


@pytest.mark.django_db
def test_the_receiver_confirms_once(cast: Cast) -> None:
    dossier = forwarded(cast)
    event = lifecycle.take_over(dossier, by=cast.specialist, at=vn("2016-03-01T14:00"))
    assert event is not None
    transfer = dossier.transfers.get()
    assert (transfer.taken_by, transfer.taken_at) == (cast.specialist, vn("2016-03-01T14:00"))
    assert lifecycle.take_over(dossier, by=cast.specialist, at=vn("2016-03-01T14:05")) is None
    assert dossier.events.filter(kind="take_over").count() == 1


# Supplements


@pytest.mark.django_db
def test_in_2015_the_clock_goes_on_after_a_supplement(cast: Cast) -> None:
    """Asked on Thursday 3/3, brought on Wednesday 9/3: four working days waited, so 15/3
    becomes 21/3."""
    dossier = waiting(cast, "2016-03-01T09:00", "2016-03-03T09:00")
    assert dossier.current_state is State.AWAITING_SUPPLEMENT
    assert dossier.paused_on == date(2016, 3, 3)
    lifecycle.receive_supplement(dossier, by=cast.clerk, at=vn("2016-03-09T15:00"))
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
    lifecycle.receive_supplement(dossier, by=cast.clerk, at=vn(brought))
    assert dossier.due_at == vn(due)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("year", "article"),
    [
        ("2019", "NĐ 61/2018/NĐ-CP Điều 11 khoản 2 điểm c"),
        ("2025", "NĐ 118/2025/NĐ-CP"),
    ],
)
def test_a_second_supplement_is_refused_with_the_article(
    cast: Cast, year: str, article: str
) -> None:
    dossier = waiting(cast, f"{year}-08-05T09:00", f"{year}-08-06T09:00")
    lifecycle.receive_supplement(dossier, by=cast.clerk, at=vn(f"{year}-08-07T09:00"))
    with pytest.raises(MoveRefused) as refused:
        lifecycle.ask_supplement(
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
    lifecycle.ask_supplement(
        dossier, by=cast.clerk, at=vn(f"{year}-08-08T09:00"), items="Ảnh", reason="Mờ"
    )
    assert dossier.supplements.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "late"), [("2019-06-06T16:00", False), ("2019-06-07T08:00", True)]
)
def test_a_supplement_asked_after_three_working_days_is_allowed_and_marked(
    cast: Cast, asked: str, late: bool
) -> None:
    dossier = waiting(cast, "2019-06-03T09:00", asked)
    assert dossier.supplements.get().asked_late is late


@pytest.mark.django_db
def test_what_is_missing_of_a_submission_stops_no_clock_and_may_be_said_again(cast: Cast) -> None:
    intake = Intake(office=cast.district, procedure=cast.land, applicant_name="Lê Thị Út")
    dossier = lifecycle.guide(
        intake, by=cast.clerk, items="Đơn", reason=REASON, at=vn("2019-06-03T09:00")
    )
    lifecycle.ask_supplement(
        dossier, by=cast.clerk, at=vn("2019-06-04T09:00"), items="Ảnh", reason="Mờ"
    )
    assert dossier.current_state is State.SUBMITTED
    assert (dossier.paused_on, dossier.pauses.count()) == (None, 0)
    lifecycle.accept(dossier, by=cast.clerk, at=vn("2019-06-05T09:00"))
    assert dossier.due_at == vn("2019-06-19T17:00")
    assert [s.arrived_at for s in dossier.supplements.all()] == [vn("2019-06-05T09:00")] * 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stopped", "timeliness"),
    [("2016-03-14T09:00", "early"), ("2016-03-15T09:00", "on_time"), ("2016-03-16T09:00", "late")],
)
def test_who_ends_while_waiting_is_classified_by_the_day_the_clock_stopped(
    cast: Cast, stopped: str, timeliness: str
) -> None:
    dossier = waiting(cast, "2016-03-01T09:00", stopped)
    lifecycle.withdraw(dossier, by=cast.clerk, at=vn("2016-05-30T09:00"), reason="Không làm nữa")
    assert dossier.resolved_on == date(2016, 5, 30)
    assert dossier.timed_on == vn(stopped).date()
    assert dossier.timeliness == timeliness
    assert dossier.pauses.get().until_on == date(2016, 5, 30)


# Payment, apology, withdrawal, stop


@pytest.mark.django_db
def test_a_financial_obligation_of_land_stops_the_clock(cast: Cast) -> None:
    dossier = forwarded(cast, "2025-08-04T09:00")
    assert dossier.due_at == vn("2025-08-18T17:00")
    lifecycle.ask_payment(dossier, by=cast.specialist, at=vn("2025-08-06T09:00"))
    assert dossier.paused_on == date(2025, 8, 6)
    lifecycle.confirm_payment(dossier, by=cast.clerk, at=vn("2025-08-08T09:00"))
    assert dossier.due_at == vn("2025-08-20T17:00"), "the time waited is added, no new limit"
    assert dossier.current_state is State.PROCESSING


@pytest.mark.django_db
def test_a_payment_that_stops_no_clock_leaves_the_date(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00", procedure=cast.building)
    due_at = dossier.due_at
    lifecycle.ask_payment(dossier, by=cast.clerk, at=vn("2016-03-02T09:00"))
    assert dossier.paused_on is None
    lifecycle.confirm_payment(dossier, by=cast.clerk, at=vn("2016-03-10T09:00"))
    assert dossier.due_at == due_at


def apologise(dossier: Dossier, cast: Cast, at: str, new: str) -> Event:
    return lifecycle.apologise(
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
def test_an_apology_is_due_a_day_before_and_leaves_the_dossier_late(
    cast: Cast, told: str, late: bool
) -> None:
    dossier = cast.received("2019-06-03T09:00")
    assert dossier.due_on == date(2019, 6, 17)
    apologise(dossier, cast, told, "2019-06-28T17:00")
    assert dossier.apologies.get().told_late is late
    assert dossier.due_on == date(2019, 6, 17)
    lifecycle.resolve(dossier, by=cast.clerk, at=vn("2019-06-27T09:00"), outcome="approved")
    assert dossier.timeliness == "late"


@pytest.mark.django_db
def test_a_second_apology_is_refused_with_the_article(cast: Cast) -> None:
    dossier = cast.received("2019-06-03T09:00")
    apologise(dossier, cast, "2019-06-14T09:00", "2019-06-28T17:00")
    with pytest.raises(MoveRefused) as refused:
        apologise(dossier, cast, "2019-06-27T09:00", "2019-07-12T17:00")
    assert str(refused.value) == (
        "Hồ sơ này đã xin lỗi 1 lần. NĐ 61/2018/NĐ-CP Điều 19 khoản 9 chỉ cho phép hẹn lại 1 lần."
    )


@pytest.mark.django_db
def test_a_new_date_before_the_old_one_is_refused(cast: Cast) -> None:
    dossier = cast.received("2019-06-03T09:00")
    with pytest.raises(MoveRefused) as refused:
        apologise(dossier, cast, "2019-06-14T09:00", "2019-06-14T17:00")
    assert str(refused.value) == "Ngày hẹn lại phải sau ngày đã hẹn và sau hôm nay."
    assert refused.value.field == "new_due_at"


@pytest.mark.django_db
def test_in_2016_apologies_are_not_counted(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    apologise(dossier, cast, "2016-03-15T09:00", "2016-03-22T17:00")
    apologise(dossier, cast, "2016-03-22T09:00", "2016-03-29T17:00")
    assert [apology.told_late for apology in dossier.apologies.all()] == [False, False]


@pytest.mark.django_db
def test_withdrawal_only_while_no_result_exists(cast: Cast) -> None:
    dossier = forwarded(cast)
    lifecycle.resolve(dossier, by=cast.specialist, at=vn("2016-03-10T09:00"), outcome="approved")
    with pytest.raises(MoveRefused) as refused:
        lifecycle.withdraw(dossier, by=cast.clerk, at=vn("2016-03-11T09:00"), reason="Đổi ý")
    assert str(refused.value) == (
        "Hồ sơ đã có kết quả nên không rút được nữa (NĐ 118/2025 Điều 21)."
    )


@pytest.mark.django_db
def test_a_stop_ends_the_dossier_where_it_is(cast: Cast) -> None:
    dossier = forwarded(cast)
    lifecycle.stop(dossier, by=cast.leader, at=vn("2016-03-16T09:00"), reason="Tòa án thụ lý")
    assert dossier.current_state is State.STOPPED
    assert (dossier.outcome, dossier.timeliness) == ("stopped", "late")
    assert dossier.transfers.get().ended_at == vn("2016-03-16T09:00")


# Putting right


@pytest.mark.django_db
def test_a_corrected_procedure_reckons_the_due_date_anew(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    code = dossier.code
    event = lifecycle.correct(
        dossier,
        by=cast.clerk,
        at=vn("2016-03-02T09:00"),
        reason="Chọn nhầm thủ tục",
        procedure=cast.building,
        applicant_name="Nguyễn Văn Ẩn",
    )
    assert dossier.due_at == vn("2016-03-16T17:00")
    assert (dossier.sector, dossier.code) == (cast.building.sector, code)
    assert event.changes["procedure_id"] == [cast.land.pk, cast.building.pk]
    assert event.changes["applicant_name"] == ["Nguyễn Văn Ân", "Nguyễn Văn Ẩn"]
    kinds = list(dossier.deadlines.values_list("kind", "due_on", "until_on"))
    assert kinds == [
        (Deadline.Kind.RECEIPT, date(2016, 3, 15), date(2016, 3, 2)),
        (Deadline.Kind.CORRECTION, date(2016, 3, 16), None),
    ]


@pytest.mark.django_db
def test_a_corrected_receipt_of_an_ended_dossier_gives_it_its_class_anew(cast: Cast) -> None:
    dossier = cast.received("2016-03-02T09:00")
    lifecycle.resolve(dossier, by=cast.clerk, at=vn("2016-03-16T09:00"), outcome="approved")
    assert dossier.timeliness == "on_time"
    lifecycle.correct(
        dossier,
        by=cast.clerk,
        at=vn("2016-03-17T09:00"),
        reason="Nhận từ hôm trước",
        received_at=vn("2016-03-01T09:00"),
    )
    assert (dossier.received_on, dossier.due_on) == (date(2016, 3, 1), date(2016, 3, 15))
    assert dossier.timeliness == "late"


@pytest.mark.django_db
def test_a_correction_is_shown_before_it_is_made(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    due = lifecycle.preview_correction(dossier, procedure=cast.building)
    assert due is not None
    assert due.due_at.date() == date(2016, 3, 16)
    dossier.refresh_from_db()
    assert dossier.due_on == date(2016, 3, 15)
    assert lifecycle.preview_correction(dossier, phone="0900000001") is None


@pytest.mark.django_db
def test_a_correction_says_what_is_missing(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    at = vn("2016-03-02T09:00")
    with pytest.raises(MoveRefused, match="Hãy ghi lý do sửa"):
        lifecycle.correct(dossier, by=cast.clerk, at=at, reason=" ", phone="0900000001")
    with pytest.raises(MoveRefused, match="Chưa có thông tin nào thay đổi"):
        lifecycle.correct(dossier, by=cast.clerk, at=at, reason="Sửa", phone="")
    lifecycle.forward(dossier, by=cast.clerk, at=at, division=cast.land_division)
    with pytest.raises(MoveRefused) as refused:
        lifecycle.correct(
            dossier,
            by=cast.clerk,
            at=vn("2016-03-03T09:00"),
            reason="Sửa",
            received_at=vn("2016-03-02T10:00"),
        )
    assert str(refused.value) == (
        "Thời điểm tiếp nhận không được sau việc tiếp theo của hồ sơ "
        "(chuyển xử lý lúc 09:00 02/03/2016)."
    )


@pytest.mark.django_db
def test_a_new_number_of_the_one_who_submits_can_be_searched(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    lifecycle.correct(
        dossier,
        by=cast.clerk,
        at=vn("2016-03-02T09:00"),
        reason="Bổ sung",
        submitter_name="Trần Thị Bưởi",
    )
    assert Dossier.objects.search("tran thi buoi").get() == dossier


@pytest.mark.django_db
def test_a_revert_restores_the_dossier_and_voids_the_rows(cast: Cast) -> None:
    dossier = waiting(cast, "2016-03-01T09:00", "2016-03-03T09:00")
    lifecycle.receive_supplement(dossier, by=cast.clerk, at=vn("2016-03-09T09:00"))
    assert dossier.due_on == date(2016, 3, 21)

    event = lifecycle.revert(
        dossier, by=cast.leader, at=vn("2016-03-09T10:00"), reason="Chưa đủ giấy tờ"
    )
    assert dossier.current_state is State.AWAITING_SUPPLEMENT
    assert (dossier.due_on, dossier.paused_on) == (date(2016, 3, 15), date(2016, 3, 3))
    assert dossier.pauses.get().until_on is None
    assert dossier.supplements.get().arrived_at is None
    assert [row.is_void for row in dossier.deadlines.all()] == [False, True]
    assert dossier.deadlines.first().until_on is None
    assert event.note == "Chưa đủ giấy tờ"

    lifecycle.revert(dossier, by=cast.leader, at=vn("2016-03-09T11:00"), reason="Yêu cầu nhầm")
    assert dossier.current_state is State.RECEIVED
    assert dossier.pauses.get().is_void
    assert dossier.supplements.get().is_void
    with pytest.raises(MoveRefused) as refused:
        lifecycle.revert(dossier, by=cast.leader, at=vn("2016-03-09T12:00"), reason="Nữa")
    assert str(refused.value) == (
        "Không còn việc nào hoàn tác được; việc tiếp nhận không hoàn tác."
    )
    assert dossier.events.count() == 5


@pytest.mark.django_db
def test_a_reverted_confirmation_waits_for_its_receiver_again(cast: Cast) -> None:
    dossier = forwarded(cast)
    lifecycle.take_over(dossier, by=cast.specialist, at=vn("2016-03-01T14:00"))
    lifecycle.revert(dossier, by=cast.leader, at=vn("2016-03-01T15:00"), reason="Nhận nhầm")
    transfer = lifecycle.untaken_transfer(dossier)
    assert transfer is not None
    assert transfer.taken_by is None
    assert dossier.current_state is State.PROCESSING


@pytest.mark.django_db
def test_pressing_revert_twice_undoes_one_act(cast: Cast) -> None:
    dossier = forwarded(cast)
    lifecycle.resolve(dossier, by=cast.specialist, at=vn("2016-03-10T09:00"), outcome="approved")
    token = uuid4()
    first, second = (
        lifecycle.revert(dossier, by=cast.leader, reason="Nhầm", token=token) for _ in range(2)
    )
    assert first == second
    assert dossier.current_state is State.PROCESSING


# Moments


@pytest.mark.django_db
@time_machine.travel(vn("2016-03-02T09:00"), tick=False)
def test_the_future_is_refused_and_a_clock_slightly_ahead_is_not(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    with pytest.raises(MoveRefused) as refused:
        lifecycle.resolve(dossier, by=cast.clerk, at=vn("2016-03-03T09:00"), outcome="approved")
    assert str(refused.value) == ("Thời điểm 09:00 03/03/2016 chưa tới. Hãy nhập lại giờ, ngày.")
    assert refused.value.field == "at"
    lifecycle.forward(
        dossier, by=cast.clerk, at=vn("2016-03-02T09:01"), division=cast.land_division
    )
    lifecycle.take_over(dossier, by=cast.specialist)
    assert dossier.held_since == vn("2016-03-02T09:00"), "kept as now, so that others can follow"


@pytest.mark.django_db
def test_a_moment_before_the_act_before_is_refused(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    with pytest.raises(MoveRefused) as refused:
        lifecycle.resolve(dossier, by=cast.clerk, at=vn("2016-03-01T08:59"), outcome="approved")
    assert str(refused.value) == (
        "Thời điểm 08:59 01/03/2016 sớm hơn việc trước đó (tiếp nhận lúc 09:00 01/03/2016)."
    )


@pytest.mark.django_db
def test_a_year_without_calendar_is_refused_with_its_name(cast: Cast) -> None:
    with time_machine.travel(vn("2028-03-01T09:00")), pytest.raises(MoveRefused, match="năm 2028"):
        cast.received("2028-02-01T09:00")


# Twice, stale, at once


@pytest.mark.django_db
def test_the_same_token_again_returns_the_first_event(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    token = uuid4()
    first, second = (
        lifecycle.resolve(dossier, by=cast.clerk, outcome="approved", token=token) for _ in range(2)
    )
    assert first == second
    assert dossier.events.filter(kind="resolve").count() == 1


@pytest.mark.django_db
def test_a_page_older_than_the_last_act_is_refused_with_what_changed(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    seen = dossier.revision
    with time_machine.travel(vn("2016-03-02T09:12")):
        lifecycle.forward(dossier, by=cast.clerk, division=cast.land_division)
        with pytest.raises(StalePage) as refused:
            lifecycle.resolve(dossier, by=cast.leader, outcome="approved", seen=seen)
    assert str(refused.value) == (
        "Hồ sơ đã thay đổi từ lúc ông/bà mở trang: Trần Thị Mận đã chuyển xử lý lúc 09:12 "
        "02/03/2016. Việc của ông/bà chưa được ghi; hãy xem lại rồi làm tiếp."
    )
    assert dossier.current_state is State.PROCESSING


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE dossiers_event SET note = 'khác'",
        "DELETE FROM dossiers_event",
    ],
)
def test_the_database_refuses_to_change_or_delete_an_event(cast: Cast, statement: str) -> None:
    dossier = cast.received("2016-03-01T09:00")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    event = dossier.events.get()
    with pytest.raises(TypeError, match="append-only"):
        event.save()
    with pytest.raises(TypeError, match="append-only"):
        event.delete()


@pytest.mark.django_db
def test_one_look_in_ten_minutes_is_recorded_once(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    with time_machine.travel(vn("2016-03-02T09:00"), tick=False) as traveller:
        lifecycle.record_read(dossier, by=cast.clerk)
        lifecycle.record_read(dossier, by=cast.clerk)
        lifecycle.record_read(dossier, by=cast.leader)
        traveller.shift(601)
        lifecycle.record_read(dossier, by=cast.clerk)
    reads = dossier.events.filter(kind="read").values_list("actor__username", flat=True)
    assert list(reads) == ["mot-cua", "chu-tich", "mot-cua"]


def at_once(*acts: object) -> list[BaseException | None]:
    """Do the acts at the same time, each on its own connection; what each one raised."""
    begin = threading.Barrier(len(acts))
    raised: list[BaseException | None] = [None] * len(acts)

    def run(number: int) -> None:
        try:
            begin.wait()
            acts[number]()  # type: ignore[operator]
        except BaseException as error:  # told to the test, which runs in another thread
            raised[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_a_form_that_is_sent_twice_at_once_makes_one_dossier() -> None:
    cast = make_cast()
    token = UUID(int=7)
    intake = Intake(office=cast.district, procedure=cast.land, applicant_name="Nguyễn Văn Ân")

    def send() -> None:
        lifecycle.register(intake, by=cast.clerk, at=vn("2016-03-01T09:00"), token=token)

    assert at_once(*[send] * 6) == [None] * 6
    assert Dossier.objects.get().code == "H12.TAM.967-160301-0001"
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_sent_twice_at_once_happens_once() -> None:
    cast = make_cast()
    dossier = cast.received("2016-03-01T09:00")
    token = UUID(int=8)

    def send() -> None:
        mine = Dossier.objects.get(pk=dossier.pk)
        lifecycle.resolve(mine, by=cast.clerk, outcome="approved", token=token, seen=1)

    assert at_once(*[send] * 4) == [None] * 4
    assert dossier.events.filter(kind="resolve").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_acts_at_once_one_happens_and_the_other_gets_a_sentence() -> None:
    cast = make_cast()
    dossier = cast.received("2016-03-01T09:00")

    def resolve() -> None:
        mine = Dossier.objects.get(pk=dossier.pk)
        lifecycle.resolve(mine, by=cast.clerk, outcome="approved", token=uuid4(), seen=1)

    def withdraw() -> None:
        mine = Dossier.objects.get(pk=dossier.pk)
        lifecycle.withdraw(mine, by=cast.leader, reason="Đổi ý", token=uuid4(), seen=1)

    raised = [error for error in at_once(resolve, withdraw) if error is not None]
    assert [type(error) for error in raised] == [StalePage]
    assert str(raised[0]).startswith("Hồ sơ đã thay đổi từ lúc ông/bà mở trang: ")
    assert dossier.events.count() == 2
