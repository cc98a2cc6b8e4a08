"""What a reader of figures chooses: period, calendar, scope, grouping.

The addresses carry short words:

    ky=2016-Q3 | 2016-6M | 2016-9M | 2016 | 2016-02 | 2016-01-01..2016-09-30
    lich=duong-lich (default) | nd09
    pham-vi=967 (an office's code) | cap-huyen | cap-xa | tat-ca
    theo=linh-vuc | don-vi | thu-tuc
    mau=day-du (default) | ii-06a | 06a-2017 | ban-2016

The form itself sends the period in parts: ky=9M with nam=2016, or ky=khoang with tu and den.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, QueryDict
from django.utils.http import urlencode

from motcua import clock
from motcua.days import DayField
from motcua.form_layout import CrispyForm
from reports.figures.offices import OfficesInTime, key_of
from reports.figures.tables import By
from reports.output.links import CALENDARS, period_line
from reports.terms.layouts import FULL, LAYOUTS, Layout
from reports.terms.periods import Period, parse_period
from reports.terms.scopes import Scope

FIRST_YEAR, LAST_YEAR = 2000, 2100
RANGE = "khoang"
WHOLE_YEAR = "nam"
PERIODS = (
    ("Q1", "Quý I"),
    ("Q2", "Quý II"),
    ("Q3", "Quý III"),
    ("Q4", "Quý IV"),
    ("6M", "6 tháng đầu năm"),
    ("9M", "9 tháng"),
    (WHOLE_YEAR, "Cả năm"),
    *((f"{month:02}", f"Tháng {month}") for month in range(1, 13)),
    (RANGE, "Từ ngày đến ngày"),
)
CALENDAR_WORDS = (
    ("duong-lich", "Theo dương lịch (quý I từ 01/01)"),
    ("nd09", "NĐ 09/2019 (quý I từ 15/12 năm trước)"),
)
_NAMED = re.compile(r"(\d{4})(?:-(Q[1-4]|6M|9M|0[1-9]|1[0-2]))?$")
_FREE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$")


def _choice(label: str, choices: Iterable[tuple[str, str]], error: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, error_messages={"invalid_choice": error})


def _day(label: str) -> DayField:
    message = "Ngày chưa đúng. Hãy nhập như 30/09/2016."
    return DayField(label=label, required=False, error_messages={"invalid": message})


class FiguresForm(CrispyForm):
    """Period, calendar and scope. After `is_valid()`: `period` and `chosen_scope`.

    The data may lack any field: what is missing has the value given by `initial_words`, so a
    short address means the same as a filled form.
    """

    ky = _choice(
        "Kỳ",
        PERIODS,
        "Không có kỳ này. Hãy chọn trong danh sách; trong địa chỉ thì viết như 2016-Q3, 2016-9M, "
        "2016 hoặc 2016-01-01..2016-09-30.",
    )
    nam = forms.IntegerField(
        label="Năm",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        required=False,
        error_messages={
            "invalid": "Năm phải là số, ví dụ 2016.",
            "min_value": f"Năm phải từ {FIRST_YEAR} trở đi.",
            "max_value": f"Năm không được quá {LAST_YEAR}.",
        },
    )
    tu = _day("Từ ngày")
    den = _day("Đến ngày")
    lich = _choice("Lịch kỳ báo cáo", CALENDAR_WORDS, "Không có lịch này. Hãy chọn lại.")

    marks_optional = False
    period: Period
    chosen_scope: Scope

    def __init__(self, query: QueryDict, offices: OfficesInTime, *, period: str) -> None:
        given = {**self.initial_words(period), **_parts(query.dict())}
        scopes = offices.scopes(_period_of(given) or _told(period))
        self.scopes = {scope.key: scope for scope in scopes}
        asked = str(given.get("pham-vi", scopes[0].key))
        key = key_of(asked, scopes, offices)
        if key is None:
            # What lies outside the scope does not exist for this person.
            raise Http404("Không có phạm vi này.")
        super().__init__({**given, "pham-vi": key})
        self.fields["pham-vi"] = forms.ChoiceField(
            label="Phạm vi", choices=[(scope.key, scope.name) for scope in scopes]
        )
        self.order_fields(["mau", "ky", "nam", "tu", "den", "pham-vi", "theo", "lich"])

    def initial_words(self, period: str) -> dict[str, Any]:
        """What a bare address means."""
        return {
            **_parts({"ky": period}),
            "lich": "duong-lich",
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "lich" in data and "ky" in data and not self.errors:
            text = self._text(data)
            if text is not None:
                self._keep(text, CALENDARS[data["lich"]])
        if "pham-vi" in data:
            self.chosen_scope = self.scopes[data["pham-vi"]]
        return data

    def _keep(self, text: str, calendar: str) -> None:
        try:
            self.period = _told(text, calendar)
        except ValueError as error:
            self.add_error("ky", str(error))

    def _text(self, data: dict[str, Any]) -> str | None:
        kind, year = data["ky"], data.get("nam")
        if kind == RANGE:
            return self._range(data.get("tu"), data.get("den"))
        if year is None:
            self.add_error("nam", "Hãy nhập năm của kỳ báo cáo.")
            return None
        return str(year) if kind == WHOLE_YEAR else f"{year}-{kind}"

    def _range(self, start: date | None, end: date | None) -> str | None:
        if start is None:
            self.add_error("tu", "Hãy nhập ngày đầu của khoảng thời gian.")
        if end is None:
            self.add_error("den", "Hãy nhập ngày cuối của khoảng thời gian.")
        if start is None or end is None:
            return None
        if end < start:
            self.add_error("den", "Ngày cuối phải từ ngày đầu trở đi.")
            return None
        return f"{start.isoformat()}..{end.isoformat()}"

    @property
    def query(self) -> dict[str, str]:
        """The choice as the short words of an address."""
        words = {"ky": self.period.key, "pham-vi": self.chosen_scope.key}
        if self.cleaned_data["lich"] != "duong-lich":
            words["lich"] = self.cleaned_data["lich"]
        return words

    @property
    def period_line(self) -> str:
        """The period with its dates, for the page."""
        return period_line(self.period)

    @property
    def address(self) -> str:
        """The choice as the query of an address, without the question mark."""
        return urlencode(self.query)


class RowsForm(FiguresForm):
    """Also what the rows are (`by`)."""

    theo = _choice(
        "Theo", [(by.word, by.heading) for by in By], "Không có cách chia này. Hãy chọn lại."
    )

    def initial_words(self, period: str) -> dict[str, Any]:
        return {**super().initial_words(period), "theo": By.SECTOR.word}

    @property
    def by(self) -> By:
        return next(by for by in By if by.word == self.cleaned_data["theo"])

    @property
    def query(self) -> dict[str, str]:
        return {**super().query, "theo": self.by.word}


class ReportForm(RowsForm):
    """The choice of a report of figures: also its layout."""

    mau = _choice(
        "Mẫu", [(one.name, one.label) for one in LAYOUTS], "Không có mẫu này. Hãy chọn lại."
    )

    def initial_words(self, period: str) -> dict[str, Any]:
        return {**super().initial_words(period), "mau": FULL.name}

    @property
    def layout(self) -> Layout:
        return next(one for one in LAYOUTS if one.name == self.cleaned_data["mau"])

    @property
    def query(self) -> dict[str, str]:
        words = super().query
        return words if self.layout is FULL else {**words, "mau": self.layout.name}


def current_quarter() -> str:
    """The quarter that today is in, by calendar quarters: the period of a bare report."""
    today = clock.today()
    return f"{today.year}-Q{(today.month - 1) // 3 + 1}"


def _told(text: str, calendar: str = "calendar") -> Period:
    return parse_period(text, calendar).told_on(clock.today())


def _period_of(given: dict[str, Any]) -> Period | None:
    """The period of what was sent, before it is checked: which offices may be chosen hangs on it.
    None where it can not be read."""
    kind, year = given.get("ky"), given.get("nam")
    text = f"{year}-{kind}"
    if kind == RANGE:
        text = f"{given.get('tu')}..{given.get('den')}"
    elif kind == WHOLE_YEAR:
        text = str(year)
    try:
        return _told(text, CALENDARS[given["lich"]])
    except (KeyError, ValueError):
        return None


def _parts(asked: dict[str, Any]) -> dict[str, Any]:
    """A period written as one word, taken apart into the fields of the form."""
    word = asked.get("ky", "")
    if named := _NAMED.match(word):
        return {**asked, "ky": named[2] or WHOLE_YEAR, "nam": named[1]}
    if free := _FREE.match(word):
        return {**asked, "ky": RANGE, "tu": free[1], "den": free[2]}
    return asked
