"""python manage.py prune_files: scans that no dossier took within two hours are thrown away, and
old registers an hour after they were uploaded; for a timer."""

from typing import Any

from django.core.management.base import BaseCommand

from dossiers.citizens.filing import throw_away_forgotten
from dossiers.old_register import files


class Command(BaseCommand):
    help = (
        "Bỏ các tệp công dân đã gửi mà sau hai giờ không thuộc hồ sơ nào, và các tệp sổ cũ đã tải "
        "lên quá một giờ."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        gone = files.remove_expired()
        while some := throw_away_forgotten():
            gone += some
        self.stdout.write(f"Đã bỏ {gone} tệp.")
