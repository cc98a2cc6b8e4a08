"""Searching the public catalogue."""

from datetime import date

from django import forms
from django.db.models import Prefetch

from motcua.models import Level
from procedures.models import Procedure, ProcedureQuerySet, ProcedureVersion, Sector


class CatalogueSearch(forms.Form):
    """Words, sector and level; each may be left empty."""

    tim = forms.CharField(
        label="Tên thủ tục, có dấu hoặc không dấu",
        max_length=100,
        required=False,
        error_messages={"max_length": "Hãy tìm bằng một vài từ, không quá 100 ký tự."},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["linh-vuc"] = forms.ModelChoiceField(
            label="Lĩnh vực",
            queryset=Sector.objects.filter(procedures__is_active=True).distinct(),
            required=False,
            empty_label="Tất cả lĩnh vực",
            error_messages={"invalid_choice": "Không có lĩnh vực này. Hãy chọn trong danh sách."},
        )
        self.fields["cap"] = forms.ChoiceField(
            label="Nơi tiếp nhận",
            choices=[
                ("", "Tất cả các cấp"),
                (Level.DISTRICT, Level.DISTRICT.label),
                (Level.COMMUNE, Level.COMMUNE.label),
            ],
            required=False,
            error_messages={"invalid_choice": "Không có cấp này. Hãy chọn trong danh sách."},
        )

    def results(self, day: date) -> ProcedureQuerySet:
        """The active procedures that answer the search, each with its version of the day in
        `now_in_force` (a list of one, or empty). None for a search that is not understood."""
        if not self.is_valid():
            return Procedure.objects.none()
        found = Procedure.objects.filter(is_active=True).search(self.cleaned_data["tim"])
        if self.cleaned_data["linh-vuc"]:
            found = found.filter(sector=self.cleaned_data["linh-vuc"])
        if self.cleaned_data["cap"]:
            found = found.filter(level=self.cleaned_data["cap"])
        in_force = ProcedureVersion.objects.in_force(day)
        return found.select_related("sector").prefetch_related(
            Prefetch("versions", queryset=in_force, to_attr="now_in_force")
        )
