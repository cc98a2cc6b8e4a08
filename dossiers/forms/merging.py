"""The page of a merger: its file, and the confirmation that is typed."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from dossiers.forms.acts import day_field, text_field
from dossiers.merging import files
from dossiers.merging.files import MergerFile
from motcua.form_layout import CrispyForm
from motcua.tables.problems import UnreadableFile

LARGEST = 1024 * 1024
TOO_LARGE = "Tệp lớn hơn 1 MB, không phải danh sách sắp xếp đơn vị."


class MergerUploadForm(CrispyForm):
    """The list of offices, as CSV or XLSX."""

    file = forms.FileField(
        label="Danh sách đơn vị",
        help_text="CSV (UTF-8) hoặc XLSX, nhiều nhất 1.000 dòng; dòng đầu là tên các cột của mẫu.",
        error_messages={
            "required": "Hãy chọn tệp.",
            "empty": "Tệp trống, không có dòng nào.",
            "invalid": "Hãy chọn lại tệp.",
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
    sheet = text_field(
        "Trang tính",
        most=60,
        required=False,
        help_text="Chỉ khi bảng tính có dòng ở nhiều trang tính: tên của trang cần đọc.",
    )
    read: MergerFile

    def clean(self) -> dict[str, Any]:
        file: UploadedFile[bytes] | None = self.cleaned_data.get("file")
        if file is not None:
            if (file.size or 0) > LARGEST:
                self.add_error("file", TOO_LARGE)
                return self.cleaned_data
            try:
                self.read = files.read(file.read(), self.cleaned_data.get("sheet", ""))
            except UnreadableFile as wrong:
                self.add_error("file", str(wrong))
        return self.cleaned_data


class MergerConfirmForm(CrispyForm):
    """The list once more, as it was looked at, and its day typed by hand."""

    lines = forms.CharField(widget=forms.HiddenInput)
    day = day_field(label="Gõ lại ngày áp dụng để xác nhận")
    read: MergerFile

    def clean_lines(self) -> str:
        lines: str = self.cleaned_data["lines"]
        try:
            self.read = files.read(lines.encode())
        except UnreadableFile as wrong:
            raise forms.ValidationError(str(wrong)) from wrong
        return lines

    def clean(self) -> dict[str, Any]:
        day = self.cleaned_data.get("day")
        if day is not None and "lines" in self.cleaned_data and day != self.read.day:
            self.add_error("day", "Ngày gõ lại không phải ngày áp dụng của danh sách.")
        return self.cleaned_data
