"""A changed calendar in the browser: who is told, who moves which dossiers."""

from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers.lifecycle import perform
from dossiers.lifecycle.rescheduling import shifts
from dossiers.models import Dossier
from procedures.models import CalendarDay
from tests.cast import Cast, make_staff, vn
from tests.dossiers.pages import logged_in, text

pytestmark = pytest.mark.django_db

PAGE = "/ho-so/doi-han/"


@pytest.fixture(autouse=True)
def on_a_thursday() -> object:
    with time_machine.travel(vn("2016-09-01T08:00"), tick=False):
        yield


@pytest.fixture
def moved(cast: Cast) -> Dossier:
    """Due on Tuesday 13/09/2016; by the calendar with the new day off, on Wednesday 14."""
    dossier = cast.received("2016-08-29T09:00")
    CalendarDay.objects.create(date=date(2016, 9, 5), kind="holiday", name="Nghỉ đột xuất")
    return dossier


def confirm(*codes: str, **more: object) -> dict[str, object]:
    """What the page sends when these dossiers are ticked."""
    return {"ho-so": list(codes), "reason": "Công văn 12", "token": uuid4(), **more}


def test_rescheduling_page_leader_sees_old_and_new_date_and_finds_the_page_in_the_menu(
    cast: Cast, moved: Dossier
) -> None:
    client = logged_in(cast.leader)
    assert PAGE in client.get("/ban-lam-viec/").content.decode()
    assert PAGE not in logged_in(cast.clerk).get("/ban-lam-viec/").content.decode()
    page = text(client.get(PAGE))
    assert "1 hồ sơ có ngày hẹn khác theo lịch hiện tại" in page
    assert "17:00 thứ Ba 13/09/2016 17:00 thứ Tư 14/09/2016" in page
    moved.refresh_from_db()
    assert moved.due_on == date(2016, 9, 13)


def test_without_a_reason_or_a_choice_nothing_moves_and_the_choice_stays(
    cast: Cast, moved: Dossier
) -> None:
    client = logged_in(cast.leader)
    no_reason = client.post(PAGE, confirm(moved.code, reason=" "))
    assert no_reason.status_code == 422
    assert "Hãy ghi lý do dời hạn, ví dụ số quyết định cho nghỉ." in text(no_reason)
    assert " checked>" in no_reason.content.decode()
    nothing = client.post(PAGE, confirm())
    assert nothing.status_code == 422
    assert "Hãy chọn ít nhất một hồ sơ." in text(nothing)
    assert 'value="Công văn 12"' in nothing.content.decode()
    assert " checked>" not in nothing.content.decode()
    assert moved.events.count() == 1


def test_rescheduling_page_confirmed_dossier_moves_with_an_event(
    cast: Cast, moved: Dossier
) -> None:
    client = logged_in(cast.leader)
    answer = client.post(PAGE, confirm(moved.code), follow=True)
    assert "Đã dời hạn 1 hồ sơ. Mỗi hồ sơ có ghi việc này." in text(answer)
    assert "Mọi hồ sơ đang giải quyết đều có ngày hẹn đúng theo lịch hiện tại." in text(answer)
    moved.refresh_from_db()
    assert moved.due_on == date(2016, 9, 14)
    event = moved.events.get(kind="reschedule")
    assert (event.actor, event.note) == (cast.leader, "Công văn 12")


def test_rescheduling_page_what_is_not_chosen_stays(cast: Cast, moved: Dossier) -> None:
    chosen = moved
    other = cast.received("2016-08-29T10:00")
    Dossier.objects.filter(pk=other.pk).update(due_at=vn("2016-09-13T17:00"), due_on="2016-09-13")
    logged_in(cast.leader).post(PAGE, confirm(chosen.code))
    other.refresh_from_db()
    assert other.due_on == date(2016, 9, 13)
    assert other.events.count() == 1


def test_rescheduling_page_page_older_than_the_last_act_moves_nothing_and_says_what_changed(
    cast: Cast, moved: Dossier
) -> None:
    client = logged_in(cast.leader)
    page = client.get(PAGE).content.decode()
    assert f'name="seen-{moved.code}" value="{moved.revision}"' in page
    seen = {f"seen-{moved.code}": moved.revision}
    perform.forward(moved, by=cast.clerk, division=cast.land_division)
    answer = client.post(PAGE, confirm(moved.code, **seen), follow=True)
    assert f"{moved.code}: Hồ sơ đã thay đổi từ lúc ông/bà mở trang" in text(answer)
    moved.refresh_from_db()
    assert moved.due_on == date(2016, 9, 13)


def test_rescheduling_page_date_that_the_page_did_not_show_is_not_taken(
    cast: Cast, moved: Dossier
) -> None:
    client = logged_in(cast.leader)
    (shift,) = client.get(PAGE).context["shifts"]
    shown = {f"shown-{moved.code}": shift.new_due_at.isoformat()}
    CalendarDay.objects.create(date=shift.new_due_at.date(), kind="holiday", name="Nghỉ thêm")
    answer = client.post(PAGE, confirm(moved.code, **shown), follow=True)
    assert "Lịch làm việc lại vừa thay đổi: ngày hẹn mới nay là 15/09/2016" in text(answer)
    moved.refresh_from_db()
    assert moved.due_on == date(2016, 9, 13)


def test_rescheduling_page_same_page_sent_twice_moves_once(cast: Cast, moved: Dossier) -> None:
    client = logged_in(cast.leader)
    sent = confirm(moved.code)
    client.post(PAGE, sent)
    again = client.post(PAGE, sent, follow=True)
    assert "Đã dời hạn 1 hồ sơ." in text(again)
    assert moved.events.filter(kind="reschedule").count() == 1


def test_rescheduling_page_page_without_its_token_is_old(cast: Cast, moved: Dossier) -> None:
    answer = logged_in(cast.leader).post(PAGE, confirm(moved.code, token="cũ"))
    assert answer.status_code == 422
    assert "Trang đã cũ. Hãy xem lại danh sách rồi bấm lần nữa." in text(answer)


def test_dossiers_of_other_offices_are_neither_shown_nor_moved(cast: Cast, moved: Dossier) -> None:
    client = logged_in(cast.commune_leader)
    assert moved.code not in client.get(PAGE).content.decode()
    client.post(PAGE, confirm(moved.code))
    moved.refresh_from_db()
    assert moved.due_on == date(2016, 9, 13)


def test_rescheduling_page_only_leaders_move_dates(cast: Cast, moved: Dossier) -> None:
    for who in (cast.clerk, cast.specialist, cast.overseer, cast.administrator):
        assert logged_in(who).get(PAGE).status_code == 403


def test_rescheduling_page_year_without_calendar_is_named(cast: Cast, moved: Dossier) -> None:
    CalendarDay.objects.filter(date__year=2016).delete()
    assert "2016" in text(logged_in(cast.leader).get(PAGE))


def test_shifts_of_many_dossiers_take_no_more_queries(cast: Cast, moved: Dossier) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shifts(Dossier.objects.select_related("office", "version"))
        return len(captured)

    one = queries()
    for day in ("29", "30", "31"):
        waits = cast.received(f"2016-08-{day}T10:00")
        perform.ask_supplement(waits, by=cast.clerk, items="Đơn", reason="Thiếu")
        perform.receive_supplement(waits, by=cast.clerk)
    assert queries() == one


def keep_day(cast: Cast, day: str) -> object:
    address = reverse("admin:procedures_calendarday_add")
    data = {"date": day, "kind": "holiday", "name": "Nghỉ đột xuất"}
    return logged_in(cast.administrator).post(address, data, follow=True)


def test_rescheduling_page_administrator_is_told_how_many_dates_a_new_day_off_would_move(
    cast: Cast,
) -> None:
    dossier = cast.received("2016-08-29T09:00")
    cast.received("2016-08-29T09:00", office=cast.tan_loc, procedure=cast.birth)
    answer = keep_day(cast, "2016-09-05")
    assert CalendarDay.objects.filter(date="2016-09-05").exists()
    said = (
        "Theo lịch hiện tại, 2 hồ sơ đang giải quyết sẽ có ngày hẹn khác. Chưa hồ sơ nào bị dời: "
        "lãnh đạo đơn vị mở mục “Dời hạn theo lịch” để xem và xác nhận."
    )
    assert said in text(answer)
    dossier.refresh_from_db()
    assert dossier.due_on == date(2016, 9, 13)


def test_rescheduling_page_day_that_moves_nothing_is_not_spoken_of(cast: Cast) -> None:
    cast.received("2016-08-29T09:00")
    assert "ngày hẹn khác" not in text(keep_day(cast, "2016-12-05"))


def test_rescheduling_page_day_off_taken_away_is_told_too(cast: Cast) -> None:
    day = CalendarDay.objects.create(date=date(2016, 9, 5), kind="holiday", name="Nghỉ")
    cast.received("2016-08-29T09:00")
    address = reverse("admin:procedures_calendarday_delete", args=[day.pk])
    answer = logged_in(cast.administrator).post(address, {"post": "yes"}, follow=True)
    assert "1 hồ sơ đang giải quyết sẽ có ngày hẹn khác" in text(answer)


def test_office_that_closes_is_told_of_its_own_dossiers_only(cast: Cast) -> None:
    cast.received("2016-08-29T09:00")
    cast.received("2016-08-29T09:00", office=cast.tan_loc, procedure=cast.birth)
    keeper = make_staff("quan-tri-xa", cast.tan_loc, "administrator", is_staff=True)
    client = logged_in(keeper)
    address = reverse("admin:motcua_office_change", args=[cast.tan_loc.pk])
    office = cast.tan_loc
    data = {
        **{name: getattr(office, name) or "" for name in ("name", "kind", "identity_code")},
        **{name: getattr(office, name) or "" for name in ("address", "phone", "email", "place")},
        "sessions-TOTAL_FORMS": 0,
        "sessions-INITIAL_FORMS": 0,
        "points-TOTAL_FORMS": 0,
        "points-INITIAL_FORMS": 0,
        "former-TOTAL_FORMS": 0,
        "former-INITIAL_FORMS": 0,
        "closures-TOTAL_FORMS": 1,
        "closures-INITIAL_FORMS": 0,
        "closures-0-office": office.pk,
        "closures-0-date": "2016-09-01",
        "closures-0-reason": "Mất điện",
    }
    answer = client.post(address, data, follow=True)
    assert office.closures.count() == 1, text(answer)
    assert "1 hồ sơ đang giải quyết sẽ có ngày hẹn khác" in text(answer)
    data |= {"closures-TOTAL_FORMS": 0, "phone": "0290 111"}
    assert "ngày hẹn khác" not in text(client.post(address, data, follow=True))


def test_rescheduling_with_another_reason_from_the_same_page_is_not_told_to_be_done(
    cast: Cast, moved: Dossier
) -> None:
    client = logged_in(cast.leader)
    sent = confirm(moved.code)
    assert "Đã dời hạn 1 hồ sơ." in text(client.post(PAGE, sent, follow=True))
    assert "Đã dời hạn 1 hồ sơ." in text(client.post(PAGE, sent, follow=True))
    other = text(client.post(PAGE, sent | {"reason": "Công văn 99"}, follow=True))
    assert "Đã dời hạn" not in other
    assert moved.code in other
    assert moved.events.filter(kind="reschedule").count() == 1
