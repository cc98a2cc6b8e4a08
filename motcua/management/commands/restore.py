"""python manage.py restore FILE: bring back what `backup` took away, whole or not at all."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.operations.backup import archive
from motcua.operations.backup.databases import Disturbed, Failed
from motcua.operations.backup.passphrase import passphrase
from motcua.operations.backup.sealed import Damaged


class Command(BaseCommand):
    help = (
        "Khôi phục từ một tệp sao lưu. Hãy dừng máy chủ trước. Tệp được kiểm tra hết rồi mới thay "
        "dữ liệu; có lỗi thì không thay đổi gì."
    )
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--key-file", type=Path, help="tệp chứa khóa của bản sao lưu")
        parser.add_argument(
            "--replace", action="store_true", help="thay cả cơ sở dữ liệu đang có dữ liệu"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = archive.restore(
                options["file"],
                passphrase(options["key_file"], twice=False),
                replace=options["replace"],
            )
        except Disturbed as error:
            raise CommandError(str(error)) from None
        except (Damaged, Failed, OSError) as error:
            raise CommandError(f"{error} Chưa có gì thay đổi.") from None
        self.stdout.write(
            f"Đã khôi phục bản sao lưu lúc {made.made_at}: {made.rows} dòng của "
            f"{len(made.census)} bảng, {len(made.digests) - 1} tệp, đã đối chiếu từng bảng.\n"
            "Mọi phiên đăng nhập đã kết thúc: mọi người phải đăng nhập lại.\n"
            "Chạy tiếp: manage.py migrate, rồi khởi động lại máy chủ."
        )
