"""What an administrator tells of an office in the first hour, step by step."""

from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.core.validators import RegexValidator
from django.db import transaction

from dossiers.first_hour.facts import is_in_use
from dossiers.merging.offices import kind_of
from motcua.admin import OfficeForm
from motcua.form_layout import CrispyForm, CrispyMixin, choice_field, model_choice_field
from motcua.models import Division, Level, Office, Staff
from motcua.operations import renaming
from motcua.text import tidy
from procedures.offices.templates import NewOffice, choose_office, templates

if TYPE_CHECKING:  # at run time Django's class takes no parameter
    DivisionModelForm = forms.ModelForm[Division]
else:
    DivisionModelForm = forms.ModelForm

OTHER = "Đơn vị khác, ghi ở dưới"
CODE = RegexValidator(r"^[0-9A-Za-z.-]{1,10}$", "Mã gồm chữ số và chữ cái, không quá 10 ký tự.")
MOST_BELOW = 200


class BeginForm(CrispyForm):
    """Which office this desk is, and from which template it begins."""

    marks_optional = False

    template = forms.ChoiceField(
        label="Mẫu",
        widget=forms.RadioSelect,
        error_messages={"required": "Hãy chọn một mẫu.", "invalid_choice": "Không có mẫu này."},
    )
    office = forms.ModelChoiceField(
        Office.objects.none(),
        label="Đơn vị có sẵn trong chương trình",
        required=False,
        empty_label=OTHER,
        help_text="Là đơn vị của năm 2016. Đơn vị sau ngày 01/7/2025 thì ghi mã và tên ở dưới.",
        error_messages={"invalid_choice": "Không có đơn vị này. Hãy chọn lại."},
    )
    code = forms.CharField(
        label="Mã đơn vị hành chính",
        required=False,
        max_length=10,
        validators=[CODE],
        help_text="Theo danh mục của Cục Thống kê, như 32065.",
    )
    name = forms.CharField(
        label="Tên đơn vị", required=False, max_length=120, help_text="Cả loại, như Xã Thới Bình."
    )
    superior_code = forms.CharField(
        label="Mã đơn vị cấp trên", required=False, max_length=10, validators=[CODE]
    )
    superior_name = forms.CharField(
        label="Tên đơn vị cấp trên",
        required=False,
        max_length=120,
        help_text="Như Tỉnh Cà Mau. Để trống nếu không ghi.",
    )
    below = forms.CharField(
        label="Các xã, phường trực thuộc",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Chỉ với mẫu tỉnh: mỗi dòng một đơn vị, mã rồi đến tên, như “32065 Xã Thới "
        "Bình”. Mỗi đơn vị bắt đầu từ mẫu xã, phường từ 01/7/2025.",
    )
    with_those_below = forms.BooleanField(
        label="Dùng cả các đơn vị có sẵn nằm dưới đơn vị này",
        required=False,
        help_text="Các đơn vị có sẵn khác mà không ai dùng thì ẩn đi.",
    )

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = staff
        self.new_below: list[tuple[str, str]] = []
        known = [(each.key, each.label) for each in templates().values()]
        choice_field(self, "template").choices = known
        offices = model_choice_field(self, "office")
        if staff.office_id is None:
            offices.queryset = Office.objects.filter(exists_until__isnull=True)
            return
        # Whoever keeps one office chooses a template for it, and makes no other.
        offices.queryset = Office.objects.filter(pk=staff.office_id)
        offices.required, offices.empty_label = True, None
        self.initial.setdefault("office", staff.office_id)
        fitting = [(key, label) for key, label in known if templates()[key].level == self._level]
        choice_field(self, "template").choices = fitting
        for name in ("code", "name", "superior_code", "superior_name", "below"):
            del self.fields[name]

    @property
    def _level(self) -> str:
        return self.staff.office.level if self.staff.office else ""

    def form_layout(self) -> Layout:
        if self.staff.office_id is not None:
            return Layout("template", "office", "with_those_below")
        return Layout(
            "template",
            "office",
            "with_those_below",
            Div("code", "name", css_class="pair-of-fields"),
            Div("superior_code", "superior_name", css_class="pair-of-fields"),
            "below",
        )

    def clean_below(self) -> str:
        text: str = self.cleaned_data["below"]
        lines = [tidy(line) for line in text.splitlines() if line.strip()]
        if len(lines) > MOST_BELOW:
            raise forms.ValidationError(f"Nhiều nhất {MOST_BELOW} đơn vị một lần.")
        for number, line in enumerate(lines, start=1):
            code, _, name = line.replace(",", " ").replace(";", " ").partition(" ")
            name = tidy(name)
            if not name or not any(letter.isdigit() for letter in code) or len(code) > 10:
                raise forms.ValidationError(
                    f"Dòng {number} “{line}”: hãy ghi mã rồi đến tên, như “32065 Xã Thới Bình”."
                )
            self.new_below.append((code, name))
        if len({code for code, _ in self.new_below}) < len(self.new_below):
            raise forms.ValidationError("Có mã ghi hai lần.")
        return text

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        template = templates().get(data.get("template", ""))
        office = data.get("office")
        if template is None:
            return data
        if office is not None and office.level != template.level:
            self.add_error(
                "template",
                f"Mẫu này dành cho {Level(template.level).label}, {office.name} thì không phải. "
                "Hãy chọn mẫu khác, hoặc ghi đơn vị khác.",
            )
        if office is None:
            for name, said in (("code", "Hãy ghi mã đơn vị."), ("name", "Hãy ghi tên đơn vị.")):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, said)
        if self.new_below and template.level != Level.PROVINCE:
            self.add_error("below", "Chỉ mẫu tỉnh có xã, phường trực thuộc ghi ở đây.")
        for name, other in (("superior_code", "superior_name"), ("superior_name", "superior_code")):
            if data.get(other) and not data.get(name) and name not in self.errors:
                self.add_error(name, "Hãy ghi cả mã và tên của đơn vị cấp trên.")
        return data

    @transaction.atomic
    def save(self) -> Office:
        """The office, begun from its template, and those below it, all or none. Raises ValueError
        in words."""
        data = self.cleaned_data
        key = data["template"]
        chosen = data["office"] or self._new(data["code"], data["name"], templates()[key].level)
        office = choose_office(chosen, key, with_those_below=data["with_those_below"])
        for code, name in self.new_below:
            below = NewOffice(code, name, kind_of(name), Level.COMMUNE, office)
            choose_office(below, "commune-2026")
        return office

    def _new(self, code: str, name: str, level: str) -> NewOffice:
        name, above = tidy(name), tidy(self.cleaned_data["superior_name"])
        superior = None
        if above:
            kind = kind_of(above)
            of = Level.DISTRICT if kind in ("huyện", "quận", "thị xã") else Level.PROVINCE
            superior = NewOffice(self.cleaned_data["superior_code"], above, kind, of)
        return NewOffice(code, name, kind_of(name), level, superior)


class _DetailsForm(CrispyMixin, OfficeForm):
    """Some of an office's details. Until it has dossiers they are as if they had always been so;
    afterwards they change from a day on, and what was printed keeps what it says."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_in_use(self.instance):
            del self.fields["since"]

    def save(self, commit: bool = True) -> Office:
        since = self.cleaned_data.get("since")
        if since and self.changes_details:
            renaming.keep_former(self.instance, since)
        office: Office = super().save(commit)
        return office


class HeadingForm(_DetailsForm):
    """What stands at the head of every paper, and at the front of every code."""

    class Meta:
        model = Office
        fields = ("identity_code", "header_above", "header", "place", "leader_title")


class ContactForm(_DetailsForm):
    """Where the desk is, and how it is reached."""

    class Meta:
        model = Office
        fields = ("address", "phone", "email")


class DivisionForm(CrispyMixin, DivisionModelForm):
    """One more division of the office, or the place where its leaders sign."""

    class Meta:
        model = Division
        fields = ("name", "is_leaders")
