"""python manage.py prune_drafts: what was typed at a counter and not saved for a day is forgotten;
for a timer."""

from typing import Any

from django.core.management.base import BaseCommand

from dossiers.desk.drafts import forget_old


class Command(BaseCommand):
    help = "Bỏ những bản tạm giữ đã quá một ngày."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Đã bỏ {forget_old()} bản tạm giữ quá một ngày.")
