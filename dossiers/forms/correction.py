"""Correcting what was taken down wrongly, after the receipt."""

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

from crispy_forms.bootstrap import FieldWithButtons, StrictButton
from crispy_forms.layout import Div, Field
from django import forms
from django.forms.models import fields_for_model
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html

from dossiers.desk.procedure_search import find_procedures
from dossiers.forms import fields
from dossiers.forms.acts import ActForm, text_field
from dossiers.forms.checklist import Checklist
from dossiers.forms.concerns import (
    LINES,
    ConcernsForm,
    concerns_words,
    doubtful_days,
    lines_of,
    wrong_lines,
)
from dossiers.forms.doubts import Doubt, typed_doubts
from dossiers.lifecycle import due_dates, perform
from dossiers.models import Dossier
from dossiers.rules.deadlines import Due
from motcua import clock
from motcua.days import MomentField
from motcua.form_layout import choice_field, model_choice_field
from motcua.money import MoneyField
from motcua.text import tidy, whole_number
from procedures.models import Procedure, ProcedureVersion, RequiredPaper
from procedures.offering import with_versions

APPLICANT = (
    "applicant_kind",
    "applicant_name",
    "applicant_id_kind",
    "applicant_id",
    "phone",
    "email",
    "address",
    "submitter_name",
    "submitter_id_kind",
    "submitter_id",
    "submitter_phone",
    "submitter_address",
    "authority_paper",
)
DOSSIER = (
    "channel",
    "subject",
    "concerns",
    "sets",
    "fee_vnd",
    "fee_paid",
    "return_method",
    "return_address",
    "note",
)
CONCERNS_HINT = "Trẻ, hai bên kết hôn, thửa đất hoặc người chết; ghi trên phiếu và trong sổ."
# Posted with the check-list: a page that shows none does not say that no paper came.
LISTS_PAPERS = "lists-papers"
OTHER_VERSION = (
    "Ngày tiếp nhận mới thuộc phiên bản khác của thủ tục (thời hạn {limit}). Giấy tờ đã nộp và "
    "phí, lệ phí giữ nguyên như đã ghi; nếu khác thì mời sửa luôn ở đây."
)
NOT_OFFERED = "Nơi tiếp nhận hồ sơ không nhận thủ tục này. Mời tìm lại rồi chọn trong danh sách."


class Correct(ActForm):
    verb = "correct"
    act = staticmethod(perform.correct)
    button = "Lưu sửa đổi"
    done = "Đã sửa hồ sơ {code}. Giá trị cũ và mới còn trong quá trình giải quyết."
    q = forms.CharField(
        label="Tìm thủ tục khác",
        help_text="Khi nhận nhầm thủ tục. Gõ chữ người dân nói, có dấu hay không dấu đều được.",
        max_length=100,
        required=False,
        widget=forms.TextInput({"spellcheck": "false"}),
    )
    procedure = forms.ModelChoiceField(
        Procedure.objects.none(),
        label="Thủ tục",
        empty_label=None,
        widget=forms.RadioSelect({"autocomplete": "off"}),
        error_messages={"invalid_choice": NOT_OFFERED, "required": NOT_OFFERED},
    )
    received_at = MomentField(label="Thời điểm tiếp nhận")
    reason = text_field("Lý do sửa", rows=2)

    def prepare(self) -> None:
        dossier = self.dossier
        required = list(RequiredPaper.objects.of(dossier.version))
        typed = self.data or self.initial
        data = typed if isinstance(typed, QueryDict) else None
        posted = data if data is not None and LISTS_PAPERS in data else None
        self.checklist = Checklist(
            required, posted, list(dossier.papers.all()), day=dossier.received_on or clock.today()
        )
        for name, field in fields_for_model(Dossier, fields=[*APPLICANT, *DOSSIER]).items():
            field.label = field.label[:1].upper() + field.label[1:]
            field.initial = getattr(dossier, name)
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 2
            if name in ("applicant_name", "submitter_name"):
                field.widget.attrs |= fields.OFFERS_CAPITALS
            self.fields[name] = field
        self._ask_concerns()
        for name in ("applicant_id_kind", "submitter_id_kind"):
            label, kind = self.fields[name].label, getattr(dossier, name)
            self.fields[name] = fields.IdentityKindField(label=label, initial=kind)
        choice_field(self, "return_method").choices = Dossier.ReturnMethod.offered(
            dossier.return_method
        )
        self.fields["fee_vnd"] = MoneyField(
            label="Phí, lệ phí (đồng)", initial=dossier.fee_vnd, help_text="Để trống khi chưa rõ."
        )
        self.fields["procedure"].initial = dossier.procedure_id
        if dossier.received_at is None:
            del self.fields["received_at"]
        else:
            self.fields["received_at"].initial = dossier.received_at
        self.order_fields(
            [
                *("token", "seen", "due_shown", "q", "procedure", "received_at"),
                *APPLICANT,
                *(one for name in DOSSIER for one in self._places_of(name)),
                "reason",
            ]
        )
        if isinstance(self.initial, QueryDict):
            # Shown again as it was typed: a box without its tick is sent as nothing at all.
            self.initial = {name: self.initial.get(name, "") for name in self.fields}
        self._offer_procedures()

    def _ask_concerns(self) -> None:
        """What the result concerns, in the lines of the intake where it was written in them."""
        kind = self.dossier.procedure.concerns
        known = lines_of(kind, self.dossier.concerns)
        self.lines = LINES[kind] if known is not None else ()
        self.fields["concerns"].help_text = CONCERNS_HINT
        for name in self.lines:
            self.fields[name] = deepcopy(ConcernsForm.base_fields[name])
            self.fields[name].initial = (known or {}).get(name, "")
        if self.lines:
            del self.fields["concerns"]

    def _places_of(self, name: str) -> tuple[str, ...]:
        return self.lines if name == "concerns" and self.lines else (name,)

    @classmethod
    def only_looks(cls, data: QueryDict) -> bool:
        """The button beside the words that are sought; Enter too, while they are new."""
        sought, act = data.get("q", "").strip(), data.get("act")
        return act == "search" or (
            act == "enter" and bool(sought) and sought != data.get("searched", "").strip()
        )

    def asks(self, names: list[str]) -> list[Any]:
        button = StrictButton(
            "Tìm", type="submit", name="act", value="search", css_class="btn-outline-primary"
        )
        procedure = Div(
            FieldWithButtons("q", button, css_class="seek"),
            Div(Field("procedure", template="dossiers/_correct_procedures.html"), data_found="yes"),
            data_suggest=reverse("dossier_procedures", args=[self.dossier.code]),
            data_suggest_empty="yes",
        )
        return [procedure, *(name for name in names if name not in ("q", "procedure"))]

    def _offer_procedures(self) -> None:
        """To be chosen: what answers the words, what was chosen before, and what is written. What
        may be sent is all that the office offers."""
        dossier = self.dossier
        offered = Procedure.objects.offered_by(dossier.office)
        possible = (offered | Procedure.objects.filter(pk=dossier.procedure_id)).distinct()
        field = model_choice_field(self, "procedure")
        field.queryset = possible
        self.found = find_procedures(self.staff, dossier.office, str(self["q"].value() or ""))
        choices = [
            (
                line.procedure.pk,
                _words(line.procedure, line.version, line.result.common_name),
            )
            for line in self.found.shown
            if line.procedure != dossier.procedure
        ]
        chosen = whole_number(str(self["procedure"].value() or ""))
        shown = {key for key, _ in choices} | {dossier.procedure_id}
        if chosen is not None and chosen not in shown:
            for one in with_versions(possible.filter(pk=chosen), clock.today()):
                choices.append((chosen, _words(one.procedure, one.version, "đã chọn")))
        choices.append(
            (dossier.procedure_id, _words(dossier.procedure, dossier.version, "đang ghi"))
        )
        field.widget.choices = choices

    @property
    def remarks(self) -> list[str]:
        """Another day of receipt may be one of another version."""
        typed = getattr(self, "cleaned_data", {})
        received_at, dossier = typed.get("received_at"), self.dossier
        if received_at is None or typed.get("procedure") != dossier.procedure:
            return []
        day = clock.local(received_at).date()
        version = dossier.procedure.version_on(day) if day != dossier.received_on else None
        if version in (None, dossier.version):
            return []
        return [OTHER_VERSION.format(limit=due_dates.limit_of(version))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, value in cleaned.items():
            if isinstance(value, str):
                # Browsers send lines with CR LF; a note that nobody touched stays the same.
                cleaned[name] = value.replace("\r\n", "\n") if name == "note" else tidy(value)
        self._read_numbers(cleaned)
        if self.lines:
            kind = self.dossier.procedure.concerns
            cleaned["concerns"] = concerns_words(kind, cleaned)
            for name, sentence in wrong_lines(kind, cleaned):
                self.add_error(name, sentence)
        if fields.lacks_submitter(cleaned) and not fields.lacks_submitter(vars(self.dossier)):
            self.add_error("submitter_name", fields.WHO_SUBMITS)
        # As it was taken over from before this was asked, it may stay.
        known = fields.paid_without_amount(vars(self.dossier))
        if fields.paid_without_amount(cleaned) and "fee_vnd" not in self.errors and not known:
            self.add_error("fee_vnd", fields.PAID_HOW_MUCH)
        if not self.checklist.is_valid():
            self.add_error(None, "Giấy tờ đã nộp: có dòng chưa đúng, xem câu bên cạnh dòng đó.")
        return cleaned

    def arguments(self) -> dict[str, Any]:
        papers = self.checklist.papers if LISTS_PAPERS in self.data else None
        asked = super().arguments() | {"papers": papers}
        for name in ("q", *self.lines):
            del asked[name]
        return asked | {"concerns": self.cleaned_data["concerns"]}

    def _read_numbers(self, cleaned: dict[str, Any]) -> None:
        """Numbers that were changed are checked; an odd one of an old register may stay."""
        is_person = cleaned.get("applicant_kind") == Dossier.ApplicantKind.PERSON
        if not is_person:
            cleaned["applicant_id_kind"] = ""
        readers: dict[str, Callable[[str], str]] = {
            "applicant_id": self._read_identity("applicant_id") if is_person else fields.tax_code,
            "phone": fields.phone,
            "submitter_id": self._read_identity("submitter_id"),
            "submitter_phone": fields.phone,
        }
        for name, read in readers.items():
            typed = cleaned.get(name)
            if not typed or not {name, f"{name}_kind"} & set(self._changed(cleaned)):
                continue
            try:
                cleaned[name] = read(typed)
            except forms.ValidationError as error:
                self.add_error(name, error)

    def _read_identity(self, name: str) -> Callable[[str], str]:
        def read(typed: str) -> str:
            number = fields.identity(typed, self.cleaned_data.get(f"{name}_kind", ""))
            self.cleaned_data[f"{name}_kind"] = number.kept_kind
            return number.value

        return read

    def _changed(self, cleaned: dict[str, Any]) -> list[str]:
        return [name for name in APPLICANT if cleaned.get(name) != getattr(self.dossier, name)]

    def clean_sets(self) -> int:
        sets: int = self.cleaned_data["sets"]
        if sets < 1:
            raise forms.ValidationError("Ít nhất 1 bộ.")
        if sets > fields.MOST_SETS and sets != self.dossier.sets:
            raise forms.ValidationError(f"Nhiều nhất {fields.MOST_SETS} bộ.")
        return sets

    def clean_applicant_name(self) -> str:
        return fields.name(self.cleaned_data["applicant_name"])

    def clean_received_at(self) -> Any:
        """The page shows minutes; the same minute is the same moment."""
        typed, known = self.cleaned_data["received_at"], self.dossier.received_at
        same = known is not None and typed <= known < typed + timedelta(minutes=1)
        return known if same else clock.local(typed)

    def doubted(self) -> list[Doubt]:
        typed = self.cleaned_data
        doubts = typed_doubts(typed, self._changed(typed))
        is_other = self.lines and typed["concerns"] != self.dossier.concerns
        return doubts + (doubtful_days(self.dossier.procedure, typed) if is_other else [])

    def new_due(self) -> Due | None:
        if not self.is_bound:
            return None
        new = self.arguments()
        del new["reason"], new["papers"]
        return perform.preview_correction(self.dossier, **new)


def _words(procedure: Procedure, version: ProcedureVersion | None, note: str) -> str:
    """One line to choose: the name, then its limit and what people call it."""
    facts = ", ".join(filter(None, [version.limit_words if version else "", note]))
    return format_html('<span>{} <span class="muted">({})</span></span>', procedure.name, facts)
