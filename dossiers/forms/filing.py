"""What a citizen fills in to file a procedure online: who, where, and the scans of the papers."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crispy_forms.layout import Div, Field, Layout
from crispy_forms.layout import Fieldset as Part
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html

from dossiers.citizens import filing
from dossiers.forms.applicant import ROW, SUBMITTER, ApplicantForm
from dossiers.lifecycle.intake import Intake
from dossiers.lifecycle.submitted_papers import Paper
from dossiers.models import Attachment, Dossier
from motcua import clock
from motcua.form_layout import Fold, model_choice_field
from motcua.models import Office
from motcua.text import fold, tidy
from procedures.models import Procedure, ProcedureVersion, RequiredPaper
from procedures.offering import filed_online_at

OTHER = "other"
NEEDS_PHONE = "Hãy ghi số điện thoại để bộ phận một cửa liên hệ khi cần."
HINTS = {
    "applicant_id": "",
    "phone": "Để bộ phận một cửa gọi khi cần; bốn số cuối dùng để xem chi tiết hồ sơ. Số nước "
    "ngoài ghi + và mã nước ở đầu, và không có tin nhắn.",
    "email": "Để nhận thư báo khi hồ sơ có tiến triển.",
    "authority_paper": "",
    "subject": "Để trống thì ghi tên thủ tục.",
}
# Most file for themselves, on a telephone of their own.
OWN = {"applicant_name": "name", "phone": "tel", "email": "email", "address": "street-address"}
MISSING = (
    '<a href="#{}">Còn thiếu: {}</a>. Mời gửi tệp, hoặc đánh dấu rằng ông/bà sẽ mang giấy tờ đến.'
)
BRING = "Giấy tờ chưa gửi tệp, tôi sẽ mang đến bộ phận một cửa"


class FilingForm(ApplicantForm):
    """The applicant's part of an intake, and where it is filed."""

    office = forms.ModelChoiceField(
        Office.objects.none(),
        label="Nơi nhận hồ sơ",
        empty_label="Chọn bộ phận một cửa",
        error_messages={
            "required": "Hãy chọn nơi nhận hồ sơ.",
            "invalid_choice": "Nơi này không nhận thủ tục này. Hãy chọn lại.",
        },
    )
    bring = forms.BooleanField(label=BRING, required=False)

    def __init__(
        self, *args: Any, procedure: Procedure, office_code: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = model_choice_field(self, "office")
        field.queryset = filed_online_at(procedure)
        self.offices = list(field.queryset)
        field.choices = _by_superior(self.offices, str(field.empty_label))
        for name, hint in HINTS.items():
            self.fields[name].help_text = hint
        for name, kind in OWN.items():
            self.fields[name].widget.attrs["autocomplete"] = kind
        phone = self.fields["phone"]
        phone.required = True
        phone.error_messages["required"] = NEEDS_PHONE
        if len(self.offices) == 1:
            field.initial = self.offices[0].pk
        elif wanted := next((one for one in self.offices if one.code == office_code), None):
            field.initial = wanted.pk

    def form_layout(self) -> Layout:
        return Layout(
            Part("1. Nơi nhận", "office", css_id="phan-1", css_class="part"),
            Part(
                "2. Người nộp",
                *("applicant_kind", "applicant_name"),
                Div("applicant_id_kind", "applicant_id", css_class=ROW),
                *("phone", "email", "address"),
                Fold("Tôi nộp thay người khác", *SUBMITTER),
                *("subject", "return_method", "return_address"),
                css_id="phan-2",
                css_class="part",
            ),
            Part(
                "3. Giấy tờ",
                Field("checklist", template="dossiers/_filing_papers.html"),
                "bring",
                css_id="phan-3",
                css_class="part",
            ),
        )


def _by_superior(offices: list[Office], empty: str) -> list[tuple[Any, Any]]:
    """The desks as choices in the order of a dictionary, under the office above them where they
    are of several; typing the first letters finds one in the list."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for office in sorted(offices, key=lambda one: fold(one.short_name)):
        above = office.parent.name if office.parent is not None else ""
        groups.setdefault(above, []).append((office.pk, office.name))
    first: list[tuple[Any, Any]] = [("", empty)] if len(offices) != 1 else []
    if len(groups) == 1:
        return first + next(iter(groups.values()))
    return first + [(above or "Khác", rows) for above, rows in sorted(groups.items())]


@dataclass
class PaperRow:
    """A paper that the procedure asks for, and the scans of it so far."""

    required: RequiredPaper | None
    day: date
    files: list[Attachment] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    is_missing: bool = False

    @property
    def name(self) -> str:
        return f"paper-{self.required.pk}" if self.required else OTHER

    @property
    def replaced(self) -> str:
        """The rule under which a database says what the paper would."""
        if self.required is None or not self.required.is_replaced_on(self.day):
            return ""
        return str(self.required.data_rule)

    @property
    def kept(self) -> list[tuple[Attachment, str]]:
        """The scans, and how the form names each when it is sent again."""
        return [(attachment, filing.reference(attachment)) for attachment in self.files]


class FilingSheet:
    """The whole filing of one procedure. Files are kept as soon as they are sent: the page that
    shows a mistake elsewhere still has them."""

    def __init__(
        self,
        procedure: Procedure,
        version: ProcedureVersion,
        data: QueryDict | None = None,
        files: "MultiValueDict[str, UploadedFile[bytes]] | None" = None,
        office_code: str = "",
    ) -> None:
        self.procedure = procedure
        self.form = FilingForm(data, procedure=procedure, office_code=office_code)
        today = clock.today()
        papers = RequiredPaper.objects.of(version)
        self.rows = [*(PaperRow(paper, day=today) for paper in papers), PaperRow(None, day=today)]
        self.has_lost_files = False
        if data is not None:
            earlier, self.has_lost_files = filing.waiting(data.getlist("kept"))
            self._take_up(earlier)
            self._take_in(files or MultiValueDict())

    @property
    def attachments(self) -> list[Attachment]:
        return [attachment for row in self.rows for attachment in row.files]

    def is_valid(self) -> bool:
        """Whether it can be filed; every mistake stands beside what it is about."""
        fields = self.form.is_valid()
        if len(self.attachments) > filing.MOST_OF_A_DOSSIER:
            self.rows[-1].errors.append(filing.ENOUGH)
        if self.has_lost_files:
            self.rows[-1].errors.append(filing.GONE)
        brings = (
            self.form.cleaned_data.get("bring", False)
            if fields
            else bool(self.form["bring"].value())
        )
        if not brings:
            for row in self.rows:
                row.is_missing = bool(
                    row.required
                    and row.required.is_asked_on(row.day)
                    and not row.files
                    and not row.errors
                )
        for row in self.rows:
            self._say_what_is_wrong(row)
        return self.form.is_valid()

    def _say_what_is_wrong(self, row: PaperRow) -> None:
        for error in row.errors:
            self.form.add_error("checklist", format_html('<a href="#{}">{}</a>', row.name, error))
        if row.is_missing and row.required:
            self.form.add_error("checklist", format_html(MISSING, row.name, row.required.name))

    def intake(self) -> Intake:
        """What `lifecycle.submit` takes; the sheet is valid."""
        data = self.form.cleaned_data
        names = set(Intake.__dataclass_fields__) & set(data)
        given: dict[str, Any] = {
            name: tidy(v) if isinstance(v := data[name], str) else v for name in names
        }
        if given["return_method"] == Dossier.ReturnMethod.POST and not given["return_address"]:
            given["return_address"] = given["address"]
        return Intake(
            procedure=self.procedure,
            channel=Dossier.Channel.ONLINE,
            source=Dossier.Source.ONLINE,
            papers=tuple(
                Paper(paper.name, paper.kind, paper.copies, paper)
                for paper in (row.required for row in self.rows if row.files)
                if paper is not None
            ),
            **given,
        )

    def _take_up(self, earlier: list[Attachment]) -> None:
        by_paper: dict[int | None, PaperRow] = {
            row.required.pk: row for row in self.rows if row.required
        }
        for attachment in earlier:
            by_paper.get(attachment.required_id, self.rows[-1]).files.append(attachment)

    def _take_in(self, files: "MultiValueDict[str, UploadedFile[bytes]]") -> None:
        for row in self.rows:
            room = filing.MOST_FILES - len(self.attachments)
            kept, refused = filing.keep_all(files.getlist(row.name), row.required, room)
            row.files += kept
            row.errors += refused
