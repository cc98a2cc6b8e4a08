"""An office's week in one form: all days at once, days of their own, from a day on."""

from datetime import date, time
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from motcua.models import Office
from procedures.calendar import calendar_for
from procedures.models import WorkSession
from procedures.timetable.weekly_hours import WeeklyHoursForm, hours_on, keep_week
from tests.cast import Cast, make_staff

pytestmark = pytest.mark.django_db

MORNING, AFTERNOON = (time(7, 30), time(11, 30)), (time(13), time(16, 30))
USUAL = ((time(7), time(11)), (time(13), time(17)))
FORM = {
    "days": ["0", "1", "2", "3", "4"],
    "morning_opens": "07:30",
    "morning_closes": "11:30",
    "afternoon_opens": "13:00",
    "afternoon_closes": "16:30",
    "5-morning_opens": "07:30",
    "5-morning_closes": "11:00",
    "valid_from": "2016-03-07",
}


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel("2016-03-01T09:00:00+07:00"):
        yield


def address(office: Office) -> str:
    return reverse("admin:motcua_office_hours", args=[office.pk])


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(make_staff("qt-xa", cast.tan_loc, "administrator", is_staff=True))
    return client


def test_weekly_hours_hold_from_their_day_and_nothing_before_it_changes(
    cast: Cast, admin: Client
) -> None:
    saved = admin.post(address(cast.tan_loc), FORM, follow=True)
    assert "Đã lưu giờ làm việc của Xã Tân Lộc từ 07/03/2016" in saved.content.decode()
    calendar = calendar_for(cast.tan_loc)
    assert calendar.working_hours(date(2016, 3, 4)) == USUAL
    assert calendar.working_hours(date(2016, 3, 7)) == (MORNING, AFTERNOON)
    assert calendar.sessions_on(date(2016, 3, 12)) == ((time(7, 30), time(11)),)
    assert not calendar.sessions_on(date(2016, 3, 5))


def test_keep_week_ends_the_rows_in_force_and_takes_the_place_of_those_to_come(
    cast: Cast,
) -> None:
    office = cast.tan_loc
    always = WorkSession.objects.create(
        office=office, weekday=0, opens=time(8), closes=time(12), valid_to=None
    )
    past = WorkSession.objects.create(
        office=office, weekday=1, opens=time(8), closes=time(12), valid_to=date(2015, 12, 31)
    )
    keep_week(office, {0: USUAL}, date(2016, 4, 1))
    keep_week(office, {0: (MORNING,)}, date(2016, 3, 7))
    always.refresh_from_db()
    past.refresh_from_db()
    assert (always.valid_from, always.valid_to) == (None, date(2016, 3, 6))
    assert past.valid_to == date(2015, 12, 31)
    rows = WorkSession.objects.filter(office=office, valid_from__isnull=False)
    assert [(row.valid_from, row.opens) for row in rows] == [(date(2016, 3, 7), time(7, 30))]
    assert always.history.count() == 3  # made, and ended twice
    assert hours_on(office, date(2016, 4, 4)) == {0: (MORNING,)}


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"morning_closes": ""}, "morning_closes", "còn thiếu một giờ"),
        ({"morning_closes": "07:00"}, "morning_closes", "phải sau giờ bắt đầu"),
        ({"afternoon_opens": "11:00"}, "afternoon_opens", "Buổi chiều phải sau buổi sáng"),
        ({"morning_opens": "bảy giờ"}, "morning_opens", "Giờ chưa đúng"),
        ({"5-morning_closes": "07:00"}, "5-morning_closes", "phải sau giờ bắt đầu"),
        ({"days": []}, "days", "ít nhất một ngày"),
        ({"valid_from": "2016-02-29"}, "valid_from", "từ hôm nay trở đi"),
        ({"valid_from": ""}, "valid_from", "Hãy nhập ngày"),
    ],
)
def test_weekly_hours_form_tells_what_cannot_be_at_its_field(
    cast: Cast, admin: Client, changed: dict[str, Any], field: str, said: str
) -> None:
    form = WeeklyHoursForm(FORM | changed, office=cast.tan_loc)
    assert said in " ".join(form.errors[field])
    refused = admin.post(address(cast.tan_loc), FORM | changed)
    assert refused.status_code == 422 and said in refused.content.decode()
    assert not WorkSession.objects.exists()


def test_weekly_hours_form_shows_the_week_as_it_stands_and_saves_it_unchanged(
    cast: Cast, admin: Client
) -> None:
    office = cast.tan_loc
    assert hours_on(office, date(2016, 3, 7)) == dict.fromkeys(range(5), USUAL)
    keep_week(
        office,
        {0: (MORNING, AFTERNOON), 1: (MORNING, AFTERNOON), 4: (MORNING,), 5: (AFTERNOON,)},
        date(2016, 3, 1),
    )
    before = hours_on(office, date(2016, 3, 7))
    page = admin.get(address(office)).context["form"]
    typed = {name: page[name].value() for name in page.fields}
    typed = {name: value for name, value in typed.items() if value is not None}
    assert typed["days"] == ["0", "1"] and typed["4-morning_opens"] == time(7, 30)
    assert typed["5-afternoon_closes"] == time(16, 30) and page.has_exceptions
    form = WeeklyHoursForm(typed, office=office)
    assert form.is_valid(), form.errors
    form.save()
    assert hours_on(office, date(2016, 3, 7)) == before


def test_weekly_hours_of_another_office_are_not_there(cast: Cast, admin: Client) -> None:
    assert admin.get(address(cast.bien_bach)).status_code == 404
    assert admin.post(address(cast.bien_bach), FORM).status_code == 404


def test_weekly_hours_tell_the_open_dossiers_that_would_move(cast: Cast, client: Client) -> None:
    cast.received("2016-02-29T09:00")
    client.force_login(cast.administrator)
    only_mornings = {name: FORM[name] for name in ("morning_opens", "morning_closes")}
    form = only_mornings | {"days": ["0", "2"], "valid_from": str(date(2016, 3, 1))}
    said = client.post(address(cast.district), form, follow=True).content.decode()
    assert "1 hồ sơ đang giải quyết sẽ có ngày hẹn khác" in said
