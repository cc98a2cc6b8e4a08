"""The paper by which the level above gives dossiers to other offices."""

from datetime import date

from django import forms

from dossiers.forms.acts import text_field
from motcua import clock
from motcua.days import DayField
from motcua.form_layout import CrispyForm


class AssignmentForm(CrispyForm):
    """Number and day of the deciding paper, for all ticked dossiers."""

    paper_number = text_field(
        "Số văn bản phân công",
        most=60,
    )
    paper_date = DayField(label="Ngày văn bản")

    def clean_paper_date(self) -> date:
        day: date = self.cleaned_data["paper_date"]
        if day > clock.today():
            raise forms.ValidationError("Ngày văn bản phân công chưa tới.")
        return day
