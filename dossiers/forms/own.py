"""What a citizen types on the page of his own dossier."""

from typing import Any

from django import forms

from dossiers.citizens.lookup import LONGEST_TYPED
from dossiers.citizens.proof import DIGITS
from dossiers.models import Rating, RatingCriterion
from motcua.form_layout import CrispyForm

FOUR = "Hãy nhập đúng bốn chữ số cuối."


class ProofForm(CrispyForm):
    """Receipt code and four digits. What is said of a wrong pair does not tell which is wrong."""

    ma = forms.CharField(
        label="Mã hồ sơ",
        max_length=LONGEST_TYPED,
        error_messages={
            "required": "Hãy nhập mã hồ sơ ghi ở đầu giấy hẹn.",
            "max_length": "Mã này dài quá. Hãy xem lại mã ghi ở đầu giấy hẹn.",
        },
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    so = forms.RegexField(
        label="Bốn số cuối của giấy tờ tùy thân hoặc số điện thoại",
        regex=rf"\A[0-9]{{{DIGITS}}}\Z",
        help_text="Số đã ghi khi nộp hồ sơ, của người có hồ sơ hoặc của người nộp thay.",
        error_messages={"required": FOUR, "invalid": FOUR},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": DIGITS}
        ),
    )


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
