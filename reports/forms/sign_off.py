"""What a reader of sign-offs chooses: a year and a calendar of periods."""

from django import forms
from django.http import QueryDict

from motcua.form_layout import CrispyForm
from reports.forms.choices import CALENDAR_WORDS, FIRST_YEAR, LAST_YEAR
from reports.output.links import CALENDARS


class ClosingYearForm(CrispyForm):
    """nam=2016 and lich=duong-lich | nd09; what is missing has its usual value."""

    nam = forms.IntegerField(
        label="Năm",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={
            "required": "Hãy nhập năm.",
            "invalid": "Năm phải là số, ví dụ 2016.",
            "min_value": f"Năm phải từ {FIRST_YEAR} trở đi.",
            "max_value": f"Năm không được quá {LAST_YEAR}.",
        },
    )
    lich = forms.ChoiceField(
        label="Lịch kỳ báo cáo",
        choices=CALENDAR_WORDS,
        error_messages={"invalid_choice": "Không có lịch này. Hãy chọn lại."},
    )

    def __init__(self, query: QueryDict, *, year: int) -> None:
        super().__init__({"nam": year, "lich": "duong-lich", **query.dict()})

    @property
    def year(self) -> int:
        return int(self.cleaned_data["nam"])

    @property
    def calendar(self) -> str:
        """The calendar's name among `periods.CALENDARS`."""
        return CALENDARS[self.cleaned_data["lich"]]
