"""An office's calendar as the database keeps it."""

from datetime import date, time

import pytest

from procedures.calendar import calendar_for, calendars_for
from procedures.models import OfficeClosure, WorkSession
from procedures.opening import opening_hours
from tests.cast import Cast

pytestmark = pytest.mark.django_db

MONDAY, SATURDAY = date(2016, 3, 7), date(2016, 3, 12)


def session(cast: Cast, weekday: int, opens: int, closes: int) -> None:
    WorkSession.objects.create(
        office=cast.tan_loc, weekday=weekday, opens=time(opens), closes=time(closes)
    )


def test_office_without_rows_keeps_the_usual_hours(cast: Cast) -> None:
    assert calendar_for(cast.tan_loc).closing(MONDAY) == time(17)
    assert calendar_for(None).closing(MONDAY) == time(17)


def test_calendar_own_weekdays_replace_the_usual_ones_at_that_office_only(cast: Cast) -> None:
    session(cast, 0, 8, 12)
    calendars = calendars_for([cast.tan_loc.pk, cast.bien_bach.pk])
    assert calendars[cast.tan_loc.pk].sessions_on(MONDAY) == ((time(8), time(12)),)
    assert calendars[cast.bien_bach.pk].closing(MONDAY) == time(17)


def test_calendar_saturday_counter_alone_leaves_the_usual_weekdays(cast: Cast) -> None:
    session(cast, 5, 7, 11)
    calendar = calendar_for(cast.tan_loc)
    assert calendar.sessions_on(SATURDAY) == ((time(7), time(11)),)
    assert not calendar.is_working(SATURDAY)
    assert calendar.closing(MONDAY) == time(17)
    assert [line.days for line in opening_hours(cast.tan_loc, MONDAY)] == [
        "thứ Hai - thứ Sáu",
        "thứ Bảy",
    ]


def test_calendar_saturday_counter_beside_summer_hours_leaves_the_usual_weekdays_in_winter(
    cast: Cast,
) -> None:
    """What holds on the day decides, not what holds at some time of the year."""
    session(cast, 5, 7, 11)
    for weekday in range(5):
        WorkSession.objects.create(
            office=cast.tan_loc,
            weekday=weekday,
            opens=time(7, 30),
            closes=time(16, 30),
            valid_from=date(2016, 6, 1),
            valid_to=date(2016, 8, 31),
        )
    calendar = calendar_for(cast.tan_loc)
    assert calendar.closing(date(2016, 3, 7)) == time(17)
    assert calendar.closing(date(2016, 6, 6)) == time(16, 30)
    assert [line.days for line in opening_hours(cast.tan_loc, date(2016, 3, 7))] == [
        "thứ Hai - thứ Sáu",
        "thứ Bảy",
    ]


def test_calendar_closure_shuts_its_own_office_only(cast: Cast) -> None:
    OfficeClosure.objects.create(office=cast.tan_loc, date=MONDAY, reason="Mất điện")
    calendars = calendars_for([cast.tan_loc.pk, cast.bien_bach.pk])
    assert not calendars[cast.tan_loc.pk].is_working(MONDAY)
    assert calendars[cast.bien_bach.pk].is_working(MONDAY)


def test_calendar_many_calendars_take_three_queries(
    cast: Cast, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_num_queries(3):
        calendars_for([cast.tan_loc.pk, cast.bien_bach.pk, cast.district.pk])
