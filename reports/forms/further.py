"""What a reader of the further reports chooses, besides period, scope and rows.

tinh=ngay-lam-viec (default) | ngay-lich     in which days an age is measured
ten=co                                       the applicants' names in the list of late dossiers
"""

from typing import Any

from django import forms

from reports.figures.tables import By
from reports.forms.choices import FiguresForm, RowsForm
from reports.lists.ages import Days
from reports.lists.late_list import LateLine


class AgesForm(RowsForm):
    """The choice of the backlog: also the days of its ages (`days`)."""

    tinh = forms.ChoiceField(
        label="Tính tuổi bằng",
        choices=[(days.value, days.label) for days in Days],
        error_messages={"invalid_choice": "Không có cách tính này. Hãy chọn lại."},
    )

    def initial_words(self, period: str) -> dict[str, Any]:
        return {**super().initial_words(period), "tinh": Days.WORKING.value}

    @property
    def days(self) -> Days:
        return Days(self.cleaned_data["tinh"])

    @property
    def query(self) -> dict[str, str]:
        words = super().query
        return words if self.days is Days.WORKING else {**words, "tinh": self.days.value}


class ReceiversForm(FiguresForm):
    """The choice of the report by receiver: its rows are always offices."""

    by = By.OFFICE


_LATE_ONES = {
    "tat-ca": "Tất cả hồ sơ trễ",
    "da-giai-quyet": "Đã giải quyết, trễ",
    "dang-giai-quyet": "Đang giải quyết, quá hạn",
}


class LateForm(FiguresForm):
    """The choice of the list of late dossiers: also which of them, and whether it names the
    applicants."""

    loai = forms.ChoiceField(
        label="Hồ sơ",
        choices=list(_LATE_ONES.items()),
        error_messages={"invalid_choice": "Không có loại này. Hãy chọn lại."},
    )
    ten = forms.ChoiceField(
        label="Người nộp",
        choices=[("khong", "Không ghi tên"), ("co", "Ghi tên (việc tải về được ghi lại)")],
        error_messages={"invalid_choice": "Không có lựa chọn này. Hãy chọn lại."},
    )

    def initial_words(self, period: str) -> dict[str, Any]:
        return {**super().initial_words(period), "loai": "tat-ca", "ten": "khong"}

    @property
    def only(self) -> str:
        """Which late dossiers, in words; empty for all."""
        kind = self.cleaned_data["loai"]
        return "" if kind == "tat-ca" else _LATE_ONES[kind]

    def narrowed(self, lines: list[LateLine]) -> list[LateLine]:
        """The lines that were asked for."""
        kind = self.cleaned_data["loai"]
        if kind == "tat-ca":
            return lines
        return [line for line in lines if line.is_resolved is (kind == "da-giai-quyet")]

    @property
    def with_names(self) -> bool:
        return bool(self.cleaned_data["ten"] == "co")

    @property
    def query(self) -> dict[str, str]:
        words = super().query
        if self.cleaned_data["loai"] != "tat-ca":
            words["loai"] = self.cleaned_data["loai"]
        return {**words, "ten": "co"} if self.with_names else words
