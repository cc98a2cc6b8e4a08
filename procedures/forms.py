"""Searching the public catalogue."""

from datetime import date
from typing import Any

from crispy_forms.bootstrap import FieldWithButtons, StrictButton
from crispy_forms.layout import Div, Layout
from django import forms

from motcua.form_layout import CrispyForm, Fold
from motcua.models import Level
from procedures.models import LifeEvent, Procedure, ProcedureQuerySet, ProcedureVersion, Sector
from procedures.offering import offered_somewhere


class DayForm(CrispyForm):
    """The day whose rules are asked for: an empty or wrong one is left to the page."""

    ngay = forms.DateField(
        label="Quy định áp dụng ngày",
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Ngày chưa đúng. Hãy nhập như 30/09/2016."},
    )


class NameSearch(CrispyForm):
    """The name of a procedure alone, for the front page."""

    tim = forms.CharField(
        label="Tên thủ tục (gõ có dấu hoặc không dấu)", max_length=100, required=False
    )

    def form_layout(self) -> Layout:
        button = StrictButton("Tìm thủ tục", type="submit", css_class="btn-outline-primary")
        return Layout(FieldWithButtons("tim", button, css_class="lookup-row"))

    @property
    def words(self) -> str:
        """What is looked for; nothing where it was not understood."""
        return self.cleaned_data.get("tim", "") if self.is_valid() else ""


class CatalogueSearch(DayForm):
    """Words, event of a life, sector, level and day; each may be left empty."""

    marks_optional = False
    tim = forms.CharField(
        label="Tên thủ tục, có dấu hoặc không dấu",
        max_length=100,
        required=False,
        error_messages={"max_length": "Hãy tìm bằng một vài từ, không quá 100 ký tự."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = offered_somewhere()
        self.offered, levels = offered.procedures, offered.levels
        self.fields["su-kien"] = forms.ModelChoiceField(
            label="Sự kiện trong đời",
            queryset=LifeEvent.objects.all(),
            to_field_name="key",
            required=False,
            empty_label="Tất cả sự kiện",
            error_messages={"invalid_choice": "Không có sự kiện này. Hãy chọn trong danh sách."},
        )
        self.fields["linh-vuc"] = forms.ModelChoiceField(
            label="Lĩnh vực",
            queryset=Sector.objects.filter(pk__in=self.offered.order_by().values("sector")),
            required=False,
            empty_label="Tất cả lĩnh vực",
            error_messages={"invalid_choice": "Không có lĩnh vực này. Hãy chọn trong danh sách."},
        )
        self.fields["cap"] = forms.ChoiceField(
            label="Nơi tiếp nhận",
            choices=[
                ("", "Tất cả các cấp"),
                *((level, level.label) for level in Level if level in levels),
            ],
            required=False,
            error_messages={"invalid_choice": "Không có cấp này. Hãy chọn trong danh sách."},
        )
        self.order_fields(["tim", "su-kien", "linh-vuc", "cap", "ngay"])

    def form_layout(self) -> Layout:
        more = Div("linh-vuc", "cap", "ngay", css_class="filters")
        folded = Fold("Lọc theo lĩnh vực, cấp, ngày áp dụng", more, css_class="filters-more")
        return Layout("tim", "su-kien", folded)

    @property
    def asked_day(self) -> date | None:
        return self.cleaned_data.get("ngay") if self.is_valid() else None

    def results(self) -> ProcedureQuerySet:
        """The active procedures that answer the search; with a day that is asked for, those in
        force on it. None for a search that is not understood."""
        if not self.is_valid():
            return Procedure.objects.none()
        asked = self.cleaned_data
        found = self.offered.search(asked["tim"])
        if asked["su-kien"]:
            found = found.filter(life_events=asked["su-kien"])
        if asked["linh-vuc"]:
            found = found.filter(sector=asked["linh-vuc"])
        if asked["cap"]:
            found = found.filter(level=asked["cap"])
        if self.asked_day:
            in_force = ProcedureVersion.objects.in_force(self.asked_day)
            found = found.filter(pk__in=in_force.values("procedure_id"))
        return found.select_related("sector")

    @property
    def heading(self) -> str:
        """What the list is, for over a print."""
        asked = self.cleaned_data
        words = ["Danh mục thủ tục hành chính"]
        if asked["cap"]:
            words.append(Level(asked["cap"]).label)
        if asked["linh-vuc"]:
            words.append(f"lĩnh vực {asked['linh-vuc'].name}")
        if asked["su-kien"]:
            words.append(f"({asked['su-kien'].name})")
        return " ".join(words)
