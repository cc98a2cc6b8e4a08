"""What a citizen types on the page of his own dossier."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.bootstrap import FieldWithButtons, StrictButton
from crispy_forms.layout import Layout
from django import forms

from dossiers.citizens.proof import DIGITS
from dossiers.models import Rating, RatingCriterion
from dossiers.rules.codes import LONGEST_TYPED
from motcua.form_layout import CrispyForm
from motcua.web.uploads import LARGEST_FILE, MEGABYTE

OF_A_TRIAL = (
    "Đây là mã của phiếu thử: quét được mã QR và mở được trang này là đúng. Mã ấy không có hồ sơ "
    "nào."
)
UNKNOWN = (
    "Không tìm thấy hồ sơ có mã này. Mời ông/bà xem lại mã trên giấy hẹn, hoặc hỏi nơi đã nộp "
    "hồ sơ."
)
FOUR = "Hãy nhập đúng bốn chữ số cuối."


def _code(**options: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"})
    return forms.CharField(label="Mã hồ sơ", max_length=LONGEST_TYPED, widget=widget, **options)


class LookupForm(CrispyForm):
    """A receipt code, however it is typed."""

    ma = _code(
        help_text="Mã ghi ở đầu giấy hẹn, ví dụ H12.29-161003-0007. Gõ chữ thường, bỏ dấu "
        "chấm, dấu gạch đều được.",
        # The same sentence whatever is wrong with a code.
        error_messages=dict.fromkeys(
            ("required", "max_length", "null_characters_not_allowed"), UNKNOWN
        ),
    )

    def form_layout(self) -> Layout:
        button = StrictButton("Tra cứu", type="submit", css_class="btn-primary")
        return Layout(FieldWithButtons("ma", button, css_class="lookup-row"))


class ProofForm(CrispyForm):
    """Receipt code and four digits. What is said of a wrong pair does not tell which is wrong."""

    ma = _code(
        error_messages={
            "required": "Hãy nhập mã hồ sơ ghi ở đầu giấy hẹn.",
            "max_length": "Mã này dài quá. Hãy xem lại mã ghi ở đầu giấy hẹn.",
        }
    )
    so = forms.RegexField(
        label="Bốn số cuối của giấy tờ tùy thân hoặc số điện thoại",
        regex=rf"\A[0-9]{{{DIGITS}}}\Z",
        help_text="Số đã ghi khi nộp hồ sơ, của người có hồ sơ hoặc của người nộp thay. Giấy tờ có "
        "chữ, như hộ chiếu, thì chỉ lấy các chữ số.",
        error_messages={"required": FOUR, "invalid": FOUR},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": DIGITS}),
    )


class ScansInput(forms.FileInput):
    """Photographs or scans of papers, several at once."""

    allow_multiple_selected = True
    TAKEN = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"

    def __init__(self, **attrs: Any) -> None:
        super().__init__({"accept": self.TAKEN, "multiple": True, **attrs})


class FilesForm(CrispyForm):
    """More scans of a dossier; `refused` says of each that was not taken why."""

    marks_optional = False
    tep = forms.FileField(
        label="Ảnh chụp hoặc bản quét",
        help_text=f"PDF, JPEG, PNG, mỗi tệp không quá {LARGEST_FILE // MEGABYTE} MB.",
        required=False,  # the page asks for a file; what is wrong with one, `filing` says
        widget=ScansInput(id="tep", required=True),
    )

    def __init__(self, refused: Iterable[str] = ()) -> None:
        sentences = list(refused)
        super().__init__({} if sentences else None)
        for sentence in sentences:
            self.add_error("tep", sentence)


class RatingForm(CrispyForm):
    """The questions that are asked now; each may be left open."""

    def __init__(self, *args: Any, rating: Rating | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = {score.criterion_id: score.score for score in rating.scores.all()} if rating else {}
        self.criteria = list(RatingCriterion.objects.filter(is_active=True))
        for criterion in self.criteria:
            self.fields[criterion.code] = forms.TypedChoiceField(
                label=criterion.question,
                choices=criterion.answers,
                coerce=int,
                empty_value=None,
                required=False,
                initial=given.get(criterion.pk),
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": "Hãy chọn một trong các câu trả lời."},
            )
        self.fields["gop-y"] = forms.CharField(
            label="Góp ý thêm",
            required=False,
            max_length=1000,
            initial=rating.comment if rating else "",
            help_text="Chỉ lãnh đạo đọc được, không kèm tên và mã hồ sơ của ông/bà.",
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"max_length": "Hãy góp ý ngắn lại, không quá 1.000 ký tự."},
        )

    @property
    def scores(self) -> dict[RatingCriterion, int]:
        return {
            criterion: self.cleaned_data[criterion.code]
            for criterion in self.criteria
            if self.cleaned_data[criterion.code] is not None
        }
