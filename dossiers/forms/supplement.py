"""Papers of a supplement arrive: each that was asked for is ticked, what did not come is said."""

from typing import Any

from django import forms

from dossiers.forms.acts import EndsThePause, text_field
from dossiers.forms.checklist import LONGEST_NAME
from dossiers.lifecycle import perform, supplements
from dossiers.lifecycle.acts import standing_acts
from dossiers.models import Dossier, SupplementRequest
from dossiers.rules.deadlines import Due
from dossiers.rules.states import State
from motcua.form_layout import choice_field
from motcua.text import tidy

WAITS, GOES_ON = "wait", "go_on"
STILL_MISSING = "Còn thiếu: {missing}. Hãy chọn hồ sơ vẫn chờ hay giải quyết tiếp."


class ReceiveSupplement(EndsThePause):
    marks_optional = False  # one of the two lists is filled in
    verb = "receive_supplement"
    act = staticmethod(perform.receive_supplement)
    button = "Ghi giấy tờ đã nhận"
    done = "Đã nhận giấy tờ bổ sung của hồ sơ {code}. Hãy in phiếu hẹn lại cho công dân."
    waits_on = "Đã ghi giấy tờ vừa nhận. Hồ sơ {code} vẫn chờ bổ sung."
    field_of = {"waits": "rest"}

    came = forms.MultipleChoiceField(
        label="Giấy tờ đã yêu cầu, nay đã nhận",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    others = text_field(
        "Giấy tờ khác đã nhận (nếu có)", rows=2, required=False, help_text="Mỗi giấy tờ một dòng."
    )
    rest = forms.ChoiceField(
        label="Nếu còn thiếu giấy tờ",
        choices=[
            (WAITS, "hồ sơ vẫn chờ, thời hạn vẫn dừng"),
            (GOES_ON, "không cần nữa: giải quyết tiếp với giấy tờ đã nhận, hẹn ngày mới"),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    note = text_field("Ghi chú (nếu có)", rows=2, required=False)

    def prepare(self) -> None:
        self.lines = _missing(self.dossier)
        if self.lines is None:
            for name in ("came", "others", "rest"):
                del self.fields[name]
            return
        choices = [(str(place), line) for place, line in self.lines.items()]
        choice_field(self, "came").choices = choices
        if len(choices) == 1:  # what is received is most likely what was asked for
            self.fields["came"].initial = [choices[0][0]]

    def clean_others(self) -> list[str]:
        lines = [tidy(line) for line in self.cleaned_data["others"].splitlines()]
        if any(len(line) > LONGEST_NAME for line in lines):
            raise forms.ValidationError(f"Mỗi giấy tờ không quá {LONGEST_NAME} ký tự.")
        return [line for line in lines if line]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.lines is None or self.errors:
            return cleaned
        lines = dict(self.lines)
        came = [lines.pop(int(place)) for place in cleaned["came"]]
        if not came and not cleaned["others"]:
            self.add_error("came", "Hãy đánh dấu giấy tờ đã nhận.")
        elif lines and not cleaned["rest"]:
            self.add_error("rest", STILL_MISSING.format(missing="; ".join(lines.values())))
        cleaned["came"] = came
        cleaned["waits"] = bool(lines) and cleaned.get("rest") == WAITS
        return cleaned

    def arguments(self) -> dict[str, Any]:
        if self.lines is None:
            return {"note": self.cleaned_data["note"]}
        return {name: self.cleaned_data[name] for name in ("note", "came", "others", "waits")}

    def new_due(self) -> Due | None:
        waits = self.is_bound and self.cleaned_data.get("waits")
        return None if waits else super().new_due()

    @classmethod
    def done_words(cls, dossier: Dossier) -> str:
        waits = dossier.current_state is State.AWAITING_SUPPLEMENT
        return (cls.waits_on if waits else cls.done).format(code=dossier.code)


def _missing(dossier: Dossier) -> dict[int, str] | None:
    """What the open request still waits for, by its place in the request; None where there is no
    request."""
    asked = SupplementRequest.objects.filter(
        dossier=dossier, is_void=False, arrived_at__isnull=True, before_acceptance=False
    ).last()
    if asked is None:
        return None
    missing = supplements.missing(asked, supplements.arrivals(asked, standing_acts(dossier)))
    lines = enumerate(supplements.asked_lines(asked))
    return {place: line for place, line in lines if line in missing}
