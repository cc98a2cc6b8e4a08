"""A changed calendar moves only what an officer confirms."""

from datetime import date

import pytest
import time_machine

from dossiers.lifecycle import due_dates, perform
from dossiers.lifecycle.perform import reschedule
from dossiers.lifecycle.rescheduling import shifts
from dossiers.models import Dossier
from dossiers.rules.states import MoveRefused
from procedures.models import CalendarDay
from tests.cast import Cast, vn

pytestmark = pytest.mark.django_db


def test_rescheduling_date_of_the_old_register_is_not_reckoned_anew_also_after_a_pause(
    cast: Cast,
) -> None:
    dossier = cast.received("2016-08-29T09:00", procedure=cast.land)
    dossier.deadlines.update(why=due_dates.WRITTEN_IN_REGISTER, due_at=vn("2016-10-03T17:00"))
    Dossier.objects.update(due_at=vn("2016-10-03T17:00"), due_on=date(2016, 10, 3))
    dossier.refresh_from_db()
    perform.ask_payment(dossier, by=cast.clerk, at=vn("2016-08-30T09:00"))
    perform.confirm_payment(dossier, by=cast.clerk, at=vn("2016-08-30T10:00"))
    assert shifts(Dossier.objects.all()) == []


def test_rescheduling_new_holiday_shows_the_open_dossiers_it_would_move(cast: Cast) -> None:
    moved = cast.received("2016-08-29T09:00", procedure=cast.land)
    before_it = cast.received("2016-08-10T09:00", procedure=cast.land)
    ended = cast.received("2016-08-29T10:00", procedure=cast.land)
    perform.withdraw(ended, by=cast.clerk, at=vn("2016-08-30T09:00"), reason="Xin rút")
    assert shifts(Dossier.objects.all()) == []
    CalendarDay.objects.create(date=date(2016, 9, 5), kind="holiday", name="Nghỉ đột xuất")
    (shift,) = shifts(Dossier.objects.all())
    assert shift.dossier == moved
    assert (shift.due_at, shift.new_due_at) == (vn("2016-09-13T17:00"), vn("2016-09-14T17:00"))
    before_it.refresh_from_db()
    moved.refresh_from_db()
    assert moved.due_on == date(2016, 9, 13), "nothing moves by itself"


def test_rescheduling_confirmed_move_is_an_event_and_keeps_the_first_promise(cast: Cast) -> None:
    dossier = cast.received("2016-08-29T09:00", procedure=cast.land)
    CalendarDay.objects.create(date=date(2016, 9, 5), kind="holiday", name="Nghỉ đột xuất")
    with time_machine.travel(vn("2016-09-01T08:00"), tick=False):
        event = reschedule(dossier, by=cast.leader, reason="Nghỉ đột xuất")
    assert event.kind == "reschedule"
    assert dossier.due_on == date(2016, 9, 14)
    rows = [(row.kind, row.due_on, row.from_on, row.until_on) for row in dossier.deadlines.all()]
    assert rows == [
        ("receipt", date(2016, 9, 13), date(2016, 8, 29), date(2016, 9, 1)),
        ("calendar", date(2016, 9, 14), date(2016, 9, 1), None),
    ]
    with pytest.raises(MoveRefused, match="không thay đổi"):
        reschedule(dossier, by=cast.leader, reason="Lần nữa")


def test_rescheduling_holiday_taken_back_moves_the_date_back(cast: Cast) -> None:
    holiday = CalendarDay.objects.create(date=date(2016, 9, 5), kind="holiday", name="Nghỉ")
    dossier = cast.received("2016-08-29T09:00", procedure=cast.land)
    holiday.delete()
    (shift,) = shifts([dossier])
    assert shift.new_due_at == vn("2016-09-13T17:00")
