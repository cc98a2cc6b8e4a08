"""A day and a moment, read in every way that a clerk types them."""

from datetime import date, datetime

import pytest
from django import forms

from motcua import clock
from motcua.days import DayField, MomentField, read_day, read_moment


@pytest.mark.parametrize(
    "typed",
    [
        *("03/10/2016", "3/10/2016", "3/10/16", "03102016", "031016"),
        *("3-10-2016", "3.10.2016", "3 10 2016", " 03 / 10 / 2016 ", "2016-10-03"),
    ],
)
def test_read_day_day_before_month_however_typed(typed: str) -> None:
    assert read_day(typed) == date(2016, 10, 3)


@pytest.mark.parametrize(
    ("typed", "day"),
    [("29/02/2016", date(2016, 2, 29)), ("1/1/69", date(1969, 1, 1)), ("1/1/68", date(2068, 1, 1))],
)
def test_read_day_leap_days_and_short_years(typed: str, day: date) -> None:
    assert read_day(typed) == day


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hôm qua",
        "31/02/2016",
        "10/2016",
        "03/10",
        "3/10/216",
        "13/13/2016",
        "0/1/2016",
        "٣/١/٢٠١٦",
    ],
)
def test_read_day_what_is_no_day_is_none(typed: str) -> None:
    assert read_day(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        *("15:30 03/10/2016", "03/10/2016 15:30", "15h30 3/10/16", "3/10/2016, 15:30"),
        *("03102016 15:30", "2016-10-03T15:30", "2016-10-03 15:30:00", "15:30, 3/10/2016"),
    ],
)
def test_read_moment_time_before_or_after_the_day(typed: str) -> None:
    assert read_moment(typed) == datetime(2016, 10, 3, 15, 30)


@pytest.mark.parametrize(
    "typed",
    ["", "03/10/2016", "15:30", "24:00 03/10/2016", "15:60 03/10/2016", "3/10 15:30 2016", "x"],
)
def test_read_moment_what_is_no_moment_is_none(typed: str) -> None:
    assert read_moment(typed) is None


class _Form(forms.Form):
    day = DayField(required=False)
    at = MomentField(required=False)


def test_fields_keep_the_local_moment_and_show_it_as_papers_write_it() -> None:
    form = _Form({"day": "2016-10-03", "at": "2016-10-03T15:30"})
    assert form.is_valid()
    assert form.cleaned_data["day"] == date(2016, 10, 3)
    assert clock.local(form.cleaned_data["at"]) == clock.aware(datetime(2016, 10, 3, 15, 30))
    page = form.as_p()
    assert 'type="text"' in page
    assert 'value="03/10/2016"' in page
    assert 'value="15:30 03/10/2016"' in page
    assert 'inputmode="numeric"' in page


def test_fields_show_a_known_moment_in_local_time() -> None:
    form = _Form(initial={"at": clock.aware(datetime(2016, 10, 3, 15, 30))})
    assert 'value="15:30 03/10/2016"' in form.as_p()


def test_fields_refuse_in_vietnamese_and_lose_nothing() -> None:
    form = _Form({"day": "ngày mai", "at": "3/10/2016"})
    assert form.errors == {
        "day": ["Hãy nhập ngày, ví dụ 03/10/2016."],
        "at": ["Hãy nhập giờ và ngày, ví dụ 15:30 03/10/2016."],
    }
    assert 'value="ngày mai"' in form.as_p()
    assert 'value="3/10/2016"' in form.as_p()


def test_field_left_empty_is_none() -> None:
    form = _Form({"day": " ", "at": ""})
    assert form.is_valid()
    assert form.cleaned_data == {"day": None, "at": None}
