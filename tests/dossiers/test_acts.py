"""Every act: its moment, and what happens twice, on a stale page, or at once."""

import threading
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from dossiers import lifecycle
from dossiers.models import Dossier, Event
from dossiers.receipt import Intake
from dossiers.states import MoveRefused, StalePage, State
from tests.cast import Cast, make_cast, vn


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
