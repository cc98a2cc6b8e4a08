"""The desks in public: open or not at a moment, days off to come, what each takes."""

from datetime import date, datetime, time

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.models import Office
from procedures.models import OfficeClosure
from procedures.opening import DaysOff, days_off, open_now
from procedures.workdays import DEFAULT_SESSIONS, WeeklySession, WorkingCalendar
from tests.cast import Cast, vn
from tests.dossiers.pages import text
from tests.procedures.shipped_calendar import shipped_calendar, shipped_days

USUAL = shipped_calendar()
SATURDAYS = WorkingCalendar(
    shipped_days(),
    sessions=[*DEFAULT_SESSIONS, WeeklySession(5, time(7, 30), time(11))],
    closures={date(2026, 12, 2): "mất điện"},
)


@pytest.mark.parametrize(
    ("calendar", "moment", "is_open", "words", "more"),
    [
        (USUAL, "2026-11-30T07:00", True, "Đang mở đến 11:00", "Mở lại 13:00 - 17:00 hôm nay."),
        (USUAL, "2026-11-30T16:59", True, "Đang mở đến 17:00", ""),
        (
            USUAL,
            "2026-11-30T11:00",
            False,
            "Đang nghỉ giữa buổi",
            "Mở lại 13:00 - 17:00 hôm nay.",
        ),
        (
            USUAL,
            "2026-11-30T06:59",
            False,
            "Chưa mở cửa",
            "Mở lại 07:00 - 11:00, 13:00 - 17:00 hôm nay.",
        ),
        (USUAL, "2026-11-30T17:00", False, "Đang đóng cửa", "Mở lại 07:00 thứ Ba, 01/12/2026."),
        (USUAL, "2026-12-05T08:00", False, "Đang đóng cửa", "Mở lại 07:00 thứ Hai, 07/12/2026."),
        (SATURDAYS, "2026-12-05T08:00", True, "Đang mở đến 11:00", ""),
        (
            SATURDAYS,
            "2026-12-02T08:00",
            False,
            "Đang đóng cửa",
            "Hôm nay đơn vị nghỉ: mất điện. Mở lại 07:00 thứ Năm, 03/12/2026.",
        ),
    ],
)
def test_open_now_says_until_when_or_from_when(
    calendar: WorkingCalendar, moment: str, is_open: bool, words: str, more: str
) -> None:
    now = open_now(calendar, datetime.fromisoformat(moment))
    assert (now.is_open, now.words, now.more) == (is_open, words, more)


def test_open_now_promises_nothing_that_no_calendar_knows() -> None:
    last = open_now(USUAL, datetime(2027, 12, 31, 18))
    assert (last.is_open, last.more) == (False, "")


def test_days_off_in_a_row_are_one_line_and_weekends_none() -> None:
    assert days_off(USUAL, date(2026, 2, 9), within=14) == [
        DaysOff(date(2026, 2, 16), date(2026, 2, 20), "Tết Nguyên đán")
    ]
    assert days_off(SATURDAYS, date(2026, 11, 30), within=4) == [
        DaysOff(date(2026, 12, 2), date(2026, 12, 2), "đơn vị nghỉ: mất điện")
    ]
    assert days_off(USUAL, date(2027, 12, 20)) == []


@time_machine.travel(vn("2016-02-03T09:00"), tick=False)
def test_office_detail_says_where_when_and_what(cast: Cast, client: Client) -> None:
    cast.district.address, cast.district.phone = "Khóm 1, thị trấn Thới Bình", "0290 3860 123"
    cast.district.save()
    OfficeClosure.objects.create(office=cast.district, date=date(2016, 2, 4), reason="sửa nhà")
    page = client.get("/don-vi/967/")
    told = text(page)
    assert "Đang mở đến 11:00" in told
    assert "Khóm 1, thị trấn Thới Bình" in told
    assert 'href="tel:02903860123"' in page.content.decode()
    assert "04/02/2016: đơn vị nghỉ: sửa nhà" in told
    assert cast.land.name in told
    assert cast.birth.name not in told, "a commune's"
    found = client.get("/don-vi/967/", {"tim": "phi thuyền"})
    assert "Không có thủ tục nào ở đây về “phi thuyền”" in text(found)
    assert client.get("/don-vi/967/", {"tim": "x" * 1001}).status_code == 200


def test_office_detail_of_no_desk_does_not_exist(cast: Cast, client: Client) -> None:
    province = Office.objects.get(level="province")
    for code in (province.code, "khong-co"):
        assert client.get(f"/don-vi/{code}/").status_code == 404


def test_office_list_asks_the_same_however_many_there_are(cast: Cast, client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/don-vi/")
        assert all(office.name in text(page) for office in Office.objects.with_desk())
        return len(queries)

    asked()
    before = asked()
    for number in range(3):
        Office.objects.create(
            code=f"9999{number}", name=f"Xã Mới {number}", level="commune", parent=cast.district
        )
    client.get("/")  # the site's name is asked for again when an office changed
    assert asked() == before


def test_office_detail_tells_the_days_shut_and_where_else_it_receives(
    cast: Cast, client: Client
) -> None:
    add = cast.tan_loc.points.create
    add(name="Điểm Tân Lộc Bắc", address="Ấp 3, xã Tân Lộc Bắc", phone="0290 111 1111")
    add(name="Điểm cũ", address="Ấp 9", open_until=date(2026, 11, 29))
    with time_machine.travel(vn("2026-11-30T08:00"), tick=False):
        shown = text(client.get("/don-vi/32086/"))
    assert "thứ Bảy, Chủ nhật nghỉ" in shown
    assert all(word in shown for word in ("Điểm Tân Lộc Bắc", "Ấp 3", "0290 111 1111"))
    assert "Điểm cũ" not in shown
