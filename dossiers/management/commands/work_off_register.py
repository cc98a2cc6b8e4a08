"""manage.py work_off_register: check or write an uploaded old register, begun from its page."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dossiers.old_register.files import NoSuchUpload, Upload
from motcua.models import Staff
from motcua.operations.jobs import bounded, without_looking_for_garbage
from motcua.tables.problems import UnreadableFile

# The most lines take a third of either. Written is all or nothing, also when the time is over.
SECONDS, MEMORY = 300, 3 * 1024**3
TOO_LONG = "Tệp này cần quá nhiều thời gian để đọc. Hãy chia sổ thành nhiều tệp, mỗi năm một tệp."


class Command(BaseCommand):
    help = "Kiểm tra hoặc ghi một tệp sổ cũ đã tải lên; trang Nhập sổ theo dõi cũ tự gọi lệnh này."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("owner", type=int, help="số của tài khoản đã tải lên")
        parser.add_argument("digest", help="mã của tệp")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = Staff.objects.filter(pk=options["owner"]).first()
        try:
            if owner is None:
                raise NoSuchUpload
            upload = Upload(owner, options["digest"])
            limits = bounded(seconds=SECONDS, memory=MEMORY, error=UnreadableFile(TOO_LONG))
            with without_looking_for_garbage(), limits:
                upload.work_off()
        except NoSuchUpload:
            raise CommandError("Không có tệp sổ cũ này, hoặc đã quá một giờ.") from None
