"""Putting right: corrections and the undoing of the last act; nothing is lost."""

from datetime import date
from uuid import uuid4

import pytest

from dossiers.lifecycle import bulk, due_dates, perform
from dossiers.lifecycle.acts import StoredFacts, write
from dossiers.lifecycle.changes import Change
from dossiers.lifecycle.desks import Desks
from dossiers.lifecycle.intake import Intake
from dossiers.lifecycle.submitted_papers import Paper
from dossiers.lifecycle.unsaved import UnsavedDossier
from dossiers.models import Deadline, Dossier
from dossiers.old_register.importer import take_in
from dossiers.old_register.lines import read
from dossiers.rules.states import MoveRefused, State
from motcua import clock
from procedures.models import CalendarDay, Procedure, ProcedureVersion, RequiredPaper
from tests.cast import Cast, vn
from tests.dossiers.acts_done import forwarded, waiting
from tests.dossiers.test_register_import import csv_of, row


@pytest.mark.django_db
def test_corrections_corrected_procedure_reckons_the_due_date_anew(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    code = dossier.code
    event = perform.correct(
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
def test_corrections_corrected_receipt_of_an_ended_dossier_gives_it_its_class_anew(
    cast: Cast,
) -> None:
    dossier = cast.received("2016-03-02T09:00")
    perform.resolve(dossier, by=cast.clerk, at=vn("2016-03-16T09:00"), outcome="approved")
    assert dossier.timeliness == "on_time"
    perform.correct(
        dossier,
        by=cast.clerk,
        at=vn("2016-03-17T09:00"),
        reason="Nhận từ hôm trước",
        received_at=vn("2016-03-01T09:00"),
    )
    assert (dossier.received_on, dossier.due_on) == (date(2016, 3, 1), date(2016, 3, 15))
    assert dossier.timeliness == "late"


@pytest.mark.django_db
def test_correction_is_shown_before_it_is_made(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    due = perform.preview_correction(dossier, procedure=cast.building)
    assert due is not None
    assert due.due_at.date() == date(2016, 3, 16)
    dossier.refresh_from_db()
    assert dossier.due_on == date(2016, 3, 15)
    assert perform.preview_correction(dossier, phone="0900000001") is None


@pytest.mark.django_db
def test_correction_says_what_is_missing(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    at = vn("2016-03-02T09:00")
    with pytest.raises(MoveRefused, match="Hãy ghi lý do sửa"):
        perform.correct(dossier, by=cast.clerk, at=at, reason=" ", phone="0900000001")
    with pytest.raises(MoveRefused, match="Chưa có thông tin nào thay đổi"):
        perform.correct(dossier, by=cast.clerk, at=at, reason="Sửa", phone="")
    perform.forward(dossier, by=cast.clerk, at=at, division=cast.land_division)
    with pytest.raises(MoveRefused) as refused:
        perform.correct(
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
def test_receipt_is_not_corrected_behind_the_correction_nor_before_the_submission(
    cast: Cast,
) -> None:
    intake = Intake(office=cast.district, procedure=cast.land, applicant_name="Nguyễn Văn Ân")
    dossier = perform.guide(
        intake, by=cast.clerk, items="Đơn", reason="Thiếu", at=vn("2016-03-01T09:00")
    )
    perform.accept(dossier, by=cast.clerk, at=vn("2016-03-02T09:00"))
    for received_at, sentence in (
        ("2016-03-01T08:00", "Thời điểm tiếp nhận không được trước lúc nộp (09:00 01/03/2016)."),
        ("2016-03-03T10:00", "Thời điểm tiếp nhận không được sau lúc sửa (09:00 03/03/2016)."),
    ):
        with pytest.raises(MoveRefused) as refused:
            perform.correct(
                dossier,
                by=cast.clerk,
                at=vn("2016-03-03T09:00"),
                reason="Sửa",
                received_at=vn(received_at),
            )
        assert (str(refused.value), refused.value.field) == (sentence, "received_at")
    changed = {"reason": "Sửa", "received_at": vn("2016-03-01T15:00")}
    perform.correct(dossier, by=cast.clerk, at=vn("2016-03-03T09:00"), **changed)
    dossier.refresh_from_db()
    assert dossier.received_on == date(2016, 3, 1)


@pytest.mark.django_db
def test_corrections_note_of_a_dossier_is_corrected_and_comes_back(cast: Cast) -> None:
    """The event has a note of its own: why it was corrected."""
    dossier = cast.received("2016-03-01T09:00", note="Cũ")
    event = perform.correct(
        dossier, by=cast.clerk, at=vn("2016-03-02T09:00"), reason="Ghi nhầm", note="Mới"
    )
    assert (dossier.note, event.note, event.changes["note"]) == ("Mới", "Ghi nhầm", ["Cũ", "Mới"])
    perform.revert(dossier, by=cast.leader, at=vn("2016-03-02T10:00"), reason="Đúng rồi")
    assert dossier.note == "Cũ"


@pytest.mark.parametrize("end", ["withdraw", "stop"])
@pytest.mark.django_db
def test_pause_that_ended_with_the_dossier_brought_no_papers(cast: Cast, end: str) -> None:
    """Asked for papers two days late and withdrawn later: late by the day the clock stopped, also
    after the receipt was put right by half an hour."""
    dossier = cast.received("2016-03-01T09:00")  # due 15/03
    perform.ask_supplement(
        dossier, by=cast.clerk, at=vn("2016-03-17T09:00"), items="Đơn", reason="Thiếu"
    )
    getattr(perform, end)(dossier, by=cast.clerk, at=vn("2016-03-28T09:00"), reason="Đổi ý")
    assert (dossier.due_on, dossier.timeliness) == (date(2016, 3, 15), "late")
    perform.correct(
        dossier,
        by=cast.clerk,
        at=vn("2016-03-29T09:00"),
        reason="Ghi nhầm",
        received_at=vn("2016-03-01T08:30"),
    )
    assert (dossier.due_on, dossier.timeliness) == (date(2016, 3, 15), "late")


@pytest.mark.django_db
def test_corrections_date_written_in_an_old_register_stays_when_the_receipt_is_corrected(
    cast: Cast,
) -> None:
    cells = {"received_at": "2016-03-01T09:00", "due_at": "2016-03-04T17:00"}
    take_in(read(csv_of(row(**cells, resolved_at="2016-03-10T09:00", outcome="approved"))))
    dossier = Dossier.objects.get()
    perform.correct(
        dossier,
        by=cast.clerk,
        at=vn("2016-03-11T09:00"),
        reason="Ghi nhầm",
        received_at=vn("2016-03-01T18:00"),
    )
    assert (dossier.due_on, dossier.timeliness) == (date(2016, 3, 4), "late")
    assert dossier.effective_at == vn("2016-03-02T07:00")


@pytest.mark.django_db
def test_corrections_new_number_of_the_one_who_submits_can_be_searched(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    perform.correct(
        dossier,
        by=cast.clerk,
        at=vn("2016-03-02T09:00"),
        reason="Bổ sung",
        submitter_name="Trần Thị Bưởi",
    )
    assert Dossier.objects.search("tran thi buoi").get() == dossier


@pytest.mark.django_db
def test_revert_restores_the_dossier_and_voids_the_rows(cast: Cast) -> None:
    dossier = waiting(cast, "2016-03-01T09:00", "2016-03-03T09:00")
    perform.receive_supplement(dossier, by=cast.clerk, at=vn("2016-03-09T09:00"))
    assert dossier.due_on == date(2016, 3, 21)

    event = perform.revert(
        dossier, by=cast.leader, at=vn("2016-03-09T10:00"), reason="Chưa đủ giấy tờ"
    )
    assert dossier.current_state is State.AWAITING_SUPPLEMENT
    assert (dossier.due_on, dossier.paused_on) == (date(2016, 3, 15), date(2016, 3, 3))
    assert dossier.pauses.get().until_on is None
    assert dossier.supplements.get().arrived_at is None
    assert [row.is_void for row in dossier.deadlines.all()] == [False, True]
    assert dossier.deadlines.first().until_on is None
    assert event.note == "Chưa đủ giấy tờ"

    perform.revert(dossier, by=cast.leader, at=vn("2016-03-09T11:00"), reason="Yêu cầu nhầm")
    assert dossier.current_state is State.RECEIVED
    assert dossier.pauses.get().is_void
    assert dossier.supplements.get().is_void
    with pytest.raises(MoveRefused) as refused:
        perform.revert(dossier, by=cast.leader, at=vn("2016-03-09T12:00"), reason="Nữa")
    assert str(refused.value) == (
        "Không còn việc nào hoàn tác được; việc tiếp nhận không hoàn tác."
    )
    assert dossier.events.count() == 5


@pytest.mark.django_db
def test_corrections_reverted_confirmation_waits_for_its_receiver_again(cast: Cast) -> None:
    dossier = forwarded(cast)
    perform.take_over(dossier, by=cast.specialist, at=vn("2016-03-01T14:00"))
    perform.revert(dossier, by=cast.leader, at=vn("2016-03-01T15:00"), reason="Nhận nhầm")
    transfer = perform.untaken_transfer(dossier)
    assert transfer is not None
    assert transfer.taken_by is None
    assert dossier.current_state is State.PROCESSING


@pytest.mark.django_db
def test_corrections_pressing_revert_twice_undoes_one_act(cast: Cast) -> None:
    dossier = forwarded(cast)
    perform.resolve(dossier, by=cast.specialist, at=vn("2016-03-10T09:00"), outcome="approved")
    token = uuid4()
    first, second = (
        perform.revert(dossier, by=cast.leader, reason="Nhầm", token=token) for _ in range(2)
    )
    assert first == second
    assert dossier.current_state is State.PROCESSING


# What was printed stays; the version of the corrected day


def _supplemented(
    cast: Cast, received: str, asked: str, arrived: str, procedure: Procedure | None = None
) -> Dossier:
    dossier = cast.received(received, procedure=procedure)
    perform.ask_supplement(dossier, by=cast.clerk, at=vn(asked), items="Đơn", reason="Thiếu")
    perform.receive_supplement(dossier, by=cast.clerk, at=vn(arrived))
    return dossier


def _receipt_corrected(cast: Cast, dossier: Dossier, received_at: str, at: str) -> None:
    perform.correct(
        dossier, by=cast.clerk, at=vn(at), reason="Ghi nhầm", received_at=vn(received_at)
    )


@pytest.mark.parametrize(
    ("received", "asked", "arrived", "corrected", "slip", "in_force"),
    [
        (
            *("2019-03-04T09:00", "2019-03-06T09:00", "2019-03-20T09:00", "2019-03-04T08:00"),
            *("2019-03-18T17:00", "2019-04-03T17:00"),
        ),
        (
            *("2016-03-01T09:00", "2016-03-03T09:00", "2016-03-08T09:00", "2016-03-01T08:00"),
            *("2016-03-15T17:00", "2016-03-18T17:00"),
        ),
        # From the rules of 2018, which begin anew, to those of 2015, which go on.
        (
            *("2018-06-21T08:00", "2018-06-22T09:00", "2018-06-27T09:00", "2018-06-20T16:00"),
            *("2018-07-04T17:00", "2018-07-09T17:00"),
        ),
    ],
)
@pytest.mark.django_db
def test_corrections_slip_after_a_supplement_and_a_correction_bears_the_first_promise_reckoned_anew(
    cast: Cast,
    received: str,
    asked: str,
    arrived: str,
    corrected: str,
    slip: str,
    in_force: str,
) -> None:
    dossier = _supplemented(cast, received, asked, arrived)
    _receipt_corrected(cast, dossier, corrected, arrived)
    assert due_dates.on_the_slip(dossier) == vn(slip)
    assert dossier.due_at == vn(in_force)
    perform.revert(dossier, by=cast.leader, at=vn(arrived), reason="Nhầm")
    first = dossier.deadlines.first()
    assert first is not None
    assert due_dates.on_the_slip(dossier) == first.due_at


@pytest.mark.django_db
def test_corrections_slip_keeps_its_date_when_the_calendar_changes_after_the_correction(
    cast: Cast,
) -> None:
    dossier = _supplemented(cast, "2019-03-04T09:00", "2019-03-06T09:00", "2019-03-20T09:00")
    _receipt_corrected(cast, dossier, "2019-03-04T08:00", "2019-03-20T10:00")
    CalendarDay.objects.create(date=date(2019, 3, 11), kind="holiday", name="Nghỉ bù", source="x")
    assert due_dates.on_the_slip(dossier) == vn("2019-03-18T17:00")


@pytest.mark.django_db
def test_corrections_slip_after_a_correction_of_an_older_version_of_the_program_is_right_too(
    cast: Cast,
) -> None:
    """Its event does not say what the first promise was reckoned anew to."""
    dossier = _supplemented(cast, "2019-03-04T09:00", "2019-03-06T09:00", "2019-03-20T09:00")
    facts = StoredFacts(dossier, by=cast.clerk, at=vn("2019-03-20T10:00"))
    moved = due_dates.promise(Deadline.Kind.CORRECTION, vn("2019-04-03T17:00"), facts.on, "Nhầm")
    change = Change(
        {"received_at": vn("2019-03-04T08:00")},
        kind="correct",
        closes=(Deadline,),
        opens=[moved],
    )
    write(facts, change)
    assert due_dates.on_the_slip(dossier) == vn("2019-03-18T17:00")


@pytest.mark.django_db
def test_corrections_slip_of_an_old_register_keeps_the_written_date_until_another_procedure(
    cast: Cast,
) -> None:
    cells = {"received_at": "2016-03-01T09:00", "due_at": "2016-03-04T17:00"}
    take_in(read(csv_of(row(**cells))))
    dossier = Dossier.objects.get()
    _receipt_corrected(cast, dossier, "2016-03-01T08:00", "2016-03-02T08:00")
    assert due_dates.on_the_slip(dossier) == vn("2016-03-04T17:00")
    perform.correct(
        dossier,
        by=cast.clerk,
        at=vn("2016-03-02T09:00"),
        reason="Chọn nhầm thủ tục",
        procedure=cast.building,
    )
    assert due_dates.on_the_slip(dossier) == dossier.due_at == vn("2016-03-16T17:00")
    _receipt_corrected(cast, dossier, "2016-02-29T08:00", "2016-03-02T10:00")
    assert due_dates.on_the_slip(dossier) == dossier.due_at == vn("2016-03-15T17:00")


@pytest.fixture
def changed_in_july(cast: Cast) -> Procedure:
    """Ten working days until 30/06/2017, five from 01/07/2017."""
    old = cast.land.versions.get()
    old.in_force_to = date(2017, 6, 30)
    old.save()
    new = ProcedureVersion.objects.create(
        procedure=cast.land,
        in_force_from=date(2017, 7, 1),
        limit_value=5,
        limit_unit="working_day",
        confidence="found",
        fee_vnd=50_000,
    )
    RequiredPaper.objects.create(version=new, position=1, name="Tờ khai mới")
    return cast.land


ACROSS = (
    ("2017-07-03T09:00", "2017-06-30T16:00", date(2017, 7, 14), 10),
    ("2017-06-30T09:00", "2017-07-03T08:00", date(2017, 7, 10), 5),
)


@pytest.mark.parametrize(("received", "corrected", "due_on", "days"), ACROSS)
@pytest.mark.django_db
def test_receipt_corrected_across_the_first_day_of_a_version_has_the_limit_of_its_day(
    cast: Cast, changed_in_july: Procedure, received: str, corrected: str, due_on: date, days: int
) -> None:
    dossier = cast.received(received, fee_vnd=20_000, papers=(Paper("Đơn"),))
    before = (dossier.version_id, dossier.due_at, dossier.effective_at)
    preview = perform.preview_correction(dossier, received_at=vn(corrected))
    assert preview is not None
    assert preview.due_at.date() == due_on
    dossier.refresh_from_db()
    _receipt_corrected(cast, dossier, corrected, "2017-07-04T09:00")
    assert (dossier.due_on, dossier.version.limit_value) == (due_on, days)
    slip = due_dates.on_the_slip(dossier)
    assert slip is not None
    assert clock.local(slip).date() == due_on
    # What was taken down at the counter is what came: papers and fee stay.
    assert (dossier.fee_vnd, [paper.name for paper in dossier.papers.all()]) == (20_000, ["Đơn"])
    perform.revert(dossier, by=cast.leader, at=vn("2017-07-04T10:00"), reason="Đúng rồi")
    assert (dossier.version_id, dossier.due_at, dossier.effective_at) == before


@pytest.mark.django_db
def test_receipt_is_not_corrected_to_a_day_without_a_version(
    cast: Cast, changed_in_july: Procedure
) -> None:
    changed_in_july.versions.filter(in_force_from=None).update(in_force_from=date(2017, 6, 30))
    dossier = cast.received("2017-07-03T09:00")
    with pytest.raises(MoveRefused) as refused:
        _receipt_corrected(cast, dossier, "2017-06-29T09:00", "2017-07-04T09:00")
    assert (str(refused.value), refused.value.field) == (
        "Thủ tục này không có phiên bản áp dụng ngày 29/06/2017.",
        "received_at",
    )


@pytest.mark.django_db
def test_corrections_another_hour_of_the_same_day_keeps_the_version_of_the_dossier(
    cast: Cast, changed_in_july: Procedure
) -> None:
    """Its version was given other days since."""
    dossier = cast.received("2017-07-03T09:00")
    dossier.version.in_force_from = date(2017, 8, 1)
    dossier.version.save()
    _receipt_corrected(cast, dossier, "2017-07-03T08:00", "2017-07-04T09:00")
    assert dossier.version.limit_value == 5


@pytest.mark.parametrize(("received", "corrected", "due_on", "days"), ACROSS)
@pytest.mark.django_db
def test_corrections_dossier_written_in_bulk_is_corrected_across_versions_alike(
    cast: Cast, changed_in_july: Procedure, received: str, corrected: str, due_on: date, days: int
) -> None:
    intake = Intake(office=cast.district, procedure=cast.land, applicant_name="Nguyễn Văn Ân")
    bulk.write([UnsavedDossier(Desks(), intake, by=cast.clerk, at=vn(received))])
    dossier = Dossier.objects.get()
    _receipt_corrected(cast, dossier, corrected, "2017-07-04T09:00")
    assert (dossier.due_on, dossier.version.limit_value) == (due_on, days)


@pytest.mark.parametrize(("received", "corrected", "due_on", "days"), ACROSS)
@pytest.mark.django_db
def test_corrections_old_register_corrected_across_versions_keeps_its_date_and_gets_the_version(
    cast: Cast, changed_in_july: Procedure, received: str, corrected: str, due_on: date, days: int
) -> None:
    take_in(read(csv_of(row(received_at=received, due_at="2017-07-12T17:00"))))
    dossier = Dossier.objects.get()
    _receipt_corrected(cast, dossier, corrected, "2017-07-04T09:00")
    assert (dossier.due_on, dossier.version.limit_value) == (date(2017, 7, 12), days)


@pytest.mark.django_db
def test_corrections_days_that_an_old_register_took_are_counted_from_the_corrected_receipt(
    cast: Cast,
) -> None:
    cells = {"received_at": "2016-03-01T09:00", "due_at": "2016-03-14T17:00"}
    take_in(read(csv_of(row(**cells, resolved_at="2016-03-10T09:00", outcome="approved"))))
    dossier = Dossier.objects.get()
    assert dossier.days_spent == 7
    _receipt_corrected(cast, dossier, "2016-03-03T09:00", "2016-03-11T09:00")
    assert dossier.days_spent == 5
