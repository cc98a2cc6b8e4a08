"""Every act: its moment, and what happens twice or on a stale page."""

from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from dossiers.lifecycle import perform
from dossiers.rules.states import MoveRefused, StalePage, State
from tests.cast import Cast, vn
from tests.dossiers.replay import replay


@pytest.mark.django_db
@time_machine.travel(vn("2016-03-02T09:00"), tick=False)
def test_acts_future_is_refused_and_a_clock_slightly_ahead_is_not(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    with pytest.raises(MoveRefused) as refused:
        perform.resolve(dossier, by=cast.clerk, at=vn("2016-03-03T09:00"), outcome="approved")
    assert str(refused.value) == ("Thời điểm 09:00 03/03/2016 chưa tới. Hãy nhập lại giờ, ngày.")
    assert refused.value.field == "at"
    perform.forward(dossier, by=cast.clerk, at=vn("2016-03-02T09:01"), division=cast.land_division)
    perform.take_over(dossier, by=cast.specialist)
    assert dossier.held_since == vn("2016-03-02T09:00"), "kept as now, so that others can follow"


@pytest.mark.django_db
def test_moment_before_the_act_before_is_refused(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    with pytest.raises(MoveRefused) as refused:
        perform.resolve(dossier, by=cast.clerk, at=vn("2016-03-01T08:59"), outcome="approved")
    assert str(refused.value) == (
        "Thời điểm 08:59 01/03/2016 sớm hơn việc trước đó (tiếp nhận lúc 09:00 01/03/2016)."
    )


@pytest.mark.django_db
def test_telephone_number_put_right_keeps_nobody_from_entering_what_was_before(
    cast: Cast,
) -> None:
    dossier = cast.received("2016-03-01T09:00")
    perform.correct(
        dossier, by=cast.clerk, at=vn("2016-03-09T15:00"), reason="Sai số", phone="0900000001"
    )
    perform.resolve(dossier, by=cast.clerk, at=vn("2016-03-08T10:00"), outcome="approved")
    assert (dossier.resolved_at, dossier.state) == (vn("2016-03-08T10:00"), State.RESOLVED)
    assert replay(dossier.events.order_by("pk"))["resolved_on"] == "2016-03-08"


@pytest.mark.django_db
def test_acts_what_was_undone_is_entered_anew_at_its_true_moment(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    perform.resolve(dossier, by=cast.clerk, at=vn("2016-03-09T10:00"), outcome="approved")
    perform.revert(dossier, by=cast.leader, at=vn("2016-03-10T08:00"), reason="Sai giờ")
    perform.resolve(dossier, by=cast.clerk, at=vn("2016-03-08T10:00"), outcome="approved")
    assert dossier.resolved_at == vn("2016-03-08T10:00")


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["procedure", "received_at"])
def test_acts_nothing_comes_before_a_correction_that_reckoned_the_due_date_anew(
    cast: Cast, what: str
) -> None:
    dossier = cast.received("2016-03-01T09:00")
    new = {"procedure": cast.building, "received_at": vn("2016-03-01T08:00")}[what]
    perform.correct(dossier, by=cast.clerk, at=vn("2016-03-03T09:00"), reason="Nhầm", **{what: new})
    with pytest.raises(MoveRefused, match=r"sớm hơn việc trước đó \(sửa thông tin"):
        perform.resolve(dossier, by=cast.clerk, at=vn("2016-03-02T09:00"), outcome="approved")


@pytest.mark.django_db
def test_receipt_is_not_moved_behind_any_act_that_follows_it(cast: Cast) -> None:
    """The acts stand in the order in which they were typed in, not that of their moments."""
    dossier = cast.received("2016-03-01T09:00")
    perform.correct(
        dossier, by=cast.clerk, at=vn("2016-03-09T15:00"), reason="Sai số", phone="0900000001"
    )
    perform.resolve(dossier, by=cast.clerk, at=vn("2016-03-08T10:00"), outcome="approved")
    with pytest.raises(MoveRefused, match="không được sau việc tiếp theo"):
        perform.correct(
            dossier,
            by=cast.clerk,
            at=vn("2016-03-10T09:00"),
            reason="Nhầm",
            received_at=vn("2016-03-08T11:00"),
        )


@pytest.mark.django_db
def test_acts_year_without_calendar_is_refused_with_its_name(cast: Cast) -> None:
    with time_machine.travel(vn("2028-03-01T09:00")), pytest.raises(MoveRefused, match="năm 2028"):
        cast.received("2028-02-01T09:00")


# Twice, stale, at once


@pytest.mark.django_db
def test_acts_same_token_again_returns_the_first_event(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    token = uuid4()
    first, second = (
        perform.resolve(dossier, by=cast.clerk, outcome="approved", token=token) for _ in range(2)
    )
    assert first == second
    assert dossier.events.filter(kind="resolve").count() == 1


@pytest.mark.django_db
def test_acts_page_older_than_the_last_act_is_refused_with_what_changed(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    seen = dossier.revision
    with time_machine.travel(vn("2016-03-02T09:12")):
        perform.forward(dossier, by=cast.clerk, division=cast.land_division)
        with pytest.raises(StalePage) as refused:
            perform.resolve(dossier, by=cast.leader, outcome="approved", seen=seen)
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
def test_database_refuses_to_change_or_delete_an_event(cast: Cast, statement: str) -> None:
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
def test_acts_one_look_in_ten_minutes_is_recorded_once(cast: Cast) -> None:
    dossier = cast.received("2016-03-01T09:00")
    with time_machine.travel(vn("2016-03-02T09:00"), tick=False) as traveller:
        perform.record_read(dossier, by=cast.clerk)
        perform.record_read(dossier, by=cast.clerk)
        perform.record_read(dossier, by=cast.leader)
        traveller.shift(601)
        perform.record_read(dossier, by=cast.clerk)
    reads = dossier.events.filter(kind="read").values_list("actor__username", flat=True)
    assert list(reads) == ["mot-cua", "chu-tich", "mot-cua"]
