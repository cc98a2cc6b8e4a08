"""Who takes the results at the return counter."""

from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms

from dossiers.desk.returns.returning import Collector, paper_of
from dossiers.forms.acts import text_field
from dossiers.models import Dossier
from dossiers.rules.cards import Card
from motcua.form_layout import CrispyForm, choice_field

APPLICANT, SUBMITTER, OTHER = "applicant", "submitter", "other"
HOW_PAID = "Hãy chọn thu bằng tiền mặt hay chuyển khoản."
WHO_COLLECTS = "Hãy ghi họ tên người nhận, hoặc quét thẻ của người đó vào ô trên."


class CollectorForm(CrispyForm):
    """The applicant, who filed, or another person; what was shown for it; and, where something is
    owed (`pays`), how it is paid."""

    marks_optional = False

    collector = forms.ChoiceField(
        label="Ai nhận",
        widget=forms.RadioSelect,
        error_messages={"required": "Hãy chọn người nhận.", "invalid_choice": "Hãy chọn lại."},
    )
    name = text_field("Họ tên người khác", most=200, required=False)
    paper = text_field("Giấy tờ đã xuất trình (nếu ghi)", most=200, required=False)
    paid_by = forms.ChoiceField(
        label="Thu bằng",
        widget=forms.RadioSelect,
        choices=Dossier.PaidBy.choices,
        initial=Dossier.PaidBy.CASH.value,
        error_messages={"required": HOW_PAID, "invalid_choice": HOW_PAID},
    )

    def __init__(
        self,
        *args: Any,
        dossier: Dossier,
        chosen: str = "",
        card: Card | None = None,
        pays: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.dossier = dossier
        if not pays:
            del self.fields["paid_by"]
        field = choice_field(self, "collector")
        field.choices = self._choices()
        is_organisation = dossier.applicant_kind == Dossier.ApplicantKind.ORGANISATION
        likely = SUBMITTER if is_organisation and dossier.submitter_name else APPLICANT
        field.initial = chosen or likely
        if card is not None:
            self.fields["paper"].initial = paper_of(card)
            self.fields["name"].initial = card.name if chosen == OTHER else ""

    def form_layout(self) -> Layout:
        paid = [Div("paid_by", css_class="paid-by")] if "paid_by" in self.fields else []
        return Layout("collector", "name", "paper", *paid)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("collector") == OTHER and not cleaned.get("name"):
            self.add_error("name", WHO_COLLECTS)
        return cleaned

    def taken_by(self) -> Collector:
        """Who takes the results, of a form that is valid."""
        names = {
            APPLICANT: self.dossier.applicant_name,
            SUBMITTER: self.dossier.submitter_name,
            OTHER: self.cleaned_data["name"],
        }
        chosen, paper = self.cleaned_data["collector"], self.cleaned_data["paper"]
        if not paper and chosen == SUBMITTER:
            paper = self.dossier.authority_paper
        return Collector(names[chosen], paper)

    def paid(self) -> str:
        """How the fee is taken, of a form that is valid; empty where none is owed."""
        return str(self.cleaned_data.get("paid_by", ""))

    def _choices(self) -> list[tuple[str, str]]:
        dossier = self.dossier
        choices = [(APPLICANT, _told(dossier.applicant_name, "chủ hồ sơ", dossier.applicant_id))]
        if dossier.submitter_name:
            paper = dossier.authority_paper or dossier.submitter_id
            choices.append((SUBMITTER, _told(dossier.submitter_name, "người đã nộp thay", paper)))
        return [*choices, (OTHER, "Người khác")]


def _told(name: str, role: str, paper: str) -> str:
    return f"{name}, {role}" + (f" ({paper})" if paper else "")
