"""The page of a merger: its file, and the confirmation that is typed."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from dossiers.merging import files
from dossiers.merging.files import MergerFile
from motcua.days import DayField
from motcua.form_layout import CrispyForm, CrispyMixin
from motcua.tables.problems import UnreadableFile
from motcua.tables.upload import TableFileForm, table_file

LARGEST = 1024 * 1024
TOO_LARGE = "Tệp lớn hơn 1 MB, không phải danh sách sắp xếp đơn vị."


class MergerUploadForm(CrispyMixin, TableFileForm):
    """The list of offices."""

    largest, too_large = LARGEST, TOO_LARGE

    file = table_file(
        "Danh sách đơn vị",
        "CSV (UTF-8) hoặc XLSX, nhiều nhất 1.000 dòng; dòng đầu là tên các cột của mẫu.",
    )
    read: MergerFile

    def take(self, file: "UploadedFile[bytes]", sheet: str) -> None:
        self.read = files.read(file.read(), sheet)


class MergerConfirmForm(CrispyForm):
    """The list once more, as it was looked at, and its day typed by hand."""

    lines = forms.CharField(widget=forms.HiddenInput)
    day = DayField(label="Gõ lại ngày áp dụng để xác nhận")
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
