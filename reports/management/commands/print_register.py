"""manage.py print_register: work off a job of the register book, begun from its page."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.models import RegisterExport
from reports.register.jobs import work_off


class Command(BaseCommand):
    help = "Làm bản in hoặc bảng tính dài của sổ theo dõi; trang Sổ theo dõi tự gọi lệnh này."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pk", type=int, help="số của lượt lấy sổ")
        parser.add_argument(
            "--nice", action="store_true", help="nhường máy cho các trang đang được mở"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        export = RegisterExport.objects.filter(pk=options["pk"]).first()
        if export is None:
            raise CommandError(f"Không có lượt lấy sổ số {options['pk']}.")
        if options["nice"]:
            os.nice(10)
        work_off(export)
