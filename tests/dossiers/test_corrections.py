"""Putting right: corrections and the undoing of the last act; nothing is lost."""

from datetime import date
from uuid import uuid4

import pytest

from dossiers import lifecycle
from dossiers.models import Deadline, Dossier
from dossiers.receipt import Intake
from dossiers.register_import import take_in
from dossiers.register_lines import read
from dossiers.states import MoveRefused, State
from tests.cast import Cast, vn
from tests.dossiers.lives import forwarded, waiting
from tests.dossiers.test_register_import import csv_of, row


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
def test_a_receipt_is_not_corrected_behind_the_correction_nor_before_the_submission(
    cast: Cast,
) -> None:
    intake = Intake(office=cast.district, procedure=cast.land, applicant_name="Nguyễn Văn Ân")
    dossier = lifecycle.guide(
        intake, by=cast.clerk, items="Đơn", reason="Thiếu", at=vn("2016-03-01T09:00")
    )
    lifecycle.accept(dossier, by=cast.clerk, at=vn("2016-03-02T09:00"))
    for received_at, sentence in (
        ("2016-03-01T08:00", "Thời điểm tiếp nhận không được trước lúc nộp (09:00 01/03/2016)."),
        ("2016-03-03T10:00", "Thời điểm tiếp nhận không được sau lúc sửa (09:00 03/03/2016)."),
    ):
        with pytest.raises(MoveRefused) as refused:
            lifecycle.correct(
                dossier,
                by=cast.clerk,
                at=vn("2016-03-03T09:00"),
                reason="Sửa",
                received_at=vn(received_at),
            )
        assert (str(refused.value), refused.value.field) == (sentence, "received_at")
    changed = {"reason": "Sửa", "received_at": vn("2016-03-01T15:00")}
    lifecycle.correct(dossier, by=cast.clerk, at=vn("2016-03-03T09:00"), **changed)
    dossier.refresh_from_db()
    assert dossier.received_on == date(2016, 3, 1)


@pytest.mark.django_db
def test_the_note_of_a_dossier_is_corrected_and_comes_back(cast: Cast) -> None:
    """The event has a note of its own: why it was corrected."""
    dossier = cast.received("2016-03-01T09:00", note="Cũ")
    event = lifecycle.correct(
        dossier, by=cast.clerk, at=vn("2016-03-02T09:00"), reason="Ghi nhầm", note="Mới"
    )
    assert (dossier.note, event.note, event.changes["note"]) == ("Mới", "Ghi nhầm", ["Cũ", "Mới"])
    lifecycle.revert(dossier, by=cast.leader, at=vn("2016-03-02T10:00"), reason="Đúng rồi")
    assert dossier.note == "Cũ"


@pytest.mark.parametrize("end", ["withdraw", "stop"])
@pytest.mark.django_db
def test_a_pause_that_ended_with_the_dossier_brought_no_papers(cast: Cast, end: str) -> None:
    """Asked for papers two days late and withdrawn later: late by the day the clock stopped, also
    after the receipt was put right by half an hour."""
    dossier = cast.received("2016-03-01T09:00")  # due 15/03
    lifecycle.ask_supplement(
        dossier, by=cast.clerk, at=vn("2016-03-17T09:00"), items="Đơn", reason="Thiếu"
    )
    getattr(lifecycle, end)(dossier, by=cast.clerk, at=vn("2016-03-28T09:00"), reason="Đổi ý")
    assert (dossier.due_on, dossier.timeliness) == (date(2016, 3, 15), "late")
    lifecycle.correct(
        dossier,
        by=cast.clerk,
        at=vn("2016-03-29T09:00"),
        reason="Ghi nhầm",
        received_at=vn("2016-03-01T08:30"),
    )
    assert (dossier.due_on, dossier.timeliness) == (date(2016, 3, 15), "late")


@pytest.mark.django_db
def test_a_date_written_in_an_old_register_stays_when_the_receipt_is_corrected(cast: Cast) -> None:
    cells = {"received_at": "2016-03-01T09:00", "due_at": "2016-03-04T17:00"}
    take_in(read(csv_of(row(**cells, resolved_at="2016-03-10T09:00", outcome="approved"))))
    dossier = Dossier.objects.get()
    lifecycle.correct(
        dossier,
        by=cast.clerk,
        at=vn("2016-03-11T09:00"),
        reason="Ghi nhầm",
        received_at=vn("2016-03-01T18:00"),
    )
    assert (dossier.due_on, dossier.timeliness) == (date(2016, 3, 4), "late")
    assert dossier.effective_at == vn("2016-03-02T07:00")


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
