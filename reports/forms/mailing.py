"""Whether and when a leader has the meeting paper by mail."""

from django import forms

from motcua.form_layout import CrispyForm
from reports.models import PaperChoice

NEVER = ""


class PaperByMailForm(CrispyForm):
    every = forms.ChoiceField(
        label="Gửi bản in họp cho tôi",
        choices=[(NEVER, "không gửi"), *PaperChoice._meta.get_field("every").flatchoices],
        required=False,
        error_messages={"invalid_choice": "Không có lựa chọn này. Hãy chọn lại."},
    )

    marks_optional = False
