"""What an administrator fills in about an office's offer: sectors chosen together, and the
exceptions of one sector."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms

from motcua import clock
from motcua.days import DayField
from motcua.form_layout import CrispyForm, choice_field, model_choice_field
from motcua.models import Division, Office
from procedures.models import OfficeOffer, Procedure, Sector
from procedures.offices import keeping
from procedures.offices.keeping import ProcedureException
from procedures.offices.lines import ProcedureLine

BY_CATALOGUE = "Theo tên phòng ghi ở danh mục"
BY_SECTOR = "Theo lĩnh vực"


class SectorSearch(CrispyForm):
    """Words of a sector or of a procedure."""

    marks_optional = False
    tim = forms.CharField(
        label="Tìm lĩnh vực hoặc thủ tục (có dấu hoặc không dấu)",
        max_length=100,
        required=False,
        error_messages={"max_length": "Hãy tìm bằng một vài từ, không quá 100 ký tự."},
    )

    @property
    def words(self) -> str:
        return self.cleaned_data.get("tim", "") if self.is_valid() else ""


class SectorsForm(CrispyForm):
    """The sectors that were ticked, and what the pressed button needs."""

    marks_optional = False
    sectors = forms.MultipleChoiceField(
        label="Lĩnh vực",
        error_messages={
            "required": "Hãy đánh dấu ít nhất một lĩnh vực.",
            "invalid_choice": "Không có lĩnh vực này. Mời tải lại trang.",
        },
    )
    division = forms.ModelChoiceField(
        Division.objects.none(),
        label="Phòng giải quyết",
        required=False,
        empty_label=BY_CATALOGUE,
        error_messages={"invalid_choice": "Hãy chọn một phòng đang hoạt động của đơn vị này."},
    )
    since = DayField(
        label="Từ ngày",
        required=False,
        error_messages={"invalid": "Ngày chưa đúng. Hãy nhập như 30/09/2026."},
    )
    counter = forms.CharField(
        label="Quầy số",
        required=False,
        max_length=20,
        error_messages={"max_length": "Số quầy không quá 20 ký tự."},
    )

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office = office
        known = [(str(sector.pk), sector.name) for sector in Sector.objects.all()]
        choice_field(self, "sectors").choices = known
        model_choice_field(self, "division").queryset = solving_divisions(office)
        self.fields["since"].initial = clock.today()

    def form_layout(self) -> Layout:
        """The ticks stand at the lines of the table."""
        return Layout(Div("division", "since", "counter", css_class="filters"))

    def switch_on(self) -> str:
        keeping.switch_sectors(self.office, self._chosen, is_offered=True)
        return f"Đã nhận {self._many}."

    def switch_off(self) -> str:
        keeping.switch_sectors(self.office, self._chosen, is_offered=False)
        return f"Đã thôi nhận {self._many}. Hồ sơ đã nhận vẫn được giải quyết như cũ."

    def move(self) -> str:
        """Raises ValueError for a day in the past."""
        division = self.cleaned_data["division"]
        since = self.cleaned_data["since"] or clock.today()
        keeping.move_sectors(self.office, self._chosen, division, since)
        place = f"cho {division}" if division is not None else "cho phòng ghi ở danh mục"
        return f"Đã giao {self._many} {place}, với hồ sơ nhận từ {since:%d/%m/%Y}."

    def set_counter(self) -> str:
        counter = self.cleaned_data["counter"]
        keeping.set_counter(self.office, self._chosen, counter)
        return f"Đã ghi quầy {counter} cho {self._many}." if counter else "Đã bỏ số quầy."

    @property
    def _chosen(self) -> list[Sector]:
        return list(Sector.objects.filter(pk__in=self.cleaned_data["sectors"]))

    @property
    def _many(self) -> str:
        return f"{len(self.cleaned_data['sectors'])} lĩnh vực"


SECTOR_ACTS = {
    "on": SectorsForm.switch_on,
    "off": SectorsForm.switch_off,
    "move": SectorsForm.move,
    "counter": SectorsForm.set_counter,
}
"""What the buttons of the page do."""


class OfferForm(CrispyForm):
    """Which catalogue the office receives, and whether its counters are told in public."""

    catalogue = forms.ChoiceField(label="Danh mục tiếp nhận", choices=Procedure.Catalogue.choices)
    shows_counters = forms.BooleanField(
        label="Trang công khai ghi lĩnh vực nào nộp ở quầy nào", required=False
    )

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        self.kept = OfficeOffer.objects.filter(office=office).first() or OfficeOffer(office=office)
        initial = {name: getattr(self.kept, name) for name in ("catalogue", "shows_counters")}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)

    def save(self) -> None:
        for name in ("catalogue", "shows_counters"):
            setattr(self.kept, name, self.cleaned_data[name])
        self.kept.save()


class ExceptionsForm(CrispyForm):
    """Of each procedure of a sector: as its sector, received, or not; and solved by whom."""

    OFFERED = (("", BY_SECTOR), ("1", "Nhận"), ("0", "Không nhận"))
    IS_OFFERED = {"": None, "1": True, "0": False}

    def __init__(
        self, *args: Any, office: Office, lines: Iterable[ProcedureLine], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.office, self.lines = office, list(lines)
        divisions = [(str(one.pk), one.name) for one in solving_divisions(office)]
        for line in self.lines:
            procedure = line.procedure
            own = line.own_division
            offered = "" if line.exception is None else str(int(line.exception))
            self._add(f"offered-{procedure.pk}", self.OFFERED, offered, f"Nhận: {procedure}")
            self._add(
                f"division-{procedure.pk}",
                [("", BY_SECTOR), *divisions],
                str(own.pk) if own is not None else "",
                f"Phòng giải quyết: {procedure}",
            )

    def _add(self, name: str, choices: Iterable[tuple[str, str]], initial: str, label: str) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label,
            choices=list(choices),
            initial=initial,
            required=False,
            widget=forms.Select(attrs={"class": "form-select", "aria-label": label}),
            error_messages={"invalid_choice": "Hãy chọn một mục trong danh sách."},
        )

    @property
    def rows(self) -> list[tuple[ProcedureLine, Any, Any]]:
        return [
            (
                line,
                self[f"offered-{line.procedure.pk}"],
                self[f"division-{line.procedure.pk}"],
            )
            for line in self.lines
        ]

    def save(self) -> None:
        divisions = {str(one.pk): one for one in solving_divisions(self.office)}
        asked, changed = self.cleaned_data, set(self.changed_data)
        keeping.keep_exceptions(
            self.office,
            [
                ProcedureException(
                    line.procedure,
                    self.IS_OFFERED[asked[f"offered-{line.procedure.pk}"]],
                    divisions.get(asked[f"division-{line.procedure.pk}"]),
                )
                for line in self.lines
                if {f"offered-{line.procedure.pk}", f"division-{line.procedure.pk}"} & changed
            ],
        )


def solving_divisions(office: Office) -> Any:
    """The divisions that may solve: open, and not where the leaders sign."""
    return Division.objects.filter(office=office, is_active=True, is_leaders=False)
