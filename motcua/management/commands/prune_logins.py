"""python manage.py prune_logins [--months N]: old lines leave the log of log-ins; for a timer."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from motcua import clock
from motcua.models import LoginEvent

MONTHS = 24
FEWEST = 13  # the database refuses to let go of a line younger than a year
DAYS = 31  # a month at its longest: nothing goes a day too early


class Command(BaseCommand):
    help = "Bỏ những dòng đã cũ khỏi nhật ký đăng nhập: mặc định sau 24 tháng, ít nhất 13 tháng."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--months", type=int, default=MONTHS, metavar="N")

    def handle(self, *args: Any, **options: Any) -> None:
        if not FEWEST <= options["months"] <= 1200:
            raise CommandError(f"--months phải từ {FEWEST} đến 1200.")
        before = clock.now() - timedelta(days=DAYS * options["months"])
        gone, _ = LoginEvent.objects.filter(at__lt=before).delete()
        self.stdout.write(f"Đã bỏ {gone} dòng trước ngày {before:%d/%m/%Y}.")
