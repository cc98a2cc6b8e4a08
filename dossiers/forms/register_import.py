"""The upload of an old register."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile

from dossiers.old_register import files
from dossiers.old_register.lines import TOO_LARGE
from motcua.form_layout import CrispyMixin
from motcua.models import Staff
from motcua.tables.upload import TableFileForm, table_file
from motcua.web.bodies import BodyRefused

BUSY = "Một tệp khác của ông/bà đang được kiểm tra hoặc ghi. Hãy đợi xong rồi tải tệp này lên."


class RegisterUploadForm(CrispyMixin, TableFileForm):
    too_large = TOO_LARGE

    file = table_file(
        "Tệp sổ cũ",
        "CSV (UTF-8) hoặc XLSX, nhiều nhất 20 MB và 60.000 dòng; dòng đầu là tên các cột của mẫu.",
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

    def take(self, file: "UploadedFile[bytes]", sheet: str) -> None:
        try:
            self.digest = files.keep(self.staff, file.name or "", file.read(), sheet)
        except files.AtWork:
            self.add_error("file", BUSY)
