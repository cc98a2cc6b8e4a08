"""The field in which a clerk seeks a procedure."""

from crispy_forms.bootstrap import FieldWithButtons, StrictButton
from crispy_forms.layout import Layout
from django import forms

from motcua.form_layout import CrispyForm


class ProcedureSearch(CrispyForm):
    """What the citizen asks for, in any words; `inside` the form of an intake, to change it."""

    q = forms.CharField(
        label="Tìm thủ tục",
        max_length=100,
        required=False,
        help_text="Gõ chữ người dân nói, có dấu hay không dấu đều được, hoặc mã thủ tục.",
        widget=forms.TextInput({"id": "tim-thu-tuc", "spellcheck": "false"}),
    )

    def __init__(self, *, typed: str = "", inside: bool = False) -> None:
        super().__init__(initial={"q": typed})
        self.button = StrictButton("Tìm", type="submit", css_class="btn-outline-primary")
        if inside:
            self.fields["q"].label = "Tìm thủ tục khác"
            self.fields["q"].help_text = "Những gì đã nhập về người nộp vẫn giữ nguyên."
            self.button = StrictButton(
                "Tìm", type="submit", css_class="btn-outline-primary", name="act", value="search"
            )
        else:
            self.fields["q"].widget.attrs |= {"autofocus": True, "data-focus": True}

    def form_layout(self) -> Layout:
        return Layout(FieldWithButtons("q", self.button, css_class="seek"))
