"""Whether and when a leader has the meeting paper by mail."""

from django import forms

from motcua.form_layout import CrispyForm
from reports.models import PaperChoice

NEVER = "never"


class PaperByMailForm(CrispyForm):
    every = forms.ChoiceField(
        label="Gửi bản in họp cho tôi",
        choices=[(NEVER, "không gửi"), *PaperChoice._meta.get_field("every").flatchoices],
        error_messages={
            "required": "Hãy chọn khi nào gửi.",
            "invalid_choice": "Không có lựa chọn này. Hãy chọn lại.",
        },
    )

    marks_optional = False
