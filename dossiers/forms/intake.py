"""What a clerk types when she receives a dossier, checked and made into an `Intake`."""

from datetime import datetime
from functools import cached_property
from typing import Any

from crispy_forms.layout import HTML, Div, Field, Layout
from crispy_forms.layout import Fieldset as Part
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from dossiers.forms import fields
from dossiers.forms.applicant import (
    ROW,
    SUBMITTER,
    ApplicantForm,
    paragraph_field,
    radio_field,
)
from dossiers.forms.checklist import Checklist
from dossiers.forms.concerns import ConcernsForm
from dossiers.forms.places import Places, place_field
from dossiers.lifecycle import due_dates
from dossiers.lifecycle.desks import NO_LIMIT
from dossiers.lifecycle.intake import Intake
from dossiers.models import Dossier, ReasonTemplate
from dossiers.rules.deadlines import Due
from motcua import clock
from motcua.days import MomentField
from motcua.form_layout import Fold, replace_typed
from motcua.models import Office, Staff
from motcua.money import MoneyField
from motcua.text import tidy
from procedures.models import Procedure, ProcedureVersion, RequiredPaper
from procedures.workdays import NoCalendarData

RECKON_AGAIN = (
    '<noscript><p><button class="btn btn-outline-primary btn-sm" name="act" value="look">'
    "Tính lại ngày hẹn</button></p></noscript>"
)
PEOPLE = (
    '<div class="people" data-people aria-live="polite">'
    '{% include "dossiers/_intake_people.html" %}</div>'
)
ITEMS_HINT = "Mỗi nội dung một dòng. Để trống thì ghi các giấy tờ bắt buộc chưa đánh dấu."


class ScanInput(forms.TextInput):
    """What was scanned is never shown again: a card's text stays on no page."""

    def format_value(self, value: Any) -> None:
        return None


class FoldedWays(Fold):
    """How a dossier came and how its result goes back: said in one line, opened to be changed."""

    template = "dossiers/_intake_ways.html"

    def render(self, form: forms.BaseForm, context: Context, **kwargs: Any) -> SafeString:
        channel, way_back = form["channel"].value(), form["return_method"].value()
        self.channel = dict(Dossier.Channel.choices).get(channel, "")
        self.sets = form["sets"].value()
        self.way_back = dict(Dossier.ReturnMethod.choices).get(way_back, "")
        html: SafeString = super().render(form, context, **kwargs)
        return html


class IntakeForm(ConcernsForm, ApplicantForm):
    """The fields of an intake besides its procedure and its papers."""

    # Only a name may not be left empty; saying "(nếu có)" at all others costs their room.
    marks_optional = False

    scan = forms.CharField(
        label="Quét, tìm",
        required=False,
        widget=ScanInput(
            {
                "placeholder": "Quét thẻ căn cước, hoặc gõ số giấy tờ, điện thoại, tên",
                "spellcheck": "false",
                "data-scan": "yes",
            }
        ),
    )
    solver = place_field(
        "Nhận thay cho", "Nơi được chọn giải quyết và tính vào số liệu của nơi đó."
    )
    at_point = place_field("Điểm tiếp nhận")
    return_at = place_field("Trả kết quả tại")
    received_at = MomentField(
        label="Nhận lúc",
        help_text="Để trống thì lấy giờ khi bấm lưu.",
        required=False,
        error_messages={"invalid": "Hãy ghi giờ và ngày, ví dụ 15:30 03/10/2016."},
    )
    channel = radio_field("Hình thức nộp", Dossier.Channel.choices, Dossier.Channel.DIRECT)
    sets = forms.IntegerField(
        label="Số bộ hồ sơ",
        initial=1,
        validators=[
            MinValueValidator(1, "Ít nhất 1 bộ."),
            MaxValueValidator(fields.MOST_SETS, f"Nhiều nhất {fields.MOST_SETS} bộ."),
        ],
        widget=forms.NumberInput(attrs={"min": 1, "max": fields.MOST_SETS}),
        error_messages={"required": "Hãy ghi số bộ hồ sơ.", "invalid": "Hãy ghi một số."},
    )
    fee_vnd = MoneyField(label="Phí, lệ phí (đồng)", help_text="Để trống khi chưa rõ.")
    fee_paid = forms.BooleanField(label="Đã thu", required=False)
    note = paragraph_field("Ghi chú nội bộ")
    items = paragraph_field("Cần bổ sung", help_text=ITEMS_HINT)
    guide_reason = paragraph_field("Lý do yêu cầu bổ sung")
    refusal_reason = paragraph_field("Lý do từ chối tiếp nhận")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # On one screen a hint stands in its empty field; what a fold names needs none.
        self.fields["applicant_id"].help_text = ""
        self.fields["fee_vnd"].help_text = ""
        self.fields["fee_vnd"].widget.attrs["placeholder"] = "chưa rõ"
        self.fields["applicant_name"].label = "Họ tên, tên tổ chức"
        self.fields["phone"].label = "Điện thoại"

    def form_layout(self) -> Layout:
        """The parts after the choice of the procedure, on one screen: a label at the left of each
        part, what is seldom needed in folds."""
        quiet = "fold fold-quiet"
        return Layout(
            Div(
                "scan",
                HTML('{% include "dossiers/_intake_earlier.html" %}'),
                css_class="part scan-part",
            ),
            Part(
                "Người nộp",
                Div("applicant_kind", css_class="part-kind"),
                Div(
                    Div(
                        Div("applicant_id", css_class="number"),
                        Div("applicant_name"),
                        Div("phone", css_class="phone"),
                        css_class=ROW,
                    ),
                    HTML(PEOPLE),
                    Div(Div("address"), Div("email", css_class="email"), css_class=ROW),
                    Div(
                        Fold("Người khác nộp thay", *SUBMITTER, css_class=quiet),
                        Fold("Hộ chiếu, giấy tờ khác", "applicant_id_kind", css_class=quiet),
                        css_class="folds",
                    ),
                    css_class="part-fields",
                ),
                css_id="phan-2",
                css_class="part",
            ),
            *self.concerns_part(),
            Part(
                'Giấy tờ{% include "dossiers/_intake_given.html" %}',
                Div(
                    Field("checklist", template="dossiers/_intake_papers.html"),
                    css_class="part-fields",
                ),
                css_id="phan-3",
                css_class="part",
            ),
            Part(
                "Phí, cách trả",
                Div(
                    Div("fee_vnd", css_class="fee"),
                    Div("fee_paid", css_class="beside-inputs"),
                    FoldedWays(
                        "Đổi cách nộp, cách trả, ghi chú",
                        Div(Div("sets", css_class="narrow"), "channel", css_class=ROW),
                        *self._there("at_point"),
                        Div(
                            "return_method",
                            *self._there("return_at"),
                            Div("return_address", data_with_return="post"),
                            css_class=ROW,
                        ),
                        Div("subject", "received_at", css_class=ROW),
                        HTML(RECKON_AGAIN),
                        "note",
                        css_class="ways fold fold-quiet",
                    ),
                    css_class="part-fields fee-row",
                ),
                css_id="phan-4",
                css_class="part",
            ),
        )

    def _there(self, name: str) -> list[str]:
        """The field, where it offers a choice."""
        return [name] if name in self.fields else []

    def clean_received_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["received_at"]
        if moment is not None and moment > clock.now():
            raise ValidationError(
                f"Giờ nhận {clock.local(moment):%H:%M %d/%m/%Y} chưa tới. Để trống ô này nếu "
                "nhận ngay bây giờ."
            )
        return moment

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if fields.paid_without_amount(data) and "fee_vnd" not in self.errors:
            self.add_error("fee_vnd", fields.PAID_HOW_MUCH)
        return data

    def demand(self, name: str, sentence: str) -> None:
        """The field may not be empty for the act that was chosen."""
        if name not in self.errors and not self.cleaned_data[name]:
            self.add_error(name, sentence)


class IntakeSheet:
    """The whole intake of one procedure: its fields, its papers, its promise.

    Unchecked, it shows again what was typed without finding fault; `check()` finds the faults.
    """

    def __init__(
        self,
        office: Office,
        procedure: Procedure,
        data: QueryDict | None = None,
        *,
        check: bool,
        clerk: Staff | None = None,
        offered_here: bool = True,
        solver: str = "",
    ) -> None:
        self.office = office
        self.procedure = procedure
        self.received_at = _moment(data)
        self.version = procedure.version_on(self.moment.date())
        required = RequiredPaper.objects.of(self.version) if self.version else ()
        self.papers = Checklist(list(required), data, day=self.moment.date())
        typed: dict[str, Any] = self._initial(data)
        if data is None:
            typed |= {"solver": solver}
        self.form = IntakeForm(data) if check else IntakeForm(initial=typed)
        self.form.ask_concerns(procedure)
        for name, kind in _REASONS.items():
            fields.offer_reasons(self.form, name, kind, office)
        self.places = Places(
            office,
            procedure,
            self.version,
            self.moment.date(),
            clerk=clerk,
            offered_here=offered_here,
        )
        self.places.fill(self.form, typed)
        if self.places.last is not None and "at_point" in self.form.fields:
            self.form.fields["at_point"].initial = str(self.places.last.pk)
        self.solver = self.places.solver(typed.get("solver"))

    @property
    def moment(self) -> datetime:
        """When the dossier is received: as typed, otherwise now."""
        return self.received_at or clock.now()

    @cached_property
    def due(self) -> Due | None:
        """The promise, with every day explained; None where none can be reckoned."""
        return self._reckoned[0]

    @property
    def due_problem(self) -> str:
        """Why there is no promise."""
        return self._reckoned[1]

    def is_valid(self) -> bool:
        """Whether fields and counts are right; papers may still be missing."""
        counts, told = self.papers.is_valid(), self.form.is_valid()
        if not counts:
            link = (
                '<a href="#giay-to">Giấy tờ đã nộp: có dòng chưa đúng</a>, xem câu bên cạnh dòng đó'
            )
            self.form.add_error("checklist", mark_safe(link))
        return counts and told

    def refuse_missing_papers(self) -> bool:
        """Mark the missing papers as what blocks the receipt, and offer form 02 for them."""
        missing = self.papers.missing
        if missing:
            link = '<a href="#giay-to">Còn thiếu {} giấy tờ bắt buộc</a>: {}'
            names = "; ".join(paper.name for paper in missing)
            self.form.add_error("checklist", format_html(link, len(missing), names))
        return bool(missing)

    @property
    def items(self) -> str:
        """What form 02 asks for: as typed, otherwise the missing papers, one a line."""
        typed = (self.form["items"].value() or "").strip()
        return typed or "\n".join(paper.name for paper in self.papers.missing)

    def propose_items(self) -> None:
        """Show in a form that was refused what form 02 would ask for."""
        replace_typed(self.form, "items", self.items)

    def intake(self) -> Intake:
        """What the verbs of `lifecycle` receive; the sheet is valid."""
        data = self.form.cleaned_data
        given = {name: data[name] for name in IntakeForm.base_fields if name in _OF_DOSSIER}
        for name in _TIDIED:
            given[name] = tidy(given[name])
        if data["return_method"] == Dossier.ReturnMethod.POST and not given["return_address"]:
            given["return_address"] = given["address"]
        given["concerns"] = self.form.concerns
        places = vars(self.places.chosen(data))
        return Intake(procedure=self.procedure, papers=self.papers.papers, **places, **given)

    @cached_property
    def _reckoned(self) -> tuple[Due | None, str]:
        if self.version is None:
            day = f"{self.moment:%d/%m/%Y}"
            return None, f"Thủ tục này không có phiên bản áp dụng ngày {day}."
        if not self.version.has_limit:
            return None, NO_LIMIT
        try:
            return due_dates.reckon(self.solver, self.version, self.moment, desk=self.office), ""
        except NoCalendarData as missing:
            return None, str(missing)

    def _initial(self, data: QueryDict | None) -> dict[str, Any]:
        typed: dict[str, Any] = {}
        if data:
            typed = {name: data.get(name) for name in IntakeForm.base_fields}
            typed |= {name: fields.with_template(data, name) for name in _REASONS}
        if data is None or data.get("shown") != self.procedure.key:
            # What another procedure costs or lacks says nothing about this one.
            typed |= {"fee_vnd": self.version.fee_vnd if self.version else None, "items": ""}
        return typed


def limit_doubt(version: ProcedureVersion | None) -> str:
    """A sentence for the screen when the time limit was not read in a source."""
    if version is None or not version.is_uncertain:
        return ""
    return "Thời hạn của thủ tục này chưa đối chiếu được với văn bản, cần kiểm tra lại."


def _moment(data: QueryDict | None) -> datetime | None:
    """The moment of receipt that was typed, as far as it can be read and is not to come."""
    field = IntakeForm.base_fields["received_at"]
    try:
        moment = field.clean(data.get("received_at") if data else None)
    except ValidationError:
        return None
    return clock.local(moment) if moment and moment <= clock.now() else None


_REASONS = {
    "guide_reason": ReasonTemplate.Kind.SUPPLEMENT,
    "refusal_reason": ReasonTemplate.Kind.REFUSAL,
}
_OF_DOSSIER = frozenset(Intake.__dataclass_fields__)
_TIDIED = (
    "address",
    "submitter_name",
    "submitter_address",
    "authority_paper",
    "return_address",
    "subject",
)
