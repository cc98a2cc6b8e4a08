"""How a day or a moment was typed: one reader for every place where staff write one.

A browser's own field for dates shows them in the language of the browser, so that 03/10 is read as
10/03 on half of the machines. Here a day is text, day before month, on all of them.
"""

import re
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

NO_DAY = "Hãy nhập ngày, ví dụ 03/10/2016."
NO_MOMENT = "Hãy nhập giờ và ngày, ví dụ 15:30 03/10/2016."
WHICH_DAY = "Hãy chọn ngày."

_WRITTEN = re.compile(r"(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4}|\d{2})", re.ASCII)
_DIGITS = re.compile(r"(\d\d)(\d\d)(\d{4}|\d{2})", re.ASCII)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"(\d{1,2})\s*[:hg]\s*(\d{2})(?::\d{2}(?:\.\d+)?)?", re.ASCII | re.IGNORECASE)


def read_day(text: str) -> date | None:
    """The day that was typed, day before month, or as a browser sends it; None where it is none.

    Of a year of two digits 69 to 99 are of the last century.

    >>> read_day("3/10/2016") == read_day("03102016") == read_day("3.10.16")
    True
    >>> read_day("2016-10-03"), read_day("31/02/2016")
    (datetime.date(2016, 10, 3), None)
    """
    text = text.strip()
    try:
        if _ISO.fullmatch(text):
            return date.fromisoformat(text)
        found = _WRITTEN.fullmatch(text) or _DIGITS.fullmatch(text)
        if found is None:
            return None
        day, month, year = map(int, found.groups())
        if len(found[3]) == 2:
            year += 1900 if year >= 69 else 2000
        return date(year, month, day)
    except ValueError:
        return None


def read_moment(text: str) -> datetime | None:
    """The local moment that was typed, time before day or after it; None where one is missing.

    >>> read_moment("15:30 3/10/2016") == read_moment("03102016 15h30")
    True
    >>> read_moment("2016-10-03T15:30")
    datetime.datetime(2016, 10, 3, 15, 30)
    """
    found = list(_TIME.finditer(text))
    if len(found) != 1:
        return None
    around = text[: found[0].start()].strip(), text[found[0].end() :].strip()
    if all(around):
        return None
    day = read_day("".join(around).removesuffix("T").strip(" ,"))
    hour, minute = int(found[0][1]), int(found[0][2])
    if day is None or hour > 23 or minute > 59:
        return None
    return datetime.combine(day, time(hour, minute))


class DayInput(forms.DateInput):
    """A line to type a day on; one that can be read is shown again as papers write it."""

    def __init__(self, **attrs: Any) -> None:
        hints = {"placeholder": "ngày/tháng/năm", "inputmode": "numeric", "data-day": "yes"}
        super().__init__(attrs=hints | attrs, format="%d/%m/%Y")

    def format_value(self, value: Any) -> str | None:
        return super().format_value((read_day(value) if isinstance(value, str) else None) or value)


class MomentInput(forms.DateTimeInput):
    """A line to type a moment on, as `DayInput`."""

    def __init__(self, **attrs: Any) -> None:
        hints = {"placeholder": "giờ:phút ngày/tháng/năm", "data-moment": "yes"}
        super().__init__(attrs=hints | attrs, format="%H:%M %d/%m/%Y")

    def format_value(self, value: Any) -> str | None:
        read = read_moment(value) if isinstance(value, str) else None
        return super().format_value(read or value)


class DayField(forms.DateField):
    """A day, typed in any way that `read_day` reads."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DayInput())
        messages = {"invalid": NO_DAY, "required": WHICH_DAY} | kwargs.pop("error_messages", {})
        super().__init__(error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str) and (typed := value.strip()):
            value = read_day(typed)
            if value is None:
                raise ValidationError(self.error_messages["invalid"], code="invalid")
        elif isinstance(value, str):
            return None
        return super().to_python(value)


class MomentField(forms.DateTimeField):
    """A local moment, typed in any way that `read_moment` reads."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", MomentInput())
        messages = {"invalid": NO_MOMENT} | kwargs.pop("error_messages", {})
        super().__init__(error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, str) and (typed := value.strip()):
            value = read_moment(typed)
            if value is None:
                raise ValidationError(self.error_messages["invalid"], code="invalid")
        elif isinstance(value, str):
            return None
        return super().to_python(value)
