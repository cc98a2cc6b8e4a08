"""What is typed when opening figures are entered: days, a sector, the numbers, and the totals as
they stand on the office's own paper, which check the typing."""

from typing import Any

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms

from motcua.days import DayField
from motcua.form_layout import CrispyForm
from procedures.models import Sector
from reports.figures.opening_figures import Span
from reports.forms.sign_off import reason_field
from reports.models import REMARK_LENGTH, OpeningFigures
from reports.terms.columns import BASE, BY_NAME, add_sums, faults, nothing

# Copied from the paper, not kept: they follow from the others.
CHECKED = ("total_in", "resolved_total", "pending_total")
MEMO = tuple(name for name in BASE if BY_NAME[name].is_memo)
PARTS = (
    (
        "Tiếp nhận: (3) = (4) + (5) + (6)",
        ("received_online", "received_direct", "carried_over", "total_in"),
    ),
    (
        "Đã giải quyết: (7) = (8) + (9) + (10)",
        ("resolved_early", "resolved_on_time", "resolved_late", "resolved_total"),
    ),
    (
        "Đang giải quyết: (11) = (12) + (13), và (3) = (7) + (11)",
        ("pending_in_time", "pending_overdue", "pending_total"),
    ),
    ("Trong đó", MEMO),
)
LARGEST = 1_000_000
_DAY: dict[str, Any] = {
    "error_messages": {
        "required": "Hãy nhập ngày này.",
        "invalid": "Ngày chưa đúng. Hãy nhập như 30/06/2016.",
    },
}


def _number(name: str) -> forms.IntegerField:
    column = BY_NAME[name]
    return forms.IntegerField(
        label=f"{column.full_heading} {column.number_words}".strip(),
        min_value=0,
        max_value=LARGEST,
        required=not column.is_memo,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "Hãy nhập số này; không có thì nhập 0.",
            "invalid": "Hãy nhập một số nguyên, ví dụ 120.",
            "min_value": "Số này không thể âm.",
            "max_value": f"Số này quá lớn, nhiều nhất là {LARGEST}.",
        },
    )


class OpeningForm(CrispyForm):
    """The totals of one sector for some days. After `is_valid()`: `span`, `sector`, `figures`.

    With `entry`, a change of it: days and sector stay, and a reason is asked for.
    """

    tu = DayField(label="Từ ngày", **_DAY)
    den = DayField(label="Đến ngày", **_DAY)
    linh_vuc = forms.ModelChoiceField(
        Sector.objects.all(),
        label="Lĩnh vực",
        empty_label="Chọn lĩnh vực",
        error_messages={
            "required": "Hãy chọn lĩnh vực.",
            "invalid_choice": "Không có lĩnh vực này. Hãy chọn lại.",
        },
    )
    ly_do = forms.CharField(
        label="Lý do sửa",
        max_length=REMARK_LENGTH,
        error_messages={
            "required": "Hãy ghi lý do sửa số đã nhập.",
            "max_length": f"Lý do không quá {REMARK_LENGTH} ký tự.",
        },
    )

    def __init__(self, *args: Any, entry: OpeningFigures | None = None, **kwargs: Any) -> None:
        self.entry = entry
        if entry is not None:
            kwargs["initial"] = add_sums(nothing() | entry.figures)
        super().__init__(*args, **kwargs)
        for name in (*BASE, *CHECKED):
            self.fields[name] = _number(name)
        if entry is None:
            del self.fields["ly_do"]
        else:
            for name in ("tu", "den", "linh_vuc"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            typed = self.figures | {name: data[name] for name in CHECKED}
            typed["received"] = typed["received_online"] + typed["received_direct"]
            for fault in faults(typed):
                self.add_error(None, f"Số không khớp: {fault}.")
        return data

    @property
    def figures(self) -> dict[str, int]:
        """The columns that are kept; a memo left empty is nothing."""
        return nothing() | {name: self.cleaned_data[name] or 0 for name in BASE}

    @property
    def span(self) -> Span:
        if self.entry is not None:
            return self.entry.starts_on, self.entry.ends_on
        return self.cleaned_data["tu"], self.cleaned_data["den"]

    @property
    def sector(self) -> Sector:
        return self.entry.sector if self.entry is not None else self.cleaned_data["linh_vuc"]

    @property
    def reason(self) -> str:
        reason: str = self.cleaned_data.get("ly_do", "")
        return reason

    def form_layout(self) -> Layout:
        parts = [_part(number, *part) for number, part in enumerate(PARTS, start=1)]
        if self.entry is not None:
            return Layout(*parts, "ly_do")
        return Layout(_row("tu", "den", "linh_vuc"), *parts)


class WithdrawForm(CrispyForm):
    """Why totals are taken out; what is wrong with a reason, `opening_entry.withdraw` says."""

    marks_optional = False
    ly_do_bo = reason_field("Lý do bỏ", id="ly-do-bo")


def _row(*names: str) -> Div:
    return Div(*names, css_class="opening-fields")


def _part(number: int, heading: str, names: tuple[str, ...]) -> Fieldset:
    return Fieldset(heading, _row(*names), css_id=f"phan-{number}")
