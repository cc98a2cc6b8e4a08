"""Many days off at once: a range, and a year's estimate of a kept library."""

import csv
import socket
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from procedures.models import CalendarDay, OfficeClosure
from procedures.timetable.proposed import Kind, expected, source
from tests.cast import Cast, make_staff

RANGE = "/quan-tri/procedures/calendarday/nhieu-ngay/"
PROPOSED = "/quan-tri/procedures/calendarday/uoc-tinh/"


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(make_staff("qt-chung", None, "administrator", is_staff=True))
    return client


def shipped(year: int) -> dict[date, str]:
    path = Path(__file__).parents[2] / "procedures" / "data" / "working-calendar.csv"
    with path.open(encoding="utf-8", newline="") as file:
        days = {date.fromisoformat(row["date"]): row["kind"] for row in csv.DictReader(file)}
    return {day: kind for day, kind in days.items() if day.year == year}


def is_off(kinds: dict[date, str], day: date) -> bool:
    """Whether nobody works on the day, as the two calendars say it each in its own words."""
    if day in kinds:
        return kinds[day] != Kind.MAKEUP_WORK
    return day.weekday() > 4


# By year: the days on which the library and the shipped calendar disagree about work.
DISAGREE = {
    2015: [],
    2016: [],
    2017: [],
    2018: [],
    2019: [],
    2020: [],
    2021: [],
    2022: [],
    2023: [],
    2024: [],
    2025: [],
    2026: [date(2026, 1, 2), date(2026, 1, 10)],
    2027: [],
}


@pytest.mark.pure
@pytest.mark.parametrize("year", DISAGREE)
def test_expected_days_off_are_those_of_the_shipped_calendar(
    year: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "socket", None)  # it asks nobody
    ours = shipped(year)
    theirs = {day: kind.value for day, (kind, _) in expected(year).items()}
    days = sorted({*ours, *theirs})
    assert [day for day in days if is_off(ours, day) != is_off(theirs, day)] == DISAGREE[year]


@pytest.mark.pure
def test_expected_follows_the_lunar_calendar_and_the_swapped_days() -> None:
    assert expected(2016)[date(2016, 2, 8)] == (Kind.HOLIDAY, "Tết Nguyên Đán")
    assert expected(2016)[date(2016, 4, 16)][1] == "Ngày Giỗ Tổ Hùng Vương"
    assert expected(2024)[date(2024, 4, 29)][0] == Kind.BRIDGE_OFF
    assert expected(2024)[date(2024, 5, 4)][0] == Kind.MAKEUP_WORK


@pytest.mark.django_db
def test_holiday_range_adds_the_days_and_leaves_those_that_are_there(
    cast: Cast, admin: Client
) -> None:
    form = {"first": "2028-04-28", "last": "2028-05-02", "reason": "Nghỉ lễ", "kind": "holiday"}
    CalendarDay.objects.create(date=date(2028, 4, 30), kind="holiday", name="Ngày Chiến thắng")
    said = admin.post(RANGE, form | {"is_estimate": "on"}, follow=True)
    days = CalendarDay.objects.filter(date__year=2028).order_by("date")
    assert [day.date.day for day in days] == [28, 30, 1, 2]  # without the weekend
    assert [day.is_estimate for day in days] == [True, False, True, True]
    assert "Đã thêm 3 ngày" in said.content.decode()

    said = admin.post(RANGE, form | {"weekends": "on", "reason": "Khác"}, follow=True)
    assert "Giữ nguyên 4 ngày đã có" in said.content.decode()
    assert CalendarDay.objects.get(date=date(2028, 4, 30)).name == "Ngày Chiến thắng"
    assert CalendarDay.objects.get(date=date(2028, 4, 29)).name == "Khác"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"last": "2028-04-27"}, "từ ngày đầu trở đi"),
        ({"last": "2028-06-30"}, "nhiều nhất 31 ngày"),
        ({"last": ""}, "Hãy nhập ngày"),
        ({"first": "0001-01-01"}, "không thể là năm của lịch"),
        ({"first": "2028-04-29", "last": "2028-04-30"}, "chỉ có thứ Bảy, Chủ nhật"),
        ({"reason": ""}, "Hãy ghi lý do"),
    ],
)
def test_holiday_range_that_cannot_be_is_told_at_its_field(
    cast: Cast, admin: Client, changed: dict[str, str], said: str
) -> None:
    form = {"first": "2028-04-28", "last": "2028-05-02", "reason": "Nghỉ", "kind": "holiday"}
    refused = admin.post(RANGE, form | changed)
    assert refused.status_code == 422 and said in refused.content.decode()
    assert not CalendarDay.objects.filter(date__year=2028).exists()


@pytest.mark.django_db
def test_proposed_year_keeps_the_ticked_days_as_an_estimate(cast: Cast, admin: Client) -> None:
    CalendarDay.objects.create(date=date(2028, 1, 1), kind="makeup_work", name="của ta")
    page = admin.get(PROPOSED, {"nam": "2028"}).content.decode()
    assert "Tết Nguyên Đán" in page and "khác: ngày làm bù" in page
    ticked = {"ngay": ["2028-01-26", "2028-01-01", "2028-07-07", "x"]}
    said = admin.post(f"{PROPOSED}?nam=2028", ticked, follow=True).content.decode()
    assert "Đã thêm 1 ngày" in said and "Giữ nguyên 1 ngày đã có" in said
    day = CalendarDay.objects.get(date=date(2028, 1, 26))
    assert (day.kind, day.is_estimate, day.source) == ("holiday", True, source())
    assert CalendarDay.objects.get(date=date(2028, 1, 1)).name == "của ta"
    assert CalendarDay.objects.filter(date__year=2028).count() == 2
    assert admin.get(PROPOSED, {"nam": "mai"}).status_code == 422


@pytest.mark.django_db
def test_proposed_year_of_the_country_is_not_an_administrators_of_one_office(
    cast: Cast, client: Client
) -> None:
    client.force_login(make_staff("qt-xa", cast.tan_loc, "administrator", is_staff=True))
    assert client.post(f"{PROPOSED}?nam=2028", {"ngay": "2028-01-01"}).status_code == 403
    assert client.get(RANGE).status_code == 403


@pytest.mark.django_db
def test_closure_range_closes_one_office_alone(cast: Cast, client: Client) -> None:
    client.force_login(make_staff("qt-xa", cast.tan_loc, "administrator", is_staff=True))
    own, other = (
        reverse("admin:motcua_office_closures", args=[office.pk])
        for office in (cast.tan_loc, cast.bien_bach)
    )
    form = {"first": "15/09/2016", "last": "16/09/2016", "reason": "Đại hội", "weekends": "on"}
    assert client.post(own, form).status_code == 302
    assert client.post(other, form).status_code == 404
    assert list(OfficeClosure.objects.order_by("date").values_list("office", "date")) == [
        (cast.tan_loc.pk, date(2016, 9, day)) for day in (15, 16)
    ]
    said = client.post(own, form | {"last": "17/09/2016"}, follow=True).content.decode()
    assert "Giữ nguyên 2 ngày đã có" in said
