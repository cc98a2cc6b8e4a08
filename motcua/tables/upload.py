"""How is a table sent by a page? The fields of its form, and what is said of a file that cannot be
taken."""

from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile

from motcua.tables.lines import LARGEST_FILE
from motcua.tables.problems import UnreadableFile


def table_file(label: str, help_text: str) -> forms.FileField:
    """The field of the file; what kind it is, its content says."""
    return forms.FileField(
        label=label,
        help_text=help_text,
        error_messages={
            "required": "Hãy chọn tệp.",
            "empty": "Tệp trống, không có dòng nào.",
            "invalid": "Hãy chọn lại tệp.",
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )


class TableFileForm(forms.Form):
    """A CSV or XLSX file, no larger than `largest` bytes, and the sheet to read. A form of its own
    names `file` by `table_file`, says `too_large`, and reads the content in `take`."""

    largest: ClassVar[int] = LARGEST_FILE
    too_large: ClassVar[str]

    file = table_file("Tệp", "")
    sheet = forms.CharField(
        label="Trang tính",
        required=False,
        max_length=60,
        help_text="Chỉ khi bảng tính có dòng ở nhiều trang tính: tên của trang cần đọc.",
    )

    def take(self, file: "UploadedFile[bytes]", sheet: str) -> None:
        """Read the file. Raises UnreadableFile, which is said at the file."""
        raise NotImplementedError

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > self.largest:
            raise forms.ValidationError(self.too_large)
        return file

    def clean(self) -> dict[str, Any]:
        file, sheet = self.cleaned_data.get("file"), self.cleaned_data.get("sheet", "")
        if file is not None and "sheet" not in self.errors:
            try:
                self.take(file, sheet)
            except UnreadableFile as unreadable:
                self.add_error("file", str(unreadable))
        return self.cleaned_data
