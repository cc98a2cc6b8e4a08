"""What is asked around a sign-off: a year and a calendar of periods, a note, a reason."""

from typing import Any, Self

from django import forms
from django.http import QueryDict

from motcua.form_layout import CrispyForm
from reports.forms.choices import CALENDAR_WORDS, FIRST_YEAR, LAST_YEAR
from reports.models import REMARK_LENGTH, Closing
from reports.output.links import CALENDARS


def reason_field(label: str, **attrs: Any) -> forms.CharField:
    """A reason that a browser asks for; the act that is told of it says what is wrong with it."""
    size = {"rows": 2, "maxlength": REMARK_LENGTH, "required": True}
    return forms.CharField(
        label=label, required=False, strip=False, widget=forms.Textarea({**size, **attrs})
    )


class NoteForm(CrispyForm):
    """A note that is signed together with the figures."""

    note = forms.CharField(
        label="Ghi chú",
        required=False,
        max_length=REMARK_LENGTH,
        error_messages={
            "max_length": f"Ghi chú không quá {REMARK_LENGTH} ký tự (đang có %(show_value)d)."
        },
        widget=forms.Textarea({"id": "ghi-chu", "rows": 2}),
    )


class ReasonForm(CrispyForm):
    """Why a signed period is opened again; what is wrong with a reason, `closing.reopen` says."""

    marks_optional = False
    reason = reason_field("Lý do mở lại", id="ly-do")

    @classmethod
    def of(cls, closing: Closing, data: QueryDict | None = None) -> Self:
        """One of several on a page, under an id of its own."""
        form = cls(data, auto_id=f"%s-{closing.pk}")
        form.fields["reason"].widget.attrs["id"] = f"ly-do-{closing.pk}"
        return form


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
