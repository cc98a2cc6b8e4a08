"""python manage.py prune_files: scans that no dossier took within a day are thrown away; for a
timer."""

from typing import Any

from django.core.management.base import BaseCommand

from dossiers.filing import throw_away_forgotten


class Command(BaseCommand):
    help = "Bỏ các tệp công dân đã gửi mà sau một ngày không thuộc hồ sơ nào."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = 0
        while some := throw_away_forgotten():
            gone += some
        self.stdout.write(f"Đã bỏ {gone} tệp.")
