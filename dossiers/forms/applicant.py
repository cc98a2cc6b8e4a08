"""Who asks, for whom, and how the result comes back: the same at the counter and online."""

from typing import Any

from crispy_forms.layout import Div
from django import forms

from dossiers.forms import fields
from dossiers.forms.fields import MESSAGES, IdentityKindField, PhoneField
from dossiers.models import Dossier
from motcua.form_layout import CrispyForm

PERSON, ORGANISATION = Dossier.ApplicantKind.PERSON, Dossier.ApplicantKind.ORGANISATION
ROW = "field-row"
SUBMITTER = (
    "submitter_name",
    Div("submitter_id_kind", "submitter_id", "submitter_phone", css_class=ROW),
    "submitter_address",
    "authority_paper",
)


def words_field(
    label: str, length: int, *, required: str = "", hint: str = "", **attrs: str
) -> forms.CharField:
    """A line of text; `required` is the sentence for an empty one, if it may not be empty."""
    messages = {**MESSAGES, "required": required} if required else MESSAGES
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=length,
        required=bool(required),
        error_messages=messages,
        widget=forms.TextInput(attrs=attrs),
        validators=[fields.no_card],
    )


def paragraph_field(label: str, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=label,
        max_length=4000,
        required=False,
        error_messages=MESSAGES,
        widget=widget,
        validators=[fields.no_card],
        **kwargs,
    )


def radio_field(label: str, choices: list[tuple[str, str]], initial: str) -> forms.ChoiceField:
    sentence = "Hãy chọn một trong các mục."
    return forms.ChoiceField(
        label=label,
        choices=choices,
        initial=initial,
        widget=forms.RadioSelect,
        error_messages={"required": sentence, "invalid_choice": sentence},
    )


class ApplicantForm(CrispyForm):
    """Who asks for what, and how the result comes back: the same at the counter and online."""

    applicant_kind = radio_field("Người nộp là", Dossier.ApplicantKind.choices, PERSON)
    # Before its number, so that who types a CCCD after it has no stop more on the way.
    applicant_id_kind = IdentityKindField(
        label="Loại giấy tờ", otherwise="CCCD, CMND; tổ chức: mã số thuế"
    )
    applicant_id = words_field(
        "Số giấy tờ",
        30,
        hint="Hộ chiếu ghi cả chữ: C1234567.",
        autocapitalize="characters",
    )
    applicant_name = words_field(
        "Họ tên người nộp, tên tổ chức",
        200,
        required="Hãy ghi họ tên người nộp hoặc tên tổ chức.",
        **fields.OFFERS_CAPITALS,
    )
    phone = PhoneField(label="Số điện thoại")
    email = forms.EmailField(
        label="Thư điện tử",
        required=False,
        max_length=254,
        error_messages={**MESSAGES, "invalid": "Thư điện tử có dạng ten@noi.vn."},
    )
    address = words_field("Địa chỉ", 250)
    submitter_name = words_field("Họ tên người nộp thay", 200, **fields.OFFERS_CAPITALS)
    submitter_id_kind = IdentityKindField(label="Loại giấy tờ của người nộp thay")
    submitter_id = words_field("Số giấy tờ của người nộp thay", 30, autocapitalize="characters")
    submitter_phone = PhoneField(label="Điện thoại người nộp thay")
    submitter_address = words_field("Địa chỉ người nộp thay", 250)
    authority_paper = words_field(
        "Giấy ủy quyền, giấy giới thiệu",
        200,
        hint="Số, ngày của giấy ủy quyền hoặc giấy giới thiệu.",
    )
    # What is wrong with the papers, at their place in the form; `Checklist` reads them.
    checklist = forms.Field(required=False, widget=forms.HiddenInput)
    return_method = radio_field(
        "Nhận kết quả", Dossier.ReturnMethod.offered(), Dossier.ReturnMethod.DESK
    )
    return_address = words_field(
        "Nơi gửi kết quả",
        250,
        hint="Khi gửi qua bưu chính; để trống thì gửi về địa chỉ người nộp.",
    )
    subject = words_field(
        "Nội dung yêu cầu giải quyết", 500, hint="Để trống thì phiếu ghi tên thủ tục."
    )

    def clean_applicant_name(self) -> str:
        return fields.name(self.cleaned_data["applicant_name"])

    def clean_applicant_id(self) -> str:
        if self.cleaned_data.get("applicant_kind") != ORGANISATION:
            return self._identity("applicant_id")
        text = self.cleaned_data["applicant_id"]
        self.cleaned_data["applicant_id_kind"] = ""
        return fields.tax_code(text) if text else ""

    def clean_submitter_id(self) -> str:
        return self._identity("submitter_id")

    def _identity(self, name: str) -> str:
        """The number, its kind laid beside it: as chosen, or as a word before the number says."""
        text, kind = self.cleaned_data[name], self.cleaned_data.get(f"{name}_kind", "")
        read = fields.identity(text, kind) if text else None
        self.cleaned_data[f"{name}_kind"] = read.kept_kind if read else ""
        return read.value if read else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if fields.lacks_submitter(data):
            self.add_error("submitter_name", fields.WHO_SUBMITS)
        by_post = data.get("return_method") == Dossier.ReturnMethod.POST
        if by_post and not data.get("return_address") and not data.get("address"):
            self.add_error("return_address", "Gửi qua bưu chính thì cần nơi gửi kết quả.")
        return data
