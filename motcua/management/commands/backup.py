"""python manage.py backup FILE: the whole installation in one encrypted file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua import clock
from motcua.operations.backup import archive
from motcua.operations.backup.databases import Failed
from motcua.operations.backup.passphrase import passphrase


class Command(BaseCommand):
    help = (
        "Sao lưu cơ sở dữ liệu, tệp tải lên và khóa bí mật vào một tệp đã mã hóa, trong khi máy "
        "chủ vẫn chạy. FILE là thư mục thì tên tệp theo ngày giờ."
    )
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--key-file", type=Path, help="tệp chứa khóa của bản sao lưu")
        parser.add_argument(
            "--keep", type=int, metavar="N", help="trong thư mục chỉ giữ N bản mới nhất"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._back_up(options)
        except archive.Incomplete as error:
            raise CommandError(str(error)) from None
        except (Failed, OSError) as error:
            raise CommandError(f"Chưa sao lưu được: {error}") from None

    def _back_up(self, options: dict[str, Any]) -> None:
        folder = options["file"] if options["file"].is_dir() else None
        if options["keep"] is not None and (folder is None or options["keep"] < 1):
            raise CommandError("--keep cần một thư mục và một số từ 1 trở lên.")
        file = options["file"]
        if folder is not None:
            file = folder / f"motcua-{clock.now():%Y%m%d-%H%M%S}{archive.SUFFIX}"
        if file.exists():
            raise CommandError(f"Đã có tệp {file}; hãy chọn tên khác.")
        made = archive.back_up(file, passphrase(options["key_file"], twice=True))
        for old in self._too_old(folder, options["keep"]):
            old.unlink()
        self.stdout.write(
            f"Đã sao lưu {made.rows} dòng của {len(made.census)} bảng và "
            f"{len(made.digests) - 1} tệp vào {file}. Cất khóa ở nơi khác: không có khóa thì "
            "không ai mở được tệp này."
        )

    @staticmethod
    def _too_old(folder: Path | None, keep: int | None) -> list[Path]:
        """All but the newest; one that a clock that ran ahead has named counts as the oldest."""
        if folder is None or keep is None:
            return []
        last = f"motcua-{clock.now() + clock.TOLERANCE:%Y%m%d-%H%M%S}{archive.SUFFIX}"
        made = folder.glob(f"motcua-*{archive.SUFFIX}")
        return sorted(made, key=lambda file: (file.name <= last, file.name))[:-keep]
