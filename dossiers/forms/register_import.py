"""The upload of an old register."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from dossiers.old_register import files
from dossiers.old_register.lines import LARGEST_FILE, TOO_LARGE
from motcua.form_layout import CrispyForm
from motcua.models import Staff
from motcua.tables.problems import UnreadableFile
from motcua.web.bodies import BodyRefused

BUSY = "Một tệp khác của ông/bà đang được kiểm tra hoặc ghi. Hãy đợi xong rồi tải tệp này lên."


class RegisterUploadForm(CrispyForm):
    """A CSV or XLSX file; what kind it is, its content says."""

    file = forms.FileField(
        label="Tệp sổ cũ",
        help_text="CSV (UTF-8) hoặc XLSX, nhiều nhất 20 MB và 60.000 dòng; dòng đầu là tên các cột "
        "của mẫu.",
        error_messages={
            "required": "Hãy chọn tệp.",
            "empty": "Tệp trống, không có dòng nào.",
            "invalid": "Hãy chọn lại tệp.",
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
    sheet = forms.CharField(
        label="Trang tính",
        required=False,
        max_length=60,
        help_text="Chỉ khi bảng tính có dòng ở nhiều trang tính: tên của trang cần đọc.",
    )

    def __init__(
        self, *args: Any, staff: Staff, later: BodyRefused | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.staff = staff
        if later is not None:  # the file was sent, and read past
            again = (
                f"{later.sentence} Hãy thử lại sau {later.minutes} phút, hoặc báo người quản trị."
            )
            self.fields["file"].error_messages["required"] = again

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(TOO_LARGE)
        return file

    def clean(self) -> dict[str, Any]:
        file, sheet = self.cleaned_data.get("file"), self.cleaned_data.get("sheet", "")
        if file is not None and "sheet" not in self.errors:
            try:
                self.digest = files.keep(self.staff, file.name, file.read(), sheet)
            except UnreadableFile as unreadable:
                self.add_error("file", str(unreadable))
            except files.AtWork:
                self.add_error("file", BUSY)
        return self.cleaned_data
