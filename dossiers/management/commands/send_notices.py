"""Send the notices that wait in the queue; meant for a timer, safe to run twice at once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from dossiers.lifecycle.notices import send_queued


class Command(BaseCommand):
    help = "Gửi các thông báo đang chờ cho công dân (thư điện tử, tin nhắn)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=200, help="số thông báo tối đa một lần")

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = send_queued(limit=options["limit"])
        self.stdout.write(f"Đã gửi {outcome.sent}, chưa gửi được {outcome.failed}.")
