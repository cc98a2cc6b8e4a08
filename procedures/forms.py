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
from procedures.search.answers import Answer, search


class DayForm(CrispyForm):
    """The day whose rules are asked for: an empty or wrong one is left to the page."""

    ngay = forms.DateField(
        label="Quy định áp dụng ngày",
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Ngày chưa đúng. Hãy nhập như 30/09/2016."},
    )


def _question() -> forms.CharField:
    """What is looked for in anybody's words; a long one is cut by the search, not refused."""
    return forms.CharField(label="Ông/bà cần làm giấy tờ gì?", required=False)


class NameSearch(CrispyForm):
    """Words alone, for the front page and the page of an office."""

    tim = _question()

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
    tim = _question()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = offered_somewhere()
        self.offered, levels = offered.procedures, offered.levels
        self.desk_levels = offered.desk_levels
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
        button = StrictButton("Tìm", type="submit", css_class="btn-primary")
        words = FieldWithButtons("tim", button, css_class="lookup-row")
        more = Div("linh-vuc", "cap", "ngay", css_class="filters")
        if self.data.get("su-kien"):  # its steps stand below: nothing else need be open
            folded = Fold("Lọc theo lĩnh vực, cấp, ngày", more, css_class="filters-more")
            return Layout(words, "su-kien", folded)
        more.insert(0, "su-kien")
        folded = Fold("Lọc theo sự kiện, lĩnh vực, cấp, ngày", more, css_class="filters-more")
        return Layout(words, folded)

    @property
    def asked_day(self) -> date | None:
        return self.cleaned_data.get("ngay") if self.is_valid() else None

    @property
    def words(self) -> str:
        """What is looked for; nothing where the search is not understood."""
        return self.cleaned_data["tim"] if self.is_valid() else ""

    @property
    def event(self) -> LifeEvent | None:
        return self.cleaned_data["su-kien"] if self.is_valid() else None

    @property
    def filters(self) -> list[str]:
        """What narrows the search besides the words, in words."""
        if not self.is_valid():
            return []
        asked = self.cleaned_data
        return [
            *([f"sự kiện {asked['su-kien'].name}"] if asked["su-kien"] else ()),
            *([f"lĩnh vực {asked['linh-vuc'].name}"] if asked["linh-vuc"] else ()),
            *([Level(asked["cap"]).label] if asked["cap"] else ()),
            *([f"ngày {asked['ngay']:%d/%m/%Y}"] if asked["ngay"] else ()),
        ]

    def answer(self) -> Answer | None:
        """What answers the words among what the filters leave; None without words."""
        return search(self.words, self.narrowed()) if self.words else None

    def hidden(self) -> int:
        """How many procedures would answer the words, were there no filters."""
        return len(search(self.words, self.offered).hits) if self.filters else 0

    def narrowed(self, *, by_event: bool = True) -> ProcedureQuerySet:
        """What desks of today receive and the filters leave; with a day that is asked for, those in
        force on it. None for a search that is not understood."""
        if not self.is_valid():
            return Procedure.objects.none()
        asked = self.cleaned_data
        found = self.offered
        if asked["su-kien"] and by_event:
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
