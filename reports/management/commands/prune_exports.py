"""python manage.py prune_exports: files of register exports older than a day go, and what a job
that was killed has left; for a timer."""

from typing import Any

from django.core.management.base import BaseCommand

from reports.register.jobs import remove_expired


class Command(BaseCommand):
    help = "Bỏ tệp của các lượt lấy sổ đã quá một ngày và tệp dở dang; lượt lấy vẫn còn ghi lại."

    def handle(self, *args: Any, **options: Any) -> None:
        remove_expired()
        self.stdout.write("Đã bỏ các tệp lấy sổ quá hạn.")
